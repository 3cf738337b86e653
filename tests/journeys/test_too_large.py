"""A parcel that no compartment takes, with real touches: onto a shelf, and from there to its resident."""

from typing import cast

from kiosk.reports.views import DeliveryView
from tests.journeys.conftest import House
from tests.journeys.test_first_parcel import sign_in


def test_a_parcel_that_fits_nowhere_waits_on_a_shelf(house: House) -> None:
    screen, panel = house.touchscreen(), house.panel()
    sign_in(screen, house)
    screen.sees("unit")
    screen.types("412")
    screen.sees("size")
    screen.touches("fits_nowhere:too_large")
    screen.sees("overflow")
    screen.touches("outlet:room")
    screen.sees("put_at_place")
    assert screen.door == "R-01"
    screen.touches("placed")
    screen.sees("placed")
    screen.touches("finish")
    screen.sees("proof")
    screen.touches("finish")
    (parcel,) = cast(list[DeliveryView], house.kiosk.ask("/deliveries"))
    assert (parcel["place"], parcel["label"], parcel["state"]) == ("shelf", "R-01", "stored")
    code = panel.code_of_newest_message()
    screen.sees("home")
    screen.touches("pick_up")
    screen.sees("code")
    screen.types(code)
    screen.sees("pickup_at_place")
    screen.touches("have_it")
    screen.sees("pickup_done")
    screen.touches("finish")
    screen.sees("home")
    assert house.kiosk.ask("/deliveries") == []


def test_what_needs_a_signature_goes_back_with_a_receipt(house: House) -> None:
    screen = house.touchscreen()
    sign_in(screen, house)
    screen.sees("unit")
    screen.types("412")
    screen.sees("size")
    screen.touches("needs_person")
    screen.sees("needs_person")
    screen.touches("fits_nowhere:signature")
    screen.sees("overflow")
    assert screen.page.locator("button[value='outlet:room']").count() == 0
    screen.touches("outlet:carrier")
    screen.sees("kept")
    assert len(screen.page.locator(".proof").inner_text()) == 6
    screen.touches("finish")
    screen.sees("home")
    assert house.kiosk.ask("/deliveries") == []
