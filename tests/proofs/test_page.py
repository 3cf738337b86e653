"""The page that checks proofs, in a real browser and from a file: the same verdicts as the command."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from kiosk.proofs.page import page_with
from kiosk.proofs.verdicts import KnownKey, judge
from tests.proofs.samples import CODE, KEY, OTHER_KEY, texts
from tests.web.gallery import ARGUMENTS, CHROMIUM

SIGNED = texts()
WITHOUT_ED25519 = (
    """crypto.subtle.generateKey = () => Promise.reject(new DOMException("no", "NotSupportedError"));"""
)


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[str, Page]]:
    """One tab of one browser without a network."""
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(offline=True)
        yield {"page": context.new_page()}
        browser.close()


@pytest.fixture
def page(pages: dict[str, Page], tmp_path: Path) -> Page:
    """The page as it is shipped."""
    return opened(pages["page"], tmp_path, page_with())


def opened(page: Page, folder: Path, text: str) -> Page:
    file = folder / "check.html"
    file.write_text(text, encoding="utf-8")
    page.goto(file.as_uri())
    return page


def checked(page: Page, proofs: str, *, key: str | None = None, unit: str = "", code: str = "") -> list[str]:
    page.fill("#proofs", proofs)
    if key is not None:
        page.fill("#key", key)
    page.fill("#unit", unit)
    page.fill("#code", code)
    page.click("button")
    expected = max(1, len(proofs.splitlines()))
    page.wait_for_function("n => document.querySelectorAll('#findings li').length === n", arg=expected)
    return [item.inner_text().replace("\n", ": ") for item in page.locator("#findings li").all()]


def said_by_the_command(proofs: str, known: KnownKey, *, unit: str = "", code: str = "") -> list[str]:
    words = {"valid": "valid", "garbled": "garbled"}
    return [
        "; ".join((f"{words.get(one.verdict, 'not valid')}: {one.why}", *one.remarks))
        for one in judge(proofs.splitlines(), known, unit=unit, code=code)
    ]


@pytest.mark.parametrize(
    "proofs",
    [
        SIGNED.first,
        SIGNED.visit,
        f"{SIGNED.first}\n{SIGNED.second}\n{SIGNED.visit}",
        f"{SIGNED.second}\n{SIGNED.visit}",
        texts(is_trusted=False).first,
        SIGNED.first.replace(":431:", ":432:"),
        texts(OTHER_KEY).visit,
        texts(kiosk="garden").first,
        SIGNED.first.replace("20261128T", "20261328T"),
        "https://example.org/x.y",
    ],
)
def test_the_page_says_what_the_command_says(page: Page, proofs: str) -> None:
    key = json.dumps({"kiosk": "lobby", "public_key": KEY.public})
    assert checked(page, proofs, key=key) == said_by_the_command(proofs, KnownKey(KEY.public_key, "lobby"))


@pytest.mark.parametrize("unit", ["412", "413"])
def test_the_page_holds_a_parcel_against_a_unit(page: Page, unit: str) -> None:
    expected = said_by_the_command(SIGNED.first, KnownKey(KEY.public_key), unit=unit, code=CODE)
    assert checked(page, SIGNED.first, key=KEY.public, unit=unit, code=CODE.lower()) == expected


def test_a_key_that_is_none_is_told(page: Page) -> None:
    (said,) = checked(page, SIGNED.first, key="ABC")
    assert said.startswith("no key: ")


def test_the_key_of_a_kiosk_can_be_in_the_page(pages: dict[str, Page], tmp_path: Path) -> None:
    page = opened(pages["page"], tmp_path, page_with(KEY.public, "lobby"))
    assert checked(page, SIGNED.first)[0].startswith("valid: ")
    assert "it names kiosk garden" in checked(page, texts(kiosk="garden").first)[0]


def test_a_browser_that_cannot_check_says_so(pages: dict[str, Page], tmp_path: Path) -> None:
    page = pages["page"].context.new_page()
    page.add_init_script(WITHOUT_ED25519)
    opened(page, tmp_path, page_with())
    page.wait_for_selector("#lacking:not([hidden])")
    assert "kiosk proof verify" in page.inner_text("#lacking")
    page.close()


def test_the_page_can_send_nothing(page: Page) -> None:
    blocked = "() => fetch('check.html').then(() => false, () => true)"
    assert page.evaluate(blocked) is True
    assert "default-src 'none'" in page_with()
