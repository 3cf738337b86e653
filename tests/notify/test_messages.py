"""Messages in words: every kind in every language, the code as the screen asks for it, nothing else."""

import string
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from config.settings import Language
from kiosk.domain.changes import MessageQueued
from kiosk.domain.model.directory import Resident
from kiosk.domain.model.ids import DeliveryId, MessageId, ResidentId, UnitId
from kiosk.domain.model.place import Overflow, Shelf
from kiosk.domain.rules import custody
from kiosk.domain.state import Building
from kiosk.fresh import Codes
from kiosk.notify.messages import TEMPLATES, CodeEnded, MessageWriter, NoWords, Templates, read_templates
from kiosk.ports import OutgoingMessage, WaitingMessage
from kiosk.service.codes import CodeKeys, FreshCode, SealBroken

LANGUAGES = get_args(Language)
KINDS = sorted(
    value for name, value in vars(custody).items() if name.isupper() and name[0] != "_" and type(value) is str
)
BUILDING = Building("Maple Court", "k1", ("es", "en"), "Front desk, phone 555-0142")
PLACEHOLDERS = {
    "building",
    "door",
    "code",
    "more",
    "days",
    "left",
    "help",
    "who",
    "room",
    "entry",
    "hours",
    "date",
}
PLACEHOLDERS |= {"shelf", "desk", "where"}
ELSEWHERE = {"parcel_on_shelf": Overflow(shelves=(Shelf("17"),)), "parcel_at_desk": Overflow(desk="17")}
REMINDERS = ("parcel_reminder", "parcel_last_day", "parcel_overdue")


class Desk:
    """Writes messages of one kiosk."""

    def __init__(self, folder: Path) -> None:
        self.keys = CodeKeys.create(folder)
        self.fresh = self.draw()
        while len({"0142", *self.groups}) < 4:
            self.fresh = self.draw()

    def draw(self) -> FreshCode:
        """Another code."""
        return self.keys.candidate()

    @property
    def groups(self) -> tuple[str, str, str]:
        """The code as people see it; no group is like another, or like the help contact."""
        digits = self.keys.unseal(self.fresh.sealed)
        return digits[:4], digits[4:8], digits[8:]

    def write(
        self, kind: str, language: str, *, building: Building = BUILDING, templates: Templates | None = None
    ) -> OutgoingMessage:
        """A message about door 17 to somebody with a language."""
        if building == BUILDING and kind in ELSEWHERE:
            building = replace(BUILDING, overflow=ELSEWHERE[kind])
        writer = MessageWriter(Codes(self.keys), building, pickup_days=5, templates=templates)
        person = Resident(ResidentId("r1"), UnitId("u412"), "Mara Lind", language, "mara@example.org")
        return writer.write(self.waiting(kind), person)

    def waiting(self, kind: str) -> WaitingMessage:
        """A row of a kind."""
        row = MessageQueued(MessageId("m1"), kind, DeliveryId("d1"), ResidentId("r1"), 0, door="17")
        return WaitingMessage(row, self.fresh.sealed, 0)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_rules_know_the_kinds_that_are_tested_here() -> None:
    assert {"parcel_waiting", "opened_by_staff"} <= set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opening_names_who_of_the_staff_opened(desk: Desk, language: str) -> None:
    waiting = desk.waiting("opened_by_staff")
    named = replace(waiting, message=replace(waiting.message, detail="Jo Reyes"))
    writer = MessageWriter(Codes(desk.keys), BUILDING, pickup_days=5)
    person = Resident(ResidentId("r1"), UnitId("u412"), "Mara Lind", language, "mara@example.org")
    assert "Jo Reyes" in writer.write(named, person).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_in_every_language(desk: Desk, kind: str, language: str) -> None:
    message = desk.write(kind, language)
    assert "Maple Court" in message.subject
    assert "17" in message.subject + message.text
    assert "555-0142" in message.text
    assert "$" not in message.subject + message.text
    assert len(message.subject) <= 70
    assert len(message.text) <= 400


def test_no_template_is_left_over_and_none_differs_in_what_it_tells() -> None:
    found = read_templates()
    assert set(found) == {(language, kind) for language in LANGUAGES for kind in KINDS}
    for kind in KINDS:
        asked = {frozenset(string.Template(found[one, kind]).get_identifiers()) for one in LANGUAGES}
        assert len(asked) == 1
        assert asked.pop() <= PLACEHOLDERS


def test_every_language_has_words_of_its_own() -> None:
    found = read_templates()
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(custody.WITH_CODE))
def test_the_code_is_shown_four_and_four_and_the_other_four_only_for_the_screen_that_asks(
    desk: Desk, kind: str, language: str
) -> None:
    lines = desk.write(kind, language).text.splitlines()
    first, second, more = desk.groups
    with_code = [line for line in lines if f"{first} {second}" in line]
    with_more = [line for line in lines if more in line]
    assert len(with_code) == len(with_more) == 1
    assert with_code != with_more


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in custody.WITH_CODE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_only_messages_about_a_waiting_parcel_hold_a_code(desk: Desk, kind: str, language: str) -> None:
    text = desk.write(kind, language).text
    assert not [group for group in desk.groups if group in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_says_how_one_gets_to_the_shelf_and_when_the_desk_is_there(
    desk: Desk, language: str
) -> None:
    overflow = Overflow(room="Package room", room_entry="Key at the desk", desk_hours="8 to 18")
    building = replace(BUILDING, overflow=replace(overflow, shelves=(Shelf("17"),)))
    shelf = desk.write("parcel_on_shelf", language, building=building).text
    assert "Package room" in shelf
    assert "Key at the desk" in shelf
    building = replace(BUILDING, overflow=replace(overflow, desk="17"))
    assert "8 to 18" in desk.write("parcel_at_desk", language, building=building).text


@pytest.mark.parametrize("kind", REMINDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_says_whether_it_is_a_door_a_shelf_or_the_desk(
    desk: Desk, kind: str, language: str
) -> None:
    texts = {desk.write(kind, language).text}
    texts |= {
        desk.write(kind, language, building=replace(BUILDING, overflow=one)).text
        for one in ELSEWHERE.values()
    }
    assert len(texts) == 3
    assert all("17" in text.splitlines()[0] for text in texts)


def test_the_code_keeps_its_order_between_right_to_left_words(desk: Desk) -> None:
    shown = f"\u2066{desk.groups[0]} {desk.groups[1]}\u2069"
    assert shown in desk.write("parcel_waiting", "ar").text
    assert "\u2066" not in desk.write("parcel_waiting", "en").text


@pytest.mark.parametrize(
    ("wanted", "like"),
    [
        pytest.param("zh-Hans", "zh", id="a region's language is the language"),
        pytest.param("fr", "es", id="one we do not speak is the building's own"),
        pytest.param("", "es", id="none is the building's own"),
    ],
)
def test_a_resident_is_told_in_the_nearest_language(desk: Desk, wanted: str, like: str) -> None:
    assert desk.write("parcel_waiting", wanted).text == desk.write("parcel_waiting", like).text


def test_without_the_buildings_language_it_is_english(desk: Desk) -> None:
    polish = Building("Klon", "k1", ("pl",), "")
    assert (
        desk.write("parcel_waiting", "fr", building=polish).subject == "A parcel is waiting for you at Klon"
    )


def test_a_building_without_a_help_contact_gets_no_empty_promise(desk: Desk) -> None:
    text = desk.write("parcel_waiting", "en", building=Building("Maple Court", "k1")).text
    assert "Help" not in text


def test_a_building_with_a_dollar_in_its_name_is_written_as_it_is(desk: Desk) -> None:
    assert "Villa $code" in desk.write("parcel_waiting", "en", building=Building("Villa $code", "k1")).subject


def test_a_code_that_has_ended_writes_nothing(desk: Desk) -> None:
    ended = WaitingMessage(desk.waiting("parcel_waiting").message, None, 0)
    writer = MessageWriter(Codes(desk.keys), BUILDING, pickup_days=5)
    person = Resident(ResidentId("r1"), UnitId("u412"), "Mara Lind", "en", "")
    with pytest.raises(CodeEnded):
        writer.write(ended, person)


def test_a_code_sealed_under_another_key_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    writer = MessageWriter(Codes(CodeKeys.create(tmp_path / "other")), BUILDING, pickup_days=5)
    person = Resident(ResidentId("r1"), UnitId("u412"), "Mara Lind", "en", "")
    with pytest.raises(SealBroken):
        writer.write(desk.waiting("parcel_waiting"), person)


def test_a_kind_without_a_template_is_named(desk: Desk) -> None:
    with pytest.raises(NoWords, match="rent_is_due"):
        desk.write("rent_is_due", "en")


def test_a_template_that_asks_for_something_unknown_is_named_with_what_it_may_ask(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "words" / "en" / "parcel_waiting.txt"
    path.parent.mkdir(parents=True)
    path.write_text("A parcel\n\nTracking $tracking\n", encoding="utf-8")
    with pytest.raises(NoWords, match=r"en/parcel_waiting.txt.*tracking.*\$building"):
        desk.write("parcel_waiting", "en", templates=read_templates(tmp_path / "words"))


def test_templates_are_where_translators_are_told_they_are() -> None:
    assert TEMPLATES.parts[-3:] == ("kiosk", "notify", "templates")
