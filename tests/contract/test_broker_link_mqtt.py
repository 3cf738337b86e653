"""The link over aiomqtt and a real Mosquitto keeps the promises of a broker link."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.broker_settings import BrokerSettings
from kiosk.ports import BrokerAway, Publication
from kiosk.sync.mqtt_link import MqttLink
from tests.contract.broker_link_suite import GREETING, BrokerLinkContract, Far, listening
from tests.sync.mosquitto import Mosquitto, mosquitto
from tests.virtual import REAL_TIME


@pytest.fixture
def broker(tmp_path: Path, free_port: int) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path, free_port) as running:
        yield running


def far_of(broker: Mosquitto, version: str = "5") -> Far:
    async def take_away() -> None:
        broker.stop()

    async def bring_back() -> None:
        broker.start()

    settings = broker.settings(version=version)
    link, other = MqttLink(settings, "kiosk"), MqttLink(settings, "other", is_lasting=False)
    return Far(link, other, take_away, bring_back, "kiosk/forbidden/x")


@REAL_TIME
class TestMqttLink(BrokerLinkContract):
    """MQTT 5."""

    @pytest.fixture
    def far(self, broker: Mosquitto) -> Far:
        return far_of(broker)


@REAL_TIME
class TestMqttLink311(BrokerLinkContract):
    """MQTT 3.1.1, where a refused publish looks like an accepted one."""

    @pytest.fixture
    def far(self, broker: Mosquitto) -> Far:
        return far_of(broker, version="3.1.1")

    async def test_a_refused_publish_is_an_error(self, far: Far) -> None:
        """It cannot be: the standard has no code for it. Only a consumer that confirms notices."""
        async with far.other.connected(listening("#")) as reader:
            async with far.link.connected(GREETING) as session:
                await session.publish(Publication(far.forbidden, b"x"))
            async with far.link.connected(GREETING) as session:
                await session.publish(Publication("kiosk/event/1", b"y"))
            topics = [(await reader.receive()).topic]
            while topics[-1] != "kiosk/event/1":
                topics.append((await reader.receive()).topic)
        assert far.forbidden not in topics


@REAL_TIME
async def test_a_connection_that_is_never_answered_is_let_go() -> None:
    """The far end takes the connection, says nothing, and must see it end when it is given up."""
    is_over: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = await reader.read()
        writer.close()
        is_over.set_result(said)

    async with await asyncio.start_server(mute, "127.0.0.1", 0) as server:
        settings = BrokerSettings(host="127.0.0.1", port=server.sockets[0].getsockname()[1], tls=False)
        with pytest.raises(BrokerAway):
            await _connect(MqttLink(settings, "kiosk", answer_s=0.2))
        async with asyncio.timeout(10):
            assert b"MQTT" in await is_over


async def _connect(link: MqttLink) -> None:
    async with link.connected(GREETING):
        pass
