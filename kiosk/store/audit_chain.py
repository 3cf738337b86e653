"""Walking the hash chain once, in constant memory, and naming what breaks it.

A broken link alone does not say what was done. Rows near one are tried against the hashes and numbers around
them: one that fits another number was moved, one that fits its own was only left behind by its neighbour.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from kiosk.store.audit_report import PROBLEMS_KEPT, Problem, ProblemKind
from kiosk.store.chain import GENESIS, EventColumns, row_hash
from kiosk.store.log import Head

_ROWS = """SELECT epoch, seq, type, v, at_ms, mono_ms, boot, trusted, intent, actor, subject, body,
    private_mac, hash FROM event ORDER BY seq"""
_EXPLAINED = 24
"""Broken links that are tried against one another; the work grows with the third power."""
_SHIFTS = tuple(sign * distance for distance in range(1, 9) for sign in (-1, 1))


@dataclass(frozen=True, slots=True)
class Link:
    """A row that does not follow from the row before it."""

    columns: EventColumns
    before: bytes
    stored: bytes

    @property
    def seq(self) -> int:
        """Where the row stands."""
        return self.columns[1]

    @property
    def place(self) -> str:
        """Its name."""
        return f"{self.columns[0]}:{self.columns[1]}"

    def fits(self, before: bytes, seq: int) -> bool:
        """Whether it was written with this number after this hash."""
        return row_hash(before, _numbered(self.columns, seq)) == self.stored


@dataclass(frozen=True, slots=True)
class Shift:
    """From `seq` on, rows stand `by` places away from where they were written."""

    epoch: int
    seq: int
    before: int
    by: int


@dataclass(slots=True)
class Walk:
    """One pass over the log."""

    wanted_seq: int = 0
    """The row whose hash somebody noted down."""
    wanted: Head | None = None
    events: int = 0
    macs: int = 0
    head: Head = field(default_factory=lambda: Head(1, 0, GENESIS))
    whole: Head = field(default_factory=lambda: Head(1, 0, GENESIS))
    problems: list[Problem] = field(default_factory=list)
    broken: list[Link] = field(default_factory=list)
    broken_count: int = 0
    shifts: list[Shift] = field(default_factory=list)
    _shift: int = 0
    _last_broken: int = -1

    def run(self, connection: sqlite3.Connection) -> None:
        """Read every row."""
        for *columns, stored in connection.execute(_ROWS):
            self._step(tuple(columns), stored)

    def _step(self, columns: EventColumns, stored: bytes) -> None:
        epoch, seq = columns[0], columns[1]
        self.events += 1
        self.macs += columns[-1] is not None
        if seq != self.head.seq + 1:
            self._gap(epoch, seq)
        elif row_hash(self.head.hash, _numbered(columns, seq + self._shift)) != stored:
            self._break(Link(columns, self.head.hash, stored))
        self.head = Head(epoch, seq, stored)
        if seq == self.wanted_seq:
            self.wanted = self.head
        if not self.problems and not self.broken_count:
            self.whole = self.head

    def _gap(self, epoch: int, seq: int) -> None:
        first, last = self.head.seq + 1, seq - 1
        if seq < first:
            text = f"{epoch}:{seq} was inserted: numbers start at 1"
            self._say(ProblemKind.INSERTED, f"{epoch}:{seq}", text)
            return
        text = (
            f"{_range(epoch, first, last)} removed; {epoch}:{seq} cannot be judged without the row before it"
        )
        self._say(ProblemKind.REMOVED, f"{epoch}:{first}", text)

    def _break(self, link: Link) -> None:
        if self._last_broken == link.seq - 1 and (by := self._shifted(link)):
            self.shifts.append(Shift(link.columns[0], link.seq, self._shift, by))
            self._shift += by
            return
        self._last_broken = link.seq
        self.broken_count += 1
        if len(self.broken) < PROBLEMS_KEPT:
            self.broken.append(link)

    def _shifted(self, link: Link) -> int:
        tries = (by for by in _SHIFTS if link.fits(link.before, link.seq + self._shift + by))
        return next(tries, 0)

    def _say(self, kind: ProblemKind, place: str, text: str) -> None:
        self.problems.append(Problem(kind, place, text))


def _numbered(columns: EventColumns, seq: int) -> EventColumns:
    return columns if columns[1] == seq else (columns[0], seq, *columns[2:])


def _range(epoch: int, first: int, last: int) -> str:
    return f"{epoch}:{first} was" if first == last else f"{epoch}:{first} to {epoch}:{last} were"


def explain(walk: Walk) -> Iterator[Problem]:
    """Every problem of the chain that a walk has met."""
    yield from walk.problems
    covered: set[int] = set()
    for shift in walk.shifts:
        covered.update(range(shift.seq - 1 - max(0, -shift.by), shift.seq))
        yield _renumbered(shift)
    links = [link for link in walk.broken if link.seq not in covered]
    if len(links) > _EXPLAINED:
        yield from map(_changed, links)
        return
    hashes = {found for link in links for found in _hashes(link)}
    for link in links:
        if (problem := _explain(link, links, hashes)) is not None:
            yield problem


def _renumbered(shift: Shift) -> Problem:
    epoch, first = shift.epoch, shift.seq - 1
    if shift.by > 0:
        lost = first + shift.before
        text = f"{_range(epoch, lost, lost + shift.by - 1)} removed, and the rows after that were renumbered"
        return Problem(ProblemKind.REMOVED, f"{epoch}:{lost}", text)
    text = f"{_range(epoch, first + shift.by, first - 1)} inserted, and the rows after that were renumbered"
    return Problem(ProblemKind.INSERTED, f"{epoch}:{first + shift.by}", text)


def _hashes(link: Link) -> tuple[bytes, bytes, bytes]:
    return link.before, link.stored, row_hash(link.before, link.columns)


def _explain(link: Link, links: list[Link], hashes: set[bytes]) -> Problem | None:
    if any(link.fits(before, link.seq) for before in hashes):
        return None
    for other in links:
        if any(link.fits(before, other.seq) for before in hashes):
            text = f"{link.place} was moved: it was written as {other.place}"
            return Problem(ProblemKind.MOVED, link.place, text)
    return _changed(link)


def _changed(link: Link) -> Problem:
    text = f"{link.place} was changed, or the row before it was together with its hash"
    return Problem(ProblemKind.CHANGED, link.place, text)
