"""Pages about parcels that no compartment takes, as they come in life."""

from dataclasses import replace

from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.model.place import Identified, Outlet, OverflowWhy, PlaceKind
from kiosk.domain.model.screen import (
    Action,
    Offer,
    Screen,
    ScreenKind,
    ShownProof,
)
from kiosk.domain.model.shown import PlacedParcel, ShownPlace

A, K = Action, ScreenKind
SHELF = ShownPlace(
    PlaceKind.SHELF, "R-12", "Package room", "Behind the cabinet. The key is at the front desk."
)
DESK = ShownPlace(PlaceKind.DESK, "Front desk", "", "Every day, 8 to 20")
FINDINGS = (A.IS_NOT_HERE, A.BACK)


def _page(kind: ScreenKind, *actions: Action | Offer) -> Screen:
    given = tuple(one if isinstance(one, Offer) else Offer(one) for one in (*actions, A.HELP))
    return Screen(kind, "Maple Court", language="en", languages=("en", "es", "zh", "ar"), offers=given)


def _main(action: Action, value: str = "") -> Offer:
    return Offer(action, value, is_main=True)


def _courier(kind: ScreenKind, step: int, *actions: Action | Offer) -> Screen:
    made = _page(kind, *actions)
    return replace(made, step=step, unit="412", initial="M., P.", carrier="Swift Parcel")


def place_screens() -> dict[str, Screen]:
    """By name."""
    return {**_couriers(), **_residents(), **_staff()}


def _couriers() -> dict[str, Screen]:
    whys = (Offer(A.FITS_NOWHERE, one.value) for one in OverflowWhy if one.needs_person)
    all_three = (_main(A.OUTLET, "room"), Offer(A.OUTLET, "desk"), Offer(A.OUTLET, "carrier"))
    overflow = replace(
        _courier(K.OVERFLOW, 3, *all_three, A.BACK), why=OverflowWhy.TOO_LARGE, place=SHELF, desk="Front desk"
    )
    put = replace(_courier(K.PUT_AT_PLACE, 4, _main(A.PLACED), A.NOT_PLACED), place=SHELF)
    proof = (ShownProof(DeliveryId("d1"), "MRF4WQ", "R-12", "412"),)
    placed = replace(_courier(K.PLACED, 4, _main(A.NEXT), A.FINISH, A.NOT_PLACED), place=SHELF, proofs=proof)
    kept = _courier(K.KEPT, 4, _main(A.NEXT), A.FINISH)
    asked = (A.INSIDE_YES, A.INSIDE_NO, A.NEXT, A.FINISH)
    return {
        "needs-person": _courier(K.NEEDS_PERSON, 3, *whys, A.BACK),
        "overflow": overflow,
        "overflow-full": replace(
            _courier(K.OVERFLOW, 3, _main(A.OUTLET, "carrier"), A.BACK), why=OverflowWhy.NOTHING_FREE
        ),
        "put-on-shelf": put,
        "put-at-desk": replace(put, place=DESK),
        "placed-shelf": replace(placed, is_accepted=True),
        "placed-desk": replace(placed, place=DESK),
        "kept": replace(kept, why=OverflowWhy.AGE_CHECK, receipt="MRF4WQ"),
        "place-question": replace(_courier(K.PLACE_QUESTION, 4, *asked), place=SHELF),
        "place-question-desk": replace(_courier(K.PLACE_QUESTION, 4, *asked), place=DESK),
    }


def _residents() -> dict[str, Screen]:
    shelf = _page(K.PICKUP_AT_PLACE, _main(A.HAVE_IT), A.NOT_ON_SHELF, A.NEXT, A.FINISH)
    return {
        "pickup-shelf": replace(shelf, place=SHELF),
        "pickup-desk": replace(_page(K.PICKUP_AT_PLACE, _main(A.FINISH)), place=DESK),
        "pickup-done-shelf": replace(_page(K.PICKUP_DONE, _main(A.FINISH)), place=SHELF),
    }


def _placed(number: int, place: ShownPlace) -> PlacedParcel:
    return PlacedParcel(
        DeliveryId(f"01a1b2c3-d4e5-7f60-8a1b-2c3d4e5f6071.{number}"),
        place.label,
        place.kind,
        f"{number}12",
        "Swift Parcel",
        is_on_the_way=number == 1,
        is_accepted=number != 2,
        is_in_doubt=number == 3,
    )


def _staff() -> dict[str, Screen]:
    parcels = tuple(_placed(number, SHELF if number % 2 else DESK) for number in range(1, 6))
    chosen = (Offer(A.PLACED_PARCEL, one.delivery) for one in parcels if not one.is_on_the_way)
    given = tuple(Offer(A.HAND_OVER, one.value) for one in Identified)
    stored = _page(K.STAFF_PLACED, *given, Offer(A.BRING_TO, Outlet.DESK.value), *FINDINGS)
    doubted = _page(K.STAFF_PLACED, _main(A.IS_HERE), *given, Offer(A.BRING_TO, Outlet.ROOM.value), *FINDINGS)
    brought = _page(K.STAFF_PLACED, _main(A.IS_HERE), *FINDINGS)
    return {
        "staff-places": replace(_page(K.STAFF_PLACES, *chosen, A.BACK), placed=parcels),
        "staff-places-none": _page(K.STAFF_PLACES, A.BACK),
        "staff-placed": replace(stored, place=SHELF, unit="512", placed=parcels[4:]),
        "staff-placed-doubt": replace(doubted, place=DESK, unit="312", placed=parcels[2:3]),
        "staff-placed-brought": replace(brought, place=DESK, unit="212", placed=parcels[1:2]),
    }
