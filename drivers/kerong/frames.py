"""Frames of the Kerong KR-CU48, by the maker's protocol v2.1: bytes to values and back, and nothing else.

A request is `02 ADDR LOCK CMD 03 SUM`, a status reply has six more bytes before the `03`; SUM is the low byte
of the sum of all before it. Channels count from 1 here and from 0 on the wire.
"""

from dataclasses import dataclass
from typing import ClassVar

from hal.errors import BadFrame

START, END = 0x02, 0x03
CHANNELS = 48
LAST_ADDRESS = 9
EVERY_BOARD = 0x0A
EVERY_LOCK = 0x30
_REQUEST_SIZE, _STATUS_SIZE = 6, 12


def _sealed(*body: int) -> bytes:
    raw = bytes((START, *body, END))
    return raw + bytes((sum(raw) & 0xFF,))


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Asks one board for all its locks; every board answers in turn to `EVERY_BOARD`."""

    COMMAND: ClassVar[int] = 0x50
    address: int

    def __post_init__(self) -> None:
        _in_range("address", self.address, 0, EVERY_BOARD)

    def to_bytes(self) -> bytes:
        """The frame on the wire."""
        return _sealed(self.address, 0, self.COMMAND)


@dataclass(frozen=True, slots=True)
class Unlock:
    """Asks one board to energise one lock for its own pulse time. No board answers this."""

    COMMAND: ClassVar[int] = 0x51
    address: int
    channel: int

    def __post_init__(self) -> None:
        _in_range("address", self.address, 0, LAST_ADDRESS)
        _in_range("channel", self.channel, 1, CHANNELS)

    def to_bytes(self) -> bytes:
        """The frame on the wire."""
        return _sealed(self.address, self.channel - 1, self.COMMAND)


@dataclass(frozen=True, slots=True)
class MassUnlock:
    """Several locks at once. It can be read, so that a test can show that it never comes; not written."""

    address: int
    channel: int | None
    """One lock of every board, or every lock."""


@dataclass(frozen=True, slots=True)
class StatusReply:
    """What a board says of its 48 locks: bit 0 is lock 1. Which value means locked depends on the wiring."""

    COMMAND: ClassVar[int] = 0x65
    address: int
    bits: int

    def __post_init__(self) -> None:
        _in_range("address", self.address, 0, LAST_ADDRESS)
        _in_range("bits", self.bits, 0, (1 << CHANNELS) - 1)

    def bit(self, channel: int) -> int:
        """The bit of one channel, 0 or 1."""
        return self.bits >> (channel - 1) & 1

    def to_bytes(self) -> bytes:
        """The frame on the wire."""
        return _sealed(self.address, 0, self.COMMAND, *self.bits.to_bytes(CHANNELS // 8, "little"))


Request = GetStatus | Unlock | MassUnlock
Frame = Request | StatusReply

REQUESTS = frozenset({GetStatus.COMMAND, Unlock.COMMAND})
REPLIES = frozenset({StatusReply.COMMAND})
_SIZES = dict.fromkeys(REQUESTS, _REQUEST_SIZE) | {StatusReply.COMMAND: _STATUS_SIZE}


def from_bytes(raw: bytes) -> Frame:
    """Read exactly one frame; BadFrame says what is wrong with it."""
    size = _SIZES.get(raw[3]) if len(raw) > 3 else None
    if size is None or len(raw) != size:
        raise BadFrame(f"{raw.hex(' ')}: no command of a CU48, or not of its length")
    if raw[0] != START or raw[-2] != END:
        raise BadFrame(f"{raw.hex(' ')}: starts {raw[0]:02x} and ends {raw[-2]:02x}, expected 02 and 03")
    if (total := sum(raw[:-1]) & 0xFF) != raw[-1]:
        raise BadFrame(f"{raw.hex(' ')}: checksum {raw[-1]:02x}, expected {total:02x}")
    try:
        return _meaning(raw)
    except ValueError as error:
        raise BadFrame(f"{raw.hex(' ')}: {error}") from error


def _meaning(raw: bytes) -> Frame:
    address, lock, command = raw[1:4]
    match command:
        case StatusReply.COMMAND:
            # "Byte LOCK in replies is meaningless."
            return StatusReply(address, int.from_bytes(raw[4:-2], "little"))
        case GetStatus.COMMAND:
            return GetStatus(address)
        case _ if address == EVERY_BOARD or lock == EVERY_LOCK:
            _in_range("address", address, 0, EVERY_BOARD)
            _in_range("lock", lock, 0, EVERY_LOCK)
            return MassUnlock(address, None if lock == EVERY_LOCK else lock + 1)
        case _:
            return Unlock(address, lock + 1)


def _in_range(name: str, value: int, lowest: int, highest: int) -> None:
    if not lowest <= value <= highest:
        raise ValueError(f"{name} {value}, expected {lowest} to {highest}")


class FrameReader:
    """Finds frames in a stream however it is cut, and skips what is none; it never raises.

    Only the commands it is told to expect count as frames: one side of the line must not wait for the rest of
    what only the other side sends. It keeps no more than one unfinished frame.
    """

    def __init__(self, expected: frozenset[int] = REQUESTS | REPLIES) -> None:
        self._expected = expected
        self._pending = bytearray()
        self.skipped = 0
        """Bytes so far that were no part of a frame."""

    @property
    def pending(self) -> int:
        """Bytes that may yet become a frame."""
        return len(self._pending)

    def feed(self, chunk: bytes) -> list[Frame]:
        """Take bytes as they come; returns the frames that are complete now."""
        self._pending += chunk
        found: list[Frame] = []
        while (size := self._next_size()) is not None:
            try:
                found.append(from_bytes(bytes(self._pending[:size])))
            except BadFrame:
                self._skip(1)
            else:
                del self._pending[:size]
        return found

    def _next_size(self) -> int | None:
        """Bring a possible frame to the front; its size once it is there whole."""
        while True:
            start = self._pending.find(START)
            self._skip(len(self._pending) if start < 0 else start)
            if len(self._pending) < 4:
                return None
            command = self._pending[3]
            if command in self._expected:
                return _SIZES[command] if len(self._pending) >= _SIZES[command] else None
            self._skip(1)

    def _skip(self, count: int) -> None:
        del self._pending[:count]
        self.skipped += count


def describe(raw: bytes, *, closed_bit: int = 1) -> str:
    """One line for a person who watches the wire; several frames in one piece are told one after another."""
    reader = FrameReader()
    frames = reader.feed(raw)
    if not frames or reader.skipped or reader.pending:
        return f"not a frame: {raw[:24].hex(' ')}{' ...' if len(raw) > 24 else ''}"
    return "; ".join(_sentence(frame, closed_bit) for frame in frames)


def _sentence(frame: Frame, closed_bit: int) -> str:
    match frame:
        case GetStatus(address=address):
            return f"status asked of {_board(address)}"
        case Unlock(address=address, channel=channel):
            return f"unlock board {address} lock {channel}"
        case MassUnlock(address=address, channel=channel):
            return f"unlock {_board(address)} {'every lock' if channel is None else f'lock {channel}'}"
        case StatusReply(address=address):
            is_open = [n for n in range(1, CHANNELS + 1) if frame.bit(n) != closed_bit]
            return f"status board {address}: {f'open {ranges(is_open)}' if is_open else 'all closed'}"


def _board(address: int) -> str:
    return "every board" if address == EVERY_BOARD else f"board {address}"


def ranges(numbers: list[int]) -> str:
    """Rising numbers as people write them: "3, 7, 13-48"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
