"""A parcel that no compartment takes: a shelf, the desk, or the carrier keeps it; each with a receipt."""

from kiosk.domain import events as e
from kiosk.domain import place_touches as t
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId, DeliveryId
from kiosk.domain.model.place import DESK, Outlet, OverflowWhy
from kiosk.domain.model.session import Session, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.at_places import confirm, free_shelf, give_up, outlets, turn_to_outlets
from kiosk.domain.rules.drop_off import recipient_of
from kiosk.domain.rules.sessions import at_door, count_done

_ASKS_WHY = (Step.SIZE, Step.NEEDS_PERSON)
_KEPT = (DeliveryState.RESERVED, DeliveryState.STORED, DeliveryState.UNCERTAIN)


def courier_at_place(draft: Draft, session: Session, fact: t.CourierPlaceTouch) -> Refusal | None:
    """One touch of a courier with such a parcel."""
    match fact:
        case t.NeedsPerson():
            return _needs_person(draft)
        case t.FitsNowhere(why=why):
            return _fits_nowhere(draft, why)
        case t.ChooseOutlet(outlet=outlet):
            return _choose_outlet(draft, session, outlet)
        case t.Placed():
            return _placed(draft)
        case t.NotPlaced():
            return _not_placed(draft, session)


def _needs_person(draft: Draft) -> Refusal | None:
    visit = draft.state.visit
    if visit.step is not Step.SIZE or visit.unit is None:
        return Refusal.NOT_NOW
    draft.show(replace(visit, step=Step.NEEDS_PERSON))
    return None


def _fits_nowhere(draft: Draft, why: OverflowWhy) -> Refusal | None:
    visit = draft.state.visit
    if visit.step not in _ASKS_WHY or visit.unit is None or why is OverflowWhy.NOTHING_FREE:
        return Refusal.NOT_NOW
    if why.needs_person is not (visit.step is Step.NEEDS_PERSON):
        return Refusal.NOT_NOW
    turn_to_outlets(draft, why)
    return None


def _choose_outlet(draft: Draft, session: Session, outlet: Outlet) -> Refusal | None:
    visit = draft.state.visit
    if visit.step is not Step.OVERFLOW or visit.why is None or visit.unit is None:
        return Refusal.NOT_NOW
    if outlet not in outlets(draft.state, visit.why):
        return Refusal.NOT_NOW
    if outlet is Outlet.CARRIER:
        return _keep(draft, session, visit.why)
    place = DESK if outlet is Outlet.DESK else free_shelf(draft.state)
    return _assign(draft, session, place, visit.why) if place else Refusal.NOT_NOW


def _assign(draft: Draft, session: Session, place: CompartmentId, why: OverflowWhy) -> Refusal | None:
    visit = draft.state.visit
    if visit.unit is None or session.carrier is None or session.carrier_code is None:
        return Refusal.NOT_NOW
    recipient = recipient_of(draft.state.directory, visit.unit, visit.resident)
    if isinstance(recipient, Refusal):
        draft.show(replace(visit, step=Step.UNIT, unit=None, resident=None))
        return draft.notice(recipient)
    delivery = DeliveryId(draft.new_id())
    draft.record(
        e.PlaceAssigned(
            delivery=delivery,
            place=place,
            why=why,
            unit=visit.unit,
            recipient=recipient,
            carrier=session.carrier,
            carrier_code=session.carrier_code,
            session=session.id,
            size=visit.size or max(draft.state.layout.sizes, default=SizeClass.XL, key=lambda one: one.rank),
            unit_label=draft.state.directory.units[visit.unit].label,
        )
    )
    draft.show(at_door(visit, Step.PLACE, draft.state.deliveries[delivery]))
    return None


def _keep(draft: Draft, session: Session, why: OverflowWhy) -> Refusal | None:
    """The reason stands in the log, and the courier has something to show."""
    visit, receipt = draft.state.visit, draft.stamp.proofs[0]
    if visit.unit is None or session.carrier is None:
        return Refusal.NOT_NOW
    unit = draft.state.directory.units.get(visit.unit)
    draft.record(
        e.DropOffRefused(
            session=session.id,
            why=why,
            unit=visit.unit,
            carrier=session.carrier,
            receipt=receipt,
            unit_label=unit.label if unit else "",
        )
    )
    draft.show(replace(visit, step=Step.KEPT, delivery=None, compartment=None, receipt=receipt))
    return None


def at_hand(draft: Draft, session: Session) -> Delivery | None:
    """The parcel that the page of a place is about, if it is this courier's."""
    visit = draft.state.visit
    delivery = draft.state.deliveries.get(visit.delivery) if visit.delivery else None
    is_mine = delivery is not None and delivery.session == session.id and visit.step is Step.PLACE
    return delivery if is_mine else None


def _placed(draft: Draft) -> Refusal | None:
    session = draft.state.active_session
    delivery = at_hand(draft, session) if session else None
    if delivery is None or delivery.state is not DeliveryState.RESERVED:
        return Refusal.NOT_NOW
    confirm(draft, delivery)
    count_done(draft, delivery.id)
    return None


def _not_placed(draft: Draft, session: Session) -> Refusal | None:
    """The courier has it still, or took it back: what else takes it is asked again."""
    delivery, why = at_hand(draft, session), draft.state.visit.why
    if delivery is None or delivery.state not in _KEPT or why is None:
        return Refusal.NOT_NOW
    give_up(draft, delivery, "not_placed")
    done = tuple(one for one in draft.state.visit.done if one != delivery.id)
    draft.show(replace(draft.state.visit, done=done, compartment=None))
    turn_to_outlets(draft, why, draft.state.visit.size)
    return None
