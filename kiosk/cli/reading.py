"""The verbs that only look: doors, deliveries, incidents, events."""

import contextlib
import difflib
import itertools
import threading
from collections.abc import Iterator
from typing import Annotated

import typer

from kiosk.cli.event_line import event_line, to_minutes
from kiosk.cli.failure import CommandFailed
from kiosk.cli.local_client import LocalClient, NobodyListens
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, Place, find_place
from kiosk.cli.show import is_unit, show_json, show_json_line, show_table
from kiosk.cli.source import DaemonSource, Source, open_source
from kiosk.domain.events import EVENT_TYPES
from kiosk.domain.model.compartment import Condition
from kiosk.domain.model.vacancy import Vacancy
from kiosk.reports.views import DeliveryView, DoorView, EventView, IncidentView
from kiosk.service.exits import Exit

PAGE = 500
FOLLOW_EVERY_S = 0.5
_INSIDE = {Vacancy.VERIFIED.value: "empty", Vacancy.PRESUMED.value: "empty, as far as known"}


def doors(config: ConfigOption = None, base: BaseOption = None, *, as_json: JsonOption = False) -> None:
    """Show every compartment: its door, and what is believed to be inside."""
    with open_source(find_place(config, base)) as source:
        rows = source.doors()
    if as_json:
        show_json(rows)
        return
    columns = ("Door", "Size", "Bank", "Seen", "Inside", "Trouble", "For")
    show_table(columns, map(_door_row, rows), nothing="No compartment is in the settings.")


def _door_row(row: DoorView) -> tuple[object, ...]:
    return (
        row["label"],
        row["size"],
        f"{row['bank']}/{row['channel']}",
        row["door"],
        _INSIDE.get(row["vacancy"], row["vacancy"]),
        "" if row["condition"] == Condition.SERVICEABLE else row["condition"].replace("_", " "),
        row["units"],
    )


def deliveries(
    unit: Annotated[str | None, typer.Argument(metavar="[UNIT]", help="Only of this unit.")] = None,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show every parcel that is here or on its way in or out. Times are UTC."""
    with open_source(find_place(config, base)) as source:
        rows = [row for row in source.deliveries() if unit is None or is_unit(unit, row["unit"])]
    if as_json:
        show_json(rows)
        return
    columns = ("Unit", "Place", "State", "Carrier", "Since", "Due", "Proof", "Remarks")
    show_table(
        columns,
        map(_delivery_row, rows),
        nothing="No parcel is here." if unit is None else f"No parcel for unit {unit} is here.",
    )


def _delivery_row(row: DeliveryView) -> tuple[object, ...]:
    since = row["stored_at"] or row["reserved_at"]
    return (
        row["unit"],
        row["label"],
        row["state"],
        row["carrier"],
        to_minutes(since),
        to_minutes(row["due_at"]),
        row["proof"],
        row["flags"],
    )


def incidents(config: ConfigOption = None, base: BaseOption = None, *, as_json: JsonOption = False) -> None:
    """Show the open incidents: what is wrong now, since when (UTC), how urgent it is, and what to do."""
    with open_source(find_place(config, base)) as source:
        rows = source.incidents()
    if as_json:
        show_json(rows)
        return
    show_table(
        ("Since", "Case", "Urgency", "Fault", "What", "Bank", "Door"),
        map(_incident_row, rows),
        nothing="No incident is open.",
    )
    for number, next_step in {row["fault"]: row["next_step"] for row in rows}.items():
        print(f"{number}: {next_step}")


def _incident_row(row: IncidentView) -> tuple[object, ...]:
    what = row["kind"].replace("_", " ")
    return (
        to_minutes(row["raised_at"]),
        row["case"],
        row["severity"],
        row["fault"],
        what,
        row["bank"],
        row["label"],
    )


def events(  # noqa: PLR0913 - one argument an option
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new events until Ctrl-C.")
    ] = False,
    after: Annotated[int | None, typer.Option(min=0, metavar="N", help="Only events after number N.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="So many at most.")] = 50,
    kind: Annotated[str | None, typer.Option("--type", metavar="T", help="Only this type.")] = None,
) -> None:
    """Show what happened, oldest first: the newest events, or those after a number. Times are UTC."""
    place = find_place(config, base)
    with open_source(place) as source:
        rows, seq = _page(source, after, limit, _known(kind))
    if as_json and not follow:
        show_json(rows)
        return
    _print_events(rows, as_json=as_json)
    if follow:
        with contextlib.suppress(KeyboardInterrupt):
            _follow(place, seq, kind, as_json=as_json)


def _page(source: Source, after: int | None, limit: int, kind: str | None) -> tuple[list[EventView], int]:
    """The rows to show, and the number after which following goes on."""
    if after is not None:
        found = list(itertools.islice(_matching(source, after, kind), limit))
        return found, found[-1]["seq"] if found else after
    last = source.last_seq()
    return _newest(source, last, limit, kind), last


def _newest(source: Source, last: int, limit: int, kind: str | None) -> list[EventView]:
    """The newest matching rows, looking back page by page so that a long log is not read whole."""
    found: list[EventView] = []
    end = last
    while end > 0 and len(found) < limit:
        start = max(0, end - PAGE)
        rows = source.events(start, end - start)
        found = [row for row in rows if kind in (None, row["type"])] + found
        end = start
    return found[-limit:]


def _matching(source: Source, after: int, kind: str | None) -> Iterator[EventView]:
    while page := source.events(after, PAGE):
        yield from (row for row in page if kind in (None, row["type"]))
        after = page[-1]["seq"]


def _known(kind: str | None) -> str | None:
    if kind is None or kind in EVENT_TYPES:
        return kind
    near = difflib.get_close_matches(kind, EVENT_TYPES) or ["DeliveryStored"]
    raise CommandFailed(Exit.USAGE, f"no event has the type {kind!r}; did you mean {near[0]}?")


def _follow(place: Place, seq: int, kind: str | None, *, as_json: bool) -> None:
    """New events until Ctrl-C; a daemon that is away is waited for."""
    source, pause = DaemonSource(LocalClient(place.folder.socket)), threading.Event()
    while not pause.wait(FOLLOW_EVERY_S):
        with contextlib.suppress(NobodyListens, CommandFailed):
            for row in _matching(source, seq, None):
                seq = row["seq"]
                if kind in (None, row["type"]):
                    _print_events([row], as_json=as_json)


def _print_events(rows: list[EventView], *, as_json: bool) -> None:
    for row in rows:
        if as_json:
            show_json_line(row)
        else:
            print(event_line(row), flush=True)
