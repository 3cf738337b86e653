"""What an audit says: where the log is whole, and each thing that is wrong with it."""

import enum
from dataclasses import dataclass

PROBLEMS_KEPT = 100
"""More problems than this are counted, not listed."""


class ProblemKind(enum.StrEnum):
    """What is wrong."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"
    CUT_OFF = "cut_off"
    PRIVATE = "private"
    ROWS = "rows"
    """The tables of what is active are not what the log says."""
    PROOFS = "proofs"
    """A proof of delivery is missing, or belongs to no parcel of the log."""
    STRUCTURE = "structure"
    """The file itself is damaged."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where: `EPOCH:SEQ`, or a table and an id."""

    kind: ProblemKind
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of an audit."""

    events: int
    verified: str
    """`EPOCH:SEQ:HASH` of the last row up to which the log is whole."""
    head: str
    """`EPOCH:SEQ:HASH` of the last row there is; note it down to find a cut-off end later."""
    private_removed: int
    """Events whose personal part has been removed on schedule; the chain stays whole."""
    is_folded: bool
    problems: tuple[Problem, ...]
    more_problems: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class BadHead(ValueError):
    """A noted head is not `EPOCH:SEQ:HASH`."""
