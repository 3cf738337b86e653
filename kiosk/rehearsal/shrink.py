"""The shortest script that still breaks the same promise, found by leaving lines out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sim.scenario.script import CourierVisit, FaultOrder, Script, Visit

MARGIN_S = 600.0
"""How long a shortened script goes on after its last line."""
SHORTEST_S = 1.0

Line = Visit | FaultOrder


@dataclass(slots=True)
class Shrinker:
    """Tries scripts, at most so many; `fails` says whether one breaks the promise in question."""

    fails: Callable[[Script], bool]
    runs_left: int = 200

    def shrink(self, script: Script) -> Script:
        """The shortest one found; the script itself where nothing can be left out."""
        script = self._without_late_lines(script)
        script = self._fewer_lines(script)
        script = self._fewer_loads(script)
        return self._shorter_faults(script)

    def _still(self, script: Script) -> bool:
        if self.runs_left <= 0:
            return False
        self.runs_left -= 1
        return self.fails(script)

    def _without_late_lines(self, script: Script) -> Script:
        """What comes after the break has nothing to do with it: halve the time while it fails."""
        lines = _lines(script)
        low, high = 0, len(lines)
        while high - low > 1 and self.runs_left > 0:
            middle = (low + high) // 2
            if self._still(_with(script, lines[:middle])):
                high = middle
            else:
                low = middle
        return _with(script, lines[:high]) if high < len(lines) else script

    def _fewer_lines(self, script: Script) -> Script:
        """Delta debugging: leave out ever smaller pieces."""
        lines = _lines(script)
        pieces = 2
        while len(lines) >= 1 and self.runs_left > 0:
            kept = self._one_piece_less(script, lines, pieces)
            if kept is not None:
                lines, pieces = kept, max(pieces - 1, 2)
            elif pieces >= len(lines):
                break
            else:
                pieces = min(pieces * 2, len(lines))
        return _with(script, lines)

    def _one_piece_less(self, script: Script, lines: Sequence[Line], pieces: int) -> list[Line] | None:
        size = -(-len(lines) // pieces)
        for start in range(0, len(lines), size):
            kept = [*lines[:start], *lines[start + size :]]
            if self._still(_with(script, kept)):
                return kept
        return None

    def _fewer_loads(self, script: Script) -> Script:
        is_shorter = True
        while is_shorter:
            tried = (one for one in _less_loaded(script) if self._still(one))
            found = next(tried, None)
            is_shorter = found is not None
            script = found or script
        return script

    def _shorter_faults(self, script: Script) -> Script:
        for number, order in enumerate(script.faults):
            shorter = replace(order, lasts_s=SHORTEST_S)
            while shorter.lasts_s < script.faults[number].lasts_s:
                faults = (*script.faults[:number], shorter, *script.faults[number + 1 :])
                if self._still(replace(script, faults=faults)):
                    script = replace(script, faults=faults)
                    break
                shorter = replace(shorter, lasts_s=shorter.lasts_s * 4)
        return script


def _lines(script: Script) -> list[Line]:
    return sorted((*script.visits, *script.faults), key=_at)


def _at(line: Line) -> float:
    return line.at_s


def _with(script: Script, lines: Sequence[Line]) -> Script:
    """The script with these lines only; it ends soon after the last."""
    last_s = max((line.at_s for line in lines), default=0.0)
    lasts_s = min(script.given.lasts_s, last_s + MARGIN_S)
    return replace(
        script,
        given=replace(script.given, lasts_s=lasts_s),
        visits=tuple(line for line in lines if not isinstance(line, FaultOrder)),
        faults=tuple(line for line in lines if isinstance(line, FaultOrder)),
    )


def _less_loaded(script: Script) -> Iterator[Script]:
    """Every script with one parcel of one courier left out."""
    for number, visit in enumerate(script.visits):
        if isinstance(visit, CourierVisit) and len(visit.loads) > 1:
            for place in range(len(visit.loads)):
                lighter = replace(visit, loads=(*visit.loads[:place], *visit.loads[place + 1 :]))
                visits = (*script.visits[:number], lighter, *script.visits[number + 1 :])
                yield replace(script, visits=visits)
