"""Kerong KR-CU48 boards as the wire sees them: they answer for their doors and unlock in silence."""

from collections.abc import Iterator, Sequence

from drivers.kerong.frames import (
    CHANNELS,
    EVERY_BOARD,
    LAST_ADDRESS,
    REQUESTS,
    Frame,
    FrameReader,
    GetStatus,
    MassUnlock,
    StatusReply,
    Unlock,
)
from sim.boards.wiring import Wiring


class Cu48Board:
    """One board of 48 locks.

    Does not simulate: the time between request and answer (the line does), the supply (its wiring does), a
    pulse time that is set by wire, lamps, the 4-wire connection.
    """

    def __init__(self, address: int, wiring: Wiring, *, closed_bit: int = 1, pulse_ms: int = 500) -> None:
        if not 0 <= address <= LAST_ADDRESS:
            raise ValueError(f"address {address}, expected 0 to {LAST_ADDRESS}")
        self.address = address
        self.pulse_ms = pulse_ms
        self.is_dead = False
        """Without power: it hears nothing, answers nothing and moves nothing."""
        self._wiring = wiring
        self._closed_bit = closed_bit

    def obey(self, frame: Frame) -> bytes | None:
        """Act on one frame from the line; the answer, where this board gives one."""
        if self.is_dead or frame.address not in {self.address, EVERY_BOARD}:
            return None
        match frame:
            case GetStatus():
                return StatusReply(self.address, self._bits()).to_bytes()
            case Unlock(channel=channel) | MassUnlock(channel=int() as channel):
                self._energise(channel)
            case MassUnlock():
                for channel in range(1, CHANNELS + 1):
                    self._energise(channel)
            case StatusReply():
                pass  # another board's answer on the same pair of wires
        return None

    def press_test(self) -> Iterator[int]:
        """The TEST button fires every lock in turn: a step fires the next one; waiting is the caller's."""
        for channel in range(1, CHANNELS + 1):
            self._energise(channel)
            yield channel

    def _energise(self, channel: int) -> None:
        self._wiring.energise(channel, self.pulse_ms)

    def _bits(self) -> int:
        closed = sum(1 << channel - 1 for channel in self._wiring.hooked())
        return closed if self._closed_bit else closed ^ ((1 << CHANNELS) - 1)


class Bus:
    """Boards on one pair of wires; each hears every request.

    Does not simulate: collisions of two boards with one address (their answers come one after the other),
    line levels, noise and delay (`sim.boards.line` has those that matter).
    """

    def __init__(self, boards: Sequence[Cu48Board]) -> None:
        self.boards = tuple(boards)
        self.mass_unlocks = 0
        """How often somebody asked for more than one lock at once. Our side never does."""
        self._reader = FrameReader(REQUESTS)

    def receive(self, chunk: bytes) -> list[bytes]:
        """Take bytes from the kiosk as they come; the boards' answers, in order."""
        answers = [self._obey(frame) for frame in self._reader.feed(chunk)]
        return [answer for several in answers for answer in several]

    def _obey(self, frame: Frame) -> list[bytes]:
        self.mass_unlocks += isinstance(frame, MassUnlock)
        answers = (board.obey(frame) for board in self.boards)
        return [answer for answer in answers if answer is not None]
