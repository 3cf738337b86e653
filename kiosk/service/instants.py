"""Instants as text: RFC 3339 in UTC, to the millisecond, as every document of the kiosk writes them."""

from datetime import UTC, datetime, timedelta

_START = datetime(1970, 1, 1, tzinfo=UTC)


def instant_text(at_ms: int) -> str:
    """UTC milliseconds as `2026-05-14T07:03:09.250Z`."""
    moment = _START + timedelta(milliseconds=at_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
