"""S8: the port is open and no board answers: a fault of the wiring, told to staff and to whoever comes."""

import asyncio
import logging
from pathlib import Path

import pytest

from kiosk.domain.model.screen import ScreenKind
from sim.boards.line import Fault, Switch
from tests.scenarios.scene import scene


async def test_a_cut_line_at_the_start_is_told_loudly_and_ends_by_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(tmp_path) as here:
        here.stage.wires.set_fault("a", Fault.MUTE, Switch())
        here.stage.keeper.kill("at once", is_power_cut=True)
        await asyncio.sleep(1)
        await here.stage.keeper.up()
        caplog.clear()
        await asyncio.sleep(10)
        shown = here.kiosk.seen()
        assert shown.kind is ScreenKind.HOME
        assert shown.is_out_of_reach
        assert shown.help_contact
        assert set(here.incidents()) == {"bank_lost"}
        loud = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
        assert {"a", "b"} <= {word for line in loud for word in line.split()}
        await here.kiosk.touch("deliver")
        assert all(size.free == 0 for size in here.kiosk.seen().sizes)
        await here.kiosk.touch("back")
        here.stage.wires.set_fault("a", Fault.MUTE, None)
        await asyncio.sleep(40)
        assert not here.kiosk.seen().is_out_of_reach
        assert here.incidents() == []
        assert here.pulses() == []


async def test_while_one_board_answers_the_rest_is_only_a_part(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        here.stage.wires.mute("a", is_dead=True)
        await asyncio.sleep(10)
        assert here.kiosk.seen().lost_banks == ("a",)
        assert not here.kiosk.seen().is_out_of_reach
