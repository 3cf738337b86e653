"""Every page of the touchscreen with values as they come in life: a cabinet of 24 doors, 120 units."""

from dataclasses import replace

from kiosk.domain.model.compartment import Compartment, Layout, SizeClass, SizeSpec
from kiosk.domain.model.ids import BankId, CompartmentId, DeliveryId, SupplyId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.key_use import OpeningAnswer
from kiosk.domain.model.screen import (
    Action,
    DoorMark,
    DrawnDoor,
    Offer,
    OfferedSize,
    OpenDoor,
    Screen,
    ScreenKind,
    ShownParcel,
    ShownProof,
    Side,
    StaffTask,
    StoredParcel,
)
from kiosk.domain.model.shown import LargeDoors
from kiosk.domain.refusals import Refusal
from tests.web.message_samples import HELD_MS, message_screens
from tests.web.place_samples import place_screens
from tests.web.staff_samples import cases, staff_parcels

LANGUAGES = ("en", "es", "zh", "ar")
COLUMNS = ("MMSSLS", "_SSX", "MLSSL", "XMSL", "LLSMSS")
"""A cabinet by columns, sizes from the top; X is very large, _ the screen."""
SPECS = {
    SizeClass.S: SizeSpec(SizeClass.S, 400, 120, 500),
    SizeClass.M: SizeSpec(SizeClass.M, 400, 200, 500),
    SizeClass.L: SizeSpec(SizeClass.L, 400, 400, 500),
    SizeClass.XL: SizeSpec(SizeClass.XL, 400, 800, 500),
}
YOURS = 17
A, K = Action, ScreenKind
ELSEWHERE = (OpenDoor("17", "412", is_drop_off=True), OpenDoor("3", "", is_drop_off=False))
"""Doors that somebody else left open, or has open now."""


def cabinet(yours: int = YOURS, *, is_open: int = 9, done: int = 5) -> tuple[tuple[DrawnDoor, ...], ...]:
    """The cabinet with one door to go to, one that stands open, and one that is done."""
    marks = {yours: DoorMark.YOURS, is_open: DoorMark.OPEN, done: DoorMark.DONE}
    number, columns = 0, []
    for letters in COLUMNS:
        column = []
        for letter in letters:
            number += letter != "_"
            mark = marks.get(number, DoorMark.PLAIN) if letter != "_" else DoorMark.PLAIN
            column.append(DrawnDoor(str(number) if letter != "_" else "", _size(letter), mark))
        columns.append(tuple(column))
    return tuple(columns)


def _size(letter: str) -> SizeClass | None:
    return None if letter == "_" else SizeClass({"X": "XL"}.get(letter, letter))


def layout() -> Layout:
    """The same cabinet as built."""
    number, places = 0, {}
    for column, letters in enumerate(COLUMNS, 1):
        for row, letter in enumerate(letters, 1):
            if size := _size(letter):
                number += 1
                name = CompartmentId(f"c{number}")
                places[name] = Compartment(
                    id=name,
                    label=str(number),
                    bank=BankId("a"),
                    channel=number,
                    column=column,
                    row=row,
                    size=size,
                    supply=SupplyId("main"),
                    opening_height_mm=600,
                )
    return Layout(places, SPECS, screen_column=2, screen_row=1)


def sizes(*free: int) -> tuple[OfferedSize, ...]:
    """The size classes with so many free."""
    return tuple(
        OfferedSize(spec.size, spec.width_mm, spec.height_mm, spec.depth_mm, count)
        for spec, count in zip(SPECS.values(), free, strict=True)
    )


def offers(*actions: Action | Offer) -> tuple[Offer, ...]:
    """Offers as the rules make them: the first one given is nobody's, main ones say so."""
    return tuple(one if isinstance(one, Offer) else Offer(one) for one in actions)


def main(action: Action) -> Offer:
    """The filled button."""
    return Offer(action, is_main=True)


def proofs(count: int) -> tuple[ShownProof, ...]:
    """Parcels of one sign-in."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return tuple(
        ShownProof(
            DeliveryId(f"d{n}"),
            "".join(letters[(n * 7 + i * 11) % 32] for i in range(6)),
            str(n + 1),
            f"{n + 101}",
        )
        for n in range(count)
    )


def parcels(count: int) -> tuple[ShownParcel, ...]:
    """Parcels of one sign-in: one still open, one asked about."""
    return tuple(
        ShownParcel(str(n + 1), f"{n + 101}", is_open=n == 1, is_stored=n not in (1, 2)) for n in range(count)
    )


def unit_labels() -> tuple[str, ...]:
    """120 units on ten floors, and two penthouses with a letter."""
    flats = [f"{floor}{flat:02}" for floor in range(1, 11) for flat in range(1, 13)]
    return tuple(sorted([*flats, "PH1", "PH2"]))


def _screen(kind: ScreenKind, *actions: Action | Offer, help_offered: bool = True) -> Screen:
    last = (A.HELP,) if help_offered else ()
    return Screen(
        kind=kind,
        building="Maple Court",
        language="en",
        languages=LANGUAGES,
        offers=offers(*actions, *last),
        help_contact="Ana at the front desk, 555 0134",
    )


def _door(kind: ScreenKind, *actions: Action | Offer) -> Screen:
    return replace(
        _screen(kind, *actions), door=str(YOURS), side=Side.RIGHT, cabinet=cabinet(), size=SizeClass.M
    )


def _courier(kind: ScreenKind, *actions: Action | Offer) -> Screen:
    return replace(_door(kind, *actions), step=4, unit="412", initial="M., P.", carrier="Swift Parcel")


def screens() -> dict[str, Screen]:
    """Name of a picture -> the screen on it. Every kind is among them."""
    known = {
        **_first_pages(),
        **_drop_off(),
        **_names(),
        **_pickup(),
        **_staff(),
        **place_screens(),
    }
    return {**known, **message_screens(known)}


def _first_pages() -> dict[str, Screen]:
    languages = tuple(Offer(A.LANGUAGE, tag) for tag in LANGUAGES)
    home = replace(_screen(K.HOME, main(A.PICK_UP), A.DELIVER, *languages, A.STAFF), sizes=sizes(7, 4, 2, 1))
    code = replace(_screen(K.CODE, main(A.CODE), A.BACK), digits=8)
    return {
        "home": home,
        "home-full": replace(home, sizes=sizes(0, 0, 0, 0)),
        "home-troubled": replace(home, open_doors=ELSEWHERE, lost_banks=("upper",)),
        "home-out-of-reach": replace(home, lost_banks=("lower", "upper"), is_out_of_reach=True),
        "carrier-code": replace(
            _screen(K.CARRIER_CODE, main(A.CARRIER_CODE), A.FIRST_TIME, A.BACK), step=1, digits=6
        ),
        "first-time": _screen(K.FIRST_TIME, main(A.BACK)),
        "code": code,
        "code-wrong": replace(code, notice=Refusal.WRONG_CODE),
        "code-twelve": replace(code, digits=12, notice=Refusal.CODE_NEEDS_MORE),
        "code-warned": replace(code, offers=(*code.offers, Offer(A.STAY)), warning_s=20),
        "help": replace(_screen(K.HELP, main(A.BACK), A.CALL_STAFF, help_offered=False), door="17"),
        "help-home": _screen(
            K.HELP, main(A.BACK), A.CALL_STAFF, A.LOCKED_IN, A.ASK_TO_HOLD, help_offered=False
        ),
        "help-new-code": replace(
            _screen(
                K.HELP,
                main(A.BACK),
                A.CALL_STAFF,
                A.LOCKED_IN,
                Offer(A.NEW_CODE, "d1"),
                help_offered=False,
            ),
            door="17",
            case="481 207",
        ),
        **_locked_in(),
        "help-case": replace(
            _screen(K.HELP, main(A.BACK), A.CALL_STAFF, help_offered=False), door="17", case="481 207"
        ),
    }


def _locked_in() -> dict[str, Screen]:
    page = _screen(K.LOCKED_IN, main(A.OPEN_LARGE), A.BACK)
    asked = LargeDoors(
        "911", is_told=False, is_opening=False, open=(), for_staff=("4", "8", "12", "17", "20", "24")
    )
    told = replace(asked, is_told=True, is_opening=True, open=("3", "9", "21"))
    return {
        "locked-in": replace(page, large=asked),
        "locked-in-no-number": replace(page, large=replace(asked, emergency_number="", for_staff=())),
        "locked-in-opening": replace(page, large=told, case="481 207"),
        "locked-in-opened": replace(page, large=replace(told, is_opening=False), case="481 207"),
    }


def _drop_off() -> dict[str, Screen]:
    unit = replace(
        _screen(K.UNIT, main(A.UNIT), A.NO_UNIT, A.PARCELS, A.QUICK_PICKUP, A.FINISH, A.BACK),
        step=2,
        keys=("H", "P"),
        unit_labels=unit_labels(),
    )
    size = replace(
        _screen(
            K.SIZE,
            *(Offer(A.SIZE, one) for one in ("S", "M", "L", "XL")),
            Offer(A.FITS_NOWHERE, "too_large"),
            A.NEEDS_PERSON,
            A.BACK,
        ),
        step=3,
        sizes=sizes(7, 4, 2, 0),
        unit="412",
        initial="M., P.",
    )
    put_in = _courier(K.PUT_IN, A.NEXT, A.FINISH, A.SOMETHING_INSIDE, A.DOES_NOT_FIT, A.NOT_DEPOSITED)
    proof = replace(_screen(K.PROOF, main(A.FINISH), A.NEXT), proofs=proofs(3), carrier="Swift Parcel")
    stored = _courier(K.STORED, main(A.NEXT), A.FINISH, A.REOPEN, A.WRONG_UNIT)
    asked = (A.INSIDE_YES, A.INSIDE_NO)
    return {
        "unit": unit,
        "unit-busy": replace(unit, open_doors=ELSEWHERE),
        "unit-unknown": replace(unit, notice=Refusal.UNKNOWN_UNIT),
        "unit-letters": replace(unit, keys=tuple("ABCDEFGH")),
        "unit-alphabet": replace(unit, keys=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
        "size": size,
        "size-refused": replace(size, notice=Refusal.NOTHING_FREE),
        "opening": replace(_courier(K.OPENING), pulses=1),
        "opening-again": replace(_courier(K.OPENING, A.PUSH_AGAIN), pulses=2),
        "jammed": _courier(K.JAMMED, main(A.ANOTHER_DOOR), A.FINISH),
        "put-in": put_in,
        "put-in-look": replace(put_in, look_first=True),
        "put-in-held": replace(put_in, is_left_open=True),
        "put-in-unseen": replace(put_in, notice=Refusal.DOOR_UNREACHABLE),
        "put-in-again": replace(_courier(K.PUT_IN, main(A.NEXT), A.FINISH), open_doors=ELSEWHERE),
        "put-in-refused": replace(put_in, notice=Refusal.NOTHING_LARGER),
        "stored": replace(stored, proofs=(replace(proofs(1)[0], proof="MRF4WQ"),)),
        "question": _courier(K.QUESTION, *asked, A.NEXT, A.FINISH),
        "question-short": replace(_courier(K.QUESTION, *asked, A.REOPEN, A.FINISH), was_short=True),
        "question-open": replace(_courier(K.QUESTION, A.NEXT, A.FINISH), notice=Refusal.CLOSE_THE_DOOR_FIRST),
        "proof": proof,
        "proof-many": replace(proof, proofs=proofs(24)),
    }


def _names() -> dict[str, Screen]:
    asked = replace(
        _screen(K.FIND_NAME, main(A.NAME), A.BACK),
        step=2,
        digits=3,
        keys=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    )
    found = replace(_screen(K.MATCHES, *(Offer(A.MATCH, one) for one in "012"), A.BACK), step=2)
    dot = "\N{MIDDLE DOT}"
    back = tuple(Offer(A.TURN_TO, str(number)) for number in range(12))
    shelf = replace(_screen(K.PARCELS, *back[:1], A.NEXT, main(A.FINISH)), step=4, carrier="Swift Parcel")
    still_open = replace(_screen(K.PARCELS, *back, A.NEXT, A.FINISH), step=4, open_calls=1, is_left_open=True)
    return {
        "find-name": asked,
        "find-name-unknown": replace(asked, notice=Refusal.NAME_UNKNOWN),
        "matches": replace(found, matches=(f"M. Lin{dot}", f"P. Lin{dot * 3}", f"Lin{dot} M.")),
        "unit-correcting": replace(
            _screen(K.UNIT, main(A.UNIT), A.NO_UNIT, A.BACK), step=2, door="17", unit_labels=unit_labels()
        ),
        "parcels": replace(shelf, parcels=parcels(1)),
        "parcels-many": replace(still_open, parcels=parcels(12), notice=Refusal.CLOSE_THE_DOOR_FIRST),
        "size-alike": replace(_drop_off()["size"], unit="606", lookalikes=("608", "660")),
        "size-more": replace(
            _drop_off()["size"], offers=(Offer(A.ADD_TO), *_drop_off()["size"].offers), add_to="17"
        ),
    }


def _pickup() -> dict[str, Screen]:
    got = _door(K.GOT_EVERYTHING, main(A.GOT_EVERYTHING), A.REOPEN, A.STILL_INSIDE, A.SOMETHING_WRONG)
    take = replace(_door(K.TAKE_OUT), place_of=(1, 2))
    return {
        "pickup-opening": replace(_door(K.OPENING), pulses=1, side=Side.BELOW),
        "pickup-jammed": replace(_door(K.JAMMED, main(A.REOPEN), A.NEXT, A.FINISH), place_of=(1, 2)),
        "pickup-unseen": replace(_door(K.JAMMED, A.FINISH), notice=Refusal.DOOR_UNREACHABLE),
        "take-out": take,
        "take-out-left-open": replace(take, is_left_open=True, open_calls=1),
        "take-out-found-open": replace(_door(K.TAKE_OUT, A.REOPEN)),
        "got-everything": got,
        "got-everything-short": replace(got, was_short=True, place_of=(2, 3)),
        "hold": replace(
            _screen(K.HOLD, *(Offer(A.HOLD, days) for days in ("3", "7", "14", "0")), main(A.FINISH)),
            stored=tuple(
                StoredParcel(
                    DeliveryId(f"d{n}"), CompartmentId(f"c{n}"), str(n), "412", "", held_until_ms=HELD_MS
                )
                for n in (5, 17)
            ),
        ),
        "pickup-trouble": _door(
            K.PICKUP_TROUBLE, A.NOT_IN_THERE, A.NOT_MINE, A.DAMAGED_TAKEN, A.DAMAGED_LEFT, A.BACK
        ),
        "pickup-done-case": replace(_door(K.PICKUP_DONE, main(A.FINISH)), case="481 207"),
        "pickup-done": replace(_door(K.PICKUP_DONE, main(A.FINISH), A.REOPEN)),
        "pickup-done-plain": _screen(K.PICKUP_DONE, main(A.FINISH)),
    }


def _staff() -> dict[str, Screen]:
    reasons = ("drop_off_uncertain", "pickup_in_doubt", "door_left_open", "door_jammed", "vacancy_unknown")
    tasks = tuple(
        StaffTask(
            CompartmentId(f"c{n}"),
            str(n * 3),
            why,
            unit="412" if n < 3 else "",
            is_in_use=n == 2,
            is_out_of_sight=n == 3,
        )
        for n, why in enumerate(reasons, 1)
    )
    opened = tuple(
        Offer(A.STAFF_OPEN, task.compartment)
        for task in tasks
        if not (task.is_in_use or task.is_out_of_sight)
    )
    listed = replace(
        _screen(K.STAFF_LIST, *opened, A.ALL_PARCELS, A.CASES, A.PLACES, A.FINISH),
        tasks=tasks,
        cases=cases(),
    )
    sign_in = replace(_screen(K.STAFF_SIGN_IN, main(A.STAFF_PIN), A.BACK), digits=8)
    return {
        **staff_parcels(_screen, _door),
        "staff-sign-in": sign_in,
        "staff-sign-in-wrong": replace(sign_in, notice=Refusal.WRONG_STAFF_PIN),
        "staff-list": listed,
        "staff-list-failing": replace(listed, failing=(IncidentKind.MESSAGES_FAILING,)),
        "staff-list-empty": _screen(K.STAFF_LIST, A.FINISH),
        "staff-list-lost": replace(
            _screen(K.STAFF_LIST, A.FINISH), lost_banks=("b", "c"), bank_faults=("LW-L001", "LW-B001")
        ),
        "staff-cases": replace(
            _screen(K.STAFF_CASES, *(Offer(A.CASE_DONE, one.incident) for one in cases()), A.BACK),
            cases=cases(),
        ),
        "staff-cases-none": _screen(K.STAFF_CASES, A.BACK),
        "staff-jammed": _door(K.JAMMED, main(A.BACK)),
        "staff-key": replace(
            _door(K.STAFF_KEY, *(Offer(A.KEY_ANSWER, f"c7/{one}") for one in OpeningAnswer), A.FINISH),
            place_of=(1, 3),
        ),
        "staff-look": replace(_door(K.STAFF_LOOK), unit="412"),
        "staff-look-held": replace(_door(K.STAFF_LOOK, A.BACK), is_left_open=True, open_calls=2),
        "staff-settle": replace(
            _door(K.STAFF_SETTLE, A.FOUND_EMPTY, A.FOUND_PARCEL, A.FOUND_FOREIGN), unit="412"
        ),
    }
