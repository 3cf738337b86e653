"""The notifier: every message reaches the channel once as far as anyone can see, and none is lost."""

import asyncio
import re
from pathlib import Path

import pytest

from kiosk.domain.model.ids import MessageId
from kiosk.notify.dispatcher import FIRST_PAUSE_S, LONG_PAUSE_S, LONGEST_PAUSE_S, SEND_S
from kiosk.service.codes import CodeKeys
from kiosk.supervise import supervise
from tests.notify.rig import MARA, START_MS, Rig, rehearse

DAY_S = 24 * 3600
YEAR_MS = 365 * DAY_S * 1000


def test_a_queued_message_is_handed_over_with_its_own_code(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(1)
        digits = rig.codes_by_delivery["d-m1"]
        assert f"{digits[:4]} {digits[4:8]}" in rig.phone.messages["m1"].text
        assert rig.phone.messages["m1"].resident == MARA
        assert (await rig.states())["m1"][3]

    rehearse(tmp_path, scene)


def test_waking_sends_at_once_and_without_waking_it_takes_a_minute_at_most(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        async with rig.running() as notifier:
            await asyncio.sleep(1)
            await rig.queue_message("woken")
            notifier.wake()
            await asyncio.sleep(0.1)
            assert set(rig.phone.messages) == {"woken"}
            await rig.queue_message("found")
            await asyncio.sleep(60)
            assert set(rig.phone.messages) == {"woken", "found"}

    rehearse(tmp_path, scene)


def test_a_message_handed_over_is_never_sent_again(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        await rig.queue_message("m1")
        for _ in range(2):
            async with rig.running() as notifier:
                await asyncio.sleep(1)
                notifier.wake()
                await asyncio.sleep(DAY_S)
        assert rig.phone.sends == 1

    rehearse(tmp_path, scene)


def test_a_crash_between_sending_and_noting_it_sends_the_same_id_and_code_again(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(1)
        first = rig.phone.messages["m1"]
        await rig.database.write(
            lambda connection: connection.execute("UPDATE message SET handed_over_at_ms = NULL")
        )
        rig.phone.messages.clear()
        async with rig.running():
            await asyncio.sleep(1)
        assert rig.phone.messages["m1"] == first
        assert (await rig.states())["m1"][3]

    rehearse(tmp_path, scene)


def test_a_channel_that_refuses_gets_it_again_later_and_later_until_it_takes_it(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals = 14
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(1)
            due, tries, why, is_over = (await rig.states())["m1"]
            assert (tries, is_over) == (1, False)
            assert due == START_MS + FIRST_PAUSE_S * 1000
            assert "connection refused" in why
            await asyncio.sleep(14 * LONGEST_PAUSE_S)
        assert rig.phone.sends == 15
        assert (await rig.states())["m1"][3]

    rehearse(tmp_path, scene)


def test_what_a_channel_says_is_kept_without_digits_that_could_be_a_code(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals = 1
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(1)
        assert not re.search(r"\d{4} \d{4}", (await rig.states())["m1"][2])

    rehearse(tmp_path, scene)
    assert "LW-M001" in caplog.text
    assert "1234 5678" not in caplog.text


def test_one_refused_message_does_not_hold_the_others_up(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals = 1
        await rig.queue_message("m1")
        await rig.queue_message("m2")
        async with rig.running():
            await asyncio.sleep(1)
        assert set(rig.phone.messages) == {"m2"}

    rehearse(tmp_path, scene)


def test_a_channel_that_hangs_is_given_up_and_tried_again(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.is_slow = True
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(SEND_S + 1)
            assert (await rig.states())["m1"][2] == "the channel took too long"
            rig.phone.is_slow = False
            await asyncio.sleep(LONGEST_PAUSE_S)
        assert set(rig.phone.messages) == {"m1"}

    rehearse(tmp_path, scene)


def test_more_messages_than_one_batch_all_go_out(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        async with rig.running() as notifier:
            await asyncio.sleep(1)
            for number in range(150):
                await rig.queue_message(f"m{number}")
            notifier.wake()
            await asyncio.sleep(1)
        assert len(rig.phone.messages) == rig.phone.sends == 150

    rehearse(tmp_path, scene)


def test_a_message_to_somebody_who_left_the_directory_waits_where_staff_can_see_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(rig: Rig) -> None:
        await rig.queue_message("m1")
        rig.office.know()
        async with rig.running():
            await asyncio.sleep(1)
            due, _, why, is_over = (await rig.states())["m1"]
            assert not is_over
            assert due == START_MS + LONG_PAUSE_S * 1000
            assert why == "LW-M003 its resident is not in the directory"
            rig.office.know(MARA)
            await asyncio.sleep(61)
        assert set(rig.phone.messages) == {"m1"}

    rehearse(tmp_path, scene)
    assert "Mara" not in caplog.text


def test_a_code_sealed_under_another_key_is_an_error_in_the_log_without_the_code(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(rig: Rig) -> None:
        await rig.queue_message("m1")
        async with rig.running(rig.notifier(CodeKeys.create(tmp_path / "others"))):
            await asyncio.sleep(1)
        assert (await rig.states())["m1"][2].startswith("LW-M002")
        assert rig.phone.sends == 0
        digits = rig.codes_by_delivery["d-m1"]
        assert digits[:8] not in caplog.text
        assert f"{digits[:4]} {digits[4:8]}" not in caplog.text

    rehearse(tmp_path, scene)
    assert [record.levelname for record in caplog.records if "LW-M002" in record.message] == ["ERROR"]


def test_a_code_that_ended_before_its_message_left_is_never_sent_nor_tried_again(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        await rig.queue_message("m1")
        await rig.forget_code("m1")
        async with rig.running():
            await asyncio.sleep(2 * DAY_S)
        assert rig.phone.sends == 0
        _, tries, why, _ = (await rig.states())["m1"]
        assert (tries, why) == (0, "the code ended before the message left")
        assert not await rig.queue.waiting(10)

    rehearse(tmp_path, scene)


def test_a_kind_without_a_template_waits_and_does_not_stop_the_others(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        await rig.queue_message("m1", kind="rent_is_due")
        await rig.queue_message("m2")
        async with rig.running():
            await asyncio.sleep(1)
        assert (await rig.states())["m1"][2].startswith("LW-M004")
        assert set(rig.phone.messages) == {"m2"}

    rehearse(tmp_path, scene)


@pytest.mark.parametrize("ahead_s", [20 * 3600, 365 * DAY_S], ids=["by hours", "by a clock that was wrong"])
def test_a_restart_tries_at_once_what_was_put_off(tmp_path: Path, ahead_s: int) -> None:
    async def scene(rig: Rig) -> None:
        await rig.queue_message("m1")
        await rig.queue.put_off(MessageId("m1"), START_MS + ahead_s * 1000, "the channel was down")
        async with rig.running():
            await asyncio.sleep(1)
        assert set(rig.phone.messages) == {"m1"}

    rehearse(tmp_path, scene)


@pytest.mark.parametrize("ahead_ms", [20 * 60_000, DAY_S * 1000, 4 * YEAR_MS])
def test_a_message_queued_under_a_clock_that_was_ahead_leaves_at_once(tmp_path: Path, ahead_ms: int) -> None:
    async def scene(rig: Rig) -> None:
        async with rig.running() as notifier:
            await asyncio.sleep(1)
            await rig.queue_message("m1", due_in_ms=ahead_ms)
            notifier.wake()
            await asyncio.sleep(1)
        assert set(rig.phone.messages) == {"m1"}

    rehearse(tmp_path, scene)


@pytest.mark.parametrize("set_by_ms", [-YEAR_MS, YEAR_MS], ids=["back", "forward"])
def test_a_clock_that_is_set_neither_delays_nor_hastens_the_next_try(tmp_path: Path, set_by_ms: int) -> None:
    async def scene(rig: Rig) -> None:
        rig.phone.refusals = 4
        await rig.queue_message("m1")
        async with rig.running():
            await asyncio.sleep(FIRST_PAUSE_S * 7 + 1)
            assert rig.phone.sends == 4
            rig.clock.set_by_ms = set_by_ms
            await asyncio.sleep(FIRST_PAUSE_S * 7)
            assert rig.phone.sends == 4
            await asyncio.sleep(FIRST_PAUSE_S)
            assert rig.phone.sends == 5
        assert set(rig.phone.messages) == {"m1"}

    rehearse(tmp_path, scene)


def test_a_notifier_that_crashed_goes_on_where_it_was(tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        notifier = rig.notifier()
        rig.phone.crashes = 1
        await rig.queue_message("m1")
        async with asyncio.TaskGroup() as group:
            task = group.create_task(supervise("notify", notifier.run))
            await asyncio.sleep(90)
            task.cancel()
        assert set(rig.phone.messages) == {"m1"}
        assert (await rig.states())["m1"][3]

    rehearse(tmp_path, scene)
