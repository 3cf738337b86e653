"""A touch acts once, only where it was shown, and what was typed is never kept."""

import asyncio
import logging
from dataclasses import replace

import pytest

from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import StaffId
from kiosk.domain.model.session import Step
from kiosk.service.sockets import listen_tcp
from kiosk.service.uuid7 import uuid7
from kiosk.web.app import page_app
from kiosk.web.server import WebServer
from kiosk.web.touchscreen.actions import read_post
from tests.virtual import REAL_TIME
from tests.web.client import Visitor
from tests.web.rig import CARRIER_CODE, PIN, WebRig

pytestmark = REAL_TIME

WRONG_CODE = "90817263"


async def signed_in(kiosk: WebRig) -> Visitor:
    courier = kiosk.visitor()
    await courier.touch("deliver")
    await courier.touch("carrier_code", value=CARRIER_CODE)
    return courier


async def test_a_token_works_once(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    token = (await visitor.get()).token
    await visitor.post(token, "pick_up")
    await visitor.touch("back")
    assert (await visitor.post(token, "pick_up")).kind == "home"


async def test_twenty_touches_at_once_are_one(kiosk: WebRig) -> None:
    courier = await signed_in(kiosk)
    await courier.touch("unit", value="412")
    token = (await courier.get()).token
    async with asyncio.TaskGroup() as touches:
        taken = [touches.create_task(courier.post(token, "size:S")) for _ in range(20)]
    assert {one.result().kind for one in taken} == {"opening"}
    assert (await kiosk.events()).count("DeliveryReserved") == 1
    assert (await kiosk.events()).count("UnlockAuthorised") == 1


async def test_a_token_that_nobody_was_given_does_nothing(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    await visitor.get()
    page = await visitor.post(uuid7(kiosk.parts.clock.now().at_ms), "pick_up")
    assert (page.kind, kiosk.state.visit.step) == ("home", Step.HOME)
    assert page.notice == "That page was out of date, so nothing was done. Touch again."


async def test_a_token_of_another_browser_does_nothing(kiosk: WebRig) -> None:
    stolen = (await kiosk.visitor().get()).token
    page = await kiosk.visitor().post(stolen, "pick_up")
    assert (page.kind, bool(page.notice)) == ("home", True)


async def test_a_touch_on_a_page_that_has_gone_does_nothing(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    old = (await visitor.get()).token
    await visitor.touch("deliver")
    page = await visitor.post(old, "pick_up")
    assert (page.kind, bool(page.notice)) == ("carrier_code", True)


async def test_a_touch_on_a_page_that_has_gone_does_nothing_even_where_it_could(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    await visitor.touch("deliver")
    old = (await visitor.get()).token
    await visitor.touch("back")
    await visitor.touch("pick_up")
    assert (await visitor.post(old, "back")).kind == "code"


async def test_a_door_that_moves_meanwhile_does_not_spoil_the_page(kiosk: WebRig) -> None:
    courier = await signed_in(kiosk)
    await courier.touch("unit", value="412")
    await courier.touch("size:S")
    token = (await courier.get()).token
    await kiosk.spring_open()
    assert (await courier.post(token, "help")).kind == "help"


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("open_everything", {}),
        ("", {}),
        ("code", {"value": "1234"}),
        ("code", {"value": "١٢٣٤٥٦٧٨"}),
        ("code", {"value": "12345678\n"}),
        ("carrier_code", {"value": "12345a"}),
        ("size:XXL", {}),
        ("unit", {"value": "4" * 21}),
        ("unit", {"value": "4\x002"}),
        ("staff_pin", {"account": "1", "value": "123"}),
        ("staff_pin", {"account": "x" * 21, "value": "12345678"}),
        ("staff_open", {"value": "../c1"}),
        ("language", {"value": "<b>"}),
        ("inside_yes", {}),
    ],
)
async def test_what_no_page_posts_is_refused_and_said(
    kiosk: WebRig, action: str, fields: dict[str, str]
) -> None:
    before = kiosk.state
    page = await kiosk.visitor().touch(action, **fields)
    assert page.notice == "That entry could not be read, so nothing was done. Enter it again."
    assert kiosk.state is before


async def test_a_body_that_is_no_form_is_refused_and_said(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    await visitor.get()
    await visitor.act({f"field{n}": "1" for n in range(20)})
    assert (await visitor.get()).notice


async def test_digits_are_neither_logged_nor_shown_again(
    kiosk: WebRig, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = kiosk.visitor()
    await visitor.touch("pick_up")
    with caplog.at_level(logging.DEBUG):
        page = await visitor.touch("code", value=WRONG_CODE)
    assert page.notice == "No parcel has this code. Check the digits in your message."
    assert WRONG_CODE not in page.text
    assert WRONG_CODE not in caplog.text
    assert WRONG_CODE not in "".join(row.body for row in await kiosk.parts.read_events(0, 500))


async def test_what_was_typed_is_not_in_a_traceback() -> None:
    post = read_post(b"token=t&action=staff_pin&account=1&value=" + PIN.encode())
    assert post.value == PIN
    assert PIN not in repr(post)


async def test_a_sentence_goes_with_the_page_it_belongs_to(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    await visitor.touch("pick_up")
    assert (await visitor.touch("code", value=WRONG_CODE)).notice
    assert not (await visitor.touch("back")).notice


async def test_a_parcel_comes_and_goes_through_the_pages(kiosk: WebRig) -> None:
    courier = kiosk.visitor()
    door = await kiosk.door_for(courier)
    assert (await courier.get()).kind == "put_in"
    await kiosk.see(door, DoorState.CLOSED)
    page = await courier.get()
    assert page.kind == "stored"
    proof = next(iter(kiosk.state.deliveries.values())).proof
    assert proof is not None
    assert proof in page.text
    page = await courier.touch("finish")
    assert (page.kind, proof in page.text, "<svg" in page.text) == ("proof", True, True)
    assert (await courier.touch("finish")).kind == "home"


async def test_staff_sign_in_by_account_and_pin(kiosk: WebRig) -> None:
    staff = kiosk.visitor()
    await staff.touch("staff")
    wrong = await staff.touch("staff_pin", account="1", value="00000001")
    assert (wrong.kind, bool(wrong.notice)) == ("staff_sign_in", True)
    assert (await staff.touch("staff_pin", account="1", value=PIN)).kind == "staff_list"


class CountedPins:
    """Nobody's PIN is right; counts how often one was tried."""

    def __init__(self) -> None:
        self.tried = 0

    async def check(self, account: str, pin: str) -> StaffId | None:
        """One more try."""
        self.tried += 1
        return None


async def test_a_pin_is_tried_only_where_the_screen_asks_for_one(kiosk: WebRig) -> None:
    pins, listener = CountedPins(), listen_tcp("127.0.0.1", 0)
    async with WebServer(page_app(replace(kiosk.parts, staff_pins=pins)), listener):
        visitor = Visitor(listener.getsockname()[1])
        await visitor.touch("staff_pin", account="1", value=PIN)
        assert pins.tried == 0
        await visitor.touch("staff")
        await visitor.touch("staff_pin", account="1", value=PIN)
        assert pins.tried == 1


async def test_a_reload_at_any_step_shows_the_same_page(kiosk: WebRig) -> None:
    courier = kiosk.visitor()
    door = await kiosk.door_for(courier)
    kinds = {(await courier.get()).kind for _ in range(3)}
    await kiosk.see(door, DoorState.CLOSED)
    kinds |= {(await courier.get()).kind for _ in range(3)}
    assert kinds == {"put_in", "stored"}


async def test_another_language_speaks_from_the_next_page_on(kiosk: WebRig) -> None:
    visitor = kiosk.visitor()
    page = await visitor.touch("language:ar")
    assert 'lang="ar" dir="rtl"' in page.text
    assert "استلام طرد" in page.text
