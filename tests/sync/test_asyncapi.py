"""The AsyncAPI document is the one in the docs, is whole, and what the kiosk publishes is what it says."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from kiosk.cli.commands import EXAMPLES
from kiosk.domain.events import EVENT_TYPES
from kiosk.ports import Publication
from kiosk.rehearsal.memory_broker import MemoryBroker, MemoryLink
from kiosk.sync.asyncapi import document
from kiosk.sync.discovery import Discovery
from kiosk.sync.messages import COMMANDS
from kiosk.sync.payloads import STATES, AnswerPayload, DoorPayload, EventPayload, StatusPayload
from tests.app.processes import KIOSK, run
from tests.sync.rig import TOPICS, kiosk_at, order

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "asyncapi.json"
GOLDEN = Path(__file__).parents[1] / "data" / "events"


def test_the_copy_in_the_docs_is_what_the_command_prints() -> None:
    told = run([*KIOSK, "schema", "asyncapi"])
    assert told.returncode == 0, told.stderr
    assert told.stdout == PAGE.read_text(encoding="utf-8"), "run: kiosk schema asyncapi > " + str(PAGE)
    assert EXAMPLES["kiosk schema asyncapi"]


def test_every_reference_leads_somewhere() -> None:
    made = document()

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if "$ref" in part:
                at: Any = made
                for step in part["$ref"].removeprefix("#/").split("/"):
                    at = at[step]
            for value in part.values():
                look(value)
        elif isinstance(part, list):
            for value in part:
                look(value)

    look(made)


def test_every_event_command_and_state_is_in_it() -> None:
    channels = document()["channels"]
    assert set(channels["event"]["messages"]) == set(EVENT_TYPES)
    assert {f"command-{name}" for name in COMMANDS} <= set(channels)
    assert {f"state-{thing}" for thing in STATES} <= set(channels)
    addresses = {one["address"] for one in channels.values()}
    assert len(addresses) == len(channels)
    for one in channels.values():
        assert set(one["parameters"]) == {
            part.strip("{}") for part in one["address"].split("/") if part.startswith("{")
        }


def test_golden_events_have_the_fields_that_it_says() -> None:
    messages = document()["components"]["messages"]
    for file in GOLDEN.glob("*.json"):
        name, version, *private = file.name.removesuffix(".json").split(".")
        if private or int(version) != EVENT_TYPES[name].V:
            continue
        body = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
        schema = messages[name]["payload"]["allOf"][1]["properties"]["data"]
        assert set(schema["required"]) <= set(body) <= set(schema["properties"]), name
        for field, value in body.items():
            allowed = schema["properties"][field]
            assert value in allowed.get("enum", [value]), (name, field)
            assert type(value).__name__ == WORDS[allowed["type"]], (name, field)


WORDS = {"string": "str", "integer": "int", "boolean": "bool", "array": "list", "number": "float"}


def model_of(publication: Publication) -> type[BaseModel]:
    """Which model a payload must be."""
    kind, _, rest = publication.topic.removeprefix(f"{TOPICS.source}/").partition("/")
    match kind:
        case "event":
            return EventPayload
        case "status":
            return StatusPayload
        case "answer":
            return AnswerPayload
        case _:
            return DoorPayload if rest.startswith("door/") else STATES[rest]


async def test_everything_that_is_published_is_what_the_models_say(tmp_path: Path) -> None:
    broker, discovery = MemoryBroker(), Discovery("homeassistant", TOPICS, "Maple Court", "test")
    path, link = tmp_path / "kiosk.db", MemoryLink(broker, "lobby")
    async with kiosk_at(path, link, discovery=discovery) as kiosk:
        await kiosk.start()
        delivery = await kiosk.store()
        for number, name in enumerate(("status", "hold", "cancel", "dance"), 1):
            content = order(str(number)) | ({} if name == "status" else {"delivery": delivery})
            payload = json.dumps(content).encode()
            broker.publish(Publication(f"{TOPICS.source}/command/{name}", payload))
        await kiosk.until_published()
    ours = [one for one in broker.taken if one.topic.startswith(TOPICS.source) and "command" not in one.topic]
    kinds = set()
    for publication in ours:
        model = model_of(publication)
        model.model_validate_json(publication.payload)
        kinds.add(model)
    assert kinds == {EventPayload, StatusPayload, AnswerPayload, DoorPayload, *STATES.values()}
