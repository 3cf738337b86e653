"""Orders over the directory, posted to the local socket: small, one at a time, never on the page's port."""

import asyncio
import json
import logging
from collections.abc import Mapping

import pytest

from kiosk.domain.model.ids import CarrierCodeId
from kiosk.service.codes import is_guessable
from kiosk.web.order_desk import BODY_LIMIT
from tests.virtual import REAL_TIME
from tests.web.client import Visitor
from tests.web.rig import PIN, WebRig
from tests.web.test_local import Local

pytestmark = REAL_TIME

JSON = "application/json"
LIST = "unit,name,contact\n412,Ana Prado,ana@example.org\n413,Ben Odell,\n"


async def post(kiosk: WebRig, body: bytes, kind: str = JSON, method: str = "POST") -> tuple[int, object]:
    """One request; the server answers on this same loop, so it is asked from a thread."""

    def ask() -> tuple[int, object]:
        connection = Local(kiosk)
        try:
            connection.request(method, "/directory", body, {"Content-Type": kind} if kind else {})
            answer = connection.getresponse()
            content = answer.read()
            is_json = answer.headers["content-type"] == JSON
            return answer.status, json.loads(content) if is_json else content.decode()
        finally:
            connection.close()

    return await asyncio.to_thread(ask)


async def order(kiosk: WebRig, name: str, /, **fields: object) -> Mapping[str, object]:
    """An order that is carried out."""
    status, answer = await post(kiosk, json.dumps({"order": name, **fields}).encode())
    assert status == 200, answer
    assert isinstance(answer, dict)
    return answer


async def refused(kiosk: WebRig, name: str, /, **fields: object) -> tuple[int, str]:
    """Status and reason of an order that is not."""
    status, answer = await post(kiosk, json.dumps({"order": name, **fields}).encode())
    assert isinstance(answer, dict)
    assert set(answer) == {"error", "failure"}
    return status, answer["error"]


async def test_a_list_is_tried_then_taken(kiosk: WebRig) -> None:
    before = kiosk.state.directory
    trial = await order(kiosk, "import_residents", text=LIST, is_trial=True)
    assert (trial["is_done"], trial["units_added"]) == (False, ["413"])
    assert kiosk.state.directory is before
    done = await order(kiosk, "import_residents", text=LIST)
    assert done["added"] == [
        {"unit": "412", "name": "Ana Prado"},
        {"unit": "413", "name": "Ben Odell"},
    ]
    assert kiosk.state.directory.unit_named("413")
    again = await order(kiosk, "import_residents", text=LIST)
    assert not [value for value in again.values() if isinstance(value, list) and value]
    assert (await kiosk.events()).count("DirectoryChanged") == 2, "one is of the rig"


async def test_many_who_would_move_out_need_a_word_more(kiosk: WebRig) -> None:
    said = {"text": LIST, "is_whole": True}
    status, why = await refused(kiosk, "import_residents", **said)
    assert (status, "3 of 3 residents would move out" in why) == (409, True)
    done = await order(kiosk, "import_residents", **said, is_confirmed=True)
    moved_out = done["moved_out"]
    assert isinstance(moved_out, list)
    assert len(moved_out) == 3


async def test_a_wrong_list_is_named_line_by_line(kiosk: WebRig) -> None:
    status, why = await refused(kiosk, "import_residents", text="unit,name\n,Ana\n1,\n")
    assert status == 422
    assert why.splitlines() == ["the list: line 2: unit is empty", "the list: line 3: name is empty"]


async def test_what_is_exported_can_be_imported(kiosk: WebRig) -> None:
    await order(kiosk, "import_residents", text=LIST)
    text = (await order(kiosk, "export_residents"))["text"]
    again = await order(kiosk, "import_residents", text=text, is_whole=True)
    assert (again["moved_out"], again["added"], again["changed"]) == ([], [], [])


async def test_nobody_is_forgotten_while_a_parcel_waits_or_while_they_live_here(kiosk: WebRig) -> None:
    status, why = await refused(kiosk, "forget_resident", unit="412", name="Mara Lind")
    assert (status, "lives in 412" in why) == (409, True)
    assert (await refused(kiosk, "forget_resident", unit="999", name="Mara Lind"))[0] == 409
    await kiosk.door_for(kiosk.visitor())
    await order(kiosk, "import_residents", text=LIST, is_whole=True, is_confirmed=True)
    status, why = await refused(kiosk, "forget_resident", unit="412", name="mara lind")
    assert (status, "a parcel waits for Mara Lind behind door 1" in why) == (409, True)
    await order(kiosk, "forget_resident", unit="101", name="Mara Lind")
    rows = (await order(kiosk, "list_residents"))["residents"]
    assert isinstance(rows, list)
    assert [row["name"] for row in rows if row["unit"] == "101"] == []


async def test_a_carrier_s_code_is_fair_shown_once_and_works_at_the_screen(kiosk: WebRig) -> None:
    answer = await order(kiosk, "add_carrier", name="Halvorn Express")
    code = str(answer["code"])
    assert (answer["carrier"], len(code), code.isdigit(), is_guessable(code)) == (
        "halvorn-express", 6, True, False,
    )  # fmt: skip
    visitor = kiosk.visitor()
    await visitor.touch("deliver")
    assert (await visitor.touch("carrier_code", value=code)).kind == "unit"
    listed = await order(kiosk, "list_carriers")
    assert {"carrier": "halvorn-express", "name": "Halvorn Express", "has_code": True} in as_list(
        listed["carriers"]
    )
    assert code not in json.dumps(listed)


async def test_another_code_ends_the_old_one(kiosk: WebRig) -> None:
    first = await order(kiosk, "add_carrier", name="Halvorn")
    second = await order(kiosk, "renew_carrier_code", carrier="HALVORN")
    codes, mine = kiosk.parts.codes, kiosk.state.directory.carrier_codes
    assert codes.carrier_digest_of(str(first["code"])) not in mine
    assert codes.carrier_digest_of(str(second["code"])) in mine
    await order(kiosk, "remove_carrier", carrier="halvorn")
    assert "halvorn" not in kiosk.state.directory.carriers
    assert not [one for one in kiosk.state.directory.carrier_codes.values() if one.carrier == "halvorn"]
    assert CarrierCodeId("1") in {one.id for one in kiosk.state.directory.carrier_codes.values()}


async def test_a_staff_pin_is_kept_as_a_slow_hash_only(kiosk: WebRig) -> None:
    answer = await order(kiosk, "add_staff", account="42", name="Night desk")
    pin = str(answer["pin"])
    assert (len(pin), pin.isdigit()) == (8, True)
    staff = kiosk.parts.staff_pins
    assert await staff.check("42", pin) is not None
    assert await staff.check("1", PIN) is not None, "others keep theirs"
    renewed = str((await order(kiosk, "renew_staff_pin", account="42"))["pin"])
    assert await staff.check("42", pin) is None
    assert await staff.check("42", renewed) is not None
    await order(kiosk, "remove_staff", account="42")
    assert await staff.check("42", renewed) is None


async def test_an_account_that_comes_again_is_another_person_in_the_log(kiosk: WebRig) -> None:
    await order(kiosk, "add_staff", account="42", name="Ana")
    first = {one.id for one in kiosk.state.directory.staff.values()}
    await order(kiosk, "remove_staff", account="42")
    kiosk.watch.ahead_ms += 1000
    await order(kiosk, "add_staff", account="42", name="Ben")
    (ben,) = {one.id for one in kiosk.state.directory.staff.values()} - first
    assert ben.startswith("42-")


async def test_orders_at_once_are_carried_out_one_after_another(kiosk: WebRig) -> None:
    names = [f"Carrier {number}" for number in range(6)]
    async with asyncio.TaskGroup() as tasks:
        for name in names:
            tasks.create_task(order(kiosk, "add_carrier", name=name))
    assert set(names) <= {one.name for one in kiosk.state.directory.carriers.values()}
    assert len(kiosk.state.directory.carrier_codes) == len(kiosk.state.directory.carriers) - 1


REFUSED = [
    ("add_carrier", {"name": "Swift"}, 409, "there is a carrier Swift already"),
    ("renew_carrier_code", {"carrier": "nobody"}, 409, "there is no carrier nobody; carriers: post, swift"),
    ("remove_carrier", {"carrier": "nobody"}, 409, "there is no carrier nobody"),
    ("add_staff", {"account": "1", "name": "Jo"}, 409, "account 1 is taken"),
    ("add_staff", {"account": "jo", "name": "Jo"}, 400, "account: expected one to eight digits"),
    ("renew_staff_pin", {"account": "9"}, 409, "there is no account 9; accounts: 1"),
    ("remove_staff", {"account": "9"}, 409, "there is no account 9"),
    ("add_carrier", {"name": ""}, 400, "name: string should have at least 1 character"),
    ("add_carrier", {"name": "a\nb"}, 400, "name: expected one line"),
    ("add_carrier", {"name": 7}, 400, "name: "),
    ("add_carrier", {}, 400, "name: field required"),
    ("add_carrier", {"name": "X", "code": "123456"}, 400, "code: extra inputs are not permitted"),
    ("import_residents", {"text": "x" * (1 << 20) + "x"}, 400, "text: string should have at most"),
    ("open_all", {}, 400, "order: "),
]


@pytest.mark.parametrize(("name", "fields", "status", "why"), REFUSED)
async def test_a_refusal_says_why_in_one_line_and_changes_nothing(
    kiosk: WebRig, name: str, fields: dict[str, object], status: int, why: str
) -> None:
    before = kiosk.state.directory
    found, said = await refused(kiosk, name, **fields)
    assert (found, why in said, "\n" in said) == (status, True, False), said
    assert kiosk.state.directory is before


BODIES = [
    (b"", JSON, 400),
    (b"{", JSON, 400),
    (b"[]", JSON, 400),
    (b"\xff", JSON, 400),
    (b"[" * 3000, JSON, 400),
    (b'{"order":"list_staff"}', "text/plain", 415),
    (b'{"order":"list_staff"}', "", 415),
    (b" " * (BODY_LIMIT + 1), JSON, 413),
]


@pytest.mark.parametrize(("body", "kind", "status"), BODIES, ids=range(len(BODIES)))
async def test_a_body_that_is_no_order_is_turned_away_with_json(
    kiosk: WebRig, body: bytes, kind: str, status: int
) -> None:
    found, answer = await post(kiosk, body, kind)
    assert (found, isinstance(answer, dict)) == (status, True)


async def test_it_is_posted_to_the_socket_only(kiosk: WebRig) -> None:
    status, _ = await post(kiosk, b"", method="GET")
    assert status == 405
    visitor = Visitor(kiosk.port)
    usual = {"Origin": visitor.origin, "Content-Type": JSON}
    assert (await visitor.send("POST", "/directory", headers=usual, body=b"{}")).status == 415
    assert (await visitor.get("/directory")).status == 404


async def test_a_kiosk_that_stops_takes_no_more_orders(kiosk: WebRig) -> None:
    await kiosk.engine.drain()
    assert await refused(kiosk, "add_carrier", name="Late") == (
        503, "nothing was changed: the kiosk is stopping; try again",
    )  # fmt: skip


async def test_no_name_contact_or_digit_is_logged_or_in_an_event(
    kiosk: WebRig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await order(kiosk, "import_residents", text=LIST)
    code = str((await order(kiosk, "add_carrier", name="Halvorn Express"))["code"])
    pin = str((await order(kiosk, "add_staff", account="42", name="Night desk"))["pin"])
    await refused(kiosk, "forget_resident", unit="412", name="Ana Prado")
    events = str(await kiosk.parts.read_events(0, 500))
    secrets = ("Ana Prado", "ana@example.org", "Halvorn", "Night desk", code, pin)
    assert not [one for one in secrets if one in events or one in caplog.text]


def as_list(found: object) -> list[object]:
    assert isinstance(found, list)
    return found
