"""A finger on a page in Chromium: milliseconds from the finger going down to the frame that shows it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import CDPSession, Page, async_playwright

WIDTH_PX, HEIGHT_PX = 1024, 600
_PROBE = """
(key) => new Promise((shown) => {
  const look = () => {
    const style = getComputedStyle(key);
    return [style.backgroundColor, style.color, style.transform, style.filter, style.borderColor,
            style.outlineStyle, style.opacity].join("|");
  };
  const before = look();
  let isChanged = false;
  const changes = new MutationObserver(() => { isChanged = true; });
  changes.observe(document.body, { subtree: true, attributes: true, childList: true, characterData: true });
  addEventListener("pointerdown", (event) => {
    const watch = () => {
      if (!isChanged && look() === before) return requestAnimationFrame(watch);
      changes.disconnect();
      const painted = new MessageChannel();
      painted.port1.onmessage = () => shown(performance.now() - event.timeStamp);
      painted.port2.postMessage(0);
    };
    requestAnimationFrame(watch);
  }, { capture: true, once: true });
})
"""
_MIDDLE = """
(selector) => {
  const place = document.querySelector(selector).getBoundingClientRect();
  return [place.x + place.width / 2, place.y + place.height / 2];
}
"""


@asynccontextmanager
async def browser_page() -> AsyncIterator[Page]:
    """An empty page with a touchscreen, in a browser of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        try:
            context = await browser.new_context(
                viewport={"width": WIDTH_PX, "height": HEIGHT_PX}, has_touch=True
            )
            yield await context.new_page()
        finally:
            await browser.close()


class Finger:
    """Touches one page; real touch events, as the glass would send them."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self._page = page
        self._session = session

    @classmethod
    async def on(cls, page: Page) -> "Finger":
        """A finger for a page."""
        return cls(page, await page.context.new_cdp_session(page))

    async def touch_ms(self, selector: str) -> float:
        """Put the finger on a key until the key shows it, then lift it."""
        x, y = await self._page.evaluate(_MIDDLE, selector)
        return await self._press(selector, x, y)

    async def _press(self, selector: str, x: float, y: float) -> float:
        shown = await self._page.evaluate_handle(
            f"(selector) => ({{ taken: ({_PROBE})(document.querySelector(selector)) }})", selector
        )
        touch = {"touchPoints": [{"x": x, "y": y}]}
        await self._session.send("Input.dispatchTouchEvent", {"type": "touchStart", **touch})
        taken = await shown.evaluate("(shown) => shown.taken")
        await self._session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        await shown.dispose()
        return float(taken)
