"""The residents' phones: what the file channel leaves in the folder, as people would see it."""

import json
from pathlib import Path

import pytest

from sim.phones import MARKER, MESSAGES_SHOWN, Phones

WORDS = {
    "to": "r-1",
    "name": "Ana Morales",
    "contact": "ana@example.org",
    "language": "es",
    "subject": "Tiene un paquete",
    "text": "Código: 4821 7730",
    "at": "2026-11-25T14:02:11Z",
}


def leave(folder: Path, number: int, **changed: str) -> None:
    message = {**WORDS, "id": f"m{number}", "at": f"2026-11-25T14:02:{number:02}Z", **changed}
    (folder / f"m{number}.json").write_text(json.dumps(message), encoding="utf-8")


@pytest.fixture
def phones(tmp_path: Path) -> Phones:
    made = Phones(tmp_path / "phones")
    made.mark()
    return made


@pytest.fixture
def folder(phones: Phones, tmp_path: Path) -> Path:
    return tmp_path / "phones"


def test_the_folder_is_marked_as_a_simulation(folder: Path) -> None:
    assert "made-up people" in (folder / MARKER).read_text(encoding="utf-8")


def test_the_newest_message_is_first(phones: Phones, folder: Path) -> None:
    for number in (2, 1, 3):
        leave(folder, number)
    assert [message.id for message in phones.look().messages] == ["m3", "m2", "m1"]


def test_a_message_has_the_words_of_its_file(phones: Phones, folder: Path) -> None:
    leave(folder, 1)
    (message,) = phones.look().messages
    assert (message.name, message.text) == ("Ana Morales", "Código: 4821 7730")


@pytest.mark.parametrize(
    ("language", "from_the_right"), [("ar", True), ("he-IL", True), ("en", False), ("zh", False)]
)
def test_a_language_says_where_it_starts(
    phones: Phones, folder: Path, language: str, *, from_the_right: bool
) -> None:
    leave(folder, 1, language=language)
    assert phones.look().messages[0].is_right_to_left is from_the_right


def test_a_file_that_is_no_message_is_named_and_hides_no_other(phones: Phones, folder: Path) -> None:
    leave(folder, 1)
    (folder / "broken.json").write_text("{", encoding="utf-8")
    seen = phones.look()
    assert ([message.id for message in seen.messages], seen.unreadable) == (["m1"], ("broken.json",))


def test_a_file_that_could_not_be_read_is_tried_again(phones: Phones, folder: Path) -> None:
    (folder / "m1.json").write_text("{", encoding="utf-8")
    phones.look()
    leave(folder, 1)
    seen = phones.look()
    assert ([message.id for message in seen.messages], seen.unreadable) == (["m1"], ())


def test_many_messages_show_the_newest_and_say_how_many_there_are(phones: Phones, folder: Path) -> None:
    for number in range(MESSAGES_SHOWN + 5):
        leave(folder, number)
    seen = phones.look()
    assert (len(seen.messages), seen.total) == (MESSAGES_SHOWN, MESSAGES_SHOWN + 5)
    assert seen.messages[0].id == f"m{MESSAGES_SHOWN + 4}"


def test_the_marker_and_files_being_written_are_no_messages(phones: Phones, folder: Path) -> None:
    (folder / ".m9.json").write_text("{", encoding="utf-8")
    (folder / "m9.json.new").write_text("{", encoding="utf-8")
    assert phones.look().total == 0
    assert phones.look().unreadable == ()
