"""The wires of the whole cabinet: a port with boards behind it for each distinct port of the settings."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.settings import PULSE_MS, BankSettings, Settings
from drivers.kerong.dialects import DIALECTS as SPOKEN
from drivers.kerong.polarity import Polarity
from sim.boards.catalogue import DIALECTS
from sim.boards.kerong import Bus, KerongBoard
from sim.boards.line import Fault, Line, Switch
from sim.boards.pty_port import PtyPort
from sim.doors import NotPossible
from sim.live.frame_ring import FrameRing
from sim.live.live_world import BankWiring, LiveWorld

TEST_STEP_S = 1.0
"""The TEST button fires one lock after another at this pace."""


class PortInTheWay(Exception):
    """A port of the settings cannot be played: something real is there, or it is no path."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One port: its pty, its line with the boards by bank id, and what passed on it."""

    port: PtyPort
    line: Line
    boards: dict[str, KerongBoard]
    frames: FrameRing

    @property
    def name(self) -> str:
        """The port as the settings name it."""
        return str(self.port.path)


class Wires:
    """Every port of one cabinet; faults of wires and boards are whole again at each start."""

    def __init__(self, settings: Settings, live: LiveWorld) -> None:
        self._live = live
        self._tests: dict[str, asyncio.TimerHandle] = {}
        started_ms = live.now_ms()
        ports: dict[str, list[BankSettings]] = {}
        for bank in settings.bank:
            ports.setdefault(bank.port, []).append(bank)
        self.wires = tuple(
            _wire(port, banks, settings, live, lambda: live.now_ms() - started_ms)
            for port, banks in ports.items()
        )

    @contextmanager
    def plugged(self) -> Iterator[None]:
        """Every port is there until the end; PortInTheWay, OSError."""
        for wire in self.wires:
            _refuse_real_device(wire.port.path)
        try:
            for wire in self.wires:
                wire.port.plug()
            yield
        finally:
            for test in self._tests.values():
                test.cancel()
            for wire in self.wires:
                wire.port.unplug()

    # ------------------------------------------------------------ what can be done to them
    def plug(self, port: str) -> None:
        """Put the adapter back; it comes as a new device under the same path."""
        wire = self.wire(port)
        if wire.port.is_plugged:
            raise NotPossible(f"port {port} is plugged in already")
        wire.port.plug()
        self._live.changes.tell()

    def unplug(self, port: str) -> None:
        """Take the adapter away, under whoever uses it."""
        wire = self.wire(port)
        if not wire.port.is_plugged:
            raise NotPossible(f"port {port} is unplugged already")
        wire.port.unplug()
        self._live.changes.tell()

    def set_fault(self, port: str, fault: Fault, switch: Switch | None) -> None:
        """Switch a fault of the line on, or off with None."""
        self.wire(port).line.set(fault, switch)
        self._live.changes.tell()

    def mute(self, bank: str, *, is_dead: bool) -> None:
        """Take a board's own power away, or give it back."""
        self.board(bank).is_dead = is_dead
        self._live.changes.tell()

    def press_test(self, bank: str) -> None:
        """The TEST button of a board: every lock fires in turn, and nobody is asked."""
        board = self.board(bank)
        if board.is_dead:
            raise NotPossible(f"board {bank} is without power, its TEST button does nothing")
        if bank in self._tests:
            raise NotPossible(f"board {bank} is running its test already")
        self._step_test(bank, board, board.press_test())
        self._live.changes.tell()

    def _step_test(self, bank: str, board: KerongBoard, steps: Iterator[int]) -> None:
        self._tests.pop(bank, None)
        if not board.is_dead and next(steps, None) is not None:
            loop = asyncio.get_running_loop()
            self._tests[bank] = loop.call_later(TEST_STEP_S, self._step_test, bank, board, steps)

    def is_testing(self, bank: str) -> bool:
        """Whether the TEST button's round goes on."""
        return bank in self._tests

    def mend(self) -> None:
        """Every wire and board as new, every adapter plugged in."""
        for wire in self.wires:
            for fault in wire.line.switches:
                wire.line.set(fault, None)
            for board in wire.boards.values():
                board.is_dead = False
            wire.port.plug()
        self._live.changes.tell()

    # ------------------------------------------------------------ finding them
    def wire(self, port: str) -> Wire:
        """The wire of a port; NotPossible names the ports there are."""
        found = next((wire for wire in self.wires if wire.name == port), None)
        if found is None:
            raise NotPossible(f"there is no port {port}, expected one of: {_listed(self.wires)}")
        return found

    def board(self, bank: str) -> KerongBoard:
        """The board of a bank; NotPossible names the banks there are."""
        boards = {name: board for wire in self.wires for name, board in wire.boards.items()}
        if bank not in boards:
            raise NotPossible(f"there is no bank {bank}, expected one of: {', '.join(boards)}")
        return boards[bank]


def _listed(wires: tuple[Wire, ...]) -> str:
    return ", ".join(wire.name for wire in wires)


def _pulse_lengths(settings: Settings) -> dict[str, int]:
    """How long each board pulses: long enough for the slowest lock on it."""
    lengths: dict[str, int] = {}
    for place in settings.compartment:
        lengths[place.bank] = max(lengths.get(place.bank, 0), PULSE_MS[place.lock])
    return lengths


def _wire(
    port: str,
    banks: list[BankSettings],
    settings: Settings,
    live: LiveWorld,
    now_ms: Callable[[], int],
) -> Wire:
    if "://" in port:
        raise PortInTheWay(
            f"port {port}: the made-up world stands behind paths only; name a path in its settings"
        )
    pulses = _pulse_lengths(settings)
    polarities = {bank.address: Polarity(bank.closed_bit, settings.turned_channels(bank)) for bank in banks}
    frames = FrameRing(now_ms, polarities, live.changes.tell, SPOKEN[banks[0].dialect])
    boards = {
        bank.id: DIALECTS[bank.dialect](
            bank.address,
            BankWiring(live, bank.id),
            polarity=polarities[bank.address],
            pulse_ms=pulses.get(bank.id, PULSE_MS["solenoid"]),
        )
        for bank in banks
    }
    line = Line(Bus(list(boards.values())), baud=banks[0].baud)
    return Wire(PtyPort(Path(port), line, monitor=frames.note), line, boards, frames)


def _refuse_real_device(path: Path) -> None:
    """A link to a pty may be replaced, for a world that was killed leaves one; nothing else may."""
    is_ours = path.is_symlink() and path.readlink().is_relative_to("/dev/pts")
    if not is_ours and (path.is_symlink() or path.exists()):
        raise PortInTheWay(
            f"port {path}: something real is there, and the made-up world replaces only its own links; "
            f"use the settings of the simulation, or another path"
        )
