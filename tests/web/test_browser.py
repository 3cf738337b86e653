"""The page in Debian's Chromium before a real kiosk: keys, swaps, reloads, lost connections, two tabs."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect

from kiosk.domain.inputs import BankGone
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import BankId
from kiosk.domain.model.session import Step
from tests.virtual import REAL_TIME
from tests.web.gallery import ARGUMENTS, CHROMIUM
from tests.web.rig import CARRIER_CODE, PIN, WebRig, running

pytestmark = REAL_TIME

GLASS = ViewportSize(width=1024, height=600)


class Screen:
    """A person before one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self._heard("error", str(error)))

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    async def shows(self, kind: str) -> None:
        await expect(self.page.locator("#screen")).to_have_attribute("data-kind", kind)

    async def touches(self, action: str) -> None:
        await self.page.locator(f'#screen button[value="{action}"]').first.click()

    async def types(self, keys: str) -> None:
        for key in keys:
            await self.page.locator(f'[data-key="{key}"]').click()

    async def full_slots(self) -> int:
        return await self.page.locator(".slots .full").count()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def looking(browser: Browser, kiosk: WebRig) -> AsyncIterator[Screen]:
    """A browser of its own at the kiosk's page; nothing was complained about at the end."""
    context = await browser.new_context(viewport=GLASS, has_touch=True)
    screen = await opened_in(context, kiosk)
    yield screen
    assert screen.complaints == []
    await context.close()


async def opened_in(context: BrowserContext, kiosk: WebRig) -> Screen:
    screen = Screen(await context.new_page())
    await screen.page.goto(kiosk.address)
    return screen


async def test_a_code_sends_itself_at_the_last_digit_and_leaves_no_trace(
    kiosk: WebRig, browser: Browser
) -> None:
    async with looking(browser, kiosk) as screen:
        await screen.touches("pick_up")
        await screen.shows("code")
        await screen.types("9081726")
        assert await screen.full_slots() == 7
        assert "9081726" not in await screen.page.content()
        await screen.types("3")
        await expect(screen.page.locator(".notice")).to_contain_text("No parcel has this code")
        assert await screen.full_slots() == 0
        assert "90817263" not in await screen.page.content()


async def test_what_is_typed_outlives_a_change_of_the_page(kiosk: WebRig, browser: Browser) -> None:
    async with looking(browser, kiosk) as screen:
        await screen.touches("deliver")
        await screen.types(CARRIER_CODE)
        await screen.shows("unit")
        await screen.types("4")
        rev = await screen.page.locator("#screen").get_attribute("data-rev")
        await kiosk.engine.submit(BankGone(BankId("b"), "no reply"))
        await expect(screen.page.locator("#screen")).not_to_have_attribute("data-rev", rev or "")
        await screen.types("12")
        await screen.shows("size")
        assert "412" in await screen.page.locator(".whom").inner_text()


async def test_a_unit_enters_itself_only_when_no_other_begins_with_it(
    kiosk: WebRig, browser: Browser
) -> None:
    async with looking(browser, kiosk) as screen:
        await screen.touches("deliver")
        await screen.types(CARRIER_CODE)
        await screen.shows("unit")
        await screen.types("9")
        await expect(screen.page.locator(".hint")).to_have_text("No unit begins like this.")
        await screen.page.locator('[data-key="enter"]').click()
        await expect(screen.page.locator(".notice")).to_contain_text("no such unit")
        await screen.types("101")
        await screen.shows("size")


async def test_a_parcel_is_dropped_off_and_every_page_survives_a_reload(
    kiosk: WebRig, browser: Browser
) -> None:
    async with looking(browser, kiosk) as screen:
        await screen.touches("deliver")
        await screen.types(CARRIER_CODE)
        await screen.shows("unit")
        await screen.types("412")
        await screen.shows("size")
        await screen.touches("size:S")
        await screen.shows("opening")
        await screen.page.reload()
        await screen.shows("opening")
        door = await kiosk.spring_open()
        await screen.shows("put_in")
        await screen.page.reload()
        await screen.shows("put_in")
        await kiosk.see(door, DoorState.CLOSED)
        await screen.shows("stored")
        await screen.touches("finish")
        await screen.shows("proof")
        await expect(screen.page.locator("svg.qr")).to_be_visible()
        await screen.touches("finish")
        await screen.shows("home")


async def test_a_double_touch_is_one_touch(kiosk: WebRig, browser: Browser) -> None:
    async with looking(browser, kiosk) as screen:
        await screen.touches("deliver")
        await screen.types(CARRIER_CODE)
        await screen.shows("unit")
        await screen.types("412")
        await screen.page.locator('button[value="size:S"]').dblclick()
        await screen.shows("opening")
    assert (await kiosk.events()).count("DeliveryReserved") == 1


async def test_the_focus_goes_to_the_title_and_a_keyboard_does_everything(
    kiosk: WebRig, browser: Browser
) -> None:
    async with looking(browser, kiosk) as screen:
        keyboard = screen.page.keyboard
        await keyboard.press("Tab")
        await keyboard.press("Tab")
        await keyboard.press("Enter")
        await screen.shows("carrier_code")
        assert await screen.page.evaluate("document.activeElement.tagName") == "H1"
        await keyboard.type(CARRIER_CODE)
        await screen.shows("unit")
        await keyboard.type("102")
        await screen.shows("size")


async def test_keys_work_without_a_finger(kiosk: WebRig, browser: Browser) -> None:
    async with looking(browser, kiosk) as screen:
        await screen.touches("pick_up")
        await screen.page.locator('[data-key="5"]').focus()
        await screen.page.keyboard.press("Enter")
        await screen.page.keyboard.press("Space")
        assert await screen.full_slots() == 2
        await screen.page.keyboard.press("Backspace")
        assert await screen.full_slots() == 1


async def test_a_bouncing_key_counts_once_and_a_wiping_hand_not_at_all(
    kiosk: WebRig, browser: Browser
) -> None:
    touches = """(key, { fingers, isWiped }) => {
      for (let finger = 0; finger < fingers; finger++) {
        const touch = { bubbles: true, isPrimary: !isWiped || finger === 0, pointerId: finger }
        key.dispatchEvent(new PointerEvent("pointerdown", touch))
      }
    }"""
    async with looking(browser, kiosk) as screen:
        await screen.touches("pick_up")
        await screen.page.evaluate("Element.prototype.setPointerCapture = () => {}")
        await screen.page.locator('[data-key="7"]').evaluate(touches, {"fingers": 2, "isWiped": False})
        assert await screen.full_slots() == 1
        await screen.page.locator('[data-key="8"]').evaluate(touches, {"fingers": 12, "isWiped": True})
        assert await screen.full_slots() == 0
    assert kiosk.state.visit.step is Step.CODE


async def test_staff_type_account_and_pin(kiosk: WebRig, browser: Browser) -> None:
    async with looking(browser, kiosk) as screen:
        await screen.touches("staff")
        await screen.types("1")
        await screen.page.locator('[data-key="enter"]').click()
        await screen.types(PIN)
        await screen.shows("staff_list")


async def test_another_language_turns_the_page_around(kiosk: WebRig, browser: Browser) -> None:
    async with looking(browser, kiosk) as screen:
        await screen.touches("language:ar")
        await expect(screen.page.locator("html")).to_have_attribute("dir", "rtl")
        await screen.touches("pick_up")
        await screen.shows("code")
        keypad = await screen.page.locator(".keypad").bounding_box()
        one = await screen.page.locator('[data-key="1"]').bounding_box()
        three = await screen.page.locator('[data-key="3"]').bounding_box()
        assert keypad is not None
        assert one is not None
        assert three is not None
        assert keypad["x"] < GLASS["width"] / 2 - keypad["width"] / 2, "the keypad stands on the other side"
        assert one["x"] < three["x"], "its keys do not"


async def test_larger_text_and_contrast_last_for_the_visit(kiosk: WebRig, browser: Browser) -> None:
    async with looking(browser, kiosk) as screen:
        html = screen.page.locator("html")
        await screen.page.locator('[data-look="contrast"]').click()
        await expect(html).to_have_attribute("data-theme", "contrast")
        await screen.page.locator('[data-look="large"]').click()
        await screen.touches("pick_up")
        await screen.shows("code")
        await screen.page.reload()
        await expect(html).to_have_attribute("data-theme", "contrast")
        await expect(html).to_have_attribute("data-text", "large")
        await screen.touches("back")
        await screen.shows("home")
        await expect(html).not_to_have_attribute("data-theme", "contrast")
        await expect(html).not_to_have_attribute("data-text", "large")


async def test_a_page_waits_for_a_kiosk_that_is_away_and_goes_on_by_itself(
    tmp_path: Path, browser: Browser, free_port: int
) -> None:
    context = await browser.new_context(viewport=GLASS)
    async with running(tmp_path, free_port) as kiosk:
        screen = await opened_in(context, kiosk)
        await screen.touches("pick_up")
        await screen.shows("code")
    veil = screen.page.locator("#wait")
    await expect(veil).to_be_visible()
    await expect(veil).to_contain_text("Please wait")
    async with running(tmp_path, free_port) as kiosk:
        await expect(veil).to_be_hidden(timeout=15_000)
        await screen.shows("home")
        await screen.touches("deliver")
        await screen.shows("carrier_code")
    await context.close()


async def test_two_tabs_never_act_at_once(kiosk: WebRig, browser: Browser) -> None:
    async with looking(browser, kiosk) as first:
        second = await opened_in(first.page.context, kiosk)
        await first.touches("pick_up")
        await first.shows("code")
        await second.shows("elsewhere")
        await second.touches("take_over")
        await second.shows("code")
        await first.shows("elsewhere")
        await first.page.reload()
        await first.shows("elsewhere")
        await second.page.reload()
        await second.shows("code")


async def test_a_warned_person_stays_by_one_touch(kiosk: WebRig, browser: Browser) -> None:
    async with looking(browser, kiosk) as screen:
        await screen.touches("pick_up")
        await screen.shows("code")
        await kiosk.wait(41)
        dialog = screen.page.get_by_role("alertdialog")
        await expect(dialog).to_be_visible()
        await expect(dialog.locator("button")).to_be_focused()
        await screen.touches("stay")
        await expect(dialog).to_be_hidden()
        await screen.shows("code")


async def test_the_page_works_without_script(kiosk: WebRig, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport=GLASS)
    screen = await opened_in(context, kiosk)
    await screen.touches("deliver")
    await screen.shows("carrier_code")
    await screen.page.locator("#entry input[name=value]").fill(CARRIER_CODE)
    await screen.page.locator("#entry button").click()
    await screen.shows("unit")
    await screen.page.locator("#entry input[name=value]").fill("412")
    await screen.page.locator("#entry button").click()
    await screen.shows("size")
    await screen.page.locator('[data-look="contrast"]').click()
    await expect(screen.page.locator("html")).to_have_attribute("data-theme", "contrast")
    await context.close()


async def test_nothing_comes_from_elsewhere(kiosk: WebRig, browser: Browser) -> None:
    asked: list[str] = []
    async with looking(browser, kiosk) as screen:
        screen.page.on("request", lambda request: asked.append(request.url))
        await screen.page.reload()
        await screen.touches("pick_up")
        await screen.shows("code")
    assert asked
    assert [url for url in asked if not re.match(re.escape(kiosk.address) + "/", url)] == []
