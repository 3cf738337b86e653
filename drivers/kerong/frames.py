"""Frames of the Kerong KR-CU48, by the maker's protocol v2.1: bytes to values and back, and nothing else.

A request is `02 ADDR LOCK CMD 03 SUM`, a status reply has six more bytes before the `03`; SUM is the low byte
of the sum of all before it. Channels count from 1 here and from 0 on the wire.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from drivers.kerong.polarity import Polarity
from hal.errors import BadFrame

START, END = 0x02, 0x03
CHANNELS = 48
LAST_ADDRESS = 9
EVERY_BOARD = 0x0A
EVERY_LOCK = 0x30
_REQUEST_SIZE, _STATUS_SIZE = 6, 12


def sealed(*body: int) -> bytes:
    """The bytes between start and end, as a whole frame with its checksum."""
    raw = bytes((START, *body, END))
    return raw + bytes((sum(raw) & 0xFF,))


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Asks one board for all its locks; every board answers in turn to `EVERY_BOARD`."""

    COMMAND: ClassVar[int] = 0x50
    address: int

    def __post_init__(self) -> None:
        in_range("address", self.address, 0, EVERY_BOARD)

    def to_bytes(self) -> bytes:
        """The frame on the wire."""
        return sealed(self.address, 0, self.COMMAND)


@dataclass(frozen=True, slots=True)
class Unlock:
    """Asks one board to energise one lock for its own pulse time. No board answers this."""

    COMMAND: ClassVar[int] = 0x51
    CHANNELS: ClassVar[int] = CHANNELS
    address: int
    channel: int

    def __post_init__(self) -> None:
        in_range("address", self.address, 0, LAST_ADDRESS)
        in_range("channel", self.channel, 1, self.CHANNELS)

    def to_bytes(self) -> bytes:
        """The frame on the wire."""
        return sealed(self.address, self.channel - 1, self.COMMAND)


@dataclass(frozen=True, slots=True)
class MassUnlock:
    """Several locks at once. It can be read, so that a test can show that it never comes; not written."""

    address: int
    channel: int | None
    """One lock of every board, or every lock."""


@dataclass(frozen=True, slots=True)
class StatusReply:
    """What a board says of its locks: bit 0 is lock 1. Which value means locked depends on the wiring."""

    COMMAND: ClassVar[int] = 0x65
    CHANNELS: ClassVar[int] = CHANNELS
    address: int
    bits: int

    def __post_init__(self) -> None:
        in_range("address", self.address, 0, LAST_ADDRESS)
        in_range("bits", self.bits, 0, (1 << self.CHANNELS) - 1)

    def bit(self, channel: int) -> int:
        """The bit of one channel, 0 or 1."""
        return self.bits >> (channel - 1) & 1

    def to_bytes(self) -> bytes:
        """The frame on the wire."""
        return sealed(self.address, 0, self.COMMAND, *self.bits.to_bytes(CHANNELS // 8, "little"))


Request = GetStatus | Unlock | MassUnlock
Frame = Request | StatusReply

REQUESTS = frozenset({GetStatus.COMMAND, Unlock.COMMAND})
REPLIES = frozenset({StatusReply.COMMAND})
_SIZES = dict.fromkeys(REQUESTS, _REQUEST_SIZE) | {StatusReply.COMMAND: _STATUS_SIZE}


@lru_cache(maxsize=1024)
def from_bytes(raw: bytes) -> Frame:
    """Read exactly one frame; BadFrame says what is wrong with it."""
    return parsed(raw, "CU48", _SIZES.get(raw[3]) if len(raw) > 3 else None, _meaning)


def parsed(raw: bytes, board: str, size: int | None, meaning: Callable[[bytes], Frame]) -> Frame:
    """What one whole frame of a type of board means, if it has the size of its command; BadFrame."""
    if size is None or len(raw) != size:
        raise BadFrame(f"{raw.hex(' ')}: no command of a {board}, or not of its length")
    if raw[0] != START or raw[-2] != END:
        raise BadFrame(f"{raw.hex(' ')}: starts {raw[0]:02x} and ends {raw[-2]:02x}, expected 02 and 03")
    if (total := sum(raw[:-1]) & 0xFF) != raw[-1]:
        raise BadFrame(f"{raw.hex(' ')}: checksum {raw[-1]:02x}, expected {total:02x}")
    try:
        return meaning(raw)
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
            in_range("address", address, 0, EVERY_BOARD)
            in_range("lock", lock, 0, EVERY_LOCK)
            return MassUnlock(address, None if lock == EVERY_LOCK else lock + 1)
        case _:
            return Unlock(address, lock + 1)


def in_range(name: str, value: int, lowest: int, highest: int) -> None:
    """ValueError unless a value fits."""
    if not lowest <= value <= highest:
        raise ValueError(f"{name} {value}, expected {lowest} to {highest}")


class FrameReader:
    """Finds frames in a stream however it is cut, and skips what is none; it never raises.

    Only the commands it is told to expect count as frames: one side of the line must not wait for the rest of
    what only the other side sends. It keeps no more than one unfinished frame.
    """

    COMMAND_AT: ClassVar[int] = 3
    SIZES: ClassVar[Mapping[int, int]] = _SIZES

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
                found.append(self.read(bytes(self._pending[:size])))
            except BadFrame:
                self._skip(1)
            else:
                del self._pending[:size]
        return found

    @staticmethod
    def read(raw: bytes) -> Frame:
        """Exactly one frame; BadFrame."""
        return from_bytes(raw)

    def _next_size(self) -> int | None:
        """Bring a possible frame to the front; its size once it is there whole."""
        while True:
            start = self._pending.find(START)
            self._skip(len(self._pending) if start < 0 else start)
            if len(self._pending) <= self.COMMAND_AT:
                return None
            command = self._pending[self.COMMAND_AT]
            if command in self._expected:
                size = self.SIZES[command]
                return size if len(self._pending) >= size else None
            self._skip(1)

    def _skip(self, count: int) -> None:
        del self._pending[:count]
        self.skipped += count


_USUAL = Polarity()


def describe(
    raw: bytes, *, polarity: Polarity = _USUAL, reading: Callable[[], FrameReader] = FrameReader
) -> str:
    """One line for a person who watches the wire; several frames in one piece are told one after another."""
    reader = reading()
    frames = reader.feed(raw)
    if not frames or reader.skipped or reader.pending:
        return f"not a frame: {raw[:24].hex(' ')}{' ...' if len(raw) > 24 else ''}"
    return "; ".join(_sentence(frame, polarity) for frame in frames)


def _sentence(frame: Frame, polarity: Polarity) -> str:
    match frame:
        case GetStatus(address=address):
            return f"status asked of {_board(address)}"
        case Unlock(address=address, channel=channel):
            return f"unlock board {address} lock {channel}"
        case MassUnlock(address=address, channel=channel):
            return f"unlock {_board(address)} {'every lock' if channel is None else f'lock {channel}'}"
        case StatusReply(address=address):
            closed = frame.bits ^ polarity.flips(frame.CHANNELS)
            is_open = [n for n in range(1, frame.CHANNELS + 1) if not closed >> (n - 1) & 1]
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
