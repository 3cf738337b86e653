"""How the messages that wait stand: which are stuck, and since when none leaves. Told as levels, so that
nothing is lost by a crash, by a disk that takes nothing, or by telling it twice.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from kiosk.domain.inputs import Fact, MessagesHeldUp, MessageStuck, MessageUnstuck
from kiosk.domain.model.ids import MessageId
from kiosk.domain.rules.undelivered import open_incidents
from kiosk.domain.state import State
from kiosk.ports import WaitingMessage
from kiosk.service.clock import Now

STUCK_TRIES = 16
"""So many tries take four hours; they count for a process that has not seen all of them."""
GIVE_UP_MS = 7 * 24 * 3600 * 1000
GIVE_UP_TRIES = 350
"""The same for a message about a parcel that is gone: after a week of tries nobody needs it any more."""


@dataclass(slots=True)
class Standing:
    """What this process has seen of messages that wait."""

    stuck_after_ms: int
    _failing: dict[MessageId, Now] = field(default_factory=dict, init=False)
    """Messages that no way took, and since when."""
    _needs_person: set[MessageId] = field(default_factory=set, init=False)

    def failed(self, message: MessageId, now: Now) -> None:
        """No way took it; one may later."""
        self._failing.setdefault(message, now)
        self._needs_person.discard(message)

    def needs_person(self, message: MessageId, now: Now) -> None:
        """Trying again soon cannot help."""
        self._failing.setdefault(message, now)
        self._needs_person.add(message)

    def is_over(self, message: MessageId) -> None:
        """It has left, or is not worth sending any more."""
        self._failing.pop(message, None)
        self._needs_person.discard(message)

    def people_needed(self) -> Collection[MessageId]:
        """Messages that only a person can help."""
        return tuple(self._needs_person)

    def is_given_up(self, waiting: WaitingMessage, now: Now) -> bool:
        """Whether a message about what is gone has been tried for long enough."""
        since = self._failing.get(waiting.message.id)
        is_old = since is not None and now.mono_ms - since.mono_ms >= GIVE_UP_MS
        return is_old or waiting.tries >= GIVE_UP_TRIES

    def forget_but(self, waiting: Collection[MessageId]) -> None:
        """Keep nothing of messages that do not wait any more."""
        for message in self._failing.keys() - waiting:
            self.is_over(message)

    def news(self, waiting: Mapping[MessageId, WaitingMessage], state: State, now: Now) -> Iterator[Fact]:
        """What the core does not know yet, where `waiting` is all that waits."""
        known = {one.message for one in open_incidents(state) if one.message}
        for name, one in waiting.items():
            if name not in known and self._is_stuck(one, now):
                yield MessageStuck(name, one.message.delivery, one.message.resident)
        for name in known - waiting.keys():
            yield MessageUnstuck(name)
        since = self._held_since_ms()
        if since != state.messages_held_since_ms:
            yield MessagesHeldUp(since)

    def _is_stuck(self, waiting: WaitingMessage, now: Now) -> bool:
        name = waiting.message.id
        since = self._failing.get(name)
        if since is None:
            return False
        is_late = now.mono_ms - since.mono_ms >= self.stuck_after_ms
        return name in self._needs_person or is_late or waiting.tries >= STUCK_TRIES

    def _held_since_ms(self) -> int | None:
        held = (at.at_ms for name, at in self._failing.items() if name not in self._needs_person)
        return min(held, default=None)
