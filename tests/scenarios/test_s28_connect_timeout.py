"""S28: connecting times out again and again: each try has a client of its own, and one gets through."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.sync.mqtt_link import MqttLink
from tests.sync.bare_client import bare_client
from tests.sync.mosquitto import Mosquitto, Proxy
from tests.sync.rig import TOPICS, kiosk_at, until
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
TRIES = 4


@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_a_line_that_says_nothing_is_tried_until_it_speaks(
    broker: Mosquitto, tmp_path: Path, new_port: Callable[[], int], version: str
) -> None:
    proxy = Proxy(new_port(), broker.port)
    proxy.fall_silent()
    link = MqttLink(broker.settings(port=proxy.port, version=version), "lobby", answer_s=0.3)
    async with (
        proxy.running(),
        bare_client(broker.port, f"{TOPICS.source}/#") as client,
        kiosk_at(tmp_path / "kiosk.db", link) as kiosk,
    ):
        await kiosk.start()
        await until(lambda: proxy.connections >= TRIES, "it connects anew after every timeout")
        assert client.under("/event/") == []
        before = len(asyncio.all_tasks())
        proxy.flow()
        head = await kiosk.until_published()
        events = await client.until_count(head, "/event/")
        assert [event.json["seq"] for event in events] == list(range(1, head + 1))
        assert len(asyncio.all_tasks()) <= before + 8, "no task of an earlier try is left"
