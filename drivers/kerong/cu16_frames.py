"""Frames of the Kerong KR-CU16: bytes to values and back, and nothing else.

A request is `02 ADDR CMD 03 SUM`; ADDR has the board in its high half and the lock in its low one. A status
reply has four bytes before the `03`: sixteen latches, then sixteen presence sensors. What the values mean
is said in `drivers.kerong.frames`; only their bytes differ here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from drivers.kerong import frames
from drivers.kerong.frames import EVERY_BOARD, LAST_ADDRESS, Frame, MassUnlock, in_range, parsed, sealed

CHANNELS = 16
WHOLE_BUS = 0xF
_STATUS_OF_ALL, _UNLOCK_EVERY_LOCK, _STATUS_TO_ALL = 0x32, 0x33, 0x36
_REQUEST_SIZE, _STATUS_SIZE = 5, 9


@dataclass(frozen=True, slots=True)
class GetStatus(frames.GetStatus):
    """Asks one board for all its locks; every board answers in turn to `EVERY_BOARD`."""

    COMMAND: ClassVar[int] = 0x30

    def to_bytes(self) -> bytes:
        """The frame on the wire."""
        if self.address == EVERY_BOARD:
            return sealed(WHOLE_BUS << 4, _STATUS_OF_ALL)
        return sealed(self.address << 4, self.COMMAND)


@dataclass(frozen=True, slots=True)
class Unlock(frames.Unlock):
    """Asks one board to energise one lock for its own pulse time. No board answers this."""

    COMMAND: ClassVar[int] = 0x31
    CHANNELS: ClassVar[int] = CHANNELS

    def to_bytes(self) -> bytes:
        """The frame on the wire."""
        return sealed(self.address << 4 | self.channel - 1, self.COMMAND)


@dataclass(frozen=True, slots=True)
class StatusReply(frames.StatusReply):
    """What a board says of its 16 locks, and of what is behind their doors where sensors are fitted."""

    COMMAND: ClassVar[int] = 0x35
    CHANNELS: ClassVar[int] = CHANNELS
    occupied: int = 0
    """Bit 0 is lock 1; one means that something is there."""
    is_to_all: bool = False
    """Whether it answers a question to the whole bus."""

    def __post_init__(self) -> None:
        frames.StatusReply.__post_init__(self)
        in_range("occupied", self.occupied, 0, (1 << CHANNELS) - 1)

    def to_bytes(self) -> bytes:
        """The frame on the wire."""
        command = _STATUS_TO_ALL if self.is_to_all else self.COMMAND
        latches, sensors = (bits.to_bytes(2, "little") for bits in (self.bits, self.occupied))
        return sealed(self.address << 4, command, *latches, *sensors)


REQUESTS = frozenset({GetStatus.COMMAND, Unlock.COMMAND, _STATUS_OF_ALL, _UNLOCK_EVERY_LOCK})
REPLIES = frozenset({StatusReply.COMMAND, _STATUS_TO_ALL})
_SIZES = dict.fromkeys(REQUESTS, _REQUEST_SIZE) | dict.fromkeys(REPLIES, _STATUS_SIZE)


def from_bytes(raw: bytes) -> Frame:
    """Read exactly one frame; BadFrame says what is wrong with it."""
    return parsed(raw, "CU16", _SIZES.get(raw[2]) if len(raw) > 2 else None, _meaning)


def _meaning(raw: bytes) -> Frame:
    board, lock, command = raw[1] >> 4, raw[1] & 0xF, raw[2]
    if board == WHOLE_BUS:
        board = EVERY_BOARD
    else:
        in_range("address", board, 0, LAST_ADDRESS)
    if command in REPLIES:
        latches, sensors = (int.from_bytes(raw[at : at + 2], "little") for at in (3, 5))
        return StatusReply(board, latches, sensors, is_to_all=command == _STATUS_TO_ALL)
    if command in (GetStatus.COMMAND, _STATUS_OF_ALL):
        if (board == EVERY_BOARD) is not (command == _STATUS_OF_ALL):
            raise ValueError("one command is for one board, another for the whole bus")
        return GetStatus(board)
    if command == Unlock.COMMAND and board != EVERY_BOARD:
        return Unlock(board, lock + 1)
    return MassUnlock(board, lock + 1 if command == Unlock.COMMAND else None)


class FrameReader(frames.FrameReader):
    """Finds frames in a stream, as the reader of a CU48 does."""

    COMMAND_AT: ClassVar[int] = 2
    SIZES: ClassVar[Mapping[int, int]] = _SIZES

    def __init__(self, expected: frozenset[int] = REQUESTS | REPLIES) -> None:
        frames.FrameReader.__init__(self, expected)

    @staticmethod
    def read(raw: bytes) -> Frame:
        """Exactly one frame; BadFrame."""
        return from_bytes(raw)
