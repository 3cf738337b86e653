"""The verbs of `kiosk` and how a command ends: its exit code, and one line where it could not do its work."""

import functools
import os
import sys
from collections.abc import Callable
from contextlib import suppress

import typer

from kiosk.cli import audit, board, broker, daemon, reading, sim, soak
from kiosk.cli.failure import CommandFailed
from kiosk.cli.show import note
from kiosk.service.exits import Exit

INTERRUPTED = 130
"""Ctrl-C in a command that was not told to go on until then."""

_app = typer.Typer(
    name="kiosk",
    help="Run and look into a Latchwork parcel-locker kiosk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_audit = typer.Typer(help="Check the event log.", no_args_is_help=True)
_broker = typer.Typer(help="Try the connection to the broker.", no_args_is_help=True)
_sim = typer.Typer(invoke_without_command=True, no_args_is_help=False)


class _ReaderWentAway(Exception):
    """Whoever read our answer has seen enough."""


def _quietly(function: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(function)
    def quietly(**options: object) -> None:
        try:
            function(**options)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise _ReaderWentAway from error

    return quietly


def _verb(name: str, function: Callable[..., None], example: str, *, to: typer.Typer = _app) -> None:
    to.command(name, epilog=f"Example: {example}")(_quietly(function))


_verb("run", daemon.run, "kiosk run --config /etc/latchwork/kiosk.toml")
_sim.callback(epilog="Example: kiosk sim --listen 127.0.0.1:8090")(_quietly(sim.sim))
_verb("soak", soak.soak, "kiosk sim soak --days 30 --faults heavy", to=_sim)
_verb("replay", soak.replay, "kiosk sim replay story.toml", to=_sim)
_app.add_typer(_sim, name="sim")
_verb("check-config", daemon.check_config, "kiosk check-config /etc/latchwork/kiosk.toml")
_verb("doors", reading.doors, "kiosk doors --json")
_verb("deliveries", reading.deliveries, "kiosk deliveries --base var")
_verb("incidents", reading.incidents, "kiosk incidents --json")
_verb("events", reading.events, "kiosk events --follow --type DoorOpened")
_verb("verify", audit.verify, "kiosk audit verify --json", to=_audit)
_app.add_typer(_audit, name="audit")
_verb("test", broker.try_broker, "kiosk broker test --config /etc/latchwork/kiosk.toml", to=_broker)
_app.add_typer(_broker, name="broker")
_verb("board", board.board, "kiosk board unlock 5 --port /dev/ttyUSB0 --address 0")
_verb("version", daemon.version, "kiosk version --json")


def run(arguments: list[str]) -> int:
    """Run one command to its exit code."""
    from kiosk.failures import FORESEEABLE, explain

    try:
        _app(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.OK
    except CommandFailed as failed:
        note(str(failed))
        return failed.code
    except _ReaderWentAway:
        return _say_no_more()
    except KeyboardInterrupt:
        return INTERRUPTED
    except FORESEEABLE as error:
        failure = explain(error)
        note("\n".join(failure.lines))
        return failure.code
    return Exit.OK


def _say_no_more() -> int:
    """No fault, and nothing more to write, not even what Python would flush at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.OK
