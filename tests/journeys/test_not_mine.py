"""A resident finds somebody else's parcel and asks for help; staff see to both. Real touches all the way."""

from playwright.sync_api import expect

from tests.app.processes import sample_code
from tests.journeys.conftest import House
from tests.journeys.people import Panel, Touchscreen
from tests.journeys.test_first_parcel import drop_off, pick_up, sign_in


def test_a_parcel_that_is_not_theirs_stays_until_staff_have_looked(house: House) -> None:
    screen, panel = house.touchscreen(), house.panel()
    sign_in(screen, house)
    door = drop_off(screen, panel)
    screen.touches("finish")
    screen.waits_for("proof")
    screen.touches("finish")
    code = panel.code_of_newest_message()
    pick_up(screen, panel, code)
    screen.touches("something_wrong")
    screen.sees("pickup_trouble")
    screen.touches("not_mine")
    screen.sees("pickup_done")
    assert "Your case:" in screen.reads()
    screen.touches("help")
    screen.waits_for("help")
    screen.touches("call_staff")
    screen.touches("back")
    screen.waits_for("pickup_done")
    screen.touches("finish")
    screen.waits_for("home")
    refused(screen, code)
    settled(screen, house, panel, door)
    assert house.kiosk.ask("/deliveries") == []


def refused(screen: Touchscreen, code: str) -> None:
    """The code is dead, and the screen says so."""
    screen.touches("pick_up")
    screen.waits_for("code")
    screen.types(code)
    screen.page.locator("#screen .notice").first.wait_for(timeout=20_000)
    screen.touches("back")
    screen.waits_for("home")


def settled(screen: Touchscreen, house: House, panel: Panel, door: str) -> None:
    """Staff close the case of the call, and look behind the door."""
    screen.touches("staff")
    screen.waits_for("staff_sign_in")
    screen.types("1")
    screen.types(["enter"])
    screen.types(sample_code(house.block, "account 1 (Front desk)"))
    screen.waits_for("staff_list")
    screen.touches("cases")
    screen.sees("staff_cases")
    cases = screen.page.locator('#screen button[value^="case_done:"]')
    cases.first.click()
    expect(cases).to_have_count(0, timeout=20_000)
    screen.touches("back")
    screen.waits_for("staff_list")
    screen.page.get_by_role("button", name=f"Open door {door}").click()
    screen.waits_for("staff_look")
    panel.pushes_shut(door)
    screen.waits_for("staff_settle")
    screen.touches("found_empty")
    screen.waits_for("staff_list")
