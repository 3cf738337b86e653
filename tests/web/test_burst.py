"""Ten thousand touches in a burst: most are told to wait, none is lost or done twice, and the kiosk lives."""

import asyncio
from collections import Counter

from kiosk.domain.model.session import Step
from kiosk.web.panels import TRIES
from tests.virtual import REAL_TIME
from tests.web.client import FORM, Visitor, read_reply
from tests.web.rig import WebRig

pytestmark = REAL_TIME

POSTS, FINGERS = 10_000, 20


async def drum(visitor: Visitor, token: str, count: int) -> Counter[int]:
    """Post again and again on one connection."""
    body = f"token={token}&action=pick_up".encode()
    headers = {"Origin": visitor.origin, "Content-Type": FORM, "Connection": "keep-alive"}
    request = visitor.head("POST", "/act", headers, body) + body
    seen: Counter[int] = Counter()
    async with visitor.connection() as (reader, writer):
        for _ in range(count):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            reply = read_reply(head)
            await reader.readexactly(int(reply.headers.get("content-length", "0")))
            seen[reply.status] += 1
    return seen


async def test_ten_thousand_touches_are_one_touch_and_many_refusals(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    token = (await visitor.get()).token
    loop = asyncio.get_running_loop()
    loop.set_debug(False)
    began = loop.time()
    async with asyncio.TaskGroup() as fingers:
        drums = [fingers.create_task(drum(visitor, token, POSTS // FINGERS)) for _ in range(FINGERS)]
    seconds = loop.time() - began
    seen = sum((one.result() for one in drums), Counter[int]())
    assert seen.keys() == {303, 429}
    assert seen.total() == POSTS
    assert seen[303] <= TRIES + 10 * seconds + FINGERS
    assert kiosk.state.visit.step is Step.CODE


async def test_one_browser_s_burst_does_not_slow_another(kiosk: WebRig) -> None:
    asyncio.get_running_loop().set_debug(False)
    drummer, courier = kiosk.visitor(), kiosk.visitor()
    token = (await drummer.get()).token
    await drum(drummer, token, 200)
    assert (await drummer.act({"token": token, "action": "back"})).status == 429
    assert (await courier.touch("back")).status == 200
    assert kiosk.state.visit.step is Step.HOME
