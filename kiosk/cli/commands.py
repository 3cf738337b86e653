"""The verbs of `kiosk` and how a command ends: its exit code, and one line where it could not do its work."""

import functools
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

import typer

from kiosk.cli import (
    audit,
    board,
    broker,
    codes,
    daemon,
    doctor,
    notify,
    parcels,
    people,
    proof,
    reading,
    residents,
    schema,
    sim,
    soak,
)
from kiosk.cli.failure import CommandFailed
from kiosk.cli.show import note
from kiosk.cli.usage import UsageError, path_of, usage_line
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
EXAMPLES: dict[str, str] = {}
"""Every command and group with a command line that works, in the order of the help."""
_NAMES: dict[int, str] = {id(_app): "kiosk"}


def _group(name: str, what: str, example: str) -> typer.Typer:
    group = typer.Typer(help=what, epilog=f"Example: {example}")
    return _join(group, name, example)


def _join(group: typer.Typer, name: str, example: str) -> typer.Typer:
    _NAMES[id(group)] = f"kiosk {name}"
    EXAMPLES[f"kiosk {name}"] = example
    _app.add_typer(group, name=name)
    return group


_sim = _join(
    typer.Typer(invoke_without_command=True, no_args_is_help=False),
    "sim",
    "kiosk sim --listen 127.0.0.1:8090",
)
_codes = _group("codes", "Send the code of a parcel again, or another one.", "kiosk codes send 17")
_deliveries = _join(
    typer.Typer(
        cls=parcels.ListsByDefault,
        help="Show the parcels that are here, or say what became of one.",
        epilog="Example: kiosk deliveries --base var",
    ),
    "deliveries",
    "kiosk deliveries --base var",
)
_residents = _group("residents", "Who lives here.", "kiosk residents import list.csv --dry-run")
_carriers = _group("carriers", "Who delivers here.", 'kiosk carriers add "Halvorn Express"')
_staff = _group("staff", "Who of the staff may sign in.", 'kiosk staff add 7 "Front desk"')
_audit = _group("audit", "Check the event log.", "kiosk audit verify")
_proof = _group("proof", "Check and look up proofs of delivery.", "kiosk proof verify proofs.txt")
_schema = _group("schema", "What programs at the broker are written against.", "kiosk schema asyncapi")
_broker = _group("broker", "Try the connection to the broker.", "kiosk broker test")
_notify = _group("notify", "Try the way that messages take.", "kiosk notify test ana@example.org")


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
    EXAMPLES[f"{_NAMES[id(to)]} {name}"] = example
    to.command(name, epilog=f"Example: {example}")(_quietly(function))


_verb("run", daemon.run, "kiosk run --config /etc/latchwork/kiosk.toml")
_sim.callback(epilog=f"Example: {EXAMPLES['kiosk sim']}")(_quietly(sim.sim))
_verb("soak", soak.soak, "kiosk sim soak --days 30 --faults heavy", to=_sim)
_verb("replay", soak.replay, "kiosk sim replay story.toml", to=_sim)
_verb("check-config", daemon.check_config, "kiosk check-config /etc/latchwork/kiosk.toml")
_verb("doctor", doctor.doctor, "kiosk doctor --json")
_verb("doors", reading.doors, "kiosk doors --json")
_verb("send", codes.send_again, "kiosk codes send 17", to=_codes)
_verb("renew", codes.new_code, 'kiosk codes renew 17 --reason "seen by others"', to=_codes)
_verb("list", reading.deliveries, "kiosk deliveries list 412", to=_deliveries)
_verb("settle", parcels.settle, "kiosk deliveries settle 17 --found empty --account 1", to=_deliveries)
_verb(
    "remove",
    parcels.remove,
    'kiosk deliveries remove 17 --way to_carrier --reason "nobody came" --account 1',
    to=_deliveries,
)
_verb("move", parcels.move, "kiosk deliveries move 17 4 --account 1", to=_deliveries)
_verb("hold", parcels.hold, "kiosk deliveries hold 17 --until 2026-05-14 --account 1", to=_deliveries)
_verb("incidents", reading.incidents, "kiosk incidents --json")
_verb("events", reading.events, "kiosk events --follow --type DoorOpened")
_verb("verify", audit.verify, "kiosk audit verify --json", to=_audit)
_verb("verify", proof.verify, "kiosk proof verify proofs.txt --key key.json", to=_proof)
_verb("show", proof.show, "kiosk proof show K7M2QX", to=_proof)
_verb("page", proof.page, "kiosk proof page check-a-proof.html", to=_proof)
_verb("asyncapi", schema.asyncapi, "kiosk schema asyncapi > asyncapi.json", to=_schema)
_verb("test", broker.try_broker, "kiosk broker test --config /etc/latchwork/kiosk.toml", to=_broker)
_verb("import", residents.import_residents, "kiosk residents import list.csv --dry-run", to=_residents)
_verb("export", residents.export_residents, "kiosk residents export list.csv", to=_residents)
_verb("list", residents.list_residents, "kiosk residents list --json", to=_residents)
_verb("forget", residents.forget_resident, 'kiosk residents forget 412 "Ana Prado"', to=_residents)
_verb("list", people.list_carriers, "kiosk carriers list", to=_carriers)
_verb("add", people.add_carrier, 'kiosk carriers add "Halvorn Express"', to=_carriers)
_verb("code", people.renew_carrier_code, "kiosk carriers code halvorn-express", to=_carriers)
_verb("remove", people.remove_carrier, "kiosk carriers remove halvorn-express", to=_carriers)
_verb("list", people.list_staff, "kiosk staff list", to=_staff)
_verb("add", people.add_staff, 'kiosk staff add 7 "Front desk"', to=_staff)
_verb("pin", people.renew_staff_pin, "kiosk staff pin 7", to=_staff)
_verb("remove", people.remove_staff, "kiosk staff remove 7", to=_staff)
_verb("test", notify.try_message, "kiosk notify test ana@example.org", to=_notify)
_verb("board", board.board, "kiosk board unlock 5 --port /dev/ttyUSB0 --address 0")
_verb("version", daemon.version, "kiosk version --json")


def run(arguments: list[str]) -> int:
    """Run one command to its exit code."""
    from kiosk.failures import FORESEEABLE, explain

    try:
        code = _app(arguments, prog_name="kiosk", standalone_mode=False)
    except UsageError as error:
        return _misused(error, arguments)
    except typer.Abort:
        return INTERRUPTED
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
    return code if isinstance(code, int) else Exit.OK


def _misused(error: typer.BadParameter, arguments: Sequence[str]) -> int:
    """One line on what was expected; nothing behind the help that a bare `kiosk` has shown."""
    path = error.ctx.command_path if error.ctx else path_of(arguments, EXAMPLES)
    if error.format_message():
        verbs = [name.removeprefix(f"{path} ") for name in EXAMPLES if name.startswith(f"{path} ")]
        direct = [verb for verb in verbs if " " not in verb]
        note(usage_line(error, path, example=EXAMPLES.get(path, "kiosk --help"), verbs=direct))
    return Exit.USAGE


def _say_no_more() -> int:
    """No fault, and nothing more to write, not even what Python would flush at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.OK
