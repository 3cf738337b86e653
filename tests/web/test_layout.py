"""Every page on the glass: nothing outside it, nothing cut off or overlapping, no target too small."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from playwright.sync_api import sync_playwright

from config.settings import PanelSettings
from kiosk.domain.model.screen import Screen
from kiosk.web.touchscreen.pages import Look
from tests.web.gallery import ARGUMENTS, CHROMIUM, PLAIN, SEVEN_INCH, TEN_INCH, UPRIGHT, Shot, Studio
from tests.web.samples import screens

LARGE = Look(has_contrast=True, is_large=True)
VIEWS = {
    "10 inch, English": (TEN_INCH, "en", PLAIN),
    "10 inch, Spanish": (TEN_INCH, "es", PLAIN),
    "10 inch, Arabic, large and contrast": (TEN_INCH, "ar", LARGE),
    "upright, English, large and contrast": (UPRIGHT, "en", LARGE),
    "upright, Arabic": (UPRIGHT, "ar", PLAIN),
    "7 inch, Spanish": (SEVEN_INCH, "es", PLAIN),
    "7 inch, Arabic": (SEVEN_INCH, "ar", PLAIN),
}


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_fits(view: str) -> None:
    panel, language, look = VIEWS[view]
    assert wrong(panel, language, look, screens()) == []


def wrong(panel: PanelSettings, language: str, look: Look, pages: Mapping[str, Screen]) -> list[str]:
    """What is wrong on any page, as one sentence each."""
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        studio = Studio(browser)
        shots = [Shot(name, replace(one, language=language), panel, look) for name, one in pages.items()]
        found = [f"{shot.name}: {problem}" for shot in shots for problem in studio.take(shot)]
        browser.close()
    return found


def test_the_measure_finds_what_is_wrong() -> None:
    tiny = PanelSettings(width_px=420, height_px=320, px_per_mm=6.68)
    assert wrong(tiny, "en", LARGE, {"code": screens()["code"]})


def test_on_the_usual_panel_only_pages_with_trouble_are_made_denser() -> None:
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        studio, dense = Studio(browser), set()
        for name, one in screens().items():
            studio.take(Shot(name, one, TEN_INCH))
            if studio.is_dense():
                dense.add(name)
        browser.close()
    at_doors = {"put-in-refused", "put-in-unseen", "put-in-held", "stored-held", "staff-jammed-second"}
    lists = {"staff-list", "staff-list-failing", "staff-list-held", "staff-cases", "staff-cases-again"}
    long_lists = {"proof-many", "parcels-many", "staff-parcels", "staff-places"}
    assert dense <= at_doors | lists | long_lists
