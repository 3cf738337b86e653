"""A kiosk in a building with shelves and a desk, and people who bring parcels there."""

from dataclasses import replace

from kiosk.domain import inputs as i
from kiosk.domain import place_touches as t
from kiosk.domain.changes import MessageQueued
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.place import Outlet, Overflow, OverflowWhy, Shelf, shelf_place
from kiosk.domain.model.screen import Action
from tests.domain.rig import Rig

SHELF = shelf_place("R-1")
OVERFLOW = Overflow(
    order=(Outlet.ROOM, Outlet.DESK, Outlet.CARRIER),
    shelves=(Shelf("R-1"), Shelf("R-2", 2)),
    room="Package room",
    room_entry="Key at the desk",
    desk="Front desk",
    desk_hours="8 to 18",
)


def place_rig(overflow: Overflow = OVERFLOW) -> Rig:
    """A kiosk that has been started, in a building with other places."""
    rig = Rig()
    rig.state = replace(rig.state, building=replace(rig.state.building, overflow=overflow))
    return rig.start()


def ask(rig: Rig, why: OverflowWhy = OverflowWhy.TOO_LARGE, unit: str = "412") -> None:
    """A courier who is signed in asks where else the parcel may go."""
    rig.do(i.ChooseUnit(unit))
    if why.needs_person:
        rig.do(t.NeedsPerson())
    rig.do(t.FitsNowhere(why))


def bring(rig: Rig, outlet: Outlet, unit: str = "412") -> Delivery:
    """A courier signs in and says that the parcel is there; the session ends."""
    rig.sign_in_courier()
    ask(rig, unit=unit)
    rig.do(t.ChooseOutlet(outlet))
    rig.do(t.Placed())
    delivery = rig.state.visit.delivery
    assert delivery
    rig.do(i.Finish())
    rig.do(i.GoBack())
    return rig.state.deliveries[delivery]


def stored_at_desk(rig: Rig) -> Delivery:
    """The desk has a parcel, and staff have said so."""
    delivery = bring(rig, Outlet.DESK)
    settle(rig, delivery, is_here=True)
    rig.do(i.GoBack())
    rig.do(i.Finish())
    return rig.state.deliveries[delivery.id]


def settle(rig: Rig, delivery: Delivery, *, is_here: bool) -> None:
    """Staff sign in and say whether a parcel is there."""
    at_parcel(rig, delivery)
    rig.do(t.SayWhetherHere(is_here))


def at_parcel(rig: Rig, delivery: Delivery) -> None:
    """Staff sign in and turn to a parcel of a place."""
    rig.sign_in_staff()
    rig.do(t.ShowPlaces())
    rig.do(t.ChoosePlaced(delivery.id))


def actions(rig: Rig) -> set[tuple[Action, str]]:
    """What the page offers, besides help."""
    return {(one.action, one.value) for one in rig.screen().offers if one.action is not Action.HELP}


def messages(rig: Rig) -> list[tuple[str, str]]:
    """Kind and place of every message so far."""
    return [(one.kind, one.door) for one in rig.changes if isinstance(one, MessageQueued)]
