"""CU48 frames, byte for byte as the maker's protocol has them; garbage is survived, never believed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.kerong.frames import (
    CHANNELS,
    EVERY_BOARD,
    REPLIES,
    REQUESTS,
    Frame,
    FrameReader,
    GetStatus,
    MassUnlock,
    StatusReply,
    Unlock,
    describe,
    from_bytes,
)
from drivers.kerong.polarity import Polarity
from hal.errors import BadFrame


def locked(*channels: int) -> int:
    return sum(1 << (channel - 1) for channel in channels)


GOLDEN: list[tuple[str, GetStatus | Unlock | StatusReply]] = [
    ("02 00 00 50 03 55", GetStatus(0)),
    ("02 0a 00 50 03 5f", GetStatus(EVERY_BOARD)),
    ("02 00 00 65 07 00 00 00 00 c0 03 31", StatusReply(0, locked(1, 2, 3, 47, 48))),
    ("02 00 00 51 03 56", Unlock(0, 1)),
    ("02 00 2f 51 03 85", Unlock(0, 48)),
]
ONLY_READ = [
    ("02 00 30 51 03 86", MassUnlock(0, None)),
    ("02 0a 30 51 03 90", MassUnlock(EVERY_BOARD, None)),
    ("02 0a 04 51 03 64", MassUnlock(EVERY_BOARD, 5)),
]
IR_REPLY = bytes.fromhex("02 00 00 75 01 00 00 00 00 00 00 00 00 00 00 00 03 7b")

addresses = st.integers(0, 9)
channels = st.integers(1, CHANNELS)
frames = st.one_of(
    st.builds(GetStatus, st.integers(0, EVERY_BOARD)),
    st.builds(Unlock, addresses, channels),
    st.builds(StatusReply, addresses, st.integers(0, (1 << CHANNELS) - 1)),
)


@pytest.mark.parametrize(("raw", "frame"), GOLDEN)
def test_a_frame_is_written_as_the_manual_has_it(raw: str, frame: GetStatus | Unlock | StatusReply) -> None:
    assert frame.to_bytes().hex(" ") == raw


@pytest.mark.parametrize(("raw", "frame"), [*GOLDEN, *ONLY_READ])
def test_a_frame_of_the_manual_is_read(raw: str, frame: Frame) -> None:
    assert from_bytes(bytes.fromhex(raw)) == frame


def test_there_is_no_way_to_write_an_unlock_of_several_locks() -> None:
    assert "to_bytes" not in dir(MassUnlock)
    with pytest.raises(ValueError, match="channel 49, expected 1 to 48"):
        Unlock(0, 49)
    with pytest.raises(ValueError, match="address 10, expected 0 to 9"):
        Unlock(EVERY_BOARD, 1)


def test_the_lock_byte_of_a_reply_means_nothing() -> None:
    assert from_bytes(bytes.fromhex("02 00 11 65 07 00 00 00 00 c0 03 42")) == StatusReply(
        0, locked(1, 2, 3, 47, 48)
    )


def test_each_bit_is_one_lock() -> None:
    reply = StatusReply(0, locked(1, 2, 3, 47, 48))
    assert [channel for channel in range(1, 49) if reply.bit(channel)] == [1, 2, 3, 47, 48]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("", "no command"),
        ("02 00 00", "no command"),
        ("02 00 00 50 03 55 00", "not of its length"),
        ("02 00 00 50 04 56", "expected 02 and 03"),
        ("03 00 00 50 03 56", "expected 02 and 03"),
        ("02 00 00 50 03 54", "checksum 54, expected 55"),
        ("02 0b 00 50 03 60", "address 11, expected 0 to 10"),
        ("02 00 31 51 03 87", "channel 50, expected 1 to 48"),
        ("02 00 00 60 03 65", "no command"),
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


@given(frames)
def test_what_is_written_is_read(frame: GetStatus | Unlock | StatusReply) -> None:
    assert from_bytes(frame.to_bytes()) == frame


@given(frames, st.data())
def test_no_frame_with_one_byte_changed_is_believed(
    frame: GetStatus | Unlock | StatusReply, draw: st.DataObject
) -> None:
    raw = bytearray(frame.to_bytes())
    place = draw.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= draw.draw(st.integers(1, 255))
    with pytest.raises(BadFrame):
        from_bytes(bytes(raw))


@given(st.binary(max_size=200), st.integers(1, 7))
def test_a_reader_survives_anything_and_keeps_little(noise: bytes, size: int) -> None:
    reader = FrameReader()
    for start in range(0, len(noise), size):
        reader.feed(noise[start : start + size])
        assert reader.pending < 12


@given(
    st.lists(st.one_of(frames.map(lambda frame: frame.to_bytes()), st.binary(max_size=9)), max_size=8),
    st.lists(st.integers(0, 100), max_size=12),
)
def test_frames_do_not_depend_on_how_the_bytes_are_cut(parts: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(parts)
    edges = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    cut_up = FrameReader()
    pieces = [stream[start:end] for start, end in itertools.pairwise(edges)]
    assert [frame for piece in pieces for frame in cut_up.feed(piece)] == FrameReader().feed(stream)


@given(st.binary(max_size=40), frames)
def test_a_reader_finds_its_way_back_after_noise(
    noise: bytes, frame: GetStatus | Unlock | StatusReply
) -> None:
    # Noise may begin a frame that swallows the next two; it cannot swallow the third.
    assert FrameReader().feed(noise + frame.to_bytes() * 3)[-1] == frame


def test_a_reader_skips_commands_it_does_not_know() -> None:
    reader = FrameReader()
    reply = bytes.fromhex("02 00 00 65 07 00 00 00 00 c0 03 31")
    assert reader.feed(IR_REPLY + reply) == [StatusReply(0, locked(1, 2, 3, 47, 48))]
    assert reader.skipped == len(IR_REPLY)


def test_a_board_does_not_wait_for_the_rest_of_another_boards_reply() -> None:
    cut_off_reply = bytes.fromhex("02 01 00 65 07")
    reader = FrameReader(REQUESTS)
    assert reader.feed(cut_off_reply + Unlock(0, 5).to_bytes()) == [Unlock(0, 5)]


def test_the_kiosk_does_not_take_its_own_question_for_an_answer() -> None:
    reader = FrameReader(REPLIES)
    assert reader.feed(GetStatus(0).to_bytes() + StatusReply(0, 1).to_bytes()) == [StatusReply(0, 1)]


ALL = (1 << CHANNELS) - 1


@pytest.mark.parametrize(
    ("raw", "closed_bit", "text"),
    [
        (Unlock(0, 5).to_bytes(), 1, "unlock board 0 lock 5"),
        (GetStatus(1).to_bytes(), 1, "status asked of board 1"),
        (GetStatus(EVERY_BOARD).to_bytes(), 1, "status asked of every board"),
        (StatusReply(1, ALL - locked(3, 7)).to_bytes(), 1, "status board 1: open 3, 7"),
        (StatusReply(1, locked(3, 4, 5, 9)).to_bytes(), 0, "status board 1: open 3-5, 9"),
        (StatusReply(1, ALL).to_bytes(), 1, "status board 1: all closed"),
        (bytes.fromhex("02 00 30 51 03 86"), 1, "unlock board 0 every lock"),
        (bytes.fromhex("02 0a 04 51 03 64"), 1, "unlock every board lock 5"),
        (GetStatus(1).to_bytes() * 2, 1, "status asked of board 1; status asked of board 1"),
        (bytes.fromhex("02 00 00 50"), 1, "not a frame: 02 00 00 50"),
        (b"", 1, "not a frame: "),
        (bytes(30), 1, f"not a frame: {bytes(24).hex(' ')} ..."),
        (b"\xfa" + Unlock(0, 5).to_bytes(), 1, "not a frame: fa 02 00 04 51 03 5a"),
    ],
)
def test_a_frame_is_told_in_words(raw: bytes, closed_bit: int, text: str) -> None:
    assert describe(raw, polarity=Polarity(closed_bit)) == text
