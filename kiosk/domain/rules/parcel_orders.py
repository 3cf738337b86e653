"""What staff say of a parcel without a door that opens: believed of the parcel, never of a compartment.

Only a door seen open changes what is believed of its inside: whatever was behind it, staff look before it is
offered again.
"""

from typing import assert_never

from kiosk.domain import events as e
from kiosk.domain.allocation import free
from kiosk.domain.draft import Draft
from kiosk.domain.model.delivery import Delivery, DeliveryState, RemovalWay
from kiosk.domain.model.ids import StaffId
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.parcel_acts import KeepParcel, OrderParcel, PutElsewhere, RemoveParcel, SettleParcel
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import clear_dispute, clear_doubt, release_codes
from kiosk.domain.rules.disposal import why_not_disposed
from kiosk.domain.rules.holds import hold, release
from kiosk.domain.rules.questions import settle_uncertain
from kiosk.domain.rules.removal import Removal, not_found, remove, store_moved
from kiosk.domain.rules.staff import is_in_use
from kiosk.domain.staff_touches import Found


def order_parcel(draft: Draft, fact: OrderParcel) -> Refusal | None:
    """Do what is said, unless a person is at the parcel's door."""
    draft.actor = f"command:{fact.staff}"
    parcel = draft.state.deliveries.get(fact.delivery)
    if parcel is None or not parcel.has_door:
        return Refusal.NOT_NOW
    if is_in_use(draft.state, parcel.compartment):
        return Refusal.DOOR_IN_USE
    if isinstance(fact.act, SettleParcel):
        return _settle(draft, parcel, fact.act.found)
    if parcel.state is not DeliveryState.STORED:
        return Refusal.SETTLE_FIRST
    return _of_stored(draft, parcel, fact)


def _of_stored(draft: Draft, parcel: Delivery, fact: OrderParcel) -> Refusal | None:
    match fact.act:
        case RemoveParcel():
            return _remove(draft, parcel, fact.staff, fact.act)
        case PutElsewhere():
            return _put_elsewhere(draft, parcel, fact.staff, fact.act)
        case KeepParcel(until_ms=None):
            release(draft, parcel)
            return None
        case KeepParcel(until_ms=until_ms):
            return hold(draft, parcel, until_ms or 0)
        case SettleParcel():
            return Refusal.NOT_NOW
        case _:
            assert_never(fact.act)


def _settle(draft: Draft, parcel: Delivery, found: Found) -> Refusal | None:
    is_inside = found is Found.PARCEL
    if parcel.state is DeliveryState.UNCERTAIN:
        settle_uncertain(draft, parcel, is_inside=is_inside, fact=VacancyFact.LEFT_OPEN)
    elif parcel.state is not DeliveryState.STORED:
        return Refusal.SETTLE_FIRST
    elif not (parcel.is_in_doubt or parcel.is_disputed):
        return Refusal.NOTHING_TO_SETTLE
    elif is_inside:
        clear_doubt(draft, parcel)
        clear_dispute(draft, parcel)
        release_codes(draft, (draft.state.deliveries[parcel.id],))
    else:
        not_found(draft, parcel, VacancyFact.LEFT_OPEN)
    return None


def _remove(draft: Draft, parcel: Delivery, staff: StaffId, act: RemoveParcel) -> Refusal | None:
    if act.way is RemovalWay.DISPOSED and (why := why_not_disposed(draft, staff, parcel)):
        return why
    remove(draft, parcel, Removal(act.way, VacancyFact.LEFT_OPEN, _name(draft, staff), act.reason))
    return None


def _put_elsewhere(draft: Draft, parcel: Delivery, staff: StaffId, act: PutElsewhere) -> Refusal | None:
    place = next((one for one in free(draft.state) if one.id == act.compartment), None)
    if place is None:
        return Refusal.NOTHING_FREE
    draft.record(e.ParcelCarried(parcel.id, place.id, place.size, VacancyFact.LEFT_OPEN))
    moved = draft.state.deliveries[parcel.id]
    store_moved(draft, moved, settled_by=draft.actor, who=_name(draft, staff))
    return None


def _name(draft: Draft, staff: StaffId) -> str:
    known = draft.state.directory.staff.get(staff)
    return known.name if known else ""
