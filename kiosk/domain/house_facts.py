"""Facts about the house around the doors: who lives and works here, and whether all parts run."""

from dataclasses import dataclass

from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import RecipientId, ResidentId, StaffId
from kiosk.domain.model.incident import Part


@dataclass(frozen=True, slots=True)
class ChangeDirectory:
    """A new snapshot of the directory, on somebody's order. `what` says in a word what was changed.

    Counts go into the log; names never do. `pin_hashes` are of staff whose PIN is new. Messages to
    `forgotten` go, and with them what the log keeps apart about parcels of `recipients`.
    """

    directory: Directory
    what: str = "directory"
    added: int = 0
    changed: int = 0
    moved_out: int = 0
    pin_hashes: tuple[tuple[StaffId, str], ...] = ()
    forgotten: tuple[ResidentId, ...] = ()
    recipients: tuple[RecipientId, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncBlocked:
    """Events have not left for the broker for a while; `why` is the last thing that went wrong."""

    why: str


@dataclass(frozen=True, slots=True)
class SyncResumed:
    """Events leave for the broker."""


@dataclass(frozen=True, slots=True)
class PartReported:
    """A part beside the core crashes again and again, and is tried on; or it has run steadily for a while."""

    part: Part
    is_steady: bool
