"""A running simulation and a browser before it, for journeys of people."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.app.fixtures import simulated
from tests.app.processes import Kiosk, Process, welcome
from tests.journeys.people import Panel, Touchscreen

__all__ = ["simulated"]

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)


@dataclass(frozen=True, slots=True)
class House:
    """The simulation as a user has started it, and a browser."""

    kiosk: Kiosk
    process: Process
    browser: Browser
    block: str
    """What `kiosk sim` printed, sample codes included."""

    def touchscreen(self) -> Touchscreen:
        """A browser of its own at the touchscreen page, of the size of the panel."""
        context = self.browser.new_context(viewport={"width": 1024, "height": 600}, has_touch=True)
        page = context.new_page()
        page.goto(f"http://{self.kiosk.listen}/")
        return Touchscreen(page)

    def panel(self) -> Panel:
        """A browser at the technician's panel."""
        page = self.browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        page.goto(f"http://{self.kiosk.panel}/")
        return Panel(page)


@pytest.fixture
def house(simulated: Kiosk) -> Iterator[House]:
    """Everything up, every door seen."""
    with (
        simulated.simulation() as process,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS)) as browser,
    ):
        yield House(simulated, process, browser, welcome(process))
