"""Identities that sort by time."""

import uuid

from kiosk.service.uuid7 import uuid7

NOON_MS = 1_790_000_000_000


def test_they_are_version_seven_of_the_standard_variant() -> None:
    for at_ms in (0, 1, NOON_MS, (1 << 48) - 1):
        made = uuid.UUID(uuid7(at_ms))
        assert made.version == 7
        assert made.variant == uuid.RFC_4122


def test_they_hold_their_time_to_the_millisecond() -> None:
    assert uuid.UUID(uuid7(NOON_MS)).int >> 80 == NOON_MS


def test_text_order_is_time_order() -> None:
    made = [uuid7(NOON_MS + step) for step in range(0, 100_000, 997)]
    assert made == sorted(made)


def test_no_two_are_alike_within_one_millisecond() -> None:
    assert len({uuid7(NOON_MS) for _ in range(10_000)}) == 10_000


def test_a_clock_before_1970_still_gives_identities() -> None:
    assert uuid.UUID(uuid7(-5)).version == 7
