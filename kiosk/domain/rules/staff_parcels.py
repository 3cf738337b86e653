"""Every parcel that is here, as staff see it: what is late or in doubt first, then the oldest."""

from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import ChooseStored
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.session import Session, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.staff import is_in_use
from kiosk.domain.state import State

IN_USE, OUT_OF_SIGHT, UNCERTAIN = "in_use", "out_of_sight", "uncertain"
_RESERVED = DeliveryState.RESERVED
_OF_ONE = (Step.STAFF_PARCEL, Step.STAFF_TAKE)
_FIRST = (DeliveryFlag.DISPUTED, DeliveryFlag.IN_DOUBT, DeliveryFlag.OVERDUE)


def parcels(state: State) -> tuple[Delivery, ...]:
    """Everything behind a door, in the order in which somebody should see to it."""

    def urgency(delivery: Delivery) -> tuple[bool, bool, int, str]:
        is_late = any(flag in delivery.flags for flag in _FIRST)
        is_uncertain = delivery.state is DeliveryState.UNCERTAIN
        return not is_uncertain, not is_late, delivery.stored_at_ms or delivery.reserved_at_ms, delivery.id

    here = (one for one in state.deliveries.values() if one.has_door and one.state is not _RESERVED)
    return tuple(sorted(here, key=urgency))


def remarks(state: State, delivery: Delivery) -> tuple[str, ...]:
    """What is to be said of a parcel, as keys of sentences."""
    said = [flag.value for flag in DeliveryFlag if flag in delivery.flags]
    if delivery.state is DeliveryState.UNCERTAIN:
        said.append(UNCERTAIN)
    if is_in_use(state, delivery.compartment):
        said.append(IN_USE)
    elif state.door(delivery.compartment) is DoorState.UNKNOWN:
        said.append(OUT_OF_SIGHT)
    return tuple(said)


def show_stored(draft: Draft, session: Session) -> Refusal | None:
    """From the list of doors to the list of parcels."""
    if draft.state.visit.step is not Step.STAFF_LIST:
        return Refusal.NOT_NOW
    draft.show(replace(draft.state.visit, step=Step.STAFF_PARCELS))
    return None


def _is_list_shown(state: State) -> bool:
    """On its own page, and on the page of a parcel that is not here any more: somebody took it meanwhile."""
    visit = state.visit
    is_gone = visit.delivery is None or visit.delivery not in state.deliveries
    return visit.step is Step.STAFF_PARCELS or (visit.step in _OF_ONE and is_gone)


def choose_stored(draft: Draft, session: Session, fact: ChooseStored) -> Refusal | None:
    """The page about one parcel."""
    listed = {one.id for one in parcels(draft.state)}
    if not _is_list_shown(draft.state) or fact.delivery not in listed:
        return Refusal.NOT_NOW
    visit = draft.state.visit
    draft.show(replace(visit, step=Step.STAFF_PARCEL, delivery=fact.delivery, compartment=None))
    return None
