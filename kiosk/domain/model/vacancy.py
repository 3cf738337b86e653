"""Vacancy: what was seen of a compartment's inside. A table of every vacancy and every fact."""

import enum


class Vacancy(enum.StrEnum):
    """How sure we are that a compartment is empty."""

    VERIFIED = "verified"
    PRESUMED = "presumed"
    OCCUPIED = "occupied"
    UNKNOWN = "unknown"


class VacancyFact(enum.StrEnum):
    """Everything that can bear on a compartment's vacancy."""

    STORED = "stored"
    """A parcel was put in, the door was seen open and then closed in a living session."""
    WATCHED_NEVER_OPEN = "watched_never_open"
    """The bank was watched without a gap from pulse to verdict and the door never opened."""
    GAP = "gap"
    """A drop-off was in hand while nobody watched: restart, bank lost, door unknown."""
    LEFT_OPEN = "left_open"
    """The door was open with nobody answering for it, and no delivery is inside: cancelled, walked away."""
    MOVED_ON = "moved_on"
    """The parcel did not fit and the same parcel was then stored elsewhere."""
    COLLECTED_SILENTLY = "collected_silently"
    """Valid pickup, door open for 2 s or more and closed, no answer, nothing else inside."""
    COLLECTED_CONFIRMED = "collected_confirmed"
    """The recipient said that everything was taken, and nothing else is inside."""
    TAKEN_BACK = "taken_back"
    """The courier of an interrupted drop-off has the parcel; the door is seen shut, nothing else is amiss."""
    STILL_INSIDE = "still_inside"
    """A pickup ended with the parcel, or another one, still inside."""
    SEEN_EMPTY = "seen_empty"
    """Staff looked, a cleaning round looked, or a presence sensor says so."""
    SEEN_PARCEL = "seen_parcel"
    """Staff looked and found the delivery that was in doubt."""
    SEEN_FOREIGN = "seen_foreign"
    """Something is inside that no delivery explains."""
    OPENED_UNEXPLAINED = "opened_unexplained"
    """The door opened and nobody here had asked for it."""
    ELSEWHERE = "elsewhere"
    """The parcel was on a shelf or at the desk: that says nothing of any compartment."""


_V, _P, _O, _U = Vacancy.VERIFIED, Vacancy.PRESUMED, Vacancy.OCCUPIED, Vacancy.UNKNOWN

_COLUMNS = (_V, _P, _O, _U)
_ROWS: dict[VacancyFact, tuple[Vacancy, Vacancy, Vacancy, Vacancy]] = {
    # before:                         verified presumed occupied unknown
    VacancyFact.STORED: (_O, _O, _O, _O),
    VacancyFact.WATCHED_NEVER_OPEN: (_V, _P, _O, _U),
    VacancyFact.GAP: (_U, _U, _O, _U),
    VacancyFact.LEFT_OPEN: (_U, _U, _U, _U),
    VacancyFact.MOVED_ON: (_P, _P, _P, _U),
    VacancyFact.COLLECTED_SILENTLY: (_P, _P, _P, _U),
    VacancyFact.COLLECTED_CONFIRMED: (_V, _V, _V, _V),
    VacancyFact.TAKEN_BACK: (_P, _P, _P, _P),
    VacancyFact.STILL_INSIDE: (_O, _O, _O, _O),
    VacancyFact.SEEN_EMPTY: (_V, _V, _V, _V),
    VacancyFact.SEEN_PARCEL: (_O, _O, _O, _O),
    VacancyFact.SEEN_FOREIGN: (_U, _U, _U, _U),
    VacancyFact.OPENED_UNEXPLAINED: (_U, _U, _O, _U),
    VacancyFact.ELSEWHERE: (_V, _P, _O, _U),
}

VACANCY_TABLE: dict[tuple[Vacancy, VacancyFact], Vacancy] = {
    (before, fact): after for fact, row in _ROWS.items() for before, after in zip(_COLUMNS, row, strict=True)
}
"""Vacancy before and fact -> vacancy after: every cell is written down."""


def vacancy_after(before: Vacancy, fact: VacancyFact) -> Vacancy:
    """What a fact makes of a vacancy."""
    return VACANCY_TABLE[before, fact]
