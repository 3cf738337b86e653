"""Commands from afar: cancel, reissue, hold. Each leaves an event, so that its answer is never forgotten.

None of them opens a door, and none takes a parcel's place away from its recipient.
"""

from collections.abc import Callable
from typing import assert_never

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import CancelDelivery, HoldDelivery, ReissueCode, RemoteCommand, Stamp
from kiosk.domain.limits import HOUR_MS
from kiosk.domain.model.command import CommandRefusal, Order
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.code_copies import REISSUE, renew_code
from kiosk.domain.rules.custody import cancel
from kiosk.domain.rules.holds import hold, release
from kiosk.domain.rules.sessions import end_parked
from kiosk.domain.state import State

LONGEST_MS = 12 * HOUR_MS
"""A command may be meant for so long at most: half of the day for which answers are kept."""

_S, _R = DeliveryState, CommandRefusal
Refusals = dict[DeliveryState, CommandRefusal | None]

CANCEL: Refusals = {
    _S.RESERVED: None,
    _S.DEPOSITING: _R.DELIVERY_IN_HAND,
    _S.STORED: _R.PARCEL_IN_CUSTODY,
    _S.COLLECTING: _R.PARCEL_IN_CUSTODY,
    _S.MOVING: _R.PARCEL_IN_CUSTODY,
    _S.REMOVING: _R.PARCEL_IN_CUSTODY,
    _S.UNCERTAIN: _R.PARCEL_IN_CUSTODY,
    _S.COLLECTED: _R.UNKNOWN_DELIVERY,
    _S.REMOVED: _R.UNKNOWN_DELIVERY,
    _S.CANCELLED: _R.UNKNOWN_DELIVERY,
}
"""State of the delivery -> why `cancel` is refused, if it is; reserved too once a pulse was sent."""

HOLD: Refusals = {**REISSUE, _S.RESERVED: _R.DELIVERY_IN_HAND}
"""State of the delivery -> why `hold` is refused, if it is."""


def name_of(fact: RemoteCommand) -> str:
    """The command as topics and the log call it."""
    match fact:
        case CancelDelivery():
            return "cancel"
        case ReissueCode():
            return "reissue"
        case HoldDelivery():
            return "hold"
        case _:
            assert_never(fact)


def order_refusal(order: Order, stamp: Stamp) -> CommandRefusal | None:
    """Why a command is refused whatever it asks for."""
    if order.is_retained:
        return _R.COMMAND_RETAINED
    if not stamp.is_trusted:
        return _R.CLOCK_NOT_TRUSTED
    if order.expires_at_ms <= stamp.at_ms:
        return _R.COMMAND_EXPIRED
    return _R.EXPIRY_TOO_FAR if order.expires_at_ms > stamp.at_ms + LONGEST_MS else None


def obey(draft: Draft, fact: RemoteCommand) -> None:
    """Do it or refuse it, and write down which."""
    draft.actor = f"command:{fact.order.issuer}"
    why = order_refusal(fact.order, draft.stamp) or _obeyed(draft, fact)
    if why is not None:
        draft.record(e.CommandRefused(fact.delivery, name_of(fact), why))


def _obeyed(draft: Draft, fact: RemoteCommand) -> CommandRefusal | None:
    delivery = draft.state.deliveries.get(fact.delivery)
    if delivery is None:
        return _R.UNKNOWN_DELIVERY
    table, rule = _RULES[type(fact)]
    if why := table[delivery.state]:
        return why
    if isinstance(fact, HoldDelivery):
        return _hold(draft, delivery, fact)
    return rule(draft, delivery)


def _cancel(draft: Draft, delivery: Delivery) -> CommandRefusal | None:
    """Its pulse is not known to have left, and cannot be called back: whether the door opens, nobody says.

    So the compartment is not offered until somebody has looked.
    """
    if _is_sent(draft.state, delivery):
        return _R.DELIVERY_IN_HAND
    cancel(draft, delivery, "command", VacancyFact.GAP if delivery.has_door else VacancyFact.ELSEWHERE)
    end_parked(draft, delivery.session)
    return None


def _is_sent(state: State, delivery: Delivery) -> bool:
    pending = state.unlock_of(delivery.compartment)
    if pending is None:
        return False
    return pending.sent_mono_ms is not None or pending.earlier_sent_mono_ms is not None


def _reissue(draft: Draft, delivery: Delivery) -> CommandRefusal | None:
    return renew_code(draft, delivery.id, "reissued")


def _hold(draft: Draft, delivery: Delivery, fact: HoldDelivery) -> CommandRefusal | None:
    if not fact.is_held:
        release(draft, delivery)
        return None
    longest = draft.stamp.at_ms + draft.state.limits.hold_at_most_ms
    why = hold(draft, delivery, longest if fact.until_at_ms is None else fact.until_at_ms)
    return _NOT_HELD[why] if why else None


def _unruled(draft: Draft, delivery: Delivery) -> CommandRefusal | None:
    return None


_NOT_HELD = {
    Refusal.DATE_NOT_KNOWN: _R.CLOCK_NOT_TRUSTED,
    Refusal.HOLD_TOO_LONG: _R.HOLD_TOO_LONG,
    Refusal.NEARLY_FULL: _R.NEARLY_FULL,
}


_RULES: dict[type[RemoteCommand], tuple[Refusals, Callable[[Draft, Delivery], CommandRefusal | None]]] = {
    CancelDelivery: (CANCEL, _cancel),
    ReissueCode: (REISSUE, _reissue),
    HoldDelivery: (HOLD, _unruled),
}
