"""`python -m sim board cu48`: emulated lock boards alone on a pty, bytes without a world."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from drivers.kerong.frames import CHANNELS, LAST_ADDRESS, describe
from sim.boards.bench import OPEN_DELAY_MS, Bench
from sim.boards.catalogue import DIALECTS
from sim.boards.kerong import Bus
from sim.boards.line import Line
from sim.boards.orders import ORDERS, Orders
from sim.boards.pty_port import PtyPort

STDIN = 0


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"sim board: {message}\n")


def main(arguments: list[str]) -> int:
    """Run boards until told to stop; the exit code."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    try:
        asyncio.run(_run(options))
    except OSError as error:
        print(f"sim board: {error}", file=sys.stderr)
        return 69
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(
        prog="python -m sim board",
        description="Emulated lock boards on a pty, until Ctrl-C or SIGTERM; the link goes with them.",
        epilog=ORDERS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    option = parser.add_argument
    option("dialect", choices=sorted(DIALECTS))
    option("--link", type=Path, required=True, metavar="PATH", help="where the port appears")
    option("--boards", type=_addresses, required=True, metavar="A,B", help="addresses, 0 to 9, each once")
    option("--locked", type=_locks, default="all", metavar="all|none|N,M", help="closed at the start [all]")
    option("--closed-bit", type=int, choices=(0, 1), default=1, help="what a closed latch reads [1]")
    option("--pulse-ms", type=_milliseconds, default=500, metavar="MS", help="length of a pulse [500]")
    option("--open-delay-ms", type=_milliseconds, default=OPEN_DELAY_MS, metavar="MS", help="of a latch [50]")
    option("--baud", type=int, choices=(9600, 19200, 57600, 115200), default=19200)
    option("--frames", action="store_true", help="print what passes on the wire, decoded")
    return parser


def _numbers(text: str, what: str, lowest: int, highest: int) -> tuple[int, ...]:
    parts = text.split(",")
    numbers = tuple(int(part) for part in parts if part.isdecimal())
    if len(numbers) < len(parts) or not all(lowest <= number <= highest for number in numbers):
        raise argparse.ArgumentTypeError(f"{text!r}, expected {what} {lowest} to {highest}, commas between")
    return numbers


def _addresses(text: str) -> tuple[int, ...]:
    numbers = _numbers(text, "addresses", 0, LAST_ADDRESS)
    if len(set(numbers)) < len(numbers):
        raise argparse.ArgumentTypeError(f"{text!r}, expected each address once")
    return numbers


def _locks(text: str) -> frozenset[int]:
    match text:
        case "all":
            return frozenset(range(1, CHANNELS + 1))
        case "none":
            return frozenset()
        case _:
            return frozenset(_numbers(text, "all, none or locks", 1, CHANNELS))


def _milliseconds(text: str) -> int:
    (number,) = _numbers(text.replace(",", ";"), "milliseconds", 1, 60_000)
    return number


async def _run(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    benches = {
        address: Bench(loop.time, locked=options.locked, open_delay_ms=options.open_delay_ms)
        for address in options.boards
    }
    make = DIALECTS[options.dialect]
    boards = [
        make(address, bench, closed_bit=options.closed_bit, pulse_ms=options.pulse_ms)
        for address, bench in benches.items()
    ]
    line = Line(Bus(boards), baud=options.baud)
    port = PtyPort(options.link, line, monitor=_print_frame if options.frames else None)
    stopped = asyncio.Event()
    for stop in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(stop, stopped.set)
    with port, _orders_from_stdin(Orders(benches, line)):
        addresses = ",".join(map(str, options.boards))
        print(f"{options.dialect} boards {addresses} on {options.link}", flush=True)
        await stopped.wait()


def _print_frame(sender: str, chunk: bytes) -> None:
    print(f"{sender}: {describe(chunk)}", flush=True)


@contextmanager
def _orders_from_stdin(orders: Orders) -> Iterator[None]:
    """Obey lines as they come; an input that cannot be watched, as a file, gives none."""
    loop = asyncio.get_running_loop()
    pending = bytearray()

    def read() -> None:
        chunk = os.read(STDIN, 4096)
        if not chunk:
            loop.remove_reader(STDIN)
        pending.extend(chunk)
        *lines, rest = pending.decode("utf-8", "replace").split("\n")
        pending[:] = rest.encode()
        for line in lines:
            _obey(orders, line)

    try:
        loop.add_reader(STDIN, read)
    except OSError:
        yield
        return
    try:
        yield
    finally:
        loop.remove_reader(STDIN)


def _obey(orders: Orders, line: str) -> None:
    try:
        orders.obey(line)
    except ValueError as error:
        print(f"sim board: {error}", file=sys.stderr, flush=True)
