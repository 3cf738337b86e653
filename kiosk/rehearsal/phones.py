"""The phones of the building, and the channel that reaches them in memory."""

import re
from collections.abc import Sequence

from kiosk.ports import OutgoingMessage
from kiosk.rehearsal.crash import Boundary, Process
from kiosk.rehearsal.diary import Diary, MessageArrived
from kiosk.rehearsal.virtual_clock import loop_ms
from sim.people.kiosk import Message

_CODE = re.compile(r"\d{4} \d{4}")


class Phones:
    """Every message that arrived, by resident. `trouble` says why none arrives now."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self._inboxes: dict[str, dict[str, Message]] = {}
        self.trouble = ""
        self.refused = 0

    def inbox(self, resident: str) -> Sequence[Message]:
        """What a resident got, oldest first."""
        return tuple(self._inboxes.get(resident, {}).values())

    def take(self, message: OutgoingMessage) -> None:
        """A message arrives; the same one twice is shown once. OSError while nothing arrives."""
        if self.trouble:
            self.refused += 1
            raise OSError(self.trouble)
        inbox = self._inboxes.setdefault(message.resident.id, {})
        if message.id not in inbox:
            inbox[message.id] = Message(message.id, loop_ms(), message.subject, message.text)
            has_code = _CODE.search(message.text) is not None
            self._diary.add(MessageArrived(loop_ms(), message.resident.id, has_code))


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
