"""S42: an open page whose daemon is not there says that it is starting, and goes on by itself when it is."""

import signal

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.app.processes import Kiosk
from tests.journeys.conftest import CHROMIUM, FLAGS

BACK_MS = 20_000


def says_starting(page: Page) -> None:
    veil = page.locator("#wait")
    expect(veil).to_be_visible(timeout=BACK_MS)
    expect(veil).to_contain_text("The kiosk is starting")
    assert "error" not in page.url


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_page_waits_and_recovers_without_a_touch(simulated: Kiosk, number: signal.Signals) -> None:
    with (
        sync_playwright() as tools,
        tools.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS)) as browser,
    ):
        page = browser.new_page(viewport={"width": 1024, "height": 600})
        with simulated.daemon() as daemon:
            page.goto(f"http://{simulated.listen}/")
            page.locator('button[value="pick_up"]').click()
            expect(page.locator("#screen")).to_have_attribute("data-kind", "code")
            daemon.stop(number)
        says_starting(page)
        with simulated.daemon() as daemon:
            expect(page.locator("#wait")).to_be_hidden(timeout=BACK_MS)
            expect(page.locator("#screen")).to_have_attribute("data-kind", "home")
            page.locator('button[value="pick_up"]').click()
            expect(page.locator("#screen")).to_have_attribute("data-kind", "code")
            assert daemon.stop() == 0
