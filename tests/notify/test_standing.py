"""Messages that do not arrive: one incident each, over by itself; and what the screen says of the way."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.changes import MessageQueued, MessageToldOtherwise
from kiosk.domain.model.ids import DeliveryId, MessageId
from kiosk.domain.rules.custody import PARCEL_REMINDER, PARCEL_WITHDRAWN
from kiosk.notify.dispatcher import STUCK_AFTER_S
from tests.notify.rig import MARA, START_MS, Rig, rehearse

HOUR_S, DAY_S = 3600.0, 24 * 3600.0
FOR_EVER = 10_000


def test_a_message_that_nobody_can_take_is_an_incident_at_once_and_one_only(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.is_refusing = True
        await rig.queue_message("m1")
        await rig.queue_message("m2")
        async with rig.running():
            await asyncio.sleep(1)
            assert rig.office.stuck == ["m1", "m2"]
            await asyncio.sleep(3 * DAY_S)
        assert len(rig.office.facts) == 2

    rehearse(tmp_path, scene)


def test_it_is_over_by_itself_when_the_office_has_corrected_the_contact(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.is_refusing = True
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(HOUR_S)
            rig.phone.is_refusing = False
            rig.office.know(replace(MARA, contact="new@example.org"))
            await asyncio.sleep(61)
        assert set(rig.phone.messages) == {"m1"}
        assert not rig.office.stuck

    rehearse(tmp_path, scene)


def test_a_way_that_is_down_is_an_incident_after_hours_and_over_when_it_is_up(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals = FOR_EVER
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(STUCK_AFTER_S - 1800)
            assert not rig.office.stuck
            await asyncio.sleep(2 * 1800 + 60)
            assert rig.office.stuck == ["m1"]
            rig.phone.refusals = 0
            await asyncio.sleep(1860)
        assert not rig.office.stuck
        assert set(rig.phone.messages) == {"m1"}

    rehearse(tmp_path, scene)


def test_restarts_do_not_put_it_off_for_ever(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals = FOR_EVER
        await rig.queue_message("m1")
        for _ in range(4):
            async with rig.running():
                await asyncio.sleep(2 * HOUR_S)
        assert rig.office.stuck == ["m1"]

    rehearse(tmp_path, scene)


def test_what_the_disk_did_not_take_is_told_again(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.is_refusing = rig.office.is_refusing = True
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(HOUR_S)
            rig.office.is_refusing = False
            await asyncio.sleep(61)
        assert rig.office.stuck == ["m1"]

    rehearse(tmp_path, scene)


def test_an_incident_from_before_a_start_is_over_when_its_message_is(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.is_refusing = True
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(1)
        rig.phone.is_refusing = False
        async with rig.running():
            await asyncio.sleep(1)
        assert set(rig.phone.messages) == {"m1"}
        assert not rig.office.stuck

    rehearse(tmp_path, scene)


def test_it_is_over_when_the_code_ended(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.is_refusing = True
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(1)
            assert rig.office.stuck == ["m1"]
            await rig.forget_code("m1")
            await asyncio.sleep(DAY_S + 61)
        assert not rig.office.stuck

    rehearse(tmp_path, scene)


@pytest.mark.parametrize("is_down", [True, False], ids=["a way that is down", "a contact that is none"])
def test_what_tells_of_a_parcel_that_is_gone_is_given_up_after_a_week(tmp_path: Path, is_down: bool) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals, rig.phone.is_refusing = FOR_EVER, not is_down
        await rig.queue_message("m1", PARCEL_WITHDRAWN)
        rig.office.lose("d-m1")
        async with rig.running():
            await asyncio.sleep(6 * DAY_S)
            assert rig.office.stuck == ["m1"]
            await asyncio.sleep(3 * DAY_S)
        assert not rig.office.stuck
        assert not await rig.queue.waiting(10)
        assert (await rig.states())["m1"][2].startswith("given up: ")

    rehearse(tmp_path, scene)


def test_what_tells_of_a_parcel_that_waits_is_never_given_up(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals = FOR_EVER
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(30 * DAY_S)
            assert rig.office.stuck == ["m1"]
            rig.phone.refusals = 0
            await asyncio.sleep(HOUR_S)
        assert set(rig.phone.messages) == {"m1"}

    rehearse(tmp_path, scene)


def test_a_newer_message_with_the_same_code_takes_the_place_of_one_that_never_left(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals = FOR_EVER
        await rig.queue_message("m1")
        async with rig.running() as notifier:
            await asyncio.sleep(9 * HOUR_S)
            await rig.write(
                MessageQueued(MessageId("m2"), PARCEL_REMINDER, DeliveryId("d-m1"), MARA.id, 0, "17", "4")
            )
            notifier.wake()
            await asyncio.sleep(1)
            assert rig.office.stuck == ["m2"]
            rig.phone.refusals = 0
            await asyncio.sleep(HOUR_S)
        assert set(rig.phone.messages) == {"m2"}
        assert (await rig.states())["m1"][2] == "a newer message says the same"

    rehearse(tmp_path, scene)


def test_what_staff_told_another_way_is_not_sent_any_more(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.is_refusing = True
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(1)
            await rig.write(MessageToldOtherwise(MessageId("m1"), START_MS))
            await asyncio.sleep(61)
            rig.phone.is_refusing = False
            await asyncio.sleep(2 * DAY_S)
        assert not rig.phone.messages
        assert not rig.office.stuck

    rehearse(tmp_path, scene)


def test_the_screen_knows_since_when_messages_wait_for_the_way(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals = FOR_EVER
        async with rig.running() as notifier:
            await asyncio.sleep(100)
            await rig.queue_message("m1")
            notifier.wake()
            await asyncio.sleep(1)
            assert rig.office.state.messages_held_since_ms == START_MS + 100_000
            await rig.queue_message("m2")
            await asyncio.sleep(HOUR_S)
            assert rig.office.state.messages_held_since_ms == START_MS + 100_000
            rig.phone.refusals = 0
            await asyncio.sleep(HOUR_S)
        assert rig.office.state.messages_held_since_ms is None

    rehearse(tmp_path, scene)


def test_a_contact_that_is_none_is_no_trouble_of_the_way(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.is_refusing = True
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(HOUR_S)
        assert rig.office.state.messages_held_since_ms is None

    rehearse(tmp_path, scene)
