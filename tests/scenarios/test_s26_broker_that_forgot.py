"""S26: the broker comes back and knows nobody: what was subscribed and retained is so again at once."""

import signal
from pathlib import Path

import pytest

from kiosk.sync.mqtt_link import MqttLink
from tests.sync.bare_client import bare_client
from tests.sync.mosquitto import Mosquitto
from tests.sync.rig import TOPICS, kiosk_at, order
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
THINGS = {"identity", "kiosk", "banks", "doors"}


@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_commands_come_through_and_states_are_there(
    broker: Mosquitto, tmp_path: Path, version: str
) -> None:
    link = MqttLink(broker.settings(version=version), "lobby", answer_s=2.0)
    async with kiosk_at(tmp_path / "kiosk.db", link) as kiosk:
        await kiosk.start()
        delivery = await kiosk.store()
        await kiosk.until_published()
        for number in ("1", "2"):
            broker.stop(signal.SIGKILL)
            broker.forget()
            broker.start()
            async with bare_client(broker.port, f"{TOPICS.source}/#") as client:
                states = await client.until_count(len(THINGS), "/state/")
                assert {heard.last for heard in states} >= THINGS
                assert (await client.until_count(1, "/status"))[0].json["status"] == "online"
                command = order(number, delivery=delivery, held=number == "1")
                await client.publish(f"{TOPICS.source}/command/hold", command)
                assert (await client.next_at(f"/answer/{command['id']}")).json["result"] == "done"
