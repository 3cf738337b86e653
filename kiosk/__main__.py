"""The bare daemon: `python -m kiosk --config FILE`. Loads nothing of the command line."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from kiosk.service.exits import Exit

LAST_CALL_S = 9
"""A stop that hangs for so long is ended by the kernel: whoever asked waits for ten seconds."""

_log = logging.getLogger("kiosk")


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(Exit.USAGE, f"kiosk: {message}; see python -m kiosk --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(prog="python -m kiosk", description="The kiosk daemon, in the foreground.")
    option = parser.add_argument
    option("--config", type=Path, required=True, metavar="FILE", help="settings")
    option("--base", type=Path, default=Path(), metavar="DIR", help="where relative paths start [.]")
    option(
        "--listen",
        type=_address,
        metavar="HOST:PORT",
        help="address of the touchscreen page, instead of the settings'",
    )
    return parser


def _address(text: str) -> str:
    from config.settings import listen_address

    try:
        listen_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error
    return text


def main(arguments: list[str] | None = None) -> int:
    """Run until asked to stop; the exit code."""
    options = _parser().parse_args(arguments)
    from kiosk.failures import FORESEEABLE, explain, foreseen
    from kiosk.service.logs import set_up_logs

    set_up_logs(level=logging.WARNING, to_journal=_errors_go_to_journal())
    sys.excepthook = _log_crash
    try:
        asyncio.run(_serve(options.config, options.base, options.listen))
    except (*FORESEEABLE, ExceptionGroup) as error:
        known = foreseen(error)
        if known is None:
            raise
        failure = explain(known)
        sys.stderr.writelines(f"{line}\n" for line in failure.lines)
        return failure.code
    return Exit.OK


def _errors_go_to_journal() -> bool:
    """Whether the error stream is the journal's own, as systemd tells it (systemd.exec, JOURNAL_STREAM)."""
    stream = os.fstat(sys.stderr.fileno())
    return os.environ.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"


def _log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The last words of a crash; codes in them are blacked out like everywhere else."""
    _log.critical("the core crashed", exc_info=(kind, error, trace))


async def _serve(config: Path, base: Path, listen: str | None) -> None:
    from config.load import load
    from kiosk.app import running
    from kiosk.wiring import life

    settings = load(config, base)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _asked_to_stop, stop)
    with life(settings, listen or settings.kiosk.listen) as outside:
        async with running(settings, outside):
            await stop.wait()


def _asked_to_stop(stop: asyncio.Event) -> None:
    signal.setitimer(signal.ITIMER_REAL, LAST_CALL_S)
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
