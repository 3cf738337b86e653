"""CU16 frames, byte for byte as published; garbage is survived, and neither board is taken for the other."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.kerong import frames as cu48
from drivers.kerong.cu16_frames import (
    REPLIES,
    REQUESTS,
    FrameReader,
    GetStatus,
    StatusReply,
    Unlock,
    from_bytes,
)
from drivers.kerong.dialects import CU16
from drivers.kerong.frames import EVERY_BOARD, Frame, MassUnlock, describe
from drivers.kerong.polarity import Polarity, mask
from hal.errors import BadFrame

Written = GetStatus | Unlock | StatusReply

GOLDEN: list[tuple[str, Written]] = [
    ("02 00 30 03 35", GetStatus(0)),
    ("02 20 30 03 55", GetStatus(2)),
    ("02 f0 32 03 27", GetStatus(EVERY_BOARD)),
    ("02 00 31 03 36", Unlock(0, 1)),
    ("02 0f 31 03 45", Unlock(0, 16)),
    ("02 00 35 ff 7f 00 00 03 b8", StatusReply(0, mask(range(1, 16)))),
    ("02 00 36 01 80 01 00 03 bd", StatusReply(0, mask((1, 16)), mask((1,)), is_to_all=True)),
    ("02 00 36 ff ff 00 00 03 39", StatusReply(0, 0xFFFF, is_to_all=True)),
    ("02 10 36 ff fe 01 00 03 49", StatusReply(1, 0xFFFF - mask((9,)), mask((1,)), is_to_all=True)),
]
ONLY_READ = [
    ("02 00 33 03 38", MassUnlock(0, None)),
    ("02 10 33 03 48", MassUnlock(1, None)),
    ("02 f0 33 03 28", MassUnlock(EVERY_BOARD, None)),
    ("02 f4 31 03 2a", MassUnlock(EVERY_BOARD, 5)),
]
WITH_OTHER_ANSWERS = [
    bytes.fromhex("02 00 38 00 37 03 74"),
    bytes.fromhex("f5 b6 00 00 5f 0a"),
]
addresses = st.integers(0, 9)
words = st.integers(0, 0xFFFF)
written = st.one_of(
    st.builds(GetStatus, st.integers(0, EVERY_BOARD)),
    st.builds(Unlock, addresses, st.integers(1, 16)),
    st.builds(StatusReply, addresses, words, words, is_to_all=st.booleans()),
)


@pytest.mark.parametrize(("raw", "frame"), GOLDEN)
def test_a_frame_is_written_as_published(raw: str, frame: Written) -> None:
    assert frame.to_bytes().hex(" ") == raw


@pytest.mark.parametrize(("raw", "frame"), [*GOLDEN, *ONLY_READ])
def test_a_published_frame_is_read(raw: str, frame: Frame) -> None:
    assert from_bytes(bytes.fromhex(raw)) == frame


def test_there_is_no_way_to_write_an_unlock_of_several_locks() -> None:
    with pytest.raises(ValueError, match="channel 17, expected 1 to 16"):
        Unlock(0, 17)
    with pytest.raises(ValueError, match="address 10, expected 0 to 9"):
        Unlock(EVERY_BOARD, 1)


@pytest.mark.parametrize(("bits", "occupied"), [(1 << 16, 0), (0, 1 << 16), (0, -1)])
def test_a_reply_has_sixteen_of_each(bits: int, occupied: int) -> None:
    with pytest.raises(ValueError, match="expected 0 to 65535"):
        StatusReply(0, bits, occupied)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("", "no command"),
        ("02 00", "no command"),
        ("02 00 30 03 35 00", "not of its length"),
        ("02 00 30 04 36", "expected 02 and 03"),
        ("03 00 30 03 36", "expected 02 and 03"),
        ("02 00 30 03 34", "checksum 34, expected 35"),
        ("02 a0 30 03 d5", "address 10, expected 0 to 9"),
        ("02 f0 30 03 25", "one command is for one board"),
        ("02 00 32 03 37", "one command is for one board"),
        ("02 f0 35 00 00 00 00 03 2a", "address 10, expected 0 to 9"),
        ("02 00 37 03 3c", "no command"),
    ],
)
def test_a_bad_frame_says_what_is_wrong(raw: str, words: str) -> None:
    with pytest.raises(BadFrame, match=words):
        from_bytes(bytes.fromhex(raw))


@given(st.binary(max_size=24))
def test_any_bytes_are_a_frame_or_a_bad_frame(raw: bytes) -> None:
    try:
        from_bytes(raw)
    except BadFrame:
        return


@given(written)
def test_what_is_written_is_read(frame: Written) -> None:
    assert from_bytes(frame.to_bytes()) == frame


@given(written, st.data())
def test_no_frame_with_one_byte_changed_is_believed(frame: Written, draw: st.DataObject) -> None:
    raw = bytearray(frame.to_bytes())
    place = draw.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= draw.draw(st.integers(1, 255))
    with pytest.raises(BadFrame):
        from_bytes(bytes(raw))


@given(
    st.lists(st.one_of(written.map(lambda frame: frame.to_bytes()), st.binary(max_size=9)), max_size=8),
    st.lists(st.integers(0, 80), max_size=12),
)
def test_frames_do_not_depend_on_how_the_bytes_are_cut(parts: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(parts)
    edges = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    cut_up = FrameReader()
    pieces = [stream[start:end] for start, end in itertools.pairwise(edges)]
    assert [frame for piece in pieces for frame in cut_up.feed(piece)] == FrameReader().feed(stream)
    assert cut_up.pending < 9


@given(st.binary(max_size=40), written)
def test_a_reader_finds_its_way_back_after_noise(noise: bytes, frame: Written) -> None:
    assert FrameReader().feed(noise + frame.to_bytes() * 3)[-1] == frame


@pytest.mark.parametrize("other", WITH_OTHER_ANSWERS, ids=["pulse time", "version"])
def test_a_reader_skips_what_it_does_not_know(other: bytes) -> None:
    reader = FrameReader()
    assert reader.feed(other + GetStatus(0).to_bytes()) == [GetStatus(0)]
    assert reader.skipped == len(other)


def test_the_kiosk_does_not_take_its_own_question_for_an_answer() -> None:
    reader = FrameReader(REPLIES)
    assert reader.feed(GetStatus(0).to_bytes() + StatusReply(0, 1).to_bytes()) == [StatusReply(0, 1)]


def test_a_board_does_not_wait_for_the_rest_of_another_boards_reply() -> None:
    assert FrameReader(REQUESTS).feed(bytes.fromhex("02 10 35 ff") + Unlock(0, 5).to_bytes()) == [
        Unlock(0, 5)
    ]


@pytest.mark.parametrize(
    "frame", [cu48.GetStatus(0), cu48.Unlock(0, 1), cu48.Unlock(3, 48), cu48.StatusReply(0, 7)], ids=str
)
def test_nothing_that_is_said_to_or_by_a_cu48_is_a_frame_of_a_cu16(frame: cu48.Frame) -> None:
    assert not isinstance(frame, MassUnlock)
    with pytest.raises(BadFrame):
        from_bytes(frame.to_bytes())


@pytest.mark.parametrize(
    ("raw", "polarity", "text"),
    [
        ("02 20 30 03 55", Polarity(), "status asked of board 2"),
        ("02 f0 32 03 27", Polarity(), "status asked of every board"),
        ("02 0f 31 03 45", Polarity(), "unlock board 0 lock 16"),
        ("02 00 33 03 38", Polarity(), "unlock board 0 every lock"),
        ("02 00 35 ff 7f 00 00 03 b8", Polarity(), "status board 0: open 16"),
        ("02 00 35 ff 7f 00 00 03 b8", Polarity(0), "status board 0: open 1-15"),
        ("02 00 35 ff 7f 00 00 03 b8", Polarity(1, (16,)), "status board 0: all closed"),
        ("02 00 00 50 03 55", Polarity(), "not a frame: 02 00 00 50 03 55"),
    ],
)
def test_a_frame_is_told_in_words(raw: str, polarity: Polarity, text: str) -> None:
    assert describe(bytes.fromhex(raw), polarity=polarity, reading=CU16.reader) == text
