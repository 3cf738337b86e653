"""What every way to a person promises, whatever is under it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from kiosk.domain.model.directory import Resident
from kiosk.domain.model.ids import MessageId, ResidentId, UnitId
from kiosk.ports import MessageChannel, OutgoingMessage

SALMA = Resident(
    ResidentId("r9"), UnitId("u412"), "سلمى البستاني", "ar", "salma@example.org +15550142 app:salma"
)
TEXT = "الباب 17\nYour code: \u20661234 5678\u2069\n\nHelp: Front desk, phone 555-0142"


def message(name: str = "01976e2c-1111-7abc-8def-0123456789ab.3") -> OutgoingMessage:
    return OutgoingMessage(MessageId(name), SALMA, "طرد بانتظاركم 100 %", TEXT)


@dataclass(frozen=True)
class Arrived:
    """A message as its person has it; `id` is by what a message that came twice is known."""

    id: str
    subject: str
    text: str


@dataclass
class Far:
    """A channel, and what is at its other end."""

    channel: MessageChannel
    arrived: Callable[[], Sequence[Arrived]]
    away: Callable[[], AbstractContextManager[None]]
    """The other end takes nothing for as long as the context lasts."""


class MessageChannelContract:
    """Subclasses give `far`."""

    async def test_a_message_arrives_whole_and_in_any_script(self, far: Far) -> None:
        await far.channel.send(message())
        (found,) = far.arrived()
        assert found.subject == message().subject
        assert found.text.split() == message().text.split()

    async def test_one_that_comes_twice_is_known_as_the_same(self, far: Far) -> None:
        await far.channel.send(message())
        await far.channel.send(message())
        assert {one.id for one in far.arrived()} == {far.arrived()[0].id}
        await far.channel.send(message("another"))
        assert len({one.id for one in far.arrived()}) == 2

    async def test_several_at_once_all_arrive(self, far: Far) -> None:
        async with asyncio.TaskGroup() as sending:
            for number in range(8):
                sending.create_task(far.channel.send(message(f"m.{number}")))
        assert len({one.id for one in far.arrived()}) == 8

    async def test_what_is_not_taken_now_is_said_so_and_taken_later(self, far: Far) -> None:
        with far.away(), pytest.raises(OSError):
            await far.channel.send(message())
        assert not far.arrived()
        await far.channel.send(message())
        assert len(far.arrived()) == 1

    async def test_what_is_said_of_a_failure_holds_no_word_of_the_message(self, far: Far) -> None:
        with far.away(), pytest.raises(OSError) as told:
            await far.channel.send(message())
        assert "1234 5678" not in str(told.value)
