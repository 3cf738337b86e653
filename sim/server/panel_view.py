"""What the panel shows, as values that templates only print: truth beside belief, door by door."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlencode

from sim.boards.line import Fault
from sim.cabinet import DoorId
from sim.doors import Parcel
from sim.faults import DoorFaults, Power, Sensor
from sim.live.belief import Belief, BelievedDoor, DaemonStatus
from sim.live.frame_ring import SeenFrame
from sim.live.wires import Wire
from sim.phones import Inboxes
from sim.server.drawing import Drawing, Place, draw
from sim.server.parts import PanelParts
from sim.sights import Sight, WorldView

FRAMES_SHOWN = 60
_INSIDE = {"verified": "empty", "presumed": "empty?", "unknown": "unsure"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the viewer looks at: a door, a port, one board's frames or all, news only or everything."""

    door: str = ""
    port: str = ""
    board: str = ""
    frames: str = "news"

    def but(self, **changes: str) -> str:
        """The query of the same page with something else in view."""
        wanted = asdict(replace(self, **changes))
        return urlencode({name: value for name, value in wanted.items() if value})


@dataclass(frozen=True, slots=True)
class DoorOnPanel:
    """One door in the drawing. `quarrel`: how truth and belief differ, with `quarrel_s` seconds of age."""

    sight: Sight
    place: Place
    believed: BelievedDoor | None
    quarrel: str
    quarrel_s: int
    faults: tuple[str, ...]

    @property
    def id(self) -> DoorId:
        """The compartment behind it."""
        return self.sight.plan.id

    @property
    def label(self) -> str:
        """What stands on it."""
        return self.sight.plan.label

    @property
    def parcels(self) -> tuple[Parcel, ...]:
        """What is inside."""
        return self.sight.door.parcels

    @property
    def position(self) -> str:
        """Closed, ajar or open."""
        return self.sight.door.position.value

    @property
    def sensor_lies(self) -> bool:
        """Whether the board is told something else than the latch does."""
        return self.sight.says_hooked != self.sight.door.is_latched

    @property
    def belief(self) -> str:
        """What the daemon believes, in the few words that fit under a door."""
        if self.believed is None:
            return "no answer"
        if self.believed.door == "unknown":
            return "not known"
        if self.believed.door == "open":
            return "open"
        inside = _INSIDE.get(self.believed.vacancy, ", ".join(self.believed.units) or "occupied")
        if self.quarrel:
            return inside if self.position == "closed" else "closed"
        return f"closed, {inside}"

    @property
    def mood(self) -> str:
        """How the belief is painted: wrong, unsure, silent or agreed."""
        if self.quarrel:
            return "wrong"
        if self.believed is None:
            return "silent"
        is_unsure = self.believed.door == "unknown" or self.believed.vacancy == "unknown"
        return "unsure" if is_unsure or self.believed.condition != "serviceable" else "agreed"


@dataclass(frozen=True, slots=True)
class PortOnPanel:
    """One port with its boards, its faults and the frames that passed."""

    wire: Wire
    frames: tuple[SeenFrame, ...]
    faults: frozenset[Fault]
    testing: frozenset[str]


@dataclass(frozen=True, slots=True)
class PanelView:
    """Everything on the page."""

    world: WorldView
    drawing: Drawing
    doors: Mapping[DoorId, DoorOnPanel]
    chosen: DoorOnPanel | None
    ports: tuple[PortOnPanel, ...]
    port: PortOnPanel
    status: DaemonStatus | None
    silence: str
    inboxes: Inboxes
    wanted: Wanted

    @property
    def quarrels(self) -> int:
        """Doors where truth and belief differ."""
        return sum(bool(door.quarrel) for door in self.doors.values())

    @property
    def weak_supplies(self) -> list[str]:
        """Supplies that do not give full power."""
        return [name for name, power in self.world.supplies.items() if power is not Power.FULL]

    @property
    def broken(self) -> int:
        """Doors with a fault switched on."""
        return sum(bool(door.faults) for door in self.doors.values())


class Viewer:
    """Makes the view; it remembers how long each difference lasts, and the drawing."""

    def __init__(self, parts: PanelParts) -> None:
        self._parts = parts
        self._drawing = draw(parts.live.cabinet)

    def view(self, wanted: Wanted) -> PanelView:
        """Everything as it is now."""
        parts, belief = self._parts, self._parts.watch.belief
        world = parts.live.view()
        doors = self._doors(world.doors, belief)
        ports = tuple(self._port(wire, wanted) for wire in parts.wires.wires)
        return PanelView(
            world=world,
            drawing=self._drawing,
            doors=doors,
            chosen=doors.get(DoorId(wanted.door)),
            ports=ports,
            port=next((port for port in ports if port.wire.name == wanted.port), ports[0]),
            status=belief.status,
            silence=belief.silence,
            inboxes=parts.watch.inboxes,
            wanted=wanted,
        )

    def _doors(self, sights: Sequence[Sight], belief: Belief) -> dict[DoorId, DoorOnPanel]:
        quarrels = self._parts.watch.quarrels(self._parts.live.now_ms(), sights)
        return {
            sight.plan.id: DoorOnPanel(
                sight=sight,
                place=self._drawing.doors[sight.plan.id],
                believed=belief.doors.get(sight.plan.id),
                quarrel=quarrels.get(sight.plan.id, ("", 0))[0],
                quarrel_s=quarrels.get(sight.plan.id, ("", 0))[1] // 1000,
                faults=fault_words(sight.door.faults),
            )
            for sight in sights
        }

    def _port(self, wire: Wire, wanted: Wanted) -> PortOnPanel:
        address = int(wanted.board) if wanted.board.isdecimal() else None
        seen = wire.frames.frames(address=address, news_only=wanted.frames != "all")
        testing = frozenset(bank for bank in wire.boards if self._parts.wires.is_testing(bank))
        return PortOnPanel(
            wire, tuple(reversed(seen[-FRAMES_SHOWN:])), frozenset(wire.line.switches), testing
        )


def age(seconds: int) -> str:
    """A number of seconds as people say it, in as few signs as a door has room for."""
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 3600 else f"{seconds // 3600} h"


def fault_words(faults: DoorFaults) -> tuple[str, ...]:
    """What is wrong with a door, in words."""
    good = asdict(DoorFaults())
    return tuple(_fault_word(name, value) for name, value in asdict(faults).items() if value != good[name])


def _fault_word(name: str, value: object) -> str:
    match name, value:
        case "sticky_pulses", int(count):
            return f"sticks {count} pulse{'s' if count > 1 else ''}"
        case "sensor", Sensor() as sensor:
            return f"sensor {sensor.value.replace('_', ' ')}"
        case "bounce_ms", ms:
            return f"bounces {ms} ms"
        case "open_delay_ms", ms:
            return f"opens after {ms} ms"
        case _:
            return name.replace("_", " ")
