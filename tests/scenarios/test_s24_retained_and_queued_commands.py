"""S24: a retained command is refused, one that waited at the broker expires with an answer; no door opens."""

from pathlib import Path

import pytest

from kiosk.domain.model.ids import DeliveryId
from kiosk.sync.mqtt_link import MqttLink
from tests.sync.bare_client import BareClient, bare_client
from tests.sync.mosquitto import Mosquitto
from tests.sync.rig import TOPICS, Kiosk, kiosk_at, order
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
EVERYTHING = f"{TOPICS.source}/#"
NAMES = ("cancel", "reissue", "hold", "unlock", "open")
PAST_MINUTES = -0.5


async def send(client: BareClient, number: int, content: dict[str, object], *, is_retained: bool) -> None:
    topic = f"{TOPICS.source}/command/{NAMES[number - 1]}"
    await client.publish(topic, content, is_retained=is_retained)


async def codes(client: BareClient) -> dict[str, str]:
    """Code by the name of the command."""
    answers = await client.until_count(len(NAMES), "/answer/")
    return {answer.json["command"]: answer.json["code"] for answer in answers}


async def a_parcel(kiosk: Kiosk) -> DeliveryId:
    await kiosk.start()
    return await kiosk.store()


@pytest.mark.parametrize("version", ["5", "3.1.1"])
@pytest.mark.parametrize(
    ("is_retained", "minutes", "code"),
    [(True, 5, "CommandRetained"), (False, PAST_MINUTES, "CommandExpired")],
    ids=["retained", "queued"],
)
async def test_what_waited_at_the_broker_moves_nothing_and_is_answered(
    broker: Mosquitto, tmp_path: Path, version: str, *, is_retained: bool, minutes: float, code: str
) -> None:
    path, link = tmp_path / "kiosk.db", MqttLink(broker.settings(version=version), "lobby")
    async with kiosk_at(path, link) as kiosk:
        delivery = await a_parcel(kiosk)
        await kiosk.until_published()
    if is_retained:  # 3.1.1 marks a retained message only for a client that the broker does not know
        broker.stop()
        broker.forget()
        broker.start()
    async with bare_client(broker.port, EVERYTHING) as client:
        for number in range(1, len(NAMES) + 1):
            content = order(str(number), minutes=minutes, delivery=delivery)
            await send(client, number, content, is_retained=is_retained)
        async with kiosk_at(path, link) as kiosk:
            before = dict(kiosk.engine.state.deliveries)
            answered = await codes(client)
            assert kiosk.engine.state.deliveries == before
            assert not kiosk.engine.state.spent
            assert kiosk.unlocks == []
    assert answered == dict.fromkeys(NAMES[:3], code) | dict.fromkeys(NAMES[3:], "UnknownCommand")


async def test_a_retained_command_is_refused_anew_at_every_connect(broker: Mosquitto, tmp_path: Path) -> None:
    path, link = tmp_path / "kiosk.db", MqttLink(broker.settings(), "lobby")
    async with bare_client(broker.port, EVERYTHING) as client:
        async with kiosk_at(path, link) as kiosk:
            delivery = await a_parcel(kiosk)
        await send(client, 3, order("3", delivery=delivery), is_retained=True)
        for count in (1, 2, 3):
            async with kiosk_at(path, link) as kiosk:
                await client.until_count(count, "/answer/")
                assert not kiosk.engine.state.deliveries[delivery].flags
        assert len({answer.payload for answer in client.under("/answer/")}) == 1
