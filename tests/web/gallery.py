"""Takes a picture of every page in real Chromium: `python -m tests.web.gallery FOLDER [NAME ...]`.

Also measures each page: nothing outside the glass, nothing cut off, no target under 12 mm.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, Route, sync_playwright

from config.settings import PanelSettings
from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.model.screen import Screen
from kiosk.service.clock import Now
from kiosk.web.files import STATIC, panel_css
from kiosk.web.guard import _HEADERS
from kiosk.web.touchscreen.pages import Issue, Look, Pages, View
from tests.web.samples import layout, screens

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
ADDRESS = "http://kiosk.test"
MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8").split("\n", 1)[1]
PLAIN = Look()


class NoClock:
    """Seven minutes past two."""

    boot = "boot"

    def now(self) -> Now:
        """Always the same."""
        return Now(1_795_615_620_000, 0, True)


class OneReceipt:
    """A signed text as long as a real one."""

    def proof_text(self, delivery: DeliveryId) -> str | None:
        """No single proof is shown."""
        return None

    def session_text(self, deliveries: Sequence[DeliveryId]) -> str | None:
        """One text for the session."""
        return "LW1S:maple-1:1:1234:3:20261125T140712Z:1:" + "0f" * 32 + "." + "ABCDEFGHIJ" * 10 + "ABC"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    screen: Screen
    panel: PanelSettings
    look: Look = PLAIN
    is_elsewhere: bool = False


SEVEN_INCH = PanelSettings(width_px=1024, height_px=600, px_per_mm=6.68)
TEN_INCH = PanelSettings()
UPRIGHT = PanelSettings(width_px=600, height_px=1024)


def shots(names: Sequence[str] = ()) -> Iterator[Shot]:
    """Every page at both shapes in two languages, with contrast and large text where they matter most."""
    for name, screen in screens().items():
        if names and name not in names:
            continue
        for panel, place in ((TEN_INCH, "wide"), (UPRIGHT, "upright"), (SEVEN_INCH, "seven")):
            for language in ("en", "es", "zh", "ar"):
                yield Shot(f"{name}-{place}-{language}", replace(screen, language=language), panel)
        both = Look(has_contrast=True, is_large=True)
        for language in ("en", "ar"):
            said = replace(screen, language=language)
            yield Shot(f"{name}-wide-{language}-contrast", said, TEN_INCH, both)
            yield Shot(f"{name}-upright-{language}-contrast", said, UPRIGHT, both)


class Studio:
    """A browser that sees pages without a kiosk behind them."""

    def __init__(self, browser: Browser) -> None:
        self._page = browser.new_page()
        self._page.route("**/*", self._answer)
        self._shot: Shot | None = None
        self._pages = Pages(OneReceipt(), NoClock(), "UTC", "test")

    def take(self, shot: Shot, path: Path | None = None) -> list[str]:
        """One picture, and what is wrong with its layout."""
        page = self._page
        page.set_viewport_size({"width": shot.panel.width_px, "height": shot.panel.height_px})
        self._shot = shot
        page.goto(f"{ADDRESS}/")
        page.wait_for_function("document.fonts.ready.then(() => true)")
        if page.locator("[data-fields]").count():
            for key in "41":
                page.keyboard.press(key)
        if path:
            page.screenshot(path=path, animations="disabled")
        found: list[str] = page.evaluate(MEASURE, shot.panel.px_per_mm)
        return found

    def is_dense(self) -> bool:
        """Whether the page of the last picture had to be made denser to fit."""
        return self._page.locator("#screen[data-dense]").count() > 0

    def _answer(self, route: Route) -> None:
        shot = self._shot
        assert shot is not None
        path = route.request.url.removeprefix(ADDRESS)
        if path == "/":
            view = View(shot.screen, layout(), shot.look, is_elsewhere=shot.is_elsewhere)
            html = self._pages.full(view, Issue("token", 1, "boot"))
            route.fulfill(body=html, content_type="text/html", headers=_HEADERS)
        elif path == "/static/panel.css":
            route.fulfill(body=panel_css(shot.panel), content_type="text/css")
        elif path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        elif path == "/screen":
            route.fulfill(status=304)
        else:
            route.fulfill(status=204)


def main(folder: Path, names: Sequence[str]) -> int:
    """Take every picture; the exit code says whether a page is laid out wrongly."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        studio = Studio(browser)
        for shot in shots(names):
            for problem in studio.take(shot, folder / f"{shot.name}.png"):
                wrong += 1
                sys.stdout.write(f"{shot.name}: {problem}\n")
        browser.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
