"""Quiet hours in the building's time zone, through the nights when its clocks change."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.service.quiet_hours import QuietHours

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
QUARTER_MS = 900_000
NIGHTS = [
    "2026-03-28T20:00:00+00:00",  # Europe springs forward
    "2026-10-24T20:00:00+00:00",  # Europe falls back
    "2026-03-08T03:00:00+00:00",  # America springs forward
    "2026-11-01T03:00:00+00:00",  # America falls back
    "2026-06-01T12:00:00+00:00",
]


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def local(at_ms: int, zone: str) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(zone)).strftime("%d %H:%M")


def hours(zone: str, begins: str = "21:00", ends: str = "08:00") -> QuietHours:
    return QuietHours(ZoneInfo(zone), time.fromisoformat(begins), time.fromisoformat(ends))


@pytest.mark.parametrize(
    ("clock", "is_quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_from_nine_in_the_evening_until_eight_in_the_morning(clock: str, is_quiet: bool) -> None:
    assert hours("Europe/Berlin").are_at(ms(f"2026-06-01T{clock}+02:00")) is is_quiet


@pytest.mark.parametrize(
    ("asleep", "awake"),
    [
        ("2026-03-28T22:00:00+01:00", "2026-03-29T08:00:00+02:00"),
        ("2026-10-24T22:00:00+02:00", "2026-10-25T08:00:00+01:00"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T08:00:00+01:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T08:00:00+01:00"),
        ("2026-06-01T03:00:00+02:00", "2026-06-01T08:00:00+02:00"),
    ],
)
def test_they_end_at_eight_by_the_clock_on_the_wall_in_every_night(asleep: str, awake: str) -> None:
    assert hours("Europe/Berlin").end_ms(ms(asleep)) == ms(awake)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(NIGHTS),
    st.integers(0, 30 * 4),
    st.sampled_from([("21:00", "08:00"), ("01:00", "02:30"), ("22:30", "02:00")]),
)
def test_after_the_end_people_are_awake_and_not_before(
    zone: str, night: str, quarters: int, chosen: tuple[str, str]
) -> None:
    quiet, at_ms = hours(zone, *chosen), ms(night) + quarters * QUARTER_MS
    if not quiet.are_at(at_ms):
        return
    end_ms = quiet.end_ms(at_ms)
    assert at_ms < end_ms <= at_ms + 25 * 4 * QUARTER_MS
    before = range(at_ms, end_ms, QUARTER_MS)
    assert all(quiet.are_at(one) for one in before) or _is_hour_told_twice(zone, at_ms, end_ms)
    assert not quiet.are_at(end_ms) or _is_hour_told_twice(zone, at_ms, end_ms)


def _is_hour_told_twice(zone: str, start_ms: int, end_ms: int) -> bool:
    """Whether a clock was set back meanwhile: an hour that comes twice may be quiet twice."""
    told = [local(one, zone) for one in range(start_ms - 8 * QUARTER_MS, end_ms + 9 * QUARTER_MS, QUARTER_MS)]
    return len(set(told)) < len(told)


def test_the_same_time_twice_means_none() -> None:
    quiet = hours("UTC", "08:00", "08:00")
    assert not any(quiet.are_at(ms("2026-06-01T00:00:00+00:00") + n * QUARTER_MS) for n in range(96))
