"""The wires between kiosk and made-up world: memory in the place of ports, the same boards byte for byte."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from config.settings import PULSE_MS, BankSettings, Settings
from drivers.kerong.dialects import Dialect
from drivers.kerong.frames import Unlock
from drivers.kerong.polarity import Polarity
from drivers.memory_link import MemoryLink
from hal.errors import BadFrame
from kiosk.rehearsal.crash import Boundary, Process
from kiosk.rehearsal.diary import CoilOn, Diary, LatchSaid
from kiosk.rehearsal.room import Room
from kiosk.rehearsal.virtual_clock import loop_ms
from sim.boards.catalogue import DIALECTS
from sim.boards.kerong import Bus, KerongBoard
from sim.boards.line import Fault, Line, Sending, Switch


def _nobody_waits(*_: object) -> None:
    """Nobody follows."""


@dataclass(slots=True)
class Uses:
    """Who wants to know that the kiosk is about to use a lock; whatever they break meets that use."""

    before_unlock: Callable[[str], None] = _nobody_waits
    """Called with the bank whose board an unlock frame is for, before the frame is on the line."""
    before_pulse: Callable[[str, int], None] = _nobody_waits
    """Called with bank and channel before a coil is energised; not where the TEST button does it."""


class _Terminals:
    """What one board is wired to. Whoever reads it has let the world's time come."""

    def __init__(self, room: Room, bank: str, diary: Diary, uses: Uses) -> None:
        self._room = room
        self._bank = bank
        self._uses = uses
        self._diary = diary
        self._told: frozenset[int] = frozenset()
        self._noted = self.hooked()
        self.is_tested = False
        """Whether what is energised now is the doing of the button on the board."""

    def hooked(self) -> frozenset[int]:
        return self._room.world.hooked(self._bank)

    def has_moved(self) -> bool:
        """Whether a door reads otherwise than at the last question."""
        before, self._told = self._told, self.hooked()
        if self._told is not self._noted:
            self._note_moves()
        return before != self._told

    def _note_moves(self) -> None:
        before, self._noted = self._noted, self._told
        for channel in sorted(before ^ self._noted):
            self._diary.add(LatchSaid(loop_ms(), self._bank, channel, channel in self._noted))

    def energise(self, channel: int, pulse_ms: int) -> None:
        if not self.is_tested:
            self._uses.before_pulse(self._bank, channel)
        self._diary.add(CoilOn(loop_ms(), self._bank, channel, pulse_ms, self.is_tested))
        self._room.do(lambda world: world.energise(self._bank, channel, pulse_ms))


@dataclass(slots=True)
class Wire:
    """One port: its line with the boards by bank id, and the kiosk's end of it."""

    line: Line
    boards: dict[str, KerongBoard]
    is_plugged: bool = True
    link: MemoryLink | None = None
    peer: "_Peer | None" = None
    struck: int = 0


class _Peer:
    """The far end for one process; its boundaries are around unlocks, and around replies with news."""

    def __init__(self, room: Room, wire: Wire, process: Process, uses: Uses) -> None:
        self._uses = uses
        self._room = room
        self._wire = wire
        self._process = process
        self._said: dict[bytes, list[bytes]] = {}
        self._has_news = False

    def __call__(self, chunk: bytes) -> list[Sending]:
        self._process.demand_alive()
        if self._has_news:
            self._has_news = False
            self._process.pass_by(Boundary.AFTER_REPLY)
        unlock = _unlock_in(chunk, self._wire.line.bus.dialect)
        if unlock is not None:
            self._process.pass_by(Boundary.BEFORE_UNLOCK)
            self._tell_use(unlock)
        self._room.now()
        sendings = self._wire.line.receive(chunk)
        if unlock is not None:
            self._process.pass_by(Boundary.AFTER_UNLOCK)
        self._note(chunk, [answer for _, answer in sendings])
        return sendings

    def _tell_use(self, unlock: Unlock) -> None:
        for bank, board in self._wire.boards.items():
            if board.address == unlock.address:
                self._uses.before_unlock(bank)

    def _note(self, chunk: bytes, answers: list[bytes]) -> None:
        before = self._said.get(chunk)
        self._said[chunk] = answers
        if before is not None and before != answers:
            self._has_news = True
            self._process.pass_by(Boundary.BEFORE_REPLY)


@lru_cache(maxsize=256)
def _unlock_in(chunk: bytes, dialect: Dialect) -> Unlock | None:
    try:
        frame = dialect.from_bytes(chunk)
    except BadFrame:
        return None
    return frame if isinstance(frame, Unlock) else None


class MemoryWires:
    """Every port of one cabinet. Faults of lines, boards and adapters outlive the kiosk's process."""

    def __init__(
        self, settings: Settings, room: Room, diary: Diary, *, dice: Random, tell: Callable[[str], None]
    ) -> None:
        self._room = room
        self._tell = tell
        self.uses = Uses()
        ports: dict[str, list[BankSettings]] = {}
        for bank in settings.bank:
            ports.setdefault(bank.port, []).append(bank)
        self._terminals = {bank.id: _Terminals(room, bank.id, diary, self.uses) for bank in settings.bank}
        self.wires = {
            port: _wire(banks, settings, self._terminals, seed=dice.getrandbits(32))
            for port, banks in ports.items()
        }
        self._by_bank = {bank: wire for wire in self.wires.values() for bank in wire.boards}

    def links(self, process: Process) -> Callable[[str, int], MemoryLink]:
        """How one process opens its ports."""

        def link(port: str, baud: int) -> MemoryLink:
            wire = self.wires[port]
            wire.peer = _Peer(self._room, wire, process, self.uses)
            wire.link = MemoryLink(port, wire.peer if wire.is_plugged else None)
            return wire.link

        return link

    # What moved

    def moved(self) -> Iterator[str]:
        """Banks with a door that reads otherwise than at the last question."""
        for bank, terminals in self._terminals.items():
            if terminals.has_moved():
                yield bank

    def is_unsettled(self, bank: str) -> bool:
        """Whether reads of this bank may go wrong now, or one has since the last question."""
        wire = self._by_bank[bank]
        struck, wire.struck = wire.struck, sum(wire.line.counts.values())
        return bool(wire.line.switches) or struck != wire.struck or not self._is_whole(wire)

    @staticmethod
    def _is_whole(wire: Wire) -> bool:
        return wire.is_plugged and not any(board.is_dead for board in wire.boards.values())

    # Faults

    def set_fault(self, bank: str, fault: Fault, switch: Switch | None) -> None:
        """Switch a fault of a bank's line on, or off with None."""
        self._by_bank[bank].line.set(fault, switch)
        self._tell_all(bank)

    def _tell_all(self, bank: str) -> None:
        for other in self._by_bank[bank].boards:
            self._tell(other)

    def mute(self, bank: str, *, is_dead: bool) -> None:
        """Take a board's own power away, or give it back."""
        self._by_bank[bank].boards[bank].is_dead = is_dead
        self._tell_all(bank)

    def unplug(self, bank: str) -> None:
        """Take the adapter of a bank's port away, under whoever uses it."""
        wire = self._by_bank[bank]
        wire.is_plugged = False
        if wire.link is not None:
            wire.link.unplug()
        self._tell_all(bank)

    def plug(self, bank: str) -> None:
        """Put it back."""
        wire = self._by_bank[bank]
        wire.is_plugged = True
        if wire.link is not None and wire.peer is not None:
            wire.link.plug(wire.peer)
        self._tell_all(bank)

    def press_test(self, bank: str) -> Iterator[int]:
        """The TEST button: each step fires the next lock; waiting between them is the caller's."""
        terminals, steps = self._terminals[bank], self._by_bank[bank].boards[bank].press_test()
        while True:
            terminals.is_tested = True
            channel = next(steps, None)
            terminals.is_tested = False
            if channel is None:
                return
            yield channel


def _pulse_lengths(settings: Settings) -> dict[str, int]:
    """How long each board pulses: long enough for the slowest lock on it."""
    lengths: dict[str, int] = {}
    for place in settings.compartment:
        lengths[place.bank] = max(lengths.get(place.bank, 0), PULSE_MS[place.lock])
    return lengths


def _wire(
    banks: list[BankSettings], settings: Settings, terminals: Mapping[str, _Terminals], *, seed: int
) -> Wire:
    pulses = _pulse_lengths(settings)
    boards = {
        bank.id: DIALECTS[bank.dialect](
            bank.address,
            terminals[bank.id],
            polarity=Polarity(bank.closed_bit, settings.turned_channels(bank)),
            pulse_ms=pulses.get(bank.id, PULSE_MS["solenoid"]),
        )
        for bank in banks
    }
    return Wire(Line(Bus(list(boards.values())), baud=banks[0].baud, seed=seed), boards)
