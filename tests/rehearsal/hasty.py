"""Somebody whose fingers take no time: whatever people's slowness hides, this one meets."""

import asyncio

from config.sample import sample_carrier_code
from kiosk.rehearsal.at_kiosk import AtKiosk
from kiosk.rehearsal.stage import Stage
from sim.doors import Position

PATIENCE_MS = 20_000
BOARDS_ANSWER_S = 0.5
OPEN_S = 10.0


async def hurry(stage: Stage) -> None:
    """At once after each start: a parcel that does not fit, its next door, and away again."""
    for number in range(3):
        await asyncio.sleep(BOARDS_ANSWER_S)
        await _bring(stage)
        await asyncio.sleep(120)
        if number < 2:
            stage.keeper.kill("by the hasty one", is_power_cut=number > 0)
            await stage.keeper.up()


async def _bring(stage: Stage) -> None:
    kiosk, hands = stage.kiosk("hasty"), stage.hands("hasty")
    await kiosk.touch("deliver")
    await kiosk.touch("carrier_code", sample_carrier_code("halvorn"))
    await kiosk.touch("unit", "412")
    await kiosk.touch("size", "S")
    await _until(kiosk, "put_in")
    await kiosk.touch("does_not_fit")
    await _until(kiosk, "put_in")
    door = hands.door_labelled(kiosk.seen().door)
    hands.put_in(door, hands.new_parcel("in a hurry"))
    await asyncio.sleep(OPEN_S)
    for label in [plan.label for plan in stage.room.world.cabinet.doors.values()]:
        one = hands.door_labelled(label)
        if hands.door(one).position is not Position.CLOSED:
            hands.push_door(one)
    await _until(kiosk, "stored")
    await kiosk.touch("finish")
    await kiosk.touch("finish")


async def _until(kiosk: AtKiosk, kind: str) -> None:
    while kiosk.seen().kind != kind:
        if not await kiosk.changed(PATIENCE_MS):
            raise TimeoutError(kiosk.seen().kind)
