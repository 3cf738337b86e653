"""Only the kiosk's own page at the kiosk's own address gets a touch through."""

from collections.abc import Mapping

import pytest

from kiosk.domain.model.session import Step
from tests.virtual import REAL_TIME
from tests.web.client import FORM
from tests.web.rig import WebRig

pytestmark = REAL_TIME

EVIL = "http://evil.example"

WRITES = {
    "a form on another page": ({"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}, 403),
    "a form on another page, without fetch metadata": ({"Origin": EVIL, "Sec-Fetch-Site": ""}, 403),
    "an origin that hides": ({"Origin": "null"}, 403),
    "no origin": ({"Origin": ""}, 403),
    "another port of this machine": ({"Origin": "http://127.0.0.1:8081", "Sec-Fetch-Site": "same-site"}, 403),
    "a name that points here": ({"Host": "evil.example"}, 421),
    "a name that points here, as origin too": ({"Host": "evil.example", "Origin": EVIL}, 421),
    "the machine's other name": ({"Host": "localhost:{port}", "Origin": "http://localhost:{port}"}, 421),
    "another port": ({"Host": "127.0.0.1:1"}, 421),
    "no port": ({"Host": "127.0.0.1"}, 421),
    "only the fetch metadata is wrong": ({"Sec-Fetch-Site": "same-site"}, 403),
    "JSON": ({"Content-Type": "application/json"}, 415),
    "plain text that looks like a form": ({"Content-Type": "text/plain"}, 415),
    "no type": ({"Content-Type": ""}, 415),
}

READS = {
    "a name that points here": ("/", {"Host": "evil.example"}, 421),
    "a part of the page, from elsewhere": ("/screen", {"Sec-Fetch-Site": "cross-site"}, 403),
    "the page inside another page": (
        "/",
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        403,
    ),
    "live, from elsewhere": ("/live", {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}, 403),
    "live, from elsewhere, without fetch metadata": ("/live", {"Origin": EVIL}, 403),
    "live, under a name that points here": ("/live", {"Host": "evil.example"}, 421),
    "live, from an origin that hides": ("/live", {"Origin": "null"}, 403),
}


def here(headers: Mapping[str, str], port: int) -> dict[str, str]:
    return {name: value.format(port=port) for name, value in headers.items()}


@pytest.mark.parametrize("case", WRITES)
async def test_a_touch_from_elsewhere_is_turned_away_and_nothing_is_done(kiosk: WebRig, case: str) -> None:
    headers, status = WRITES[case]
    visitor = kiosk.visitor()
    token = (await visitor.get()).token
    reply = await visitor.act({"token": token, "action": "pick_up"}, **here(headers, kiosk.port))
    assert reply.status == status
    assert kiosk.state.visit.step is Step.HOME
    assert (await visitor.post(token, "pick_up")).kind == "code", "the token is still good for its own page"


@pytest.mark.parametrize("case", READS)
async def test_a_page_from_elsewhere_reads_nothing(kiosk: WebRig, case: str) -> None:
    path, headers, status = READS[case]
    reply = await kiosk.visitor().send("GET", path, headers=headers)
    assert (reply.status, "data-kind" in reply.text) == (status, False)


async def test_no_token_does_nothing(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    page = await visitor.post("", "pick_up")
    assert (page.kind, kiosk.state.visit.step) == ("home", Step.HOME)
    assert page.notice


async def test_its_own_page_gets_through(kiosk: WebRig) -> None:
    assert (await kiosk.visitor().touch("pick_up")).kind == "code"


async def test_a_link_may_lead_to_the_first_page(kiosk: WebRig) -> None:
    followed = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    reply = await kiosk.visitor().send("GET", "/", headers=followed)
    assert (reply.status, reply.kind) == (200, "home")


async def test_an_upgrade_to_another_protocol_is_not_taken(kiosk: WebRig) -> None:
    wish = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
    }
    async with kiosk.visitor().connection() as (reader, writer):
        writer.write(kiosk.visitor().head("GET", "/screen", wish, None))
        assert (await reader.readline()).split()[1] == b"200"


async def test_a_body_that_is_too_large_is_refused(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    token = (await visitor.get()).token
    reply = await visitor.act({"token": token, "action": "pick_up", "value": "1" * 5000})
    assert (reply.status, kiosk.state.visit.step) == (413, Step.HOME)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
async def test_other_methods_are_not_used(kiosk: WebRig, method: str) -> None:
    reply = await kiosk.visitor().send(method, "/act", headers={"Content-Type": FORM})
    assert reply.status == 405


async def test_pages_cannot_be_framed_cached_or_given_foreign_script(kiosk: WebRig) -> None:
    headers = (await kiosk.visitor().get()).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.startswith("access-control")]


async def test_the_cookie_is_out_of_reach_of_script_and_of_other_sites(kiosk: WebRig) -> None:
    cookie = (await kiosk.visitor().get()).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
