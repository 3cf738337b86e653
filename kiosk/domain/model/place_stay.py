"""A parcel's stay on a shelf or at the desk, as a table of every state and every trigger: words, no door."""

import enum

from kiosk.domain.model.delivery import DeliveryRefusal, DeliveryState


class PlaceTrigger(enum.StrEnum):
    """Everything that can happen to a parcel without a door."""

    PLACED = "placed"
    """Its courier says that it is on the shelf."""
    HANDED_IN = "handed_in"
    """Its courier says that the desk has it."""
    WALKED_AWAY = "walked_away"
    """Its courier is gone without a word, or the kiosk ended."""
    NOT_PLACED = "not_placed"
    """Its courier has it, or staff say that it never came."""
    ACCEPTED = "accepted"
    """Staff say that it is there."""
    MOVED = "moved"
    TAKEN = "taken"
    """Its recipient has it."""
    NOT_FOUND = "not_found"
    """Staff looked for it, and it is not there."""


_S, _T, _R = DeliveryState, PlaceTrigger, DeliveryRefusal

_TRANSITIONS: dict[tuple[DeliveryState, PlaceTrigger], DeliveryState] = {
    (_S.RESERVED, _T.PLACED): _S.STORED,
    (_S.RESERVED, _T.HANDED_IN): _S.UNCERTAIN,
    (_S.RESERVED, _T.WALKED_AWAY): _S.UNCERTAIN,
    (_S.RESERVED, _T.NOT_PLACED): _S.CANCELLED,
    (_S.UNCERTAIN, _T.PLACED): _S.STORED,
    (_S.UNCERTAIN, _T.HANDED_IN): _S.UNCERTAIN,
    (_S.UNCERTAIN, _T.WALKED_AWAY): _S.UNCERTAIN,
    (_S.UNCERTAIN, _T.NOT_PLACED): _S.CANCELLED,
    (_S.UNCERTAIN, _T.ACCEPTED): _S.STORED,
    (_S.STORED, _T.NOT_PLACED): _S.CANCELLED,
    (_S.STORED, _T.ACCEPTED): _S.STORED,
    (_S.STORED, _T.MOVED): _S.STORED,
    (_S.STORED, _T.TAKEN): _S.COLLECTED,
    (_S.STORED, _T.NOT_FOUND): _S.REMOVED,
}


def _refusal(state: DeliveryState) -> DeliveryRefusal:
    if state.is_final:
        return _R.HAS_ENDED
    return _R.IN_HAND if state.is_in_hand else _R.NOT_IN_HAND


PLACE_TABLE: dict[tuple[DeliveryState, PlaceTrigger], DeliveryState | DeliveryRefusal] = {
    (state, trigger): _TRANSITIONS.get((state, trigger)) or _refusal(state)
    for state in DeliveryState
    for trigger in PlaceTrigger
}
"""State and trigger -> the next state or a named refusal: every cell has an answer."""
