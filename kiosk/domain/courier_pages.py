"""Pages of a courier before the door: who for, by unit or by name, and the parcels of this sign-in."""

from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.screen import Action, Offer, Screen, ScreenKind, ShownParcel
from kiosk.domain.name_search import LETTERS, name_keys
from kiosk.domain.page_parts import label, open_doors, page, unit_label
from kiosk.domain.rules.cutting_in import may_cut_in
from kiosk.domain.rules.parcels import parcels_of
from kiosk.domain.state import State

K, A = ScreenKind, Action


def unit_page(state: State) -> Screen:
    """Whose parcel it is, by the unit on the label."""
    labels = state.directory.labels
    letters = tuple(sorted(sign for sign in set("".join(labels)) if not sign.isdigit()))
    by_name = (Offer(A.NO_UNIT),) if state.directory.residents else ()
    wrong = state.deliveries.get(state.visit.correcting) if state.visit.correcting else None
    leaving = (
        (Offer(A.BACK),) if wrong else (*_earlier(state), *_cut_in(state), Offer(A.FINISH), Offer(A.BACK))
    )
    made = page(state, K.UNIT, Offer(A.UNIT, is_main=True), *by_name, *leaving, step=2)
    door = label(state, wrong.compartment) if wrong else ""
    return replace(made, door=door, keys=letters, unit_labels=labels, open_doors=open_doors(state))


def _cut_in(state: State) -> tuple[Offer, ...]:
    session = state.active_session
    return (Offer(A.QUICK_PICKUP),) if session and may_cut_in(state, session) else ()


def _earlier(state: State) -> tuple[Offer, ...]:
    session = state.active_session
    return (Offer(A.PARCELS),) if session and parcels_of(state, session.id) else ()


def find_name(state: State) -> Screen:
    """No unit on the label: the first letters of the name."""
    made = page(state, K.FIND_NAME, Offer(A.NAME, is_main=True), Offer(A.BACK), step=2)
    return replace(made, digits=LETTERS, keys=name_keys(state.directory), open_doors=open_doors(state))


def matches(state: State) -> Screen:
    """Masked names that begin so."""
    shown = tuple(match.shown for match in state.visit.matches)
    offers = (Offer(A.MATCH, str(number)) for number in range(len(shown)))
    made = page(state, K.MATCHES, *offers, Offer(A.BACK), step=2)
    return replace(made, matches=shown, open_doors=open_doors(state))


def parcels(state: State) -> Screen:
    """Every parcel of this sign-in with its door; one that stands open is to be shut."""
    session, visit = state.active_session, state.visit
    mine = parcels_of(state, session.id) if session else ()
    back = tuple(Offer(A.TURN_TO, str(number)) for number in range(len(mine)))
    shown = tuple(_parcel(state, one) for one in mine)
    done = Offer(A.FINISH, is_main=not any(one.is_open for one in shown))
    made = page(state, K.PARCELS, *back, Offer(A.NEXT), done, step=4)
    return replace(
        made,
        parcels=shown,
        is_left_open=visit.open_calls > 0,
        open_calls=visit.open_calls,
    )


def _parcel(state: State, delivery: Delivery) -> ShownParcel:
    return ShownParcel(
        door=label(state, delivery.compartment),
        unit=unit_label(state, delivery.unit),
        is_open=state.door(delivery.compartment) is DoorState.OPEN,
        is_stored=delivery.state is DeliveryState.STORED,
    )
