"""A courier, a resident, a member of staff: as planned, then from wherever a kill has left them."""

import re

from config.sample import read_sample, sample_carrier_code, sample_staff_pin
from tests.app.processes import Page, until
from tests.kill.scene import CARRIER, SIZE, UNIT, Scene

BELIEVED_MS = 2200
"""A door that is open for less than two seconds is believed to be neither a pickup nor a drop-off."""
PAGES_AT_MOST = 20


def follows(page: Page, *kinds: str) -> str:
    """Wait until the page is none of these; which it is then."""
    until(lambda: page.kind not in kinds, f"the page leaves {kinds}")
    return page.kind


# As planned


def deliver(scene: Scene) -> None:
    """One drop-off, from the first touch to the message on the phone."""
    page = scene.page()
    _sign_in(page)
    _open_one(page)
    _put_in(scene)
    assert follows(page, "put_in") == "stored"
    page.act("finish")
    assert page.act("finish") == "home"
    until(lambda: page.kind == "home" and scene.codes(), "the code reaches a phone")


def collect(scene: Scene) -> None:
    """One pickup, from the first touch to the home page."""
    page = scene.page()
    page.act("pick_up")
    page.act("code", scene.codes()[0][1])
    assert follows(page, "opening") == "take_out"
    _take_out(scene)
    assert follows(page, "take_out") == "got_everything"
    assert page.act("got_everything") == "pickup_done"
    assert page.act("finish") == "home"


def _sign_in(page: Page) -> str:
    page.act("deliver")
    return page.act("carrier_code", sample_carrier_code(CARRIER))


def _open_one(page: Page) -> None:
    page.act("unit", UNIT)
    page.act("size", SIZE)
    assert follows(page, "opening") == "put_in"


def _put_in(scene: Scene) -> None:
    """The parcel goes behind the open door, if it is not there yet; pushed shut with time to be believed."""
    (door,) = scene.open_doors()
    if not scene.parcel_doors():
        scene.world.do("put", door=door["id"], what="a hat")
    scene.world.pass_by(BELIEVED_MS)
    scene.world.do("push", door=door["id"])


def _take_out(scene: Scene) -> None:
    """The parcel, if it is still there, comes out and the door is pushed shut, with time to be believed."""
    (door,) = scene.open_doors()
    if door["parcels"]:
        scene.world.do("take", door=door["id"])
    scene.world.pass_by(BELIEVED_MS)
    scene.world.do("push", door=door["id"])


# From wherever they are


def courier_goes_on(scene: Scene) -> list[str]:
    """Sign in again and answer what the screen asks, truly, until the parcel is in; the pages met."""
    page = scene.page()
    met = [_sign_in(page)]
    for _ in range(PAGES_AT_MOST):
        match met[-1]:
            case "put_in":
                _put_in(scene)
                met.append(follows(page, "put_in"))
            case "question":
                met.append(_answer(scene, page))
            case "unit" if not scene.parcel_doors():
                _open_one(page)
                met.append("put_in")
            case "home":
                return met
            case _:
                met.append(page.act("finish"))
    raise AssertionError(f"the courier goes in circles: {met}")


def _answer(scene: Scene, page: Page) -> str:
    """Is the parcel inside? At a door that stands open it is put in first."""
    if scene.open_doors():
        _put_in(scene)
        until(lambda: 'value="inside_yes"' in page.look(), "the closed door can be answered for")
    return page.act("inside_yes" if scene.parcel_doors() else "inside_no")


def resident_goes_on(scene: Scene) -> list[str]:
    """Key the code in again and follow the screen, until home; the pages met."""
    page = scene.page()
    page.act("pick_up")
    met = [page.act("code", scene.codes()[0][1])]
    for _ in range(PAGES_AT_MOST):
        match met[-1]:
            case "opening":
                met.append(follows(page, "opening"))
            case "take_out":
                _take_out(scene)
                met.append(follows(page, "take_out"))
            case "got_everything":
                met.append(page.act("got_everything"))
            case "code":
                met.append(page.act("back"))
            case "home":
                return met
            case _:
                met.append(page.act("finish"))
    raise AssertionError(f"the resident goes in circles: {met}")


def staff_list(scene: Scene) -> str:
    """The list of doors to look into, as a member of staff sees it."""
    page, account = scene.page(), read_sample().staff[0].account
    page.act("staff")
    page.act("staff_pin", sample_staff_pin(account), account=account)
    while page.kind == "staff_key":  # a door that opened while nobody watched: it was not their key
        (door,) = set(re.findall(r'key_answer:([^/"]+)/not_me', page.look()))
        page.act("key_answer", f"{door}/not_me")
    assert page.kind == "staff_list"
    found = page.look()
    assert page.act("finish") == "home"
    return found
