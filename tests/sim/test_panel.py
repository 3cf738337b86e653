"""The panel over HTTP: what it shows, what it does, and whom it refuses."""

import asyncio
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from sim.cabinet import DoorId
from sim.doors import Position
from sim.faults import Sensor
from tests.sim.panel_rig import FORM, JSON, Rig, panel

KEY = json.dumps({"verb": "key", "door": "c3"})


def position(rig: Rig, door: str) -> Position:
    return rig.parts.live.do(lambda world: world.door(DoorId(door))).position


# ---------------------------------------------------------------- what it shows
async def test_the_page_shows_every_door_and_says_that_it_is_a_simulation(
    tmp_path: Path, free_port: int
) -> None:
    async with panel(tmp_path, free_port) as rig:
        page = (await rig.client.send("GET", "/")).body
    assert page.index("SIMULATION") < page.index("<h1>")
    assert all(f'id="door-{place.id}"' in page for place in rig.settings.compartment)
    assert "Maple Court" in page


async def test_the_page_fetches_nothing_from_elsewhere_and_runs_no_inline_script(
    tmp_path: Path, free_port: int
) -> None:
    async with panel(tmp_path, free_port) as rig:
        answer = await rig.client.send("GET", "/?door=c3")
        statics = [await rig.client.send("GET", f"/static/panel.{end}") for end in ("css", "js", "svg")]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.body.count("<script") == answer.body.count('<script src="/static/') == 1
    assert "style=" not in answer.body
    assert [static.status for static in statics] == [200, 200, 200]


async def test_the_state_holds_the_same_pieces_as_the_page(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig:
        page = (await rig.client.send("GET", "/?door=c5")).body
        pieces = (await rig.client.send("GET", "/state?door=c5")).json
    assert set(pieces) == {"state", "cabinet", "door", "phones", "around", "wires"}
    assert all(str(piece).strip() in page for piece in pieces.values())


async def test_an_unknown_door_or_port_in_the_address_shows_the_page_without_it(
    tmp_path: Path, free_port: int
) -> None:
    async with panel(tmp_path, free_port) as rig:
        answer = await rig.client.send("GET", "/?door=nope&port=%3Cb%3E&board=x&frames=zzz")
    assert answer.status == 200
    assert "No door chosen" in answer.body
    assert "<b>" not in answer.body.replace('<b class="swatch', "")


async def test_what_people_type_is_shown_and_never_becomes_markup(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig:
        await rig.client.order("key", door="c3")
        await rig.client.order("put", door="c3", what="<script>alert(1)</script>")
        page = (await rig.client.send("GET", "/?door=c3")).body
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_the_stream_tells_of_each_change_and_ends_with_the_panel(
    tmp_path: Path, free_port: int
) -> None:
    async with panel(tmp_path, free_port) as rig:
        reader, writer = await asyncio.open_connection("127.0.0.1", free_port)
        writer.write(f"GET /live HTTP/1.1\r\nhost: {rig.client.address}\r\n\r\n".encode())
        assert b"text/event-stream" in await reader.readuntil(b"\r\n\r\n")
        first = await next_event(reader)
        await rig.client.order("key", door="c3")
        assert await next_event(reader) > first
    assert not (await reader.read()).endswith(b"data:")  # the panel has ended it
    writer.close()
    await writer.wait_closed()


async def next_event(reader: asyncio.StreamReader) -> int:
    async with asyncio.timeout(5):
        while not (line := await reader.readline()).startswith(b"data: "):
            assert line
    return int(line.removeprefix(b"data: "))


async def test_a_storm_of_changes_makes_at_most_ten_events_a_second(tmp_path: Path, free_port: int) -> None:
    loop = asyncio.get_running_loop()
    async with panel(tmp_path, free_port) as rig:
        reader, writer = await asyncio.open_connection("127.0.0.1", free_port)
        writer.write(f"GET /live HTTP/1.1\r\nhost: {rig.client.address}\r\n\r\n".encode())
        await next_event(reader)
        start = loop.time()
        for _ in range(5):
            rig.parts.live.changes.tell()
            await next_event(reader)
        assert loop.time() - start >= 0.45
        writer.close()
        await writer.wait_closed()


# ---------------------------------------------------------------- what it does
async def test_a_program_opens_fills_and_shuts_a_door(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig:
        for order in (("key", {}), ("put", {"what": "a hat"}), ("push", {})):
            answer = await rig.client.order(order[0], door="c3", **order[1])
            assert answer.status == 200
        world = await rig.client.world()
    doors = {str(door["id"]): door for door in world["doors"]}  # type: ignore[attr-defined]
    assert (doors["c3"]["position"], doors["c3"]["is_latched"]) == ("closed", True)
    assert doors["c3"]["parcels"] == [{"id": "p1", "what": "a hat"}]


async def test_an_order_is_on_disk_when_it_is_answered(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig:
        await rig.client.order("key", door="c3")
        kept = json.loads((tmp_path / "sim" / "world.json").read_text(encoding="utf-8"))
    assert kept["doors"]["c3"]["position"] == "ajar"


async def test_a_button_does_the_same_and_comes_back_to_the_same_view(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig:
        answer = await rig.client.press({"verb": "key", "door": "c3"}, view="door=c3&frames=all")
        assert (answer.status, answer.headers["location"]) == (303, "/?door=c3&frames=all")
        assert position(rig, "c3") is Position.AJAR
        await rig.client.press({"verb": "put", "door": "c3"}, what="two books")
        page = (await rig.client.send("GET", "/?door=c3")).body
    assert "two books" in page
    assert "door 3: two books is inside" in page


async def test_the_enter_key_presses_no_button_that_does_something(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig:
        page = (await rig.client.send("GET", "/")).body
    first_button = page[page.index("<button") : page.index("</button>")]
    assert 'value=""' in first_button


@pytest.mark.parametrize(
    ("order", "status", "says"),
    [
        ({"verb": "pull", "door": "c3"}, 409, "door 3: it is locked and does not give way"),
        ({"verb": "pull", "door": "c99"}, 409, "there is no door c99"),
        ({"verb": "take", "door": "c3"}, 409, "nobody can reach inside"),
        (
            {"verb": "supply", "supply": "attic", "power": "weak"},
            409,
            "no supply attic, expected one of: main",
        ),
        ({"verb": "mute", "bank": "z", "on": True}, 409, "no bank z, expected one of: a, b"),
        ({"verb": "unplug", "port": "/nowhere"}, 409, "no port /nowhere, expected one of"),
        ({"verb": "daemon", "ask": "kill"}, 409, "nobody supervises the daemon here"),
        ({"verb": "fly", "door": "c3"}, 422, "'pull', 'push', 'key'"),
        ({"verb": "pull"}, 422, "door: Field required"),
        ({"verb": "pull", "door": "c3", "force": 9}, 422, "force"),
        ({"verb": "break", "door": "c3", "fault": "haunted", "value": True}, 422, "expected one of: jammed"),
        ({"verb": "break", "door": "c3", "fault": "open_delay_ms", "value": 5}, 422, "expected 40 to 550"),
        ({"verb": "supply", "supply": "main", "power": "much"}, 422, "'full', 'weak' or 'none'"),
    ],
)
async def test_an_order_that_cannot_be_done_says_why_and_changes_nothing(
    tmp_path: Path, free_port: int, order: dict[str, object], status: int, says: str
) -> None:
    async with panel(tmp_path, free_port) as rig:
        before = rig.parts.live.view().doors
        answer = await rig.client.order(**order)  # type: ignore[arg-type]
        assert (answer.status, rig.parts.live.view().doors) == (status, before)
        pressed = await rig.client.press(order)
        page = (await rig.client.send("GET", "/")).body
    assert says in str(answer.json["error"])
    assert pressed.status == 303
    assert 'class="notice bad"' in page


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "7"])
async def test_a_body_that_is_no_order_is_refused(tmp_path: Path, free_port: int, body: str) -> None:
    async with panel(tmp_path, free_port) as rig:
        headers = {"content-type": JSON, "content-length": str(len(body))}
        answer = await rig.client.send("POST", "/world", headers, body)
    assert answer.status == 422


async def test_faults_are_switched_on_one_by_one_and_mended_together(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig:
        port = rig.parts.wires.wires[0].name
        await rig.client.press({"verb": "break", "door": "c3", "fault": "jammed", "value": True})
        await rig.client.press({"verb": "break", "door": "c3", "fault": "sensor", "value": "stuck_open"})
        await rig.client.press({"verb": "line", "port": port, "fault": "echo", "on": True})
        await rig.client.press({"verb": "mute", "bank": "a", "on": True})
        await rig.client.press({"verb": "supply", "supply": "main", "power": "weak"})
        faults = rig.parts.live.do(lambda world: world.door(DoorId("c3"))).faults
        assert (faults.jammed, faults.sensor) == (True, Sensor.STUCK_OPEN)
        broken = await rig.client.world()
        await rig.client.order("mend-all")
        mended = await rig.client.world()
    assert broken["ports"] == [
        {
            "port": port,
            "is_plugged": True,
            "faults": ["echo"],
            "boards": [
                {"bank": "a", "address": 0, "is_dead": True},
                {"bank": "b", "address": 1, "is_dead": False},
            ],
            "frames": 0,
        }
    ]
    assert (broken["supplies"], mended["supplies"]) == ({"main": "weak"}, {"main": "full"})
    assert '"jammed": true' not in json.dumps(mended)
    assert '"is_dead": true' not in json.dumps(mended)


# ---------------------------------------------------------------- whom it refuses
@pytest.mark.parametrize("host", ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", ""])
async def test_only_the_panels_own_address_is_answered(tmp_path: Path, free_port: int, host: str) -> None:
    async with panel(tmp_path, free_port) as rig:
        for method, target in (("GET", "/"), ("GET", "/world"), ("GET", "/live"), ("POST", "/world")):
            headers = {"host": host.format(port=free_port), "content-type": JSON}
            answer = await rig.client.send(method, target, headers, KEY if method == "POST" else "")
            assert answer.status == 421
            assert f"use http://127.0.0.1:{free_port}/" in answer.body
        assert position(rig, "c3") is Position.CLOSED


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1"]
)
@pytest.mark.parametrize("kind", [FORM, JSON])
async def test_a_post_from_another_page_is_refused(
    tmp_path: Path, free_port: int, origin: str, kind: str
) -> None:
    async with panel(tmp_path, free_port) as rig:
        body = KEY if kind == JSON else urlencode({"token": await rig.client.token(), "order": KEY})
        headers = {"content-type": kind, "origin": origin.format(port=free_port)}
        answer = await rig.client.send("POST", "/world", headers, body)
        assert answer.status == 403
        assert position(rig, "c3") is Position.CLOSED


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_page_cannot_read_or_write_even_without_an_origin(
    tmp_path: Path, free_port: int, site: str
) -> None:
    async with panel(tmp_path, free_port) as rig:
        foreign = {"sec-fetch-site": site, "content-type": JSON}
        assert (await rig.client.send("GET", "/world", foreign)).status == 403
        assert (await rig.client.send("POST", "/world", foreign, KEY)).status == 403
        assert (await rig.client.send("GET", "/", foreign)).status == 200
        assert position(rig, "c3") is Position.CLOSED


async def test_a_form_needs_the_origin_and_the_token_of_this_start(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig:
        good = await rig.client.token()
        headers = rig.client.page_headers
        for token in ("", "guess", good[:-1], good + "x", "é"):
            form = urlencode({"token": token, "order": KEY})
            assert (await rig.client.send("POST", "/world", headers, form)).status == 403
        form = urlencode({"token": good, "order": KEY})
        without_origin = {name: value for name, value in headers.items() if name != "origin"}
        assert (await rig.client.send("POST", "/world", without_origin, form)).status == 403
        assert position(rig, "c3") is Position.CLOSED
        assert (await rig.client.send("POST", "/world", headers, form)).status == 303
        assert position(rig, "c3") is Position.AJAR


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("PUT", {}, 405),
        ("OPTIONS", {}, 405),
        ("POST", {"content-type": "text/plain", "content-length": "2"}, 415),
        ("POST", {"content-type": JSON, "content-length": "99999999"}, 413),
        ("POST", {"content-type": JSON, "transfer-encoding": "chunked"}, 413),
    ],
)
async def test_other_kinds_of_requests_get_one_plain_line(
    tmp_path: Path, free_port: int, method: str, headers: dict[str, str], status: int
) -> None:
    async with panel(tmp_path, free_port) as rig:
        answer = await rig.client.send(method, "/world", headers)
    assert answer.status == status
    assert answer.body.count("\n") == 1
