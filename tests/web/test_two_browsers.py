"""The page that touched last acts; another one shows so, and may take over by a touch."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.virtual import REAL_TIME
from tests.web.client import PATIENCE_S, Visitor
from tests.web.rig import WebRig

pytestmark = REAL_TIME


@contextlib.asynccontextmanager
async def following(visitor: Visitor) -> AsyncIterator[None]:
    """The page follows the screen, as an open page does."""
    async with visitor.connection() as (reader, writer):
        writer.write(visitor.head("GET", f"/live?tab={visitor.tab}", {}, None))
        async with asyncio.timeout(PATIENCE_S):
            await reader.readuntil(b"data:")
        yield


def tab_of(visitor: Visitor, name: str) -> Visitor:
    """Another tab of the same browser."""
    return Visitor(visitor.port, visitor.cookies, name)


async def test_the_other_page_shows_nothing_of_the_visit_and_cannot_act(kiosk: WebRig) -> None:
    first, second = kiosk.visitor("a"), kiosk.visitor("b")
    await first.get()
    async with following(first):
        await first.touch("pick_up")
        page = await second.get()
        assert page.kind == "elsewhere"
        assert (await second.post(page.token, "back")).kind == "elsewhere"
        assert (await first.get()).kind == "code"


async def test_the_other_page_takes_over_by_a_touch(kiosk: WebRig) -> None:
    first, second = kiosk.visitor("a"), kiosk.visitor("b")
    await first.get()
    async with following(first):
        await first.touch("pick_up")
        await second.get()
        async with following(second):
            assert (await second.touch("take_over")).kind == "code"
            assert (await first.get()).kind == "elsewhere"
            assert (await second.touch("back")).kind == "home"


async def test_a_second_tab_of_one_browser_is_another_page(kiosk: WebRig) -> None:
    first = kiosk.visitor("a")
    await first.get()
    second = tab_of(first, "b")
    async with following(first):
        await first.touch("pick_up")
        assert (await second.get()).kind == "elsewhere"


async def test_a_page_that_has_gone_holds_nothing(kiosk: WebRig) -> None:
    first, second = kiosk.visitor("a"), kiosk.visitor("b")
    await first.get()
    async with following(first):
        await first.touch("pick_up")
    async with asyncio.timeout(PATIENCE_S):
        while (await second.get()).kind != "code":
            pass
    assert (await second.touch("back")).kind == "home"


async def test_a_reload_of_the_acting_page_acts_on(kiosk: WebRig) -> None:
    first = kiosk.visitor("a")
    await first.get()
    async with following(first):
        await first.touch("pick_up")
        reloading = tab_of(first, "")
        assert (await reloading.get()).kind == "code"


async def test_at_the_first_page_everybody_may_begin(kiosk: WebRig) -> None:
    first, second = kiosk.visitor("a"), kiosk.visitor("b")
    await first.get()
    async with following(first):
        await first.touch("pick_up")
        await first.touch("back")
        assert (await second.touch("deliver")).kind == "carrier_code"
