"""S14: a board answers for fewer locks than have doors: what it says counts, the rest is unknown.

No family with answers of several lengths is driven yet; a frame of another length is never guessed at.
"""

import asyncio
from pathlib import Path

import pytest

from drivers.kerong.dialects import DIALECTS
from hal.lock_bank import DoorReading, LockBank
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import BankId, CompartmentId
from tests.engine.rig import Wires, core, started
from tests.engine.test_door_watch import Paper

SHORT = [DoorReading.CLOSED, DoorReading.OPEN]


class HalfSilentWires(Wires):
    """The first board is real; the second knows of two of its four locks."""

    def banks(self) -> dict[BankId, LockBank]:
        """The first as it is, the second on paper."""
        made = super().banks()
        return {BankId("a"): made[BankId("a")], BankId("b"): Paper(doors=list(SHORT))}


async def test_doors_that_it_does_not_speak_of_are_unknown_and_not_offered(tmp_path: Path) -> None:
    async with core(tmp_path / "kiosk.db", HalfSilentWires()) as made:
        await started(made)
        await asyncio.sleep(60)
        said = [made.state.door(place.id) for place in made.state.layout.of_bank(BankId("b"))]
        assert said == [DoorState.CLOSED, DoorState.OPEN, DoorState.UNKNOWN, DoorState.UNKNOWN]
        await made.courier_at_door()
        taken = made.state.visit.compartment
        assert taken is not None
        assert made.state.door(taken) is not DoorState.UNKNOWN
        assert made.state.door(CompartmentId("c8")) is DoorState.UNKNOWN


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_status_of_another_length_is_no_frame_however_sound_its_sum(dialect: str) -> None:
    spoken = DIALECTS[dialect]
    whole = spoken.status_reply(0, 0b101).to_bytes()
    body = whole[:-4] + whole[-2:-1]
    short = body + bytes((sum(body) & 0xFF,))
    assert spoken.kiosk_reader().feed(short) == []
