"""One row of the log as a line for people; the JSON has all of it."""

import re
from collections.abc import Iterator

from kiosk.reports.views import EventView
from kiosk.service.instants import instant_text

_IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{6}([0-9a-f]{6})")
_FOR_PROGRAMS = frozenset({"boot", "mono_ms", "deadline_mono_ms"})


def event_line(row: EventView) -> str:
    """Number, time (with ? where the clock was not trusted), type, what it is about, who, and the rest."""
    at = f"{to_seconds(row['at'])}{'' if row['trusted'] else '?'}"
    about = _short(row["subject"])
    return (
        f"{row['seq']:>7}  {at:<20}  {row['type']:<22}  {about:<12}  {row['actor']}  {' '.join(_rest(row))}"
    )


def _rest(row: EventView) -> Iterator[str]:
    for name, value in row["body"].items():
        if value in (None, "", [], row["subject"]) or name in _FOR_PROGRAMS:
            continue
        if name.endswith("_at_ms") and isinstance(value, int):
            yield f"{name.removesuffix('_ms')}={instant_text(value)[:19]}Z"
        else:
            yield f"{name}={_short(_words(value))}"


def _words(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _short(text: str) -> str:
    """Long identities by their end, which is what tells them apart."""
    return _IDENTITY.sub(r"~\1", text)


def to_seconds(instant: str | None) -> str:
    """`2026-05-14T07:03:09.250Z` as people read it; empty where there is none."""
    return f"{instant[:10]} {instant[11:19]}" if instant else ""


def to_minutes(instant: str | None) -> str:
    """The same, where seconds do not matter."""
    return to_seconds(instant)[:16]
