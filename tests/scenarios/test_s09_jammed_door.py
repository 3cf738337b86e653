"""S9: the lock was pulsed and the door does not open: that is said, and no parcel counts as collected."""

import asyncio
from pathlib import Path

from kiosk.domain.model.delivery import DeliveryState
from sim.faults import DoorFaults
from tests.scenarios.scene import scene


async def test_a_pickup_behind_a_jammed_door_is_an_incident_and_no_pickup(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        place = await here.drop_off()
        here.break_door(place, DoorFaults(jammed=True))
        await here.begin_pickup()
        assert here.page == "opening"
        await asyncio.sleep(20)
        assert here.page == "jammed"
        assert "door_jammed" in here.incidents()
        assert here.pulsed() == [place] * 3
        kinds = await here.kinds()
        assert kinds.count("UnlockNotOpened") == 1
        assert "DeliveryCollected" not in kinds
        (delivery,) = here.state.deliveries.values()
        assert delivery.state in (DeliveryState.STORED, DeliveryState.COLLECTING)
        assert delivery.has_code
