"""Codes: the digests that open doors, those that are spent, and the buckets that slow guessing down."""

import enum
from dataclasses import dataclass, field

from kiosk.domain.model.ids import BootId, CompartmentId, DeliveryId, Digest, RecipientId


@dataclass(frozen=True, slots=True)
class CodeCandidate:
    """A fresh code as drawn by the shell: two keyed digests, and the sealed copy for messages."""

    digest: Digest
    long_digest: Digest
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Credential:
    """A live pickup code: eight digits by `digest`, all twelve by `long_digest`."""

    digest: Digest
    long_digest: Digest
    delivery: DeliveryId
    recipient: RecipientId


class SpentWhy(enum.StrEnum):
    """Why a code opens nothing any more."""

    COLLECTED = "collected"
    REMOVED = "removed"
    REVOKED = "revoked"
    """Another code took its place."""
    WITHDRAWN = "withdrawn"
    """Its parcel was taken away again, or was for somebody else."""
    DISPUTED = "disputed"
    """Somebody keyed it in, saw the parcel and said that it is not theirs."""


@dataclass(frozen=True, slots=True)
class SpentCode:
    """A code that has ended; kept 90 days so that the screen can say why and it is not made again."""

    digest: Digest
    long_digest: Digest
    delivery: DeliveryId
    ended_at_ms: int
    why: SpentWhy
    ended_mono_ms: int | None = field(default=None, compare=False)
    """Of codes that ended since the start; the wall clock may have jumped since then."""


@dataclass(frozen=True, slots=True)
class Reopening:
    """A compartment just collected, that the same code reopens until it is given out."""

    compartment: CompartmentId
    delivery: DeliveryId
    recipient: RecipientId
    boot: BootId
    closed_mono_ms: int
    count: int = 0


NAMES = "name"
"""The bucket of couriers who look for a name."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A leaky bucket of wrong codes: `left` tries, refilled by monotonic time of the same boot."""

    left: int
    boot: BootId
    mono_ms: int

    def at(self, *, boot: BootId, mono_ms: int, depth: int, refill_ms: int) -> "Bucket":
        """The bucket now; a boot credits nothing, and a start has put the base into its own boot."""
        if boot != self.boot or mono_ms < self.mono_ms:
            return Bucket(self.left, boot, mono_ms)
        back = (mono_ms - self.mono_ms) // refill_ms
        if self.left + back >= depth:
            return Bucket(depth, boot, mono_ms)
        return Bucket(self.left + back, boot, self.mono_ms + back * refill_ms)
