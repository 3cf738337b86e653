"""A person's pages: what they do at each, and how long they put up with one that stays as it is."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field

from sim.people.doorways import shut
from sim.people.finger import Finger
from sim.people.kiosk import Hands
from sim.people.seen import Seen
from sim.people.standing import Next

Reaction = Callable[[Seen], Awaitable[Next]]


@dataclass(slots=True)
class Pages:
    """Reacts to one page after another. A page that is nobody's here is somebody else's, and stepped past."""

    finger: Finger
    hands: Hands
    reactions: Mapping[str, Reaction]
    own: Collection[str]
    """Pages that are one's own before one has signed in."""
    tires_at_most: int
    tired: int = 0
    """So often the page of the moment has stayed as it was."""
    _last: tuple[str, str] = field(default=("", ""), init=False)

    async def react(self, seen: Seen, *, is_signed_in: bool) -> Next:
        """Do what the page asks; ScreenDark."""
        page = (seen.kind, seen.door)
        if page != self._last:
            self._last, self.tired = page, 0
        reaction = self.reactions.get(seen.kind)
        if reaction is None or not (is_signed_in or seen.kind in self.own):
            return await self.finger.step_past(seen, self.hands)
        return await reaction(seen)

    def push_on(self, seen: Seen) -> bool:
        """The page has stayed as it was once more: push its door, or be tired of it for good (False)."""
        self.tired += 1
        if self.tired > self.tires_at_most:
            return False
        if seen.door:
            shut(self.hands, self.hands.door_labelled(seen.door))
        return True

    async def back(self, seen: Seen) -> Next:
        """The reaction to a page that one only leaves again."""
        return await self.finger.touch("back")
