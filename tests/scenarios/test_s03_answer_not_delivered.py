"""S3: a command was obeyed and its answer got lost: the same answer goes out again, and no door moves."""

import signal
from collections.abc import Callable
from pathlib import Path

from kiosk.sync.mqtt_link import MqttLink
from tests.sync.bare_client import bare_client
from tests.sync.mosquitto import Mosquitto, Proxy
from tests.sync.rig import TOPICS, kiosk_at, order, until
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
ANSWERS = "/answer/"
EVERYTHING = f"{TOPICS.source}/#"


async def test_the_same_answer_goes_out_when_the_line_is_back_and_when_it_is_asked_again(
    broker: Mosquitto, tmp_path: Path, new_port: Callable[[], int]
) -> None:
    proxy = Proxy(new_port(), broker.port)
    link = MqttLink(broker.settings(port=proxy.port), "lobby", answer_s=2.0)
    async with (
        proxy.running(),
        bare_client(broker.port, EVERYTHING) as client,
        kiosk_at(tmp_path / "kiosk.db", link) as kiosk,
    ):
        await kiosk.start()
        delivery = await kiosk.store()
        await kiosk.until_published()
        unlocks, spent = len(kiosk.unlocks), set(kiosk.engine.state.spent)
        command = order("1", delivery=delivery)
        proxy.hold_back()
        await client.publish(f"{TOPICS.source}/command/reissue", command)
        await until(lambda: len(kiosk.engine.state.spent) == len(spent) + 1, "the command is obeyed")
        await until(lambda: kiosk.uplink.blockage.why, "the connection is given up")
        assert client.under(ANSWERS) == []
        proxy.flow()
        first = await client.next_at(f"{ANSWERS}{command['id']}")
        for _ in range(2):
            await client.publish(f"{TOPICS.source}/command/reissue", command)
        await client.until_count(3, ANSWERS)
        assert {heard.payload for heard in client.under(ANSWERS)} == {first.payload}
        assert first.json["result"] == "done"
        assert len(kiosk.engine.state.spent) == len(spent) + 1
        assert len(kiosk.unlocks) == unlocks


async def test_so_it_does_after_a_restart_of_both(broker: Mosquitto, tmp_path: Path) -> None:
    path, link = tmp_path / "kiosk.db", MqttLink(broker.settings(), "lobby", answer_s=2.0)
    async with bare_client(broker.port, EVERYTHING) as client, kiosk_at(path, link) as kiosk:
        await kiosk.start()
        command = order("1", delivery=await kiosk.store())
        await client.publish(f"{TOPICS.source}/command/reissue", command)
        first = await client.next_at(f"{ANSWERS}{command['id']}")
    broker.stop(signal.SIGKILL)
    broker.start()
    async with bare_client(broker.port, EVERYTHING) as client, kiosk_at(path, link) as kiosk:
        await kiosk.start()
        await kiosk.until_published()
        codes = set(kiosk.engine.state.credentials)
        await client.publish(f"{TOPICS.source}/command/reissue", command)
        assert (await client.next_at(f"{ANSWERS}{command['id']}")).payload == first.payload
        assert set(kiosk.engine.state.credentials) == codes
        assert kiosk.unlocks == []
