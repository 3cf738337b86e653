"""S25: a command comes with the broker's first word, before anything was subscribed: it is answered."""

from pathlib import Path

import pytest

from config.broker_settings import BrokerSettings
from kiosk.sync.mqtt_link import MqttLink
from tests.scenarios.hasty_broker import HastyBroker
from tests.sync.rig import TOPICS, kiosk_at, order, until
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
COUNT = 5


@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_every_one_of_them_is_answered(tmp_path: Path, free_port: int, version: str) -> None:
    settings = BrokerSettings.model_validate(
        {"host": "127.0.0.1", "port": free_port, "tls": False, "version": version}
    )
    broker = HastyBroker(free_port, is_v5=version == "5")
    for number in range(1, COUNT + 1):
        content = order(str(number), delivery="x.1") if number % 2 else order(str(number))
        broker.put(f"{TOPICS.source}/command/{'hold' if number % 2 else 'status'}", content)
    async with broker.running(), kiosk_at(tmp_path / "kiosk.db", MqttLink(settings, "lobby")) as kiosk:
        await kiosk.start()
        await until(lambda: len(broker.answers()) == COUNT, "every command is answered")
    results = [(answer["result"], answer.get("code", "")) for answer in broker.answers()]
    assert results == [("refused", "UnknownDelivery"), ("done", "")] * 2 + [("refused", "UnknownDelivery")]
