"""`python -m sim board DIALECT`: emulated lock boards alone on a port, bytes without a world."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NoReturn

from config.settings import listen_address
from drivers.kerong.dialects import Dialect
from drivers.kerong.frames import LAST_ADDRESS, describe
from drivers.kerong.polarity import Polarity
from sim.boards.bench import OPEN_DELAY_MS, Bench
from sim.boards.catalogue import DIALECTS
from sim.boards.kerong import Bus
from sim.boards.line import Line
from sim.boards.orders import ORDERS, Orders
from sim.boards.pty_port import Monitor, PtyPort
from sim.boards.tcp_port import SCHEME, TcpPort

STDIN = 0


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"sim board: {message}\n")


def main(arguments: list[str]) -> int:
    """Run boards until told to stop; the exit code."""
    try:
        options = _options(arguments)
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
        description="Emulated lock boards on a pty or behind a TCP port, until Ctrl-C or SIGTERM.",
        epilog=ORDERS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    option = parser.add_argument
    option("dialect", choices=sorted(DIALECTS))
    option("--link", required=True, metavar="PORT", help="where they are: a path, or socket://127.0.0.1:PORT")
    option("--boards", type=_addresses, required=True, metavar="A,B", help="addresses, 0 to 9, each once")
    option("--locked", default="all", metavar="all|none|N,M", help="closed at the start [all]")
    option("--closed-bit", type=int, choices=(0, 1), default=1, help="what a closed latch reads [1]")
    option("--pulse-ms", type=_milliseconds, default=500, metavar="MS", help="length of a pulse [500]")
    option("--open-delay-ms", type=_milliseconds, default=OPEN_DELAY_MS, metavar="MS", help="of a latch [50]")
    option("--baud", type=int, choices=(9600, 19200, 57600, 115200), default=19200)
    option("--frames", action="store_true", help="print what passes on the wire, decoded")
    return parser


def _options(arguments: list[str]) -> argparse.Namespace:
    """What is asked for, with the dialect's own limits kept."""
    parser = _parser()
    options = parser.parse_args(arguments)
    channels = DIALECTS[options.dialect].DIALECT.channels
    try:
        options.locked = _locks(options.locked, channels)
        if options.link.startswith(SCHEME):
            listen_address(options.link.removeprefix(SCHEME))
    except (argparse.ArgumentTypeError, ValueError) as error:
        parser.error(str(error))
    return options


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


def _locks(text: str, channels: int) -> frozenset[int]:
    match text:
        case "all":
            return frozenset(range(1, channels + 1))
        case "none":
            return frozenset()
        case _:
            return frozenset(_numbers(text, "all, none or locks", 1, channels))


def _milliseconds(text: str) -> int:
    (number,) = _numbers(text.replace(",", ";"), "milliseconds", 1, 60_000)
    return number


async def _run(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    make = DIALECTS[options.dialect]
    bench_of = partial(
        Bench,
        loop.time,
        locked=options.locked,
        open_delay_ms=options.open_delay_ms,
        channels=make.DIALECT.channels,
    )
    benches = {address: bench_of() for address in options.boards}
    polarity = Polarity(options.closed_bit)
    boards = [
        make(address, bench, polarity=polarity, pulse_ms=options.pulse_ms)
        for address, bench in benches.items()
    ]
    line = Line(Bus(boards), baud=options.baud)
    port = _port(options, line)
    stopped = asyncio.Event()
    for stop in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(stop, stopped.set)
    with port, _orders_from_stdin(Orders(benches, line)):
        addresses = ",".join(map(str, options.boards))
        print(f"{options.dialect} boards {addresses} on {options.link}", flush=True)
        await stopped.wait()


def _port(options: argparse.Namespace, line: Line) -> PtyPort | TcpPort:
    monitor = _printer(line.bus.dialect) if options.frames else None
    if options.link.startswith(SCHEME):
        return TcpPort(options.link, line, monitor=monitor)
    return PtyPort(Path(options.link), line, monitor=monitor)


def _printer(dialect: Dialect) -> Monitor:
    def print_frame(sender: str, chunk: bytes) -> None:
        print(f"{sender}: {describe(chunk, reading=dialect.reader)}", flush=True)

    return print_frame


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
