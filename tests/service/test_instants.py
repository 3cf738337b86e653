"""Instants as text."""

import pytest

from kiosk.service.instants import instant_text


@pytest.mark.parametrize(
    ("at_ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_790_000_000_250, "2026-09-21T14:13:20.250Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ],
)
def test_they_are_utc_to_the_millisecond(at_ms: int, text: str) -> None:
    assert instant_text(at_ms) == text
