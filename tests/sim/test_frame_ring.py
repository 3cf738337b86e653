"""The bus monitor: the last thousand frames of a port, decoded, with what is news among them."""

import re

import pytest

from drivers.kerong.polarity import Polarity
from sim.live.frame_ring import FRAMES_KEPT, FrameRing, clock

ASK = bytes.fromhex("020000500355")
ASK_B = bytes.fromhex("020100500356")
SHUT = bytes.fromhex("0200006507000000 00c00331".replace(" ", ""))
UNLOCK = bytes.fromhex("020000510356")


class Ring:
    """A ring whose clock the test turns."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.told = 0
        self.frames = FrameRing(lambda: self.now_ms, {0: Polarity(), 1: Polarity()}, self._tell)

    def _tell(self) -> None:
        self.told += 1

    def pass_(self, sender: str, chunk: bytes, after_ms: int = 100) -> None:
        self.now_ms += after_ms
        self.frames.note(sender, chunk)


def test_a_frame_is_shown_with_time_gap_bytes_and_meaning() -> None:
    ring = Ring()
    ring.pass_("kiosk", ASK)
    ring.pass_("board", SHUT, after_ms=9)
    asked, answered = ring.frames.frames()
    assert (asked.at_ms, asked.sender, asked.raw, asked.is_sound) == (100, "kiosk", ASK, True)
    assert (answered.gap_ms, answered.addresses) == (9, (0,))
    assert answered.text == "status board 0: open 4-46"


def test_only_the_last_thousand_are_kept_and_all_are_counted() -> None:
    ring = Ring()
    for _ in range(FRAMES_KEPT + 5):
        ring.pass_("kiosk", ASK)
    kept = ring.frames.frames()
    assert (len(kept), kept[0].number, ring.frames.count) == (FRAMES_KEPT, 6, FRAMES_KEPT + 5)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_chopped_frame_is_one_frame(size: int) -> None:
    ring = Ring()
    for place in range(0, len(SHUT), size):
        ring.pass_("board", SHUT[place : place + size], after_ms=1)
    (frame,) = ring.frames.frames()
    assert (frame.raw, frame.is_sound) == (SHUT, True)


def test_two_frames_close_together_stay_two() -> None:
    ring = Ring()
    ring.pass_("kiosk", ASK, after_ms=1)
    ring.pass_("kiosk", ASK_B, after_ms=1)
    assert [frame.raw for frame in ring.frames.frames()] == [ASK, ASK_B]


def test_garbage_is_marked_and_does_not_swallow_the_next_frame() -> None:
    ring = Ring()
    ring.pass_("board", SHUT[:-1] + b"\x99")
    ring.pass_("board", SHUT)
    spoilt, sound = ring.frames.frames()
    assert (spoilt.is_sound, sound.is_sound) == (False, True)
    assert spoilt.text.startswith("not a frame")


def test_the_usual_asking_is_no_news_but_a_change_an_unlock_and_garbage_are() -> None:
    ring = Ring()
    for chunk in (ASK, SHUT, ASK, SHUT, UNLOCK, b"\xff"):
        ring.pass_("board" if chunk == SHUT else "kiosk", chunk)
    news = ring.frames.frames(news_only=True)
    assert [frame.raw for frame in news] == [SHUT, UNLOCK, b"\xff"]
    assert ring.told == 3


def test_the_frames_of_one_board_come_with_the_garbage_that_could_be_its() -> None:
    ring = Ring()
    for chunk in (ASK, ASK_B, b"\xff"):
        ring.pass_("kiosk", chunk)
    assert [frame.raw for frame in ring.frames.frames(address=1)] == [ASK_B, b"\xff"]


def test_the_text_has_one_line_a_frame() -> None:
    ring = Ring()
    ring.pass_("kiosk", UNLOCK)
    ring.pass_("board", b"\x00\x01")
    first, second = ring.frames.as_text().splitlines()
    assert re.search(r"00:00:00.100 .* kiosk > board +ok +02 00 00 51 03 56 +unlock board 0 lock 1", first)
    assert "BAD" in second


def test_a_time_is_told_in_hours_minutes_and_seconds() -> None:
    assert clock(3_723_004) == "01:02:03.004"
