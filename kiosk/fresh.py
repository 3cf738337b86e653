"""Fresh values for the core: time, intent, code candidates and proof texts, drawn before deciding."""

import os

from kiosk.domain.code_touches import OrderNewCode, RenewCode
from kiosk.domain.inputs import (
    AnswerQuestion,
    Fact,
    Finish,
    GoBack,
    KioskStart,
    NextParcel,
    ReissueCode,
    StaffSettle,
    Stamp,
    TimeElapsed,
)
from kiosk.domain.model.credential import CodeCandidate
from kiosk.domain.model.ids import BootId, Digest, IntentId
from kiosk.domain.place_touches import SayWhetherHere
from kiosk.domain.rules.custody import codes_owed
from kiosk.domain.state import State
from kiosk.service.clock import Clock
from kiosk.service.codes import CodeKeys, draw_proof
from kiosk.service.random_bytes import RandomBytes
from kiosk.service.uuid7 import uuid7

CODES_A_STAMP = 4
"""More parcels than this need a second decision, which follows by itself; so does a code somebody has had."""

_MAY_ISSUE_CODES = (
    KioskStart | TimeElapsed | NextParcel | Finish | GoBack | AnswerQuestion | StaffSettle | SayWhetherHere
)
"""Drawing codes costs more than most decisions, so only these get some, and only as many as are owed."""


class Codes:
    """The code keys in the words of the core."""

    def __init__(self, keys: CodeKeys) -> None:
        self._keys = keys

    def digest_of(self, digits: str) -> Digest:
        """The keyed digest of a pickup code as typed."""
        return Digest(self._keys.digest_of(digits))

    def carrier_digest_of(self, digits: str) -> Digest:
        """The keyed digest of a carrier code as typed."""
        return Digest(self._keys.carrier_digest_of(digits))

    def unseal(self, sealed: bytes) -> str:
        """The twelve digits of a sealed copy."""
        return self._keys.unseal(sealed)

    def candidate(self) -> CodeCandidate:
        """A code that nobody has had."""
        fresh = self._keys.candidate()
        return CodeCandidate(Digest(fresh.digest), Digest(fresh.long_digest), fresh.sealed)


class Stamper:
    """Makes the stamp of each input."""

    def __init__(self, clock: Clock, codes: Codes, draw: RandomBytes = os.urandom) -> None:
        self._clock = clock
        self._codes = codes
        self._draw = draw

    def stamp(self, fact: Fact, intent: IntentId | None, state: State) -> Stamp:
        """Now, as this intent or a new one, to decide on this state."""
        now = self._clock.now()
        return Stamp(
            at_ms=now.at_ms,
            mono_ms=now.mono_ms,
            boot=BootId(self._clock.boot),
            is_trusted=now.is_trusted,
            intent=intent or IntentId(uuid7(now.at_ms, self._draw)),
            codes=tuple(self._codes.candidate() for _ in range(_codes_for(fact, state))),
            proofs=(draw_proof(self._draw),),
        )


def _codes_for(fact: Fact, state: State) -> int:
    if isinstance(fact, ReissueCode | RenewCode | OrderNewCode):
        return CODES_A_STAMP
    return min(codes_owed(state), CODES_A_STAMP) if isinstance(fact, _MAY_ISSUE_CODES) else 0
