"""The staff's pages about parcels and cases, with values as they come in life."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.domain.model.delivery import RemovalWay
from kiosk.domain.model.ids import CompartmentId, DeliveryId, IncidentId
from kiosk.domain.model.screen import Action, Offer, Screen, ScreenKind, ShownCase, StoredParcel
from kiosk.domain.rules.cases import CASES

A, K = Action, ScreenKind
Maker = Callable[..., Screen]


def _main(action: Action) -> Offer:
    return Offer(action, is_main=True)


def staff_parcels(plain: Maker, door: Maker) -> dict[str, Screen]:
    """Name of a picture -> the screen on it; `plain` makes a page, `door` one at a door."""
    remarks = (("overdue",), ("in_doubt", "held"), ("disputed", "out_of_sight"), (), ("in_use",))
    parcels = tuple(
        StoredParcel(
            DeliveryId(f"d{n}"),
            CompartmentId(f"c{n}"),
            str(n * 4),
            f"{n}12",
            "Swift Parcel",
            stored_at_ms=1_795_015_620_000,
            remarks=said,
            disposal_from_ms=1_798_015_620_000 if n == 1 else None,
            held_until_ms=1_796_015_620_000 if n == 2 else None,
        )
        for n, said in enumerate(remarks, 1)
    )
    listed = (Offer(A.PARCEL, one.delivery) for one in parcels)
    ways = (Offer(A.TAKE_OUT, RemovalWay.TO_CARRIER), Offer(A.TAKE_OUT, RemovalWay.TO_DESK))
    look = Offer(A.STAFF_OPEN, "c1")
    one = replace(
        plain(
            K.STAFF_PARCEL,
            Offer(A.STAFF_OPEN, "c2"),
            *ways,
            A.MOVE,
            Offer(A.HOLD, "0"),
            Offer(A.SEND_AGAIN, "d2"),
            Offer(A.NEW_CODE, "d2"),
            A.ANNOUNCE_DISPOSAL,
            A.BACK,
        ),
        stored=parcels[1:2],
    )
    gone = Offer(A.TAKE_OUT, RemovalWay.DISPOSED)
    taken = door(K.STAFF_TAKEN, _main(A.TOOK_IT), A.REOPEN, A.LEFT_IT, A.NOT_THERE, ways[1])
    second = door(K.STAFF_TAKEN, _main(A.PUT_IT_IN), A.REOPEN, A.ANOTHER_DOOR, ways[1])
    return {
        "staff-parcels": replace(plain(K.STAFF_PARCELS, *listed, A.BACK), stored=parcels),
        "staff-parcels-none": plain(K.STAFF_PARCELS, A.BACK),
        "staff-parcel": one,
        "staff-parcel-noticed": replace(
            plain(K.STAFF_PARCEL, look, *ways, A.MOVE, Offer(A.HOLD, "14"), gone, A.BACK),
            stored=parcels[:1],
        ),
        "staff-take": replace(door(K.STAFF_TAKE), unit="412", initial="M., P."),
        "staff-put": replace(door(K.STAFF_PUT), unit="412", is_left_open=True, open_calls=1),
        "staff-taken": replace(taken, unit="412", initial="M., P."),
        "staff-taken-second": replace(second, unit="412"),
        "staff-jammed-second": replace(door(K.JAMMED, _main(A.REOPEN), A.ANOTHER_DOOR, ways[1]), unit="412"),
    }


def cases() -> tuple[ShownCase, ...]:
    """One of each kind."""
    return tuple(
        ShownCase(IncidentId(f"i{n}"), f"{n}81 20{n}", kind, door=str(n), unit="412" if n < 4 else "")
        for n, kind in enumerate(CASES, 1)
    )
