"""The promises in order, each with the module that hears it."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.rehearsal.judge import (
    authorised,
    clocks,
    coils,
    credentials,
    custody,
    faults_shown,
    pickup,
    secrecy,
    seen,
    told,
    uplink,
    vacancy,
)
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise and how it is heard."""

    number: int
    name: str
    hear: Callable[[Books, Sight, Hearing], None]


PROMISES = (
    Promise(1, "no coil without a durable authorisation", authorised.hear),
    Promise(2, "a credential opens only what it may", credentials.hear),
    Promise(3, "vacancy rests on what was seen", vacancy.hear),
    Promise(4, "a confirmed parcel is never forgotten", custody.hear),
    Promise(5, "every event reaches the broker", uplink.hear),
    Promise(6, "no plain code is at rest", secrecy.hear),
    Promise(7, "pickup cannot be switched off", pickup.hear),
    Promise(8, "pulses are few, short and one at a time", coils.hear),
    Promise(9, "a clock that jumps expires nothing early", clocks.hear),
    Promise(10, "every fault is shown", faults_shown.hear),
    Promise(11, "the log verifies and openings are told", told.hear),
    Promise(12, "the board decides", seen.hear),
)
