"""S36: two thousand tries in three seconds are ten look-ups, through a restart; twelve digits still open."""

import asyncio
import re
from pathlib import Path

import pytest

from kiosk.rehearsal.diary import Answered
from tests.scenarios.scene import OPENS_S, RESIDENT, Scene, scene

TRIES, SECONDS, LOOK_UPS = 2000, 3.0, 10
MORE = re.compile(r"(\d{4}) (\d{4}).*?(\d{4})\b", re.DOTALL)


def answers(here: Scene) -> list[str]:
    """What every touch was answered."""
    return [entry.refusal for entry in here.stage.diary.entries if isinstance(entry, Answered)]


async def guess(here: Scene, times: int, within_s: float) -> None:
    """Type codes that nobody has, one right after the other."""
    if here.page != "code":
        await here.kiosk.touch("pick_up")
    for number in range(times):
        await here.kiosk.touch("code", f"{20_000_000 + 7919 * number:08d}")
        await asyncio.sleep(within_s / times)


@pytest.mark.parametrize("is_power_cut", [False, True], ids=["restart", "power cut"])
async def test_a_drained_bucket_stays_drained_and_shuts_nobody_out(
    tmp_path: Path, *, is_power_cut: bool
) -> None:
    async with scene(tmp_path) as here:
        place = await here.drop_off()
        await asyncio.sleep(90)
        (text,) = {message.text for message in here.stage.phone(RESIDENT).messages()}
        found = MORE.search(text)
        assert found is not None, text
        await guess(here, TRIES, SECONDS)
        told = answers(here)[-TRIES:]
        assert told.count("wrong_code") == LOOK_UPS
        assert set(told) == {"wrong_code", "code_needs_more"}
        assert told.index("code_needs_more") == LOOK_UPS
        here.stage.keeper.kill("at once", is_power_cut=is_power_cut)
        await asyncio.sleep(1)
        await here.stage.keeper.up()
        await asyncio.sleep(10)
        await guess(here, 20, 1)
        assert set(answers(here)[-20:]) == {"code_needs_more"}
        await asyncio.sleep(6)
        await here.kiosk.touch("code", "".join(found.groups()))
        await asyncio.sleep(OPENS_S)
        assert here.page == "take_out"
        assert here.pulsed()[-1] == place
