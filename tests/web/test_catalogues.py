"""Every text is translated, in every language, with every filled-in word."""

import re

import pytest

from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.screen import ScreenKind, Side
from kiosk.domain.refusals import Refusal
from kiosk.web.touchscreen import sentences
from kiosk.web.touchscreen.pages import ELSEWHERE, TEMPLATES
from kiosk.web.touchscreen.translate import LANGUAGES, SOURCE, Catalogues, language_of
from tests.web.catalogues import sources, translations

OTHERS = sorted(LANGUAGES.keys() - {SOURCE})
FILLED_IN = re.compile(r"%\(\w+\)s")


def source_texts() -> set[str]:
    return {str(message.id) for message in sources() if message.id}


@pytest.mark.parametrize("tag", OTHERS)
def test_every_text_is_translated_and_none_is_left_over(tag: str) -> None:
    catalogue = translations(tag)
    done = {str(one.id) for one in catalogue if one.id and one.string and not one.fuzzy}
    assert source_texts() - done == set(), "without a translation"
    assert {str(one.id) for one in catalogue if one.id} - source_texts() == set(), (
        "no page says this any more"
    )
    assert not catalogue.obsolete


@pytest.mark.parametrize("tag", OTHERS)
def test_every_filled_in_word_is_kept(tag: str) -> None:
    lost = [
        message.id
        for message in translations(tag)
        if message.id
        and set(FILLED_IN.findall(str(message.id))) != set(FILLED_IN.findall(str(message.string)))
    ]
    assert lost == []


@pytest.mark.parametrize("tag", OTHERS)
def test_no_text_shouts(tag: str) -> None:
    said = [str(one.string) for one in translations(tag) if one.id]
    assert not [text for text in said if {"!", "¡", "\N{FULLWIDTH EXCLAMATION MARK}"} & set(text)]
    assert not [text for text in source_texts() if "!" in text]


def test_every_refusal_side_and_size_has_a_sentence() -> None:
    assert set(Refusal) <= sentences.NOTICES.keys()
    assert set(Side) == sentences.SIDES.keys()
    assert {size.value for size in SizeClass} == sentences.SIZES.keys() == sentences.FREE.keys()


def test_every_kind_of_screen_has_a_template() -> None:
    shown = {path.stem for path in TEMPLATES.glob("*.html")} - {"page", "parts", "screen"}
    assert shown == {kind.value for kind in ScreenKind} | {ELSEWHERE}


def test_a_tag_that_nobody_knows_is_english() -> None:
    assert language_of("xx").tag == SOURCE
    assert language_of("zh-Hans-CN").tag == "zh"
    assert Catalogues().of("xx").text("Help") == "Help"
    assert Catalogues().of("es").text("Help") == "Ayuda"
