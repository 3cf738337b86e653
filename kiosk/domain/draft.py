"""A decision in the making: rules record changes into it and always see the state as changed so far."""

from dataclasses import dataclass

from kiosk.domain.changes import Change, DoorsSighted, VisitChanged
from kiosk.domain.effects import Effect
from kiosk.domain.evolve import evolve
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import Stamp
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.session import Visit
from kiosk.domain.refusals import Refusal
from kiosk.domain.state import State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision changes and moves, who it is written down to, and why it was refused, if it was.

    A refusal may still change something: what the screen says, or the level of a bucket of wrong codes.
    `after` is the state with every change evolved into it.
    """

    after: State
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
    actor: str
    refusal: Refusal | None = None


class Draft:
    """Collects the changes and effects of one input."""

    def __init__(self, state: State, stamp: Stamp) -> None:
        self.state = state
        self.stamp = stamp
        self.actor = "kiosk"
        self._changes: list[Change] = []
        self._effects: list[Effect] = []
        self._ids = 0
        self._codes_used = 0

    def record(self, change: Change) -> None:
        """Add a change and see its result from here on."""
        self._changes.append(change)
        self.state = evolve(self.state, change, self.stamp.at_ms)

    def move(self, effect: Effect) -> None:
        """Add an effect, to be tried once the changes are on disk."""
        self._effects.append(effect)

    def new_id(self) -> str:
        """The next identity derived from the intent: `<intent>.1`, `<intent>.2`."""
        self._ids += 1
        return f"{self.stamp.intent}.{self._ids}"

    def show(self, visit: Visit) -> None:
        """Change what the screen shows, if it changes."""
        if visit != self.state.visit:
            self.record(VisitChanged(visit))

    def notice(self, refusal: Refusal) -> Refusal:
        """Put a refusal's sentence on the screen and hand it back."""
        self.show(replace(self.state.visit, notice=refusal))
        return refusal

    def sight(self, compartment: CompartmentId, door: DoorState, *, is_bounce: bool = False) -> None:
        """Remember how a door looks now."""
        bank = self.state.place(compartment).bank
        self.record(DoorsSighted(bank, ((compartment, door),), self.stamp.mono_ms, is_bounce))

    def outcome(self, refusal: Refusal | None) -> Outcome:
        """The finished decision."""
        return Outcome(self.state, tuple(self._changes), tuple(self._effects), self.actor, refusal)
