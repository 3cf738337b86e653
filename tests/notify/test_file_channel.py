"""The simulation's phones: one file a message, written once, and only where a simulated world says so."""

import asyncio
import json
import stat
from pathlib import Path

import pytest

from kiosk.domain.model.directory import Resident
from kiosk.domain.model.ids import MessageId, ResidentId, UnitId
from kiosk.notify.file_channel import OUT_OF_REACH, open_file_channel
from kiosk.ports import OutgoingMessage
from kiosk.rehearsal.virtual_loop import run_virtually
from kiosk.service.made_up import MARKER, NotASimulation
from sim.phones import MARKER as WORLDS_MARKER
from sim.phones import OUT_OF_REACH as WORLDS_OUT_OF_REACH
from sim.phones import Phones
from tests.notify.rig import LoopClock

SALMA = Resident(ResidentId("r9"), UnitId("u412"), "سلمى البستاني", "ar", "salma@example.org")


def message(name: str = "01976e2c-1111-7abc-8def-0123456789ab.3", text: str = "الرمز") -> OutgoingMessage:
    return OutgoingMessage(MessageId(name), SALMA, "طرد بانتظاركم", text)


def send(folder: Path, *messages: OutgoingMessage) -> None:
    """Open the channel as a start does, and send."""

    async def send_all() -> None:
        channel = open_file_channel(folder, LoopClock())
        async with asyncio.TaskGroup() as group:
            for one in messages:
                group.create_task(channel.send(one))

    run_virtually(send_all())


@pytest.fixture
def phones(tmp_path: Path) -> Path:
    """A folder that a simulated world has marked."""
    folder = tmp_path / "sim" / "phones"
    Phones(folder).mark()
    return folder


def test_a_message_is_one_file_that_says_everything_about_it(phones: Path) -> None:
    send(phones, message())
    (path,) = phones.glob("*.json")
    assert path.name == f"{message().id}.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    assert list(written) == ["id", "to", "name", "contact", "language", "subject", "text", "at"]
    assert written["to"] == "r9"
    assert written["name"] == SALMA.name
    assert written["text"] == "الرمز"
    assert written["at"] == "2026-09-21T14:13:20.000Z"


def test_the_simulated_world_shows_what_was_sent(phones: Path) -> None:
    send(phones, message())
    shown = Phones(phones).look()
    assert [(one.id, one.name, one.text) for one in shown.messages] == [(message().id, SALMA.name, "الرمز")]
    assert not shown.unreadable


def test_only_the_owner_can_read_a_message(phones: Path) -> None:
    send(phones, message())
    (path,) = phones.glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_id_is_shown_once_as_it_was_first_sent(phones: Path) -> None:
    send(phones, message(text="first"))
    (path,) = phones.glob("*.json")
    before = path.read_bytes()
    send(phones, message(text="second"))
    assert [one.read_bytes() for one in phones.glob("*.json")] == [before]


def test_what_a_power_cut_left_half_written_is_no_message_and_is_not_in_the_way(phones: Path) -> None:
    (phones / f".{message().id}.json.part").write_text('{"id": "half', encoding="utf-8")
    assert not Phones(phones).look().unreadable
    send(phones, message())
    assert len(Phones(phones).look().messages) == 1
    assert not list(phones.glob(".*"))


def test_an_id_from_outside_cannot_leave_the_folder(phones: Path) -> None:
    send(phones, message("../../etc/passwd"))
    assert [path.parent for path in phones.rglob("*.json")] == [phones]
    assert not list(phones.parent.glob("*.json"))


def test_a_folder_that_became_something_else_is_an_error_and_never_taken_for_sent(phones: Path) -> None:
    channel = open_file_channel(phones, LoopClock())
    (phones / MARKER).unlink()
    phones.rmdir()
    phones.write_text("a file where the folder was", encoding="utf-8")
    with pytest.raises(OSError, match="phones"):
        run_virtually(channel.send(message()))


def test_forty_messages_at_once_are_forty_files(phones: Path) -> None:
    send(phones, *(message(f"m{number}") for number in range(40)))
    assert len(list(phones.glob("*.json"))) == 40


def test_a_folder_without_the_worlds_mark_is_refused_and_nothing_is_made_there(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    with pytest.raises(NotASimulation, match=f"{folder}.*SIMULATION.*simulation only"):
        open_file_channel(folder, LoopClock())
    assert not folder.exists()


def test_the_mark_of_the_folder_above_counts(tmp_path: Path) -> None:
    (tmp_path / MARKER).touch()
    open_file_channel(tmp_path / "phones", LoopClock())
    assert (tmp_path / "phones").is_dir()


def test_both_sides_call_the_mark_the_same() -> None:
    assert (MARKER, OUT_OF_REACH) == (WORLDS_MARKER, WORLDS_OUT_OF_REACH)


def test_phones_out_of_reach_get_nothing_until_they_are_in_reach_again(phones: Path) -> None:
    world = Phones(phones)
    world.mark()
    world.set_reach(in_reach=False)
    with pytest.raises(OSError, match="out of reach"):
        run_virtually(open_file_channel(phones, LoopClock()).send(message()))
    assert list(phones.glob("*.json")) == []
    world.set_reach(in_reach=True)
    send(phones, message())
    assert len(world.look().messages) == 1
