"""The local interface: JSON over a socket for owner and group, and nothing personal in it."""

import http.client
import json
import socket
import stat

import pytest

from kiosk.domain.inputs import BankGone
from kiosk.domain.model.ids import BankId
from kiosk.service.sockets import connect_local
from tests.virtual import REAL_TIME
from tests.web.client import Visitor
from tests.web.rig import WebRig

pytestmark = REAL_TIME


class Local(http.client.HTTPConnection):
    """A connection to the socket file."""

    def __init__(self, kiosk: WebRig) -> None:
        super().__init__("localhost", timeout=10)
        self._kiosk = kiosk

    def connect(self) -> None:
        """Connect to the path instead of to a host."""
        self.sock: socket.socket = connect_local(self._kiosk.socket, 10)


async def ask(kiosk: WebRig, target: str) -> tuple[int, object]:
    """One question; the server answers on this same loop, so it is asked from a thread."""
    import asyncio

    def get() -> tuple[int, object]:
        connection = Local(kiosk)
        try:
            connection.request("GET", target)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    return await asyncio.to_thread(get)


async def test_the_socket_is_for_owner_and_group(kiosk: WebRig) -> None:
    assert stat.S_IMODE(kiosk.socket.stat().st_mode) == 0o660


async def test_status_says_which_kiosk_and_where_its_log_stands(kiosk: WebRig) -> None:
    await kiosk.engine.submit(BankGone(BankId("b"), "no reply"))
    _, status = await ask(kiosk, "/status")
    last = (await kiosk.parts.read_events(0, 500))[-1]
    assert status == {
        "version": "0.0-test",
        "kiosk": "k1",
        "public_key": kiosk.parts.public_key,
        "boot": kiosk.parts.clock.boot,
        "clock_trusted": True,
        "page_seen_s_ago": None,
        "epoch": last.epoch,
        "seq": last.seq,
        "banks": {"a": "up", "b": "lost: no reply"},
        "sessions_active": 0,
        "incidents_open": 1,
    }


async def test_doors_deliveries_and_incidents_are_told_without_people(kiosk: WebRig) -> None:
    await kiosk.store_parcel(kiosk.visitor())
    answers = [await ask(kiosk, path) for path in ("/doors", "/deliveries", "/incidents", "/events")]
    assert [status for status, _ in answers] == [200] * 4
    doors, deliveries, incidents, events = (body for _, body in answers)
    assert isinstance(doors, list)
    assert isinstance(deliveries, list)
    assert isinstance(events, list)
    assert len(doors) == 8
    assert (deliveries[0]["state"], deliveries[0]["unit"], deliveries[0]["has_code"]) == (
        "stored",
        "412",
        True,
    )
    assert incidents == []
    assert "Mara Lind" not in json.dumps(answers)


async def test_events_come_a_page_at_a_time(kiosk: WebRig) -> None:
    await kiosk.store_parcel(kiosk.visitor())
    _, everything = await ask(kiosk, "/events?limit=500")
    _, page = await ask(kiosk, "/events?after=3&limit=2")
    assert isinstance(everything, list)
    assert page == everything[3:5]
    assert [event["seq"] for event in everything] == list(range(1, len(everything) + 1))


@pytest.mark.parametrize("query", ["after=x", "limit=0", "limit=501", "after=-1", "limit="])
async def test_a_question_that_makes_no_sense_is_told_what_was_expected(kiosk: WebRig, query: str) -> None:
    status, body = await ask(kiosk, f"/events?{query}")
    assert isinstance(body, dict)
    assert (status, "expected" in body["error"]) == (400, True)


async def test_it_is_not_on_the_page_s_port_nor_the_page_on_the_socket(kiosk: WebRig) -> None:
    assert (await Visitor(kiosk.port).get("/doors")).status == 404
    connection = Local(kiosk)
    connection.close()
    status, _ = await ask(kiosk, "/status")
    assert status == 200
