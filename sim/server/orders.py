"""What can be done to the made-up world from outside, as values: the same for the page and for programs."""

from dataclasses import asdict
from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sim.boards.line import Fault, Switch
from sim.cabinet import DoorId
from sim.doors import NotPossible, Position
from sim.faults import DoorFaults, Power
from sim.live.daemon_pipe import Ask
from sim.live.relay import Passage
from sim.server.parts import PanelParts
from sim.world import World

FURTHEST_MS = 400 * 24 * 3_600_000
"""How far the clock may jump."""


class _Order(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hand(_Order):
    """A hand at a door."""

    verb: Literal["pull", "push", "key"]
    door: DoorId


class Put(_Order):
    """A new parcel goes in."""

    verb: Literal["put"]
    door: DoorId
    what: str = Field(default="", max_length=60)


class Take(_Order):
    """A parcel comes out: the one named, or the last."""

    verb: Literal["take"]
    door: DoorId
    parcel: str | None = None


class Break(_Order):
    """One fault of a door, on or off or by how much."""

    verb: Literal["break"]
    door: DoorId
    fault: str
    value: bool | int | str


class Mend(_Order):
    """A door as new."""

    verb: Literal["mend"]
    door: DoorId


class MendAll(_Order):
    """Every door, supply, wire and board as new; parcels stay."""

    verb: Literal["mend-all"]


class Feed(_Order):
    """How strong a lock supply is."""

    verb: Literal["supply"]
    supply: str
    power: Power


class Mute(_Order):
    """A board's own power."""

    verb: Literal["mute"]
    bank: str
    on: bool


class PressTest(_Order):
    """The TEST button on a board."""

    verb: Literal["test"]
    bank: str


class Adapter(_Order):
    """The adapter of a port goes in or out."""

    verb: Literal["plug", "unplug"]
    port: str


class Disturb(_Order):
    """A fault of a wire."""

    verb: Literal["line"]
    port: str
    fault: Fault
    on: bool
    chance: float = Field(default=1.0, gt=0, le=1)
    times: int | None = Field(default=None, ge=1)
    amount: int = Field(default=0, ge=0, le=60_000)


class SetClock(_Order):
    """The wall clock jumps."""

    verb: Literal["clock"]
    ahead_ms: int = Field(ge=-FURTHEST_MS, le=FURTHEST_MS)


class FillDisk(_Order):
    """The disk of the daemon takes nothing more, or does again."""

    verb: Literal["disk"]
    full: bool


class Switchboard(_Order):
    """The line to a server."""

    verb: Literal["server"]
    server: Literal["broker", "mail"]
    passage: Passage


class Reach(_Order):
    """Whether messages get through to the phones."""

    verb: Literal["phones"]
    in_reach: bool


class AskDaemon(_Order):
    """The supervisor shall do something to the daemon."""

    verb: Literal["daemon"]
    ask: Ask


Around = SetClock | FillDisk | Switchboard | Reach
AtWires = Mute | PressTest | Adapter | Disturb
Order = Hand | Put | Take | Break | Mend | MendAll | Feed | AtWires | Around | AskDaemon

_ORDER: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="verb")])
_FAULTS = TypeAdapter(DoorFaults)


class BadOrder(Exception):
    """The text is no order; the message says what was expected."""


def read_order(text: str | bytes) -> Order:
    """The order in a JSON text."""
    try:
        return _ORDER.validate_json(text)
    except ValidationError as error:
        raise BadOrder(_first(error)) from error


def perform(order: Order, parts: PanelParts) -> str:
    """Do it; what was done, in a few words. NotPossible, BadOrder."""
    match order:
        case Hand() | Put() | Take() | Break() | Mend():
            return parts.live.do(lambda world: _at_door(order, world))
        case Feed(supply=supply, power=power):
            parts.live.do(lambda world: world.set_supply(supply, power))
            return f"supply {supply} gives {power} power"
        case Mute() | PressTest() | Adapter() | Disturb():
            return _at_wires(order, parts)
        case MendAll():
            parts.live.do(_mend_all)
            parts.wires.mend()
            parts.around.mend()
            if parts.daemon.is_disk_full:
                parts.daemon.ask(Ask.FREE_DISK)
            return "everything is mended"
        case SetClock() | FillDisk() | Switchboard() | Reach():
            return _around(order, parts)
        case AskDaemon(ask=ask):
            parts.daemon.ask(ask)
            return f"asked to {ask} the daemon"
        case _:
            assert_never(order)


def _at_door(order: Hand | Put | Take | Break | Mend, world: World) -> str:
    world.door(order.door)
    label = f"door {world.cabinet.doors[order.door].label}"
    match order:
        case Hand(verb=verb):
            return f"{label} {_by_hand(verb, order.door, world)}"
        case Put(what=what):
            parcel = world.new_parcel(what.strip() or "a parcel")
            world.put_in(order.door, parcel)
            return f"{label}: {parcel.what} is inside"
        case Take(parcel=parcel_id):
            return f"{label}: {world.take_out(order.door, parcel_id).what} is taken out"
        case Break(fault=fault, value=value):
            world.set_faults(order.door, _changed(world.door(order.door).faults, fault, value))
            return f"{label}: {fault.replace('_', ' ')} is {value}"
        case Mend():
            world.set_faults(order.door, DoorFaults())
            return f"{label} is mended"
        case _:
            assert_never(order)


def _by_hand(verb: Literal["pull", "push", "key"], door: DoorId, world: World) -> str:
    match verb:
        case "pull":
            world.pull_door(door)
            return "is wide open"
        case "key":
            world.use_key(door)
            return "was opened by key"
        case "push":
            was_shut = world.door(door).position is Position.CLOSED
            world.push_door(door)
            is_shut = world.door(door).position is Position.CLOSED
            return (
                "was pressed" if was_shut else "is shut" if is_shut else "did not catch and sprang open again"
            )


def _changed(faults: DoorFaults, fault: str, value: bool | int | str) -> DoorFaults:
    present = asdict(faults)
    if fault not in present:
        raise BadOrder(f"fault: {fault!r}, expected one of: {', '.join(present)}")
    try:
        return _FAULTS.validate_python({**present, fault: value})
    except ValidationError as error:
        raise BadOrder(_first(error)) from error


def _mend_all(world: World) -> None:
    for door in world.cabinet.doors:
        world.set_faults(door, DoorFaults())
    for supply in world.cabinet.supplies:
        world.set_supply(supply, Power.FULL)


def _at_wires(order: AtWires, parts: PanelParts) -> str:
    match order:
        case Mute(bank=bank, on=is_dead):
            parts.wires.mute(bank, is_dead=is_dead)
            return f"board {bank} is {'without' if is_dead else 'back on'} power"
        case PressTest(bank=bank):
            parts.wires.press_test(bank)
            return f"TEST was pressed on board {bank}: its locks fire in turn"
        case Adapter(verb="unplug", port=port):
            parts.wires.unplug(port)
            return "the adapter is unplugged"
        case Adapter(port=port):
            parts.wires.plug(port)
            return "the adapter is plugged in, as a new device"
        case Disturb(port=port, fault=fault, on=is_on):
            switch = Switch(order.chance, order.times, order.amount) if is_on else None
            parts.wires.set_fault(port, fault, switch)
            return f"line: {fault.replace('_', ' ')} is {'on' if is_on else 'off'}"
        case _:
            assert_never(order)


def _around(order: Around, parts: PanelParts) -> str:
    match order:
        case SetClock(ahead_ms=ahead_ms):
            parts.around.set_clock(ahead_ms)
            return f"the kiosk's clock is {clock_words(ahead_ms)}"
        case FillDisk(full=is_full):
            parts.daemon.ask(Ask.FILL_DISK if is_full else Ask.FREE_DISK)
            return "the daemon's disk takes nothing more" if is_full else "the daemon's disk has room again"
        case Switchboard(server=server, passage=passage):
            parts.around.set_passage(server, passage)
            return f"the line to the {server} is {passage}"
        case Reach(in_reach=in_reach):
            parts.around.set_reach(in_reach=in_reach)
            return f"the phones are {'in' if in_reach else 'out of'} reach"
        case _:
            assert_never(order)


def clock_words(ahead_ms: int) -> str:
    """How far a clock is off."""
    if not ahead_ms:
        return "right"
    hours = abs(ahead_ms) / 3_600_000
    much = f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} h"
    return f"{much} {'ahead' if ahead_ms > 0 else 'back'}"


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "order"
    return f"{where}: {first['msg']}"


__all__ = ["BadOrder", "NotPossible", "Order", "perform", "read_order"]
