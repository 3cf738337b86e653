"""Kerong boards as the wire sees them: they answer for their doors and unlock in silence."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from drivers.kerong import cu16_frames
from drivers.kerong.dialects import CU16, CU48, Dialect
from drivers.kerong.frames import (
    EVERY_BOARD,
    LAST_ADDRESS,
    Frame,
    GetStatus,
    MassUnlock,
    StatusReply,
    Unlock,
)
from drivers.kerong.polarity import Polarity, mask
from sim.boards.wiring import Wiring

_USUAL = Polarity()


class KerongBoard:
    """One board of a dialect.

    Does not simulate: the time between request and answer (the line does), the supply (its wiring does), a
    pulse time that is read or set by wire, presence sensors, lamps, the 4-wire connection.
    """

    DIALECT: ClassVar[Dialect]

    def __init__(
        self, address: int, wiring: Wiring, *, polarity: Polarity = _USUAL, pulse_ms: int = 500
    ) -> None:
        if not 0 <= address <= LAST_ADDRESS:
            raise ValueError(f"address {address}, expected 0 to {LAST_ADDRESS}")
        self.address = address
        self.pulse_ms = pulse_ms
        self.is_dead = False
        """Without power: it hears nothing, answers nothing and moves nothing."""
        self._wiring = wiring
        self._polarity = polarity

    def obey(self, frame: Frame) -> bytes | None:
        """Act on one frame from the line; the answer, where this board gives one."""
        if self.is_dead or frame.address not in {self.address, EVERY_BOARD}:
            return None
        match frame:
            case GetStatus():
                return self._status(is_to_all=frame.address == EVERY_BOARD).to_bytes()
            case Unlock(channel=channel) | MassUnlock(channel=int() as channel):
                self._energise(channel)
            case MassUnlock():
                for channel in range(1, self.DIALECT.channels + 1):
                    self._energise(channel)
            case StatusReply():
                pass  # another board's answer on the same pair of wires
        return None

    def press_test(self) -> Iterator[int]:
        """The TEST button fires every lock in turn: a step fires the next one; waiting is the caller's."""
        for channel in range(1, self.DIALECT.channels + 1):
            self._energise(channel)
            yield channel

    def _energise(self, channel: int) -> None:
        self._wiring.energise(channel, self.pulse_ms)

    def _status(self, *, is_to_all: bool) -> StatusReply:
        closed = mask(self._wiring.hooked())
        return self._reply(closed ^ self._polarity.flips(self.DIALECT.channels), is_to_all=is_to_all)

    def _reply(self, bits: int, *, is_to_all: bool) -> StatusReply:
        return self.DIALECT.status_reply(self.address, bits)


class Cu48Board(KerongBoard):
    """A KR-CU48: 48 locks."""

    DIALECT: ClassVar[Dialect] = CU48


class Cu16Board(KerongBoard):
    """A KR-CU16: 16 locks. As older ones do, it answers nothing but questions for its status."""

    DIALECT: ClassVar[Dialect] = CU16

    def _reply(self, bits: int, *, is_to_all: bool) -> StatusReply:
        return cu16_frames.StatusReply(self.address, bits, is_to_all=is_to_all)


class Bus:
    """Boards of one dialect on one pair of wires; each hears every request.

    Does not simulate: collisions of two boards with one address (their answers come one after the other),
    line levels, noise and delay (`sim.boards.line` has those that matter).
    """

    def __init__(self, boards: Sequence[KerongBoard]) -> None:
        self.boards = tuple(boards)
        self.dialect = self.boards[0].DIALECT if boards else CU48
        self.mass_unlocks = 0
        """How often somebody asked for more than one lock at once. Our side never does."""
        self._reader = self.dialect.board_reader()

    def receive(self, chunk: bytes) -> list[bytes]:
        """Take bytes from the kiosk as they come; the boards' answers, in order."""
        answers = [self._obey(frame) for frame in self._reader.feed(chunk)]
        return [answer for several in answers for answer in several]

    def _obey(self, frame: Frame) -> list[bytes]:
        self.mass_unlocks += isinstance(frame, MassUnlock)
        answers = (board.obey(frame) for board in self.boards)
        return [answer for answer in answers if answer is not None]
