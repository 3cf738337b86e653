"""The tables of deliveries and of vacancy, whole: every state times every input is named here once more."""

import itertools

import pytest

from kiosk.domain.model.delivery import (
    DELIVERY_TABLE,
    DeliveryRefusal,
    DeliveryState,
    DeliveryTrigger,
    delivery_after,
)
from kiosk.domain.model.vacancy import VACANCY_TABLE, Vacancy, VacancyFact, vacancy_after

S, T, R = DeliveryState, DeliveryTrigger, DeliveryRefusal

LEADS_TO: dict[DeliveryState, dict[DeliveryTrigger, DeliveryState]] = {
    S.RESERVED: {
        T.UNLOCK_NOT_SENT: S.CANCELLED,
        T.NEVER_OPENED: S.CANCELLED,
        T.DOOR_OPENED: S.DEPOSITING,
        T.GAP: S.UNCERTAIN,
        T.WALKED_AWAY: S.UNCERTAIN,
    },
    S.DEPOSITING: {
        T.CLOSED_IN_SESSION: S.STORED,
        T.CLOSED_ALONE: S.UNCERTAIN,
        T.GAP: S.UNCERTAIN,
        T.WALKED_AWAY: S.UNCERTAIN,
        T.DOES_NOT_FIT: S.RESERVED,
    },
    S.STORED: {
        T.DOOR_OPENED: S.COLLECTING,
        T.REOPENED: S.DEPOSITING,
        T.DOES_NOT_FIT: S.RESERVED,
        T.MOVE_STARTED: S.MOVING,
        T.REMOVAL_STARTED: S.REMOVING,
        T.SETTLED_STORED: S.STORED,
        T.SETTLED_EMPTY: S.REMOVED,
    },
    S.COLLECTING: {T.TAKEN: S.COLLECTED, T.STILL_INSIDE: S.STORED, T.CLOSED_ALONE: S.STORED, T.GAP: S.STORED},
    S.MOVING: {
        T.TAKEN: S.REMOVED,
        T.SETTLED_STORED: S.STORED,
        T.STILL_INSIDE: S.STORED,
        T.CLOSED_ALONE: S.STORED,
        T.GAP: S.STORED,
    },
    S.REMOVING: {T.TAKEN: S.REMOVED, T.STILL_INSIDE: S.STORED, T.CLOSED_ALONE: S.STORED, T.GAP: S.STORED},
    S.UNCERTAIN: {T.REOPENED: S.DEPOSITING, T.SETTLED_STORED: S.STORED, T.SETTLED_EMPTY: S.CANCELLED},
    S.COLLECTED: {},
    S.REMOVED: {},
    S.CANCELLED: {},
}
CELLS = list(itertools.product(DeliveryState, DeliveryTrigger))
SETTLING = {T.SETTLED_STORED, T.SETTLED_EMPTY}


def refusal(state: DeliveryState, trigger: DeliveryTrigger) -> DeliveryRefusal:
    if state in (S.COLLECTED, S.REMOVED, S.CANCELLED):
        return R.HAS_ENDED
    if trigger in SETTLING:
        return R.NOT_IN_DOUBT
    return R.NOT_IN_HAND if state in (S.STORED, S.UNCERTAIN) else R.IN_HAND


def test_the_delivery_table_has_every_cell_and_no_other() -> None:
    assert set(DELIVERY_TABLE) == set(CELLS)


@pytest.mark.parametrize(("state", "trigger"), CELLS)
def test_every_state_answers_every_trigger(state: DeliveryState, trigger: DeliveryTrigger) -> None:
    expected = LEADS_TO[state].get(trigger) or refusal(state, trigger)
    assert delivery_after(state, trigger) is expected


def test_a_delivery_that_ended_stays_ended() -> None:
    for state in (S.COLLECTED, S.REMOVED, S.CANCELLED):
        assert {delivery_after(state, trigger) for trigger in T} == {R.HAS_ENDED}


def test_a_parcel_in_custody_ends_only_by_pickup_or_removal() -> None:
    """Nothing cancels a stored parcel; it leaves by a hand-over or by staff who looked."""
    kept = (S.STORED, S.COLLECTING, S.MOVING, S.REMOVING)
    ends = {(state, DELIVERY_TABLE[state, trigger]) for state in kept for trigger in T}
    final = {cell for cell in ends if isinstance(cell[1], S) and cell[1].is_final}
    assert final == {
        (S.STORED, S.REMOVED),
        (S.COLLECTING, S.COLLECTED),
        (S.MOVING, S.REMOVED),
        (S.REMOVING, S.REMOVED),
    }


V, P, OC, U = Vacancy.VERIFIED, Vacancy.PRESUMED, Vacancy.OCCUPIED, Vacancy.UNKNOWN
VACANCY = {
    VacancyFact.STORED: (OC, OC, OC, OC),
    VacancyFact.WATCHED_NEVER_OPEN: (V, P, OC, U),
    VacancyFact.GAP: (U, U, OC, U),
    VacancyFact.LEFT_OPEN: (U, U, U, U),
    VacancyFact.MOVED_ON: (P, P, P, U),
    VacancyFact.COLLECTED_SILENTLY: (P, P, P, U),
    VacancyFact.COLLECTED_CONFIRMED: (V, V, V, V),
    VacancyFact.TAKEN_BACK: (P, P, P, P),
    VacancyFact.STILL_INSIDE: (OC, OC, OC, OC),
    VacancyFact.SEEN_EMPTY: (V, V, V, V),
    VacancyFact.SEEN_PARCEL: (OC, OC, OC, OC),
    VacancyFact.SEEN_FOREIGN: (U, U, U, U),
    VacancyFact.OPENED_UNEXPLAINED: (U, U, OC, U),
    VacancyFact.ELSEWHERE: (V, P, OC, U),
}


def test_the_vacancy_table_has_every_cell_and_no_other() -> None:
    assert set(VACANCY_TABLE) == set(itertools.product(Vacancy, VacancyFact))
    assert set(VACANCY) == set(VacancyFact)


@pytest.mark.parametrize("fact", VacancyFact)
def test_every_fact_answers_every_vacancy(fact: VacancyFact) -> None:
    assert tuple(vacancy_after(before, fact) for before in (V, P, OC, U)) == VACANCY[fact]


def test_only_a_look_or_the_recipients_word_makes_an_unknown_compartment_vacant() -> None:
    sure = {fact for fact in VacancyFact if vacancy_after(U, fact) in (V, P)}
    assert sure == {VacancyFact.SEEN_EMPTY, VacancyFact.COLLECTED_CONFIRMED, VacancyFact.TAKEN_BACK}


def test_the_states_of_a_delivery_in_somebodys_hands() -> None:
    assert {state for state in S if state.is_in_hand} == {
        S.RESERVED,
        S.DEPOSITING,
        S.COLLECTING,
        S.MOVING,
        S.REMOVING,
    }
