"""A parcel's whole stay with real touches: Chromium, the daemon's process, boards on ptys, SQLite on disk."""

from tests.app.processes import sample_code
from tests.journeys.conftest import House
from tests.journeys.people import BELIEVED_MS, Panel, Touchscreen


def sign_in(screen: Touchscreen, house: House, carrier: str = "Halvorn Express") -> None:
    screen.sees("home")
    screen.touches("deliver")
    screen.sees("carrier_code")
    screen.types(sample_code(house.block, carrier))


def drop_off(screen: Touchscreen, panel: Panel, unit: str = "412") -> str:
    """From the unit page to the stored parcel; the door's label."""
    screen.sees("unit")
    screen.types(unit)
    screen.sees("size")
    screen.touches("size:M")
    screen.sees("put_in")
    door = screen.door
    panel.puts_in(door, "a hat")
    panel.page.wait_for_timeout(BELIEVED_MS)
    panel.pushes_shut(door)
    screen.sees("stored")
    return door


def pick_up(screen: Touchscreen, panel: Panel, code: str) -> str:
    """From the home page to the question at the close; the door's label."""
    screen.sees("home")
    screen.touches("pick_up")
    screen.sees("code")
    screen.types(code)
    screen.sees("take_out")
    door = screen.door
    panel.takes_out(door)
    panel.page.wait_for_timeout(BELIEVED_MS)
    panel.pushes_shut(door)
    screen.sees("got_everything")
    return door


def test_parcel_is_left_and_picked_up_and_the_code_is_spent(house: House) -> None:
    screen, panel = house.touchscreen(), house.panel()
    sign_in(screen, house)
    left_at = drop_off(screen, panel)
    screen.touches("finish")
    screen.sees("proof")
    assert screen.page.locator("figure svg").count() == 1
    screen.touches("finish")
    code = panel.code_of_newest_message()
    assert pick_up(screen, panel, code) == left_at
    screen.touches("got_everything")
    screen.sees("pickup_done")
    screen.touches("finish")
    screen.sees("home")
    again = house.kiosk.ask("/deliveries")
    assert again == []


def test_reload_keeps_a_reopened_door(house: House) -> None:
    screen, panel = house.touchscreen(), house.panel()
    sign_in(screen, house)
    door = drop_off(screen, panel)
    screen.touches("reopen")
    screen.sees("put_in")
    assert screen.door == door
    panel.pushes_shut(door)
    screen.sees("stored")


def test_wrong_code_says_so_and_opens_nothing(house: House) -> None:
    screen, panel = house.touchscreen(), house.panel()
    screen.sees("home")
    screen.touches("pick_up")
    screen.types("48151623")
    screen.page.locator("#screen .notice").first.wait_for(timeout=20_000)
    screen.waits_for("code")
    assert panel.page.locator("#cabinet a.door.ajar, #cabinet a.door.open").count() == 0


def test_killed_in_the_middle_the_courier_is_asked_at_the_next_sign_in(house: House) -> None:
    screen, panel = house.touchscreen(), house.panel()
    sign_in(screen, house)
    screen.sees("unit")
    screen.types("412")
    screen.touches("size:M")
    screen.waits_for("put_in")
    door = screen.door
    panel.puts_in(door, "a hat")
    panel.daemon("kill")
    panel.pushes_shut(door)
    screen.page.locator("#wait:not([hidden])").wait_for(timeout=20_000)
    panel.daemon("start")
    screen.waits_for("home")
    assert not screen.page.locator("#wait:not([hidden])").count()
    sign_in(screen, house)
    screen.sees("question")
    assert screen.door == door
    screen.touches("inside_yes")
    screen.sees("unit")
    screen.touches("finish")
    code = panel.code_of_newest_message()
    screen.waits_for("proof")
    screen.touches("finish")
    pick_up(screen, panel, code)
    screen.touches("got_everything")
    screen.waits_for("pickup_done")


def test_staff_settle_a_door_that_nobody_can_be_sure_about(house: House) -> None:
    screen, panel = house.touchscreen(), house.panel()
    sign_in(screen, house)
    screen.sees("unit")
    screen.types("412")
    screen.touches("size:M")
    screen.waits_for("put_in")
    door = screen.door
    screen.touches("not_deposited")
    panel.pushes_shut(door)
    screen.waits_for("question")
    screen.touches("finish")
    screen.waits_for("home")
    screen.touches("staff")
    screen.waits_for("staff_sign_in")
    screen.types("1")
    screen.types(["enter"])
    screen.types(sample_code(house.block, "account 1 (Front desk)"))
    screen.waits_for("staff_list")
    screen.page.get_by_role("button", name=f"Open door {door}").click()
    screen.waits_for("staff_look")
    panel.pushes_shut(door)
    screen.waits_for("staff_settle")
    screen.touches("found_empty")
    screen.waits_for("staff_list")
    assert "Nothing to look into" in screen.reads()


def test_second_browser_only_follows_until_it_takes_over(house: House) -> None:
    first, second = house.touchscreen(), house.touchscreen()
    sign_in(first, house)
    first.waits_for("unit")
    second.waits_for("elsewhere")
    second.touches("take_over")
    second.waits_for("unit")
    first.waits_for("elsewhere")
