"""What every broker link promises, whatever is under it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from kiosk.ports import Arrival, BrokerAway, BrokerLink, BrokerRefused, BrokerSession, Greeting, Publication

WILL = Publication("kiosk/status", b"lost", is_retained=True)
GREETING = Greeting(("kiosk/command/+",), WILL)
COUNT = 100


@dataclass
class Far:
    """A link, a second client at the same broker, and a hand at the broker itself."""

    link: BrokerLink
    other: BrokerLink
    take_away: Callable[[], Awaitable[None]]
    bring_back: Callable[[], Awaitable[None]]
    forbidden: str
    """A topic that nobody may publish to."""


def listening(topic: str) -> Greeting:
    return Greeting((topic,), Publication("other/status", b"lost"))


class BrokerLinkContract:
    """Subclasses give `far`."""

    async def test_what_is_published_is_acknowledged_and_arrives_in_order(self, far: Far) -> None:
        async with far.other.connected(listening("kiosk/event/#")) as reader:
            async with far.link.connected(GREETING) as session:
                sent = [
                    session.publish(Publication(f"kiosk/event/{number % 3}", b"%d" % number))
                    for number in range(COUNT)
                ]
                for acknowledged in sent:
                    await acknowledged
            got = [(await reader.receive()).payload for _ in range(COUNT)]
        assert got == [b"%d" % number for number in range(COUNT)]

    async def test_a_message_is_received_as_it_was_sent(self, far: Far) -> None:
        payload = bytes(range(256))
        async with far.link.connected(GREETING) as session, far.other.connected(listening("x")) as other:
            await other.publish(Publication("kiosk/command/status", payload))
            assert await session.receive() == Arrival("kiosk/command/status", payload, is_retained=False)

    async def test_a_retained_message_is_known_as_one(self, far: Far) -> None:
        async with far.other.connected(listening("x")) as other:
            await other.publish(Publication("kiosk/command/cancel", b"old", is_retained=True))
        async with far.link.connected(GREETING) as session:
            assert (await session.receive()).is_retained

    async def test_what_was_sent_while_away_waits_and_comes_first(self, far: Far) -> None:
        async with far.link.connected(GREETING):
            pass
        async with far.other.connected(listening("x")) as other:
            await other.publish(Publication("kiosk/command/hold", b"first"))
            async with far.link.connected(GREETING) as session:
                await other.publish(Publication("kiosk/command/hold", b"second"))
                assert [(await session.receive()).payload for _ in range(2)] == [b"first", b"second"]

    async def test_a_cancelled_receive_loses_nothing(self, far: Far) -> None:
        got: list[bytes] = []
        async with far.link.connected(GREETING) as session, far.other.connected(listening("x")) as other:
            async with asyncio.TaskGroup() as tasks:
                for number in range(20):
                    receiving = tasks.create_task(session.receive())
                    await asyncio.sleep(0)
                    await other.publish(Publication("kiosk/command/hold", b"%d" % number))
                    receiving.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        got.append((await receiving).payload)
            while len(got) < 20:
                got.append((await session.receive()).payload)
        assert got == [b"%d" % number for number in range(20)]

    async def test_what_was_not_received_can_be_taken_out_at_the_end(self, far: Far) -> None:
        async with far.link.connected(GREETING) as session, far.other.connected(listening("x")) as other:
            await other.publish(Publication("kiosk/command/hold", b"a"))
            first = await session.receive()
            assert first.payload == b"a"
            assert session.waiting() == ()

    async def test_a_connection_left_in_order_speaks_no_will(self, far: Far) -> None:
        async with far.other.connected(listening("kiosk/status")) as reader:
            async with far.link.connected(GREETING) as session:
                await session.publish(Publication("kiosk/status", b"bye"))
            assert (await reader.receive()).payload == b"bye"
            async with far.link.connected(GREETING) as session:
                await session.publish(Publication("kiosk/status", b"again"))
            assert (await reader.receive()).payload == b"again"

    async def test_a_stop_speaks_no_will_and_an_error_does(self, far: Far) -> None:
        async with far.other.connected(listening("kiosk/status")) as reader:
            with pytest.raises(asyncio.CancelledError):
                await _left_by(far, asyncio.CancelledError())
            with pytest.raises(BrokerAway):
                await _left_by(far, BrokerAway("no acknowledgement"))
            heard = [(await reader.receive()).payload for _ in range(3)]
        assert heard == [b"here", b"here", b"lost"]

    async def test_a_refused_publish_is_an_error(self, far: Far) -> None:
        async with far.link.connected(GREETING) as session:
            await session.publish(Publication("kiosk/event/1", b"x"))
            with pytest.raises(BrokerRefused, match=r"(?i)not authori[sz]ed"):
                await session.publish(Publication(far.forbidden, b"x"))

    async def test_a_broker_that_goes_away_ends_everything_that_waits(self, far: Far) -> None:
        with pytest.raises(BrokerAway):
            await _taken_away_while_receiving(far)

    async def test_nothing_goes_out_on_a_connection_that_has_ended(self, far: Far) -> None:
        async with far.link.connected(GREETING) as session:
            await far.take_away()
            with pytest.raises(BrokerAway):
                await session.receive()
            with pytest.raises(BrokerAway):
                await session.publish(Publication("kiosk/event/1", b"x"))

    async def test_it_connects_again_when_the_broker_is_back(self, far: Far) -> None:
        await far.take_away()
        for _ in range(2):
            with pytest.raises(BrokerAway):
                async with far.link.connected(GREETING):
                    pass
        await far.bring_back()
        async with far.link.connected(GREETING) as session:
            await session.publish(Publication("kiosk/event/1", b"x"))

    async def test_connections_may_be_given_up_at_any_moment(self, far: Far) -> None:
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await _given_up_at_once(far)
        async with far.link.connected(GREETING) as session:
            await session.publish(Publication("kiosk/event/1", b"x"))


async def _left_by(far: Far, error: BaseException) -> None:
    async with far.link.connected(GREETING) as session:
        await session.publish(Publication("kiosk/status", b"here"))
        raise error


async def _taken_away_while_receiving(far: Far) -> None:
    async with far.link.connected(GREETING) as session, asyncio.TaskGroup() as tasks:
        receiving = tasks.create_task(_outcome(session))
        await asyncio.sleep(0)
        await far.take_away()
        error = await receiving
    raise error


async def _outcome(session: BrokerSession) -> BrokerAway:
    try:
        await session.receive()
    except BrokerAway as error:
        return error
    raise AssertionError("something was received")


async def _given_up_at_once(far: Far) -> None:
    async with asyncio.timeout(0), far.link.connected(GREETING):
        await asyncio.Event().wait()
