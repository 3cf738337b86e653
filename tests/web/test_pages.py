"""Every page in every language: whole, its own direction, names for every button, nothing untranslated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest

from config.settings import PanelSettings
from kiosk.domain.model.screen import DoorMark, Screen, ScreenKind
from kiosk.web.files import STATIC, panel_css
from kiosk.web.touchscreen.cabinet import draw, spot_of
from kiosk.web.touchscreen.pages import Issue, Look, Pages, View
from kiosk.web.touchscreen.translate import LANGUAGES
from tests.web.gallery import NoClock, OneReceipt
from tests.web.samples import LANGUAGES as BUILDING_LANGUAGES
from tests.web.samples import cabinet, layout, screens

LIMIT_KIB = 60
SPOKEN = ("aria-label", "data-said", "data-none", "data-wait", "data-fast", "placeholder", "title")
VALUES = re.compile(
    r"Maple Court|Ana at the front desk|English|Español|\b[MP]\.|\bLin\b|\bPH\d?\b"
    r"|Package room|Front desk|Every day, 8 to 20|Swift Parcel"
    r"|Behind the cabinet. The key is at the front desk"
    r"|\b[A-Z2-9]{6}\b|\b(cm|QR|PIN)\b|\bLW-[A-Z]\d{3}\b"
)
"""What stands on a page in no language: names, units, proofs, numbers of faults, short words."""
LATIN = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
VOID = {"meta", "link", "input", "br"}


@dataclass
class Tag:
    """An element as it was opened."""

    name: str
    attributes: dict[str, str | None]
    text: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """Reads a page as a screen reader would: elements, texts, and texts in attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self._open: list[Tag] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        found = Tag(tag, dict(attrs))
        self.tags.append(found)
        if tag not in VOID:
            self._open.append(found)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element of this name."""
        while self._open and self._open.pop().name != tag:
            pass

    def handle_data(self, text: str) -> None:
        """A text belongs to everything that is open around it."""
        for one in self._open:
            one.text.append(text)

    def named(self, name: str) -> list[Tag]:
        """Elements of one name."""
        return [tag for tag in self.tags if tag.name == name]

    def said(self) -> Iterator[str]:
        """Every text that somebody reads or hears."""
        for tag in self.named("div")[:1]:
            yield from tag.text
        for tag in self.tags:
            yield from (value for name, value in tag.attributes.items() if name in SPOKEN and value)


PAGES = Pages(OneReceipt(), NoClock(), "America/New_York", "1")


def full(screen: Screen, look: Look | None = None, notice: str = "") -> str:
    view = View(screen, layout(), look or Look(), notice)
    return PAGES.full(view, Issue("token", 7, "boot"))


def part(screen: Screen, *, is_elsewhere: bool = False) -> str:
    view = View(screen, layout(), is_elsewhere=is_elsewhere)
    return PAGES.part(view, Issue("token", 7, "boot"))


def test_the_samples_show_every_kind() -> None:
    assert {screen.kind for screen in screens().values()} == set(ScreenKind)
    assert set(BUILDING_LANGUAGES) == LANGUAGES.keys()


@pytest.mark.parametrize("tag", ["zh", "ar"])
@pytest.mark.parametrize("name", screens())
def test_a_page_says_everything_in_its_own_language(name: str, tag: str) -> None:
    screen = replace(screens()[name], language=tag)
    left = [text for text in Reader(part(screen)).said() if LATIN.search(VALUES.sub("", text))]
    assert [text for text in left if not text.startswith("[")] == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_page_is_marked_with_its_language_and_direction(tag: str) -> None:
    language = LANGUAGES[tag]
    for screen in screens().values():
        page = Reader(full(replace(screen, language=tag)))
        for element in (page.named("html")[0], page.named("div")[1]):
            assert element.attributes["lang"] == language.html_tag
            assert element.attributes["dir"] == language.direction


@pytest.mark.parametrize("name", screens())
def test_digits_doors_and_keypad_do_not_mirror(name: str) -> None:
    page = Reader(part(replace(screens()[name], language="ar")))
    for tag in page.tags:
        shape = (tag.attributes.get("class") or "").split()
        if {"keypad", "letters", "slots", "typed", "proof"} & set(shape):
            assert tag.attributes.get("dir") == "ltr"
        if "cabinet" in shape:
            assert tag.attributes.get("direction") == "ltr"
        if "door" in shape:
            assert tag.name == "bdi"


@pytest.mark.parametrize("name", screens())
def test_a_page_is_whole_for_those_who_hear_it(name: str) -> None:
    page = Reader(full(screens()[name]))
    assert len(page.named("h1")) == 1
    assert "".join(page.named("h1")[0].text).strip()
    assert {"main", "header", "footer"} <= {tag.name for tag in page.tags}
    for button in page.named("button"):
        assert button.attributes.get("aria-label") or "".join(button.text).strip()
    for picture in page.named("svg"):
        is_named = picture.attributes.get("role") != "img" or picture.attributes.get("aria-label")
        assert picture.attributes.get("aria-hidden") == "true" or is_named


@pytest.mark.parametrize("name", screens())
def test_a_page_has_one_filled_button_at_most(name: str) -> None:
    filled = [
        tag
        for tag in Reader(part(screens()[name])).named("button")
        if "go" in str(tag.attributes.get("class"))
    ]
    warned = screens()[name].warning_s is not None
    assert len(filled) <= 1 + warned


@pytest.mark.parametrize("name", screens())
def test_a_page_offers_what_the_rules_offer(name: str) -> None:
    screen = screens()[name]
    page = Reader(part(screen))
    posted = {str(tag.attributes.get("value")) for tag in page.named("button")}
    posted |= {str(tag.attributes.get("value")) for tag in page.named("input")}
    wanted = {f"{one.action}:{one.value}" if one.value else one.action.value for one in screen.offers}
    missing = wanted - posted - {f"language:{screen.language}"}
    assert missing <= ({"back"} if screen.kind is ScreenKind.UNIT else set()), "finish does the same there"


def test_help_stands_last_on_every_page() -> None:
    for screen in screens().values():
        buttons = [
            tag.attributes.get("value")
            for tag in Reader(part(replace(screen, warning_s=None))).named("button")
        ]
        assert buttons[-1] == "help" or screen.kind is ScreenKind.HELP


def test_nothing_on_a_page_is_script_or_style_of_its_own() -> None:
    for screen in screens().values():
        page = Reader(full(screen))
        for tag in page.tags:
            assert not [name for name in tag.attributes if name == "style" or name.startswith("on")]
        assert not page.named("style")
        assert all(script.attributes.get("src") for script in page.named("script"))


def test_a_page_with_its_style_and_script_is_light() -> None:
    heaviest = max(
        len(full(screen).encode()) for screen in screens().values() if screen.kind is not ScreenKind.PROOF
    )
    files = sum(path.stat().st_size for path in STATIC.iterdir())
    total = heaviest + files + len(panel_css(PanelSettings()))
    assert total <= LIMIT_KIB * 1024, f"{total / 1024:.1f} KiB"


def test_names_are_not_taken_for_markup() -> None:
    screen = replace(screens()["help"], help_contact="<script>alert(1)</script>", building="A & B <i>")
    html = full(screen)
    assert "<script>alert" not in html
    assert "A &amp; B &lt;i&gt;" in html


def test_looks_are_marked_on_the_page() -> None:
    html = full(screens()["home"], Look.parse("contrast-large"))
    page = Reader(html).named("html")[0].attributes
    assert (page["data-theme"], page["data-text"]) == ("contrast", "large")
    assert str(Look.parse("large-contrast-nonsense")) == "contrast-large"


def test_a_page_that_says_something_else_has_another_mark() -> None:
    home = View(screens()["home"], layout())
    assert home.etag == View(screens()["home"], layout()).etag
    others = [
        View(screens()["home-full"], layout()),
        View(screens()["home"], layout(), Look(is_large=True)),
        View(screens()["home"], layout(), notice="stale_page"),
        View(screens()["home"], layout(), is_elsewhere=True),
    ]
    assert len({home.etag, *(one.etag for one in others)}) == 5


def test_the_page_for_everybody_else_shows_nothing_of_the_visit() -> None:
    html = part(screens()["put-in"], is_elsewhere=True)
    assert "412" not in html
    assert 'value="take_over"' in html


def test_the_cabinet_is_drawn_in_proportion_with_the_screen_in_it() -> None:
    drawing = draw(cabinet(), layout().sizes)
    cells = {cell.label: cell for cell in drawing.cells}
    assert len(cells) == 25
    assert {cell.y + cell.height for cell in drawing.cells if cell.label in {"6", "9", "14", "18", "24"}} == {
        drawing.height - 36
    }
    assert cells["9"].height > cells["5"].height > cells["1"].height >= cells["3"].height
    assert drawing.cells[-1].mark is DoorMark.YOURS
    spot = spot_of(cabinet())
    assert spot is not None
    assert (spot.column, spot.columns, spot.row) == (4, 5, 3)


@pytest.mark.parametrize(
    ("name", "is_open"),
    [
        ("put-in", True),
        ("take-out", True),
        ("staff-take", True),
        ("question-open", True),
        ("opening", False),
        ("put-in-unseen", False),
        ("stored", False),
        ("got-everything", False),
        ("staff-settle", False),
        ("jammed", False),
    ],
)
def test_the_door_at_hand_is_drawn_open_only_while_it_is_seen_open(name: str, is_open: bool) -> None:
    tags = Reader(part(screens()[name])).tags
    drawn = [tag.name for tag in tags if tag.attributes.get("class") == "yours" and tag.name != "text"]
    assert drawn == ["polygon" if is_open else "rect"]


def test_a_panel_is_told_its_millimetres() -> None:
    assert panel_css(PanelSettings(px_per_mm=4.63)) == b":root { --mm: 4.63px; }\n"
    assert b"--air" in panel_css(PanelSettings(px_per_mm=6.68))
