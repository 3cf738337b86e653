"""A tired courier with real touches: the wrong unit, no unit, two doors open, a resident who cuts in."""

from tests.app.processes import sample_code
from tests.journeys.conftest import House
from tests.journeys.people import BELIEVED_MS, Panel, Touchscreen

CARRIER = "Halvorn Express"


def put_in(screen: Touchscreen, panel: Panel, what: str) -> str:
    """From the size page to a filled door that is still open; its label."""
    screen.waits_for("size")
    screen.touches("size:M")
    screen.waits_for("put_in")
    door = screen.door
    panel.puts_in(door, what)
    panel.page.wait_for_timeout(BELIEVED_MS)
    return door


def sign_in_for_the_first_time(screen: Touchscreen, house: House) -> None:
    """The four steps explained, then back to the code."""
    screen.sees("home")
    screen.touches("deliver")
    screen.waits_for("carrier_code")
    screen.touches("first_time")
    screen.sees("first_time")
    screen.touches("back")
    screen.waits_for("carrier_code")
    screen.types(sample_code(house.block, CARRIER))


def test_a_courier_finds_a_way_on_whatever_the_label_says(house: House) -> None:
    screen, panel = house.touchscreen(), house.panel()
    sign_in_for_the_first_time(screen, house)

    # The wrong unit, seen behind the shut door: nobody wrong is told.
    screen.sees("unit")
    screen.types("411")
    first = put_in(screen, panel, "for 412")
    panel.pushes_shut(first)
    screen.sees("stored")
    screen.touches("wrong_unit")
    screen.sees("unit")
    screen.types("412")
    screen.sees("stored")
    assert "412" in screen.reads()

    # No unit on the label: three letters, a masked name, its unit; the door stays open meanwhile.
    screen.touches("next")
    screen.waits_for("unit")
    screen.touches("no_unit")
    screen.sees("find_name")
    screen.types("HIN")
    screen.sees("matches")
    assert "Hinojal" not in screen.page.content()
    screen.touches("match:0")
    screen.waits_for("size")
    assert "611" in screen.reads()
    second = put_in(screen, panel, "for 611")
    screen.touches("next")
    screen.waits_for("unit")

    # The next one while that door is open; finishing lists it and is done with the last close.
    screen.types("102")
    third = put_in(screen, panel, "for 102")
    panel.pushes_shut(third)
    screen.waits_for("stored")
    screen.touches("finish")
    screen.sees("parcels")
    panel.pushes_shut(second)
    screen.waits_for("proof")
    assert screen.page.locator("ul.list li").count() == 3


def test_a_resident_cuts_in_and_the_courier_comes_back(house: House) -> None:
    screen, panel = house.touchscreen(), house.panel()
    screen.sees("home")
    screen.touches("deliver")
    screen.types(sample_code(house.block, CARRIER))
    screen.waits_for("unit")
    screen.types("412")
    door = put_in(screen, panel, "a hat")
    panel.pushes_shut(door)
    screen.waits_for("stored")
    screen.touches("next")
    screen.waits_for("unit")
    code = panel.code_of_newest_message()
    screen.touches("quick_pickup")
    screen.sees("code")
    screen.types(code)
    screen.waits_for("take_out")
    panel.takes_out(door)
    panel.page.wait_for_timeout(BELIEVED_MS)
    panel.pushes_shut(door)
    screen.waits_for("got_everything")
    screen.touches("got_everything")
    screen.waits_for("pickup_done")
    screen.touches("finish")
    screen.sees("unit")
