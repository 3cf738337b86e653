"""The page of topics and payloads names every command and every code, and its examples are real."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from kiosk.domain.model.command import CommandRefusal
from kiosk.sync.messages import COMMANDS, ConfirmMessage, Fault, ReplayMessage, read, read_command

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "mqtt.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_row(name: str) -> None:
    assert re.search(rf"^\| `{name}` \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("code", [*CommandRefusal, *get_args(Fault)])
def test_every_code_has_its_row(code: str) -> None:
    assert re.search(rf"^\| `{code}` \|", PAGE, re.MULTILINE)


def test_the_examples_are_read() -> None:
    event, confirm, command, answer = EXAMPLES
    assert event["id"] == f"{event['kiosk']}/{event['epoch']}/{event['seq']}"
    assert read_command("cancel", json.dumps(command).encode()).id == command["id"]
    confirm["head"] = "0" * 64
    assert read(ConfirmMessage, json.dumps(confirm).encode()).seq == 42
    assert read(ReplayMessage, b'{"from":17}').start == 17
    assert answer["code"] in set(CommandRefusal)
