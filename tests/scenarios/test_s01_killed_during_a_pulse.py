"""S1: the daemon is killed while a coil is on: the board ends the pulse alone, and the start moves none."""

import os
import signal
from typing import cast

from tests.app.processes import Kiosk, Page, World, sample_code, until, welcome
from tests.app.test_whole_simulation import daemon_of, is_up, rows_of

PULSE_MS = 500
SPARE_MS = 1000


def pulses(world: World) -> list[dict[str, int]]:
    return cast("list[dict[str, int]]", world.see()["pulses"])


def is_energised(world: World) -> bool:
    return any(door["is_energised"] for door in world.doors())


def to_the_last_touch(kiosk: Kiosk, block: str) -> Page:
    """A courier who has only the size to touch."""
    page = Page(kiosk.page_port)
    until(lambda: {row["door"] for row in rows_of(kiosk, "/doors")} == {"closed"}, "every door is seen")
    page.act("deliver")
    page.act("carrier_code", sample_code(block, "Halvorn Express"))
    page.act("unit", "412")
    return page


def test_the_coil_is_off_in_time_and_stays_off(simulated: Kiosk) -> None:
    with simulated.simulation() as simulation:
        page = to_the_last_touch(simulated, welcome(simulation))
        world = World(simulated.panel_port)
        killed = daemon_of(simulated)
        page.act("size", "M")
        until(lambda: is_energised(world), "the coil is energised")
        os.kill(killed, signal.SIGKILL)
        until(lambda: not is_energised(world), "the coil is off", within_s=(PULSE_MS + SPARE_MS) / 1000)
        (pulse,) = pulses(world)
        assert pulse["end_ms"] - pulse["start_ms"] <= PULSE_MS + SPARE_MS
        until(lambda: daemon_of(simulated) not in (0, killed) and is_up(simulated), "the daemon is back")
        until(
            lambda: {row["door"] for row in rows_of(simulated, "/doors")} == {"closed", "open"}, "it read all"
        )
        world.pass_by(5000)
        assert pulses(world) == [pulse]
