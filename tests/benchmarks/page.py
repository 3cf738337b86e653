"""The kiosk's page: bytes of page, style and script, and how soon a key shows that it was touched."""

import asyncio
import statistics
from collections import Counter
from collections.abc import Sequence
from functools import partial

from playwright.async_api import Page, Response

from tests.benchmarks.bench import Bench
from tests.benchmarks.floors.key_page import key_page
from tests.benchmarks.instruments.touch import Finger, browser_page
from tests.benchmarks.product.side import product_launch
from tests.benchmarks.row import Kind, Row, Samples
from tests.benchmarks.sides import started

EVENTS = 10_000
LIMIT_KIB = 60.0
FRAME_MS = 1000 / 60
OVER_FLOOR = 1.2
"""Where the machine's own frames are slow, a fifth more than the floor's page counts as one frame too."""
TOUCHES = 20
BETWEEN_S = 0.03
_COUNTED = ("document", "stylesheet", "script")
_KEY = '[data-key="5"]'
_DELETE, _FLOOR_DELETE = '[data-key="delete"]', '[data-key="C"]'


class _Weight:
    """Bytes of everything a page loads, by kind."""

    def __init__(self, page: Page) -> None:
        self._responses: list[Response] = []
        page.on("response", self._take)

    def _take(self, response: Response) -> None:
        self._responses.append(response)

    async def kib(self) -> Counter[str]:
        """What was loaded until now, as sent, without headers."""
        sizes: Counter[str] = Counter()
        for response in self._responses:
            if response.status == 200 and response.request.resource_type in (*_COUNTED, "font", "image"):
                sizes[response.request.resource_type] += len(await response.body())
        return Counter({kind: size / 1024 for kind, size in sizes.items()})


async def _touches(finger: Finger, delete: str, into: Samples) -> None:
    """A digit and away with it again, so that no code is ever whole."""
    taken = []
    for _ in range(TOUCHES):
        taken.append(await finger.touch_ms(_KEY))
        await asyncio.sleep(BETWEEN_S)
        await finger.touch_ms(delete)
        await asyncio.sleep(BETWEEN_S)
    into.add(taken)


def _rows(weight: Counter[str], floor: Samples, product: Samples) -> list[Row]:
    kinds = ", ".join(f"{kind} {size:.1f} KiB" for kind, size in sorted(weight.items()))
    counted = sum(weight[kind] for kind in _COUNTED)
    frame = max(FRAME_MS, OVER_FLOOR * statistics.median(floor.medians))
    return [
        Row("page_bytes", "KiB", [], [counted], LIMIT_KIB, kind=Kind.LIMIT, tolerance=0.0, notes=(kinds,)),
        Row(
            "touch", "ms", floor.medians, product.medians, frame, kind=Kind.LIMIT,
            p99=(floor.p99, product.p99),
        ),
    ]  # fmt: skip


async def measure(bench: Bench) -> Sequence[Row]:
    """The code page in Debian's Chromium, loaded anew, against a page of twelve keys."""
    floor, product = Samples(), Samples()
    launch = await product_launch(bench, EVENTS)
    async with started(launch) as program, browser_page() as page, browser_page() as bare:
        weight = _Weight(page)
        await page.goto(f"http://{program.address}/")
        await page.wait_for_load_state("load")
        await bare.set_content(key_page())
        await page.click('button[value="pick_up"]')
        await page.wait_for_selector(_KEY)
        await bench.interleave(
            "touch to frame",
            partial(_touches, await Finger.on(bare), _FLOOR_DELETE, floor),
            partial(_touches, await Finger.on(page), _DELETE, product),
        )
        return _rows(await weight.kib(), floor, product)
