"""The whole examination, in the order in which a person would look: from the settings to the ways out."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.load import BadSettings, load
from config.settings import Settings
from kiosk.data_folder import DataFolder
from kiosk.doctor import boards, cabinet, machine, outside
from kiosk.doctor.findings import Finding, red, well
from kiosk.domain.state import State
from kiosk.failures import explain
from kiosk.reports.views import DoorView, IncidentView, doors_view, incidents_view
from kiosk.service import errors
from kiosk.service.instance_lock import AlreadyRunning, InstanceLock
from kiosk.storage import demand_database, empty_state
from kiosk.store.errors import DatabaseAbsent, DatabaseRefused
from kiosk.store.file_facts import FileFacts
from kiosk.store.reader import StoredFile

SILENT_S = 20
"""A page beats every few seconds; after so long its browser is started again."""


@dataclass(frozen=True, slots=True)
class Live:
    """What the running daemon answers."""

    status: Mapping[str, object]
    doors: Sequence[DoorView]
    incidents: Sequence[IncidentView]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says."""

    state: State
    facts: FileFacts


def settings_at(config: Path, base: Path) -> tuple[Settings | None, list[Finding]]:
    """The settings if they can be used, and what is to be said of them."""
    try:
        settings = load(config, base)
    except BadSettings as error:
        return None, [red("settings", errors.BAD_SETTINGS, problem) for problem in error.problems]
    built = f"{len(settings.compartment)} compartments on {len(settings.bank)} banks"
    return settings, [well("settings", f"{config}: {built}")]


def examine(settings: Settings, live: Live | None, unreachable: Finding | None) -> Iterator[Finding]:
    """Everything but the settings. `unreachable` says why a daemon that runs could not be asked."""
    folder = DataFolder(settings.kiosk.data_folder)
    told = live.status if live else {}
    yield machine.program(_text(told, "version"))
    yield from machine.data_folder(folder)
    yield machine.disk(folder)
    yield machine.keys(folder)
    stored, found = _stored(folder, settings)
    yield found
    yield from _daemon_and_boards(settings, folder, live, unreachable)
    yield machine.clock(settings, _truth(told, "clock_trusted"))
    yield from _cabinet(settings, live, stored)
    if live:
        yield _screen(told)
    yield outside.broker(settings, stored.facts if stored else None)
    yield from outside.messages(settings, stored.facts if stored else None)
    yield outside.backup(settings)


def _text(told: Mapping[str, object], name: str) -> str | None:
    value = told.get(name)
    return value if isinstance(value, str) else None


def _truth(told: Mapping[str, object], name: str) -> bool | None:
    value = told.get(name)
    return value if isinstance(value, bool) else None


def _stored(folder: DataFolder, settings: Settings) -> tuple[Stored | None, Finding]:
    try:
        demand_database(folder)
        with StoredFile(folder.database) as file:
            stored = Stored(file.load(empty_state(settings)).state, file.facts())
    except DatabaseAbsent:
        return None, well("database", "is made at the first start")
    except (DatabaseRefused, OSError) as error:
        number, _, text = explain(error).lines[0].partition(" ")
        return None, red("database", errors.FAULT_BY_NUMBER[number], text)
    facts = stored.facts
    size = f"{(facts.size + facts.log_size) / 2**20:.1f} MiB"
    return stored, well("database", f"{facts.seq} events, {size}; `kiosk audit verify` checks every row")


def _daemon_and_boards(
    settings: Settings, folder: DataFolder, live: Live | None, unreachable: Finding | None
) -> Iterator[Finding]:
    if live:
        yield well("daemon", f"runs kiosk {live.status.get('kiosk')}")
        banks = live.status.get("banks")
        yield from boards.told_by_daemon(settings, banks if isinstance(banks, dict) else {})
    elif unreachable:
        yield unreachable
    else:
        yield from _without_daemon(settings, folder)


def _without_daemon(settings: Settings, folder: DataFolder) -> Iterator[Finding]:
    if not folder.lock.exists():
        # Taking the lock would make the file, and whoever looks may not be the account of the daemon.
        yield red("daemon", errors.NOT_RUNNING, "no kiosk has been started here yet")
        yield from asyncio.run(boards.asked_here(settings))
        return
    try:
        with InstanceLock(folder.lock):
            yield red("daemon", errors.NOT_RUNNING)
            yield from asyncio.run(boards.asked_here(settings))
    except AlreadyRunning as error:
        yield red("daemon", errors.NO_ANSWER, f"process {error.holder or 'unknown'} does not answer")
    except OSError as error:
        yield red("daemon", errors.NOT_ALLOWED_TO_ASK, f"{folder.lock}: {error.strerror}")


def _cabinet(settings: Settings, live: Live | None, stored: Stored | None) -> Iterator[Finding]:
    doors: Sequence[DoorView] = live.doors if live else doors_view(stored.state) if stored else ()
    incidents: Sequence[IncidentView] = (
        live.incidents if live else incidents_view(stored.state) if stored else ()
    )
    yield from cabinet.supplies(settings, doors)
    if live or stored:
        yield from cabinet.troubled_doors(doors, incidents)
        yield from cabinet.other_incidents(incidents)
    if stored:
        yield _directory(stored.state)


def _directory(state: State) -> Finding:
    if not state.directory.is_set_up:
        return red("directory", errors.NOT_SET_UP)
    units, carriers = len(state.directory.units), len(state.directory.carriers)
    return well("directory", f"{units} units, {carriers} carriers")


def _screen(told: Mapping[str, object]) -> Finding:
    ago = told.get("page_seen_s_ago")
    if not isinstance(ago, int):
        return red("screen", errors.SCREEN_SILENT, "no page has been open since the daemon started")
    if ago > SILENT_S:
        return red("screen", errors.SCREEN_SILENT, f"its page was last heard of {ago} s ago")
    return well("screen", f"its page was heard of {ago} s ago")
