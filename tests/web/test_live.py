"""The live feed over a real connection: only numbers, the newest ones, and an end when the server stops."""

import asyncio
import json
from pathlib import Path

import pytest
from starlette.types import Message

from kiosk.domain.model.compartment import DoorState
from kiosk.web.app import page_app
from tests.virtual import REAL_TIME
from tests.web.client import PATIENCE_S
from tests.web.rig import WebRig, running

pytestmark = REAL_TIME
STOP_S = 2.0


async def told(reader: asyncio.StreamReader) -> dict[str, object]:
    """The next message of a feed."""
    async with asyncio.timeout(PATIENCE_S):
        await reader.readuntil(b"data: ")
        message: dict[str, object] = json.loads(await reader.readline())
    return message


async def test_a_change_is_told_as_a_number_and_nothing_else(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    async with visitor.connection() as (reader, writer):
        writer.write(visitor.head("GET", "/live", {}, None))
        first = await told(reader)
        await kiosk.see("c1", DoorState.OPEN)
        second = await told(reader)
    assert first.keys() == second.keys() == {"rev", "boot"}
    assert first["boot"] == second["boot"]
    assert isinstance(first["rev"], int)
    assert isinstance(second["rev"], int)
    assert first["rev"] < second["rev"]


async def test_a_page_that_shows_the_newest_is_not_sent_again(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    page = await visitor.get()
    same = await visitor.get("/screen", if_none_match=page.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    await visitor.touch("pick_up")
    assert (await visitor.get("/screen", if_none_match=page.headers["etag"])).status == 200


async def test_the_main_part_comes_alone(kiosk: WebRig) -> None:
    part = await kiosk.visitor().get("/screen")
    assert part.text.lstrip().startswith('<div id="screen"')
    assert "<html" not in part.text


async def test_another_start_has_another_boot(tmp_path: Path) -> None:
    boots = []
    for _ in range(2):
        async with running(tmp_path) as kiosk:
            visitor = kiosk.visitor()
            async with visitor.connection() as (reader, writer):
                writer.write(visitor.head("GET", "/live", {}, None))
                boots.append((await told(reader))["boot"])
    assert boots[0] != boots[1]


async def test_a_stop_ends_feeds_and_idle_connections_in_two_seconds(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with running(tmp_path) as kiosk:
        visitor = kiosk.visitor()
        async with visitor.connection() as (feed, to_feed), visitor.connection() as (idle, to_idle):
            to_feed.write(visitor.head("GET", "/live", {}, None))
            await told(feed)
            to_idle.write(visitor.head("GET", "/healthz", {"Connection": "keep-alive"}, None))
            await idle.readuntil(b"}")
            began = loop.time()
            await kiosk.stop()
            assert loop.time() - began < STOP_S
            assert await feed.read() is not None
            assert await idle.read() == b""


async def test_a_beat_is_seen_by_the_health_page(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    assert json.loads((await visitor.get("/healthz")).body)["page_seen_s_ago"] is None
    headers = {"Origin": visitor.origin, "Content-Type": "application/x-www-form-urlencoded"}
    beat = await visitor.send("POST", "/beat", headers=headers, body=b"")
    assert beat.status == 204
    assert json.loads((await visitor.get("/healthz")).body) == {"status": "ok", "page_seen_s_ago": 0}


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.168.1.20", 404)])
async def test_another_machine_learns_nothing_from_the_health_page(
    kiosk: WebRig, host: str, status: int
) -> None:
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/healthz",
        "query_string": b"",
        "headers": [(b"host", b"10.0.0.5:8080")],
        "client": (host, 50123),
        "server": ("10.0.0.5", 8080),
    }
    await page_app(kiosk.parts)(scope, receive, send)
    assert said[0]["status"] == status
    assert (b"ok" in said[1]["body"]) == (status == 200)
