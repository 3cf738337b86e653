"""The phones of the building, and the channel that reaches them in memory."""

import re
from collections.abc import Callable, Sequence

from kiosk.ports import OutgoingMessage
from kiosk.rehearsal.crash import Boundary, Process
from kiosk.rehearsal.diary import Diary, MessageArrived, code_mark
from kiosk.rehearsal.virtual_clock import loop_ms
from sim.people.kiosk import Message

_CODE = re.compile(r"(\d{4}) (\d{4})(?:\D+(\d{4}))?(?!\d)")


def _nobody_waits() -> None:
    """Nobody follows."""


def code_in(text: str) -> tuple[str, str]:
    """The code that a message carries, and the digits to add where the screen asks for more."""
    found = _CODE.search(text)
    return (found[1] + found[2], found[3] or "") if found else ("", "")


class Phones:
    """Every message that arrived, by resident. `trouble` says why none arrives now."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self._inboxes: dict[str, dict[str, Message]] = {}
        self.before_message: Callable[[], None] = _nobody_waits
        """Called before each message; trouble that begins there meets it."""
        self.trouble = ""
        self.refused = 0

    def inbox(self, resident: str) -> Sequence[Message]:
        """What a resident got, oldest first."""
        return tuple(self._inboxes.get(resident, {}).values())

    def take(self, message: OutgoingMessage) -> None:
        """A message arrives; the same one twice is shown once. OSError while nothing arrives."""
        self.before_message()
        if self.trouble:
            self.refused += 1
            raise OSError(self.trouble)
        inbox = self._inboxes.setdefault(message.resident.id, {})
        if message.id not in inbox:
            inbox[message.id] = Message(message.id, loop_ms(), message.subject, message.text)
            code, more = code_in(message.text)
            arrived = MessageArrived(
                loop_ms(),
                message.resident.id,
                has_code=bool(code),
                message=message.id,
                code=code_mark(code),
                long_code=code_mark(code + more if more else ""),
            )
            self._diary.add(arrived)

    def codes(self) -> frozenset[str]:
        """Every code that has reached a phone, without the digits for suspicious times."""
        found = (code_in(one.text)[0] for inbox in self._inboxes.values() for one in inbox.values())
        return frozenset(code for code in found if code)


class PersonsPhone:
    """One resident's phone."""

    def __init__(self, phones: Phones, resident: str) -> None:
        self._phones = phones
        self._resident = resident

    def messages(self) -> Sequence[Message]:
        """Everything it got, oldest first."""
        return self._phones.inbox(self._resident)


class MemoryChannel:
    """The way of one process to the phones."""

    def __init__(self, phones: Phones, process: Process) -> None:
        self._phones = phones
        self._process = process

    async def send(self, message: OutgoingMessage) -> None:
        """Hand a message over; OSError when it could not be done now."""
        self._process.pass_by(Boundary.BEFORE_MESSAGE)
        self._phones.take(message)
        self._process.pass_by(Boundary.AFTER_MESSAGE)
