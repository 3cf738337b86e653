"""A parcel in and out of real processes: no file but a phone's, no topic and no log line holds its code."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.sample import read_sample
from tests.app.processes import Kiosk, started, until, welcome
from tests.app.test_whole_simulation import collect, deliver
from tests.canaries import codes_in, people_in, wrongs_in_database, wrongs_in_files
from tests.cli.test_broker import pointed_at
from tests.sync.mosquitto import Mosquitto, mosquitto
from tests.sync.reader import reading


@pytest.fixture
def broker(tmp_path: Path, free_port: int) -> Iterator[Mosquitto]:
    folder = tmp_path / "broker"
    folder.mkdir()
    with mosquitto(folder, free_port) as running:
        yield running


def codes_on_phones(kiosk: Kiosk) -> set[str]:
    texts = [json.loads(path.read_text())["text"] for path in (kiosk.base / "sim" / "phones").glob("*.json")]
    return {found[1] + found[2] for text in texts for found in re.finditer(r"\b(\d{4}) (\d{4})\b", text)}


def test_nothing_that_was_written_holds_a_code_or_a_name(
    simulated: Kiosk, broker: Mosquitto, new_port: Callable[[], int], tmp_path: Path
) -> None:
    kiosk = pointed_at(simulated, new_port(), "tls = false")
    building = read_sample()
    people = {text for one in building.residents for text in (one.name, *one.contact.split())}
    command = [*kiosk.simulation_command(), "--broker", f"127.0.0.1:{broker.port}"]
    with (
        reading(broker.port, "#") as reader,
        started(command, kiosk.base / "errors.txt") as simulation,
    ):
        door = deliver(kiosk, welcome(simulation))
        until(lambda: codes_on_phones(kiosk), "the code reaches a phone")
        collect(kiosk, door)
        assert simulation.stop(signal.SIGINT) == 0
        codes, heard = codes_on_phones(kiosk), reader.under("")
    assert codes
    assert heard
    for one in heard:
        text = f"{one.topic} {one.payload.decode()}"
        assert not codes_in(text, codes), text
        assert not people_in(text, people), text
    said = (kiosk.base / "errors.txt").read_text(encoding="utf-8")
    assert not codes_in(said, codes)
    assert not people_in(said, people)
    assert wrongs_in_database(kiosk.folder / "kiosk.db", codes, people) == []
    for folder in (kiosk.folder, broker.folder):
        assert wrongs_in_files(folder, codes) == []
    world = (kiosk.base / "sim" / "world.json").read_text(encoding="utf-8")
    assert not codes_in(world, codes)
