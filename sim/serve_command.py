"""`python -m sim serve`: the made-up world as a process, with its ports, file, phones and panel."""

import argparse
import asyncio
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from config.load import BadSettings, load
from config.settings import Settings, listen_address
from sim.cabinet import cabinet_of
from sim.live.changes import Changes
from sim.live.daemon_pipe import DaemonPipe
from sim.live.live_world import LiveWorld
from sim.live.surroundings import SERVERS, Address, RelayImpossible, Surroundings
from sim.live.watch import Watch
from sim.live.wires import PortInTheWay, Wires
from sim.phones import Phones
from sim.server.app import Panel
from sim.server.parts import PanelParts
from sim.server.serving import AddressTaken, listen, serving
from sim.truth import Truth
from sim.world_file import BadWorldFile, WorldFile

DEFAULT_LISTEN = "127.0.0.1:8081"
OK, BAD_DATA, UNAVAILABLE, IO, ALREADY_RUNNING, BAD_SETTINGS = 0, 65, 69, 74, 75, 78


class _Busy(Exception):
    """Another made-up world has this folder."""


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"sim serve: {message}\n")


@dataclass(frozen=True, slots=True)
class Start:
    """Everything that is known before the loop runs."""

    settings: Settings
    file: WorldFile
    truth: Truth
    listener: socket.socket
    address: str
    touchscreen: str
    descriptors: tuple[int, int] | None
    servers: Mapping[str, Address]
    """Where the broker and the mail server really are, as far as the world stands before them."""


def main(arguments: Sequence[str]) -> int:
    """Play the world until told to stop; the exit code."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else OK
    try:
        settings = load(options.config, options.base)
    except BadSettings as error:
        return _give_up(BAD_SETTINGS, *error.problems)
    folder = options.base.absolute() / "sim"
    try:
        with _own(folder):
            return _play(options, settings, WorldFile(folder / "world.json"))
    except _Busy as error:
        return _give_up(ALREADY_RUNNING, str(error))
    except BadWorldFile as error:
        return _give_up(BAD_DATA, str(error))
    except RelayImpossible as error:
        return _give_up(BAD_SETTINGS, str(error))
    except (AddressTaken, PortInTheWay) as error:
        return _give_up(UNAVAILABLE, str(error))
    except OSError as error:
        return _give_up(IO, str(error))


def _give_up(code: int, *lines: str) -> int:
    for line in lines:
        print(f"sim serve: {line}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(
        prog="python -m sim serve",
        description="The made-up world of a settings file, until Ctrl-C or SIGTERM.",
    )
    option = parser.add_argument
    option("--config", type=Path, required=True, metavar="FILE", help="the settings that the daemon has too")
    option("--base", type=Path, default=Path(), metavar="DIR", help="where relative paths start [.]")
    option(
        "--listen", type=_address, default=_address(DEFAULT_LISTEN), metavar="HOST:PORT",
        help=f"the panel's address, on this machine only [{DEFAULT_LISTEN}]",
    )  # fmt: skip
    option("--touchscreen", metavar="HOST:PORT", help="where the daemon's page is, if not as in the settings")
    for server in SERVERS:
        option(
            f"--{server}", type=_address, metavar="HOST:PORT",
            help=f"where the {server} really is; the world listens where the settings have it",
        )  # fmt: skip
    option("--control-in", type=int, metavar="FD", help="pipe on which the daemon's supervisor speaks")
    option("--control-out", type=int, metavar="FD", help="pipe on which it is asked")
    return parser


def _address(text: str) -> tuple[str, int]:
    try:
        return listen_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error


@contextmanager
def _own(folder: Path) -> Iterator[None]:
    """Hold the folder: two worlds in one would overwrite each other's parcels."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "world.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise _Busy(f"{folder}: another made-up world runs on this folder; stop it first") from error


def _play(options: argparse.Namespace, settings: Settings, file: WorldFile) -> int:
    truth = file.read()
    host, port = options.listen
    pipes = (options.control_in, options.control_out)
    with listen(host, port) as listener:
        start = Start(
            settings=settings,
            file=file,
            truth=truth,
            listener=listener,
            address=f"{host}:{port}",
            touchscreen=options.touchscreen or settings.kiosk.listen,
            descriptors=None if None in pipes else pipes,
            servers={name: getattr(options, name) for name in SERVERS if getattr(options, name)},
        )
        asyncio.run(_run(start))
    return OK


async def _run(start: Start) -> None:
    stopped = asyncio.Event()
    live = LiveWorld(cabinet_of(start.settings), start.file, start.truth, Changes())
    phones = Phones(start.settings.file_channel.folder) if start.settings.file_channel else None
    parts = PanelParts(
        live=live,
        wires=Wires(start.settings, live),
        watch=Watch(start.settings.kiosk.data_folder / "run" / "kiosk.sock", phones, live.changes),
        daemon=DaemonPipe(start.descriptors, live.changes.tell),
        around=Surroundings(start.settings, phones, start.servers, live.changes.tell),
        building=start.settings.kiosk.name,
        address=start.address,
        touchscreen=start.touchscreen,
    )
    panel = Panel(parts)
    async with AsyncExitStack() as stack:
        _watch_signals(stack, stopped)
        stack.callback(live.write_last)
        stack.callback(live.stop)
        stack.enter_context(parts.daemon.listening(stopped.set))
        await stack.enter_async_context(parts.around.running())
        stack.enter_context(parts.wires.plugged())
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = [tasks.create_task(live.keep(), name="world file")]
        running.append(tasks.create_task(parts.watch.run(), name="belief and phones"))
        stack.callback(lambda: [task.cancel() for task in running])
        await stack.enter_async_context(serving(panel.app, start.listener, panel.end_streams))
        print(f"world ready http://{start.address}/", flush=True)
        await stopped.wait()


def _watch_signals(stack: AsyncExitStack, stopped: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
        stack.callback(loop.remove_signal_handler, number)
