"""Home Assistant's discovery at a real broker: every entity reads a state that is there, and rightly."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import Environment

from kiosk.domain.inputs import DoorSeen
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import CompartmentId
from kiosk.sync.discovery import Discovery
from kiosk.sync.mqtt_link import MqttLink
from kiosk.sync.payloads import DoorPayload
from tests.domain.rig import empty_state
from tests.sync.bare_client import BareClient, Heard, bare_client
from tests.sync.mosquitto import Mosquitto
from tests.sync.rig import TOPICS, kiosk_at, until
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
DISCOVERY = Discovery("homeassistant", TOPICS, "Maple Court", "test")
CONFIGS = "homeassistant/#"


def rendered(config: dict[str, str], retained: dict[str, str]) -> str:
    """What Home Assistant makes of the newest state."""
    content = json.loads(retained[config["state_topic"]])
    return Environment(autoescape=True).from_string(config["value_template"]).render(value_json=content)


async def all_of(client: BareClient, count: int) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Every announcement by entity id, and every retained state by topic."""
    heard: list[Heard] = await client.until_count(count, "/config")
    configs = {one.topic.split("/")[3]: one.json for one in heard}
    await until(
        lambda: {config["state_topic"] for config in configs.values()} <= {h.topic for h in client.heard},
        "every state that an entity reads is there",
    )
    return configs, {one.topic: one.payload.decode() for one in client.heard if "/state/" in one.topic}


async def test_every_entity_reads_what_is_true(broker: Mosquitto, tmp_path: Path) -> None:
    link = MqttLink(broker.settings(), "lobby")
    async with kiosk_at(tmp_path / "kiosk.db", link, discovery=DISCOVERY) as kiosk:
        await kiosk.start()
        await kiosk.store()
        await kiosk.do(DoorSeen(CompartmentId("c8"), DoorState.OPEN))
        layout = kiosk.engine.state.layout
        count = len(layout.compartments) + len(layout.banks) + len(layout.sizes) + 5
        async with bare_client(broker.port, CONFIGS, f"{TOPICS.source}/state/#") as client:
            configs, states = await all_of(client, count)
            door = f"{TOPICS.source}/state/door/c8"
            await until(lambda: '"open"' in client.under(door)[-1].payload.decode(), "the open door is told")
            states[door] = client.under(door)[-1].payload.decode()
    assert len(configs) == count
    assert rendered(configs["door_c8"], states) == "ON"
    assert {rendered(configs[f"door_{one}"], states) for one in layout.compartments if one != "c8"} <= {"OFF"}
    assert rendered(configs["parcels"], states) == "1"
    assert rendered(configs["incidents"], states).isdecimal()
    assert {rendered(configs[f"bank_{bank}"], states) for bank in layout.banks} == {"ON"}
    for size in layout.sizes:
        assert rendered(configs[f"free_{size.value.lower()}"], states).isdecimal()
    assert len({config["unique_id"] for config in configs.values()}) == count
    for topic, payload in states.items():
        if "/door/" in topic:
            DoorPayload.model_validate_json(payload)


async def test_announcements_are_retained_and_name_nobody(broker: Mosquitto, tmp_path: Path) -> None:
    link = MqttLink(broker.settings(), "lobby")
    async with kiosk_at(tmp_path / "kiosk.db", link, discovery=DISCOVERY) as kiosk:
        await kiosk.start()
        await kiosk.store()
        await kiosk.until_published()
        units = [unit.label for unit in kiosk.engine.state.directory.units.values()]
    async with bare_client(broker.port, CONFIGS) as late:
        heard = await late.until_count(1, "/config")
    assert all(one.is_retained for one in heard)
    told = " ".join(one.payload.decode() for one in heard)
    assert not [unit for unit in units if f'"{unit}"' in told]
    assert "command" not in told


async def test_without_the_setting_nothing_is_announced(broker: Mosquitto, tmp_path: Path) -> None:
    async with bare_client(broker.port, "#") as client:
        async with kiosk_at(tmp_path / "kiosk.db", MqttLink(broker.settings(), "lobby")) as kiosk:
            await kiosk.start()
            await kiosk.until_published()
        assert client.heard
        assert {one.topic for one in client.heard if not one.topic.startswith(TOPICS.source)} == set()
        assert client.under("/door/") == []


@pytest.mark.parametrize("name", ["c.1", "tür 5", "a/b"])
async def test_ids_hold_only_signs_that_home_assistant_takes(name: str) -> None:
    topics = replace(TOPICS, kiosk=name)
    kiosk = replace(DISCOVERY, topics=topics)
    for publication in kiosk.announcements(empty_state()):
        _, component, node, entity, last = publication.topic.split("/")
        assert component in ("binary_sensor", "sensor")
        assert last == "config"
        assert all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in node + entity)
