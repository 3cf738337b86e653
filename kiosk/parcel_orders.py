"""Orders over one parcel: which one is meant, who says so, and the decision of the core in a sentence."""

from datetime import UTC, date, datetime, timedelta

from kiosk.domain import parcel_acts as acts
from kiosk.domain.model.delivery import Delivery, RemovalWay
from kiosk.domain.model.directory import Staff
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.refusals import Refusal
from kiosk.domain.roster import staff_of
from kiosk.domain.staff_touches import Found
from kiosk.domain.state import State
from kiosk.order_forms import (
    Failure,
    HoldParcel,
    MoveParcel,
    OrderFailed,
    ParcelsOrder,
    RemoveParcel,
    SettleParcel,
)
from kiosk.ports import Inbox

_WHY = {
    Refusal.NOT_NOW: "there is no such parcel behind a door any more",
    Refusal.DOOR_IN_USE: "somebody is at its door now; try again in a minute",
    Refusal.SETTLE_FIRST: "nobody knows whether it is inside; first: kiosk deliveries settle",
    Refusal.NOTHING_TO_SETTLE: "nobody doubts where this parcel is",
    Refusal.NOTHING_FREE: "that door is not free; free doors: kiosk doors",
    Refusal.NEEDS_MANAGER: "only a manager may let a parcel be disposed of",
    Refusal.NEVER_DISPOSED: "postal parcels are never disposed of; give it back to the post",
    Refusal.NOTICE_NOT_OVER: "its recipient must have had thirty days' notice; staff give it at the screen",
    Refusal.DATE_NOT_KNOWN: "the kiosk does not trust its clock now",
    Refusal.HOLD_TOO_LONG: "a parcel can be kept for fourteen days at most",
    Refusal.NEARLY_FULL: "the lockers are nearly full, so nothing can be kept longer now",
}
_NOT_WRITTEN = (Refusal.NOT_DURABLE, Refusal.OUTCOME_UNKNOWN, Refusal.STOPPING)


async def obey_parcel(order: ParcelsOrder, inbox: Inbox) -> dict[str, object]:
    """Carry an order about a parcel out; OrderFailed says why not."""
    parcel, person = _parcel(inbox.state, order.parcel), _person(inbox.state, order.account)
    fact = acts.OrderParcel(parcel.id, person.id, _act(inbox.state, order))
    answer = await inbox.submit(fact)
    if answer.refusal in _NOT_WRITTEN:
        raise OrderFailed(Failure.NOT_WRITTEN, "the disk did not take it: look at the list, then order again")
    if answer.refusal is not None:
        raise OrderFailed(Failure.REFUSED, _WHY.get(answer.refusal, answer.refusal.value))
    known = inbox.state.deliveries.get(parcel.id)
    return {
        "delivery": parcel.id,
        "state": known.state.value if known else "ended",
        "label": inbox.state.label_of(known.compartment) if known else None,
    }


def _parcel(state: State, called: str) -> Delivery:
    """By its id, or by what stands on its door where only one parcel is behind it."""
    if (known := next((one for one in state.deliveries.values() if one.id == called), None)) is not None:
        return known
    behind = [one for one in state.deliveries.values() if state.label_of(one.compartment) == called]
    if len(behind) == 1:
        return behind[0]
    many = "several parcels are there: say which by its id, from kiosk deliveries --json"
    raise OrderFailed(Failure.REFUSED, many if behind else f"no parcel is behind door {called}")


def _person(state: State, account: str) -> Staff:
    found = staff_of(state.directory, account)
    if found is None:
        raise OrderFailed(Failure.REFUSED, f"there is no account {account}")
    return found


def _act(state: State, order: ParcelsOrder) -> acts.ParcelAct:
    match order:
        case SettleParcel(found=found):
            return acts.SettleParcel(Found(found))
        case RemoveParcel(way=way, reason=reason):
            return acts.RemoveParcel(RemovalWay(way), reason)
        case MoveParcel(door=door):
            return acts.PutElsewhere(_door(state, door))
        case HoldParcel(until=until):
            return acts.KeepParcel(None if until is None else _end_of(until))


def _door(state: State, label: str) -> CompartmentId:
    found = next((one.id for one in state.layout.compartments.values() if one.label == label), None)
    if found is None:
        raise OrderFailed(Failure.REFUSED, f"there is no door {label}")
    return found


def _end_of(day: str) -> int:
    """The end of a day, in UTC milliseconds."""
    try:
        noon = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    except ValueError:
        raise OrderFailed(Failure.REFUSED, f"there is no day {day}") from None
    return round((noon + timedelta(days=1)).timestamp() * 1000)
