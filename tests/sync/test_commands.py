"""Commands: obeyed once, answered always, and the same answer for ever after; over a broker in memory."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import DeliveryFlag, DeliveryState
from kiosk.ports import Publication
from kiosk.rehearsal.memory_broker import MemoryBroker, MemoryLink
from kiosk.sync.messages import LONGEST_PAYLOAD
from tests.domain.rig import START_MS
from tests.sync.rig import TOPICS, Kiosk, WallClock, kiosk_at, order

HOLD = order("1", at_ms=START_MS + 900_000, delivery="x.1")
ID = HOLD["id"]


@dataclass
class Desk:
    """The far end: sends commands, reads answers."""

    broker: MemoryBroker

    def send(self, name: str, content: object, *, is_retained: bool = False) -> None:
        payload = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.broker.publish(Publication(f"{TOPICS.source}/command/{name}", payload, is_retained=is_retained))

    def answers(self) -> list[dict[str, object]]:
        taken = (one for one in self.broker.taken if "/answer/" in one.topic)
        return [{**json.loads(one.payload), "topic": one.topic.rsplit("/", 1)[1]} for one in taken]

    async def answer(self, count: int = 1) -> dict[str, object]:
        """The answer number so many, once it is there."""
        for _ in range(1000):
            if len(self.answers()) >= count:
                return self.answers()[count - 1]
            await asyncio.sleep(0.01)
        raise AssertionError(f"only {self.answers()}")


@pytest.fixture
def desk() -> Desk:
    return Desk(MemoryBroker())


@asynccontextmanager
async def started(desk: Desk, path: Path, clock: WallClock | None = None) -> AsyncIterator[Kiosk]:
    async with kiosk_at(path / "kiosk.db", MemoryLink(desk.broker, "lobby"), clock=clock) as kiosk:
        await kiosk.start()
        await kiosk.until_published()
        yield kiosk


def unlocks(kiosk: Kiosk) -> int:
    return len(kiosk.unlocks)


# What each does


async def test_status_tells_how_the_kiosk_is(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path):
        desk.send("status", order("1"))
        answer = await desk.answer()
    assert answer["result"] == "done"
    assert answer["topic"] == answer["id"] == ID
    assert set(answer["state"]) == {"identity", "kiosk", "banks", "doors", "clock_trusted"}  # type: ignore[call-overload]


async def test_cancel_ends_a_delivery_whose_pulse_has_not_left(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.reserve()
        desk.send("cancel", order("1", delivery=delivery))
        assert (await desk.answer())["result"] == "done"
        assert delivery not in kiosk.engine.state.deliveries
        assert unlocks(kiosk) == 1


async def test_cancel_is_refused_once_the_pulse_has_left(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.reserve()
        await kiosk.do(i.UnlockSent(kiosk.unlocks[-1].unlock))
        desk.send("cancel", order("1", delivery=delivery))
        assert (await desk.answer())["code"] == "DeliveryInHand"
        await kiosk.do(i.DoorSeen(kiosk.unlocks[-1].compartment, DoorState.OPEN))
        desk.send("cancel", order("2", delivery=delivery))
        assert (await desk.answer(2))["code"] == "DeliveryInHand"
        assert kiosk.engine.state.deliveries[delivery].state is DeliveryState.DEPOSITING


async def test_cancel_is_refused_for_a_parcel_in_custody(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
        desk.send("cancel", order("1", delivery=delivery))
        assert (await desk.answer())["code"] == "ParcelInCustody"
        desk.send("cancel", order("2", delivery="nobody.1"))
        assert (await desk.answer(2))["code"] == "UnknownDelivery"


async def test_reissue_replaces_the_code(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
        (old,) = kiosk.engine.state.credentials
        desk.send("reissue", order("1", delivery=delivery))
        assert (await desk.answer())["result"] == "done"
        (new,) = kiosk.engine.state.credentials
        assert new != old
        assert old in kiosk.engine.state.spent
        assert kiosk.engine.state.deliveries[delivery].has_code


async def test_hold_sets_a_flag_and_takes_it_away(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
        desk.send("hold", order("1", delivery=delivery))
        assert (await desk.answer())["result"] == "done"
        assert DeliveryFlag.HELD in kiosk.engine.state.deliveries[delivery].flags
        desk.send("hold", order("2", delivery=delivery, held=False))
        assert (await desk.answer(2))["result"] == "done"
        assert DeliveryFlag.HELD not in kiosk.engine.state.deliveries[delivery].flags


async def test_no_command_opens_a_door(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
        before = unlocks(kiosk)
        for number, name in enumerate(("unlock", "open", "open-all", "cancel", "reissue", "hold"), 1):
            desk.send(name, order(str(number), delivery=delivery))
        await desk.answer(6)
        assert unlocks(kiosk) == before


# Once


async def test_a_repeated_command_gets_the_first_answer(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
        for _ in range(3):
            desk.send("reissue", order("1", delivery=delivery))
        await desk.answer(3)
        first, *others = desk.answers()
        assert others == [first, first]
        assert len(kiosk.engine.state.spent) == 1


async def test_a_repeated_command_gets_the_first_answer_after_a_restart_too(
    desk: Desk, tmp_path: Path
) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
        desk.send("reissue", order("1", delivery=delivery))
        desk.send("cancel", order("2", delivery=delivery))
        await desk.answer(2)
        codes = set(kiosk.engine.state.credentials)
    async with started(desk, tmp_path) as kiosk:
        desk.send("reissue", order("1", delivery=delivery))
        desk.send("cancel", order("2", delivery=delivery))
        await desk.answer(4)
        assert set(kiosk.engine.state.credentials) == codes
    assert desk.answers()[2:] == desk.answers()[:2]
    assert desk.answers()[3]["code"] == "ParcelInCustody"


async def test_an_id_that_was_used_for_something_else_is_refused(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
        taken = str(order("7")["id"])
        await kiosk.do(
            i.DoorSeen(kiosk.engine.state.place(kiosk.unlocks[-1].compartment).id, DoorState.OPEN), taken
        )
        desk.send("hold", order("7", delivery=delivery))
        assert (await desk.answer())["code"] == "IdTaken"
        assert DeliveryFlag.HELD not in kiosk.engine.state.deliveries[delivery].flags


async def test_an_answer_that_could_not_be_sent_goes_out_at_the_next_connect(
    desk: Desk, tmp_path: Path
) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
        await kiosk.until_published()
        desk.broker.is_silent = True
        desk.send("hold", order("1", delivery=delivery))
        await asyncio.sleep(20)
        assert not desk.answers()
        desk.broker.is_silent = False
        await asyncio.sleep(120)
        assert {str(answer) for answer in desk.answers()} == {str(desk.answers()[0])}
        assert desk.answers()[0]["result"] == "done"


# Refused


async def test_a_retained_command_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.send("hold", order("1", delivery="x.1"), is_retained=True)
    async with started(desk, tmp_path):
        assert (await desk.answer())["code"] == "CommandRetained"
        desk.send("status", order("2"), is_retained=True)
        assert (await desk.answer(2))["code"] == "CommandRetained"


async def test_a_command_that_waited_too_long_at_the_broker_is_refused_with_an_answer(
    desk: Desk, tmp_path: Path
) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
    desk.send("reissue", order("1", minutes=1, delivery=delivery))
    await asyncio.sleep(90)
    async with started(desk, tmp_path) as kiosk:
        assert (await desk.answer())["code"] == "CommandExpired"
        assert not kiosk.engine.state.spent


async def test_a_command_meant_for_days_is_refused(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path):
        desk.send("hold", order("1", minutes=60 * 24, delivery="x.1"))
        assert (await desk.answer())["code"] == "ExpiryTooFar"


async def test_without_a_trusted_clock_only_status_is_answered(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path, WallClock(is_trusted=False)) as kiosk:
        delivery = await kiosk.store()
        for number, name in enumerate(("cancel", "reissue", "hold"), 1):
            desk.send(name, order(str(number), delivery=delivery))
            assert (await desk.answer(number))["code"] == "ClockNotTrusted"
        desk.send("status", order("4", minutes=-60))
        answer = await desk.answer(4)
        assert answer["result"] == "done"
        assert not answer["state"]["clock_trusted"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "payload", "code", "topic"),
    [
        ("hold", b"not json", "Malformed", "unreadable"),
        ("hold", b"\xff\xfe", "Malformed", "unreadable"),
        ("hold", b"[]", "Malformed", "unreadable"),
        ("hold", b"[" * 3000, "Malformed", "unreadable"),
        ("hold", b"", "Malformed", "unreadable"),
        ("hold", HOLD | {"more": 1}, "Malformed", ID),
        ("hold", HOLD | {"delivery": "../x"}, "Malformed", ID),
        ("hold", HOLD | {"id": "1"}, "Malformed", "unreadable"),
        ("hold", HOLD | {"expires_at": "soon"}, "Malformed", ID),
        (
            "hold",
            HOLD | {"expires_at": "2026-01-01T00:00:00"},
            "Malformed",
            ID,
        ),
        ("hold", HOLD | {"issuer": "a\nb"}, "Malformed", ID),
        ("hold", b'{"id":"' + b"x" * LONGEST_PAYLOAD, "TooLong", "unreadable"),
        ("open-all", HOLD, "UnknownCommand", ID),
        ("open-all", b"x" * (LONGEST_PAYLOAD + 1), "UnknownCommand", "unreadable"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_a_code(
    desk: Desk, tmp_path: Path, name: str, payload: object, code: str, topic: str
) -> None:
    async with started(desk, tmp_path):
        desk.send(name, payload)
        answer = await desk.answer()
        desk.send("status", order("9"))
        assert (await desk.answer(2))["result"] == "done"
    assert (answer["result"], answer["code"], answer["topic"]) == ("refused", code, topic)


async def test_a_command_that_comes_with_the_connection_is_answered(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path):
        pass
    for number in range(1, 6):
        desk.send("hold", order(str(number), delivery="x.1"))
    async with started(desk, tmp_path):
        await desk.answer(5)
    assert {answer["code"] for answer in desk.answers()} == {"UnknownDelivery"}


async def test_commands_that_came_with_the_end_of_a_connection_are_answered_on_the_next(
    desk: Desk, tmp_path: Path
) -> None:
    async with started(desk, tmp_path):
        for number in range(1, 6):
            desk.send("hold", order(str(number), delivery="x.1"))
        desk.broker.go_away()
        desk.broker.come_back()
        await asyncio.sleep(120)
    assert {str(answer["id"])[-1] for answer in desk.answers()} == set("12345")


async def test_commands_at_the_stop_are_answered_too(desk: Desk, tmp_path: Path) -> None:
    async with started(desk, tmp_path) as kiosk:
        delivery = await kiosk.store()
        desk.send("hold", order("1", delivery=delivery))
        await desk.answer()
        for number in ("1", "2", "3"):
            desk.send("hold", order(number, delivery=delivery))
    codes = {str(answer["id"])[-1]: answer.get("code", "") for answer in desk.answers()}
    assert codes["1"] == ""
    assert set(codes) == {"1", "2", "3"}
    assert codes["3"] in ("Stopping", "")
    status = json.loads(desk.broker.retained[TOPICS.status].payload)
    assert (status["status"], status["why"]) == ("offline", "shutdown")
