"""Promise 2: a credential opens only what it may, while it is valid."""

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.nouns import Code, Life, SignIn, Unlock
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing

_STAFF_MAY = ("look", "remove", "move")


def hear(books: Books, _: Sight, hearing: Hearing) -> None:
    """Every sign-in by what was typed, and every unlock by who signed in."""
    for sign_in in books.sign_ins.values():
        why = _why_not_signed_in(books, sign_in)
        hearing.demand(not why, sign_in.fact.at_ms, why)
    for unlock in books.unlocks.values():
        fault = _why_not_opened(books, unlock)
        hearing.demand(not fault, unlock.fact.at_ms, f"{books.name(unlock.door)} opens {fault}")
    for given in books.reservations:
        hearing.demand(
            given.is_added or not given.others,
            given.fact.at_ms,
            f"{books.name(given.door)} is given out while it holds {', '.join(given.others)}",
        )


def _why_not_signed_in(books: Books, sign_in: SignIn) -> str:
    touch = books.touches.get(sign_in.fact.intent)
    if touch is None:
        return f"{sign_in.kind} {sign_in.id} signed in and nobody touched anything"
    typed = touch[1]
    match sign_in.kind:
        case "carrier":
            is_so = books.record.carriers.get(typed.code) == sign_in.carrier
            return "" if is_so else f"{sign_in.carrier} signed in without its code"
        case "resident":
            return _why_not_the_code(books, sign_in, typed.code)
        case _:
            is_so = typed.action == "staff_pin"
            return "" if is_so else f"{sign_in.kind} {sign_in.id} signed in without a PIN"


def _why_not_the_code(books: Books, sign_in: SignIn, mark: str) -> str:
    life = books.life(sign_in.delivery)
    if life is None:
        return f"a code opened delivery {sign_in.delivery}, which there is not"
    if code_typed(books, life, mark) is None:
        return f"delivery {life.id} was opened by digits that are not its code"
    return ""


def code_typed(books: Books, life: Life, mark: str) -> Code | None:
    """Which code of a delivery was typed, if it went to any phone."""
    for code in life.codes:
        arrived = (books.by_message.get(message) for message, _ in code.told())
        if any(one and mark in (one.code, one.long_code) for one in arrived):
            return code
    return None


def _why_not_opened(books: Books, unlock: Unlock) -> str:
    if unlock.purpose == "rescue":
        return _why_not_for_rescue(books, unlock)
    sign_in = books.sign_ins.get(unlock.session)
    if sign_in is None:
        return "for nobody"
    if not unlock.fact.row.actor.startswith(sign_in.kind) and unlock.fact.row.actor != "kiosk":
        return f"for a {sign_in.kind}, and {unlock.fact.row.actor} stands in the log"
    match sign_in.kind:
        case "carrier":
            return _why_not_for_carrier(books, unlock, sign_in)
        case "resident":
            return _why_not_for_resident(books, unlock, sign_in)
        case _:
            return "" if unlock.purpose in _STAFF_MAY else f"for staff, to {unlock.purpose}"


def _why_not_for_rescue(books: Books, unlock: Unlock) -> str:
    """Somebody unknown says that a person is locked in: only doors that hold nobody's parcel open."""
    seq, reports = unlock.fact.row.seq, books.by_kind["LockedInReported"]
    asked = [one for one in reports if one.row.seq < seq and unlock.door in one.body["opening"]]
    if not asked or not books.touched_with(asked[-1].intent, "open_large"):
        return "for somebody locked in, and nobody said so"
    if unlock.fact.row.actor != "kiosk" or unlock.fact.body["reason"] != "locked_in":
        return "for somebody locked in, and the log does not say so"
    believed = [one.vacancy for one in books.doors[unlock.door].beliefs if one.fact.row.seq < seq]
    if not believed or believed[-1] not in ("verified", "presumed"):
        return "for somebody locked in, and may hold a parcel"
    if any(life.door_at(seq) == unlock.door and _is_alive_at(life, seq) for life in books.lives.values()):
        return "for somebody locked in, and is given out"
    return ""


def _is_alive_at(life: Life, seq: int) -> bool:
    is_here = life.elsewhere is None or life.elsewhere.row.seq > seq
    begun = life.places[0][0].row.seq <= seq
    return begun and is_here and (life.ended is None or life.ended.row.seq > seq)


def _why_not_for_carrier(books: Books, unlock: Unlock, sign_in: SignIn) -> str:
    life = books.lives.get(unlock.delivery)
    if life is None or life.door_at(unlock.fact.row.seq) != unlock.door:
        return f"for {sign_in.carrier}, which has no delivery there"
    if sign_in.id not in life.sessions:
        return f"for {sign_in.carrier}, with delivery {life.id} of another sign-in inside"
    return "" if unlock.purpose in ("drop_off", "reopen") else f"for a carrier, to {unlock.purpose}"


def _why_not_for_resident(books: Books, unlock: Unlock, sign_in: SignIn) -> str:
    own = books.life(sign_in.delivery)
    if own is None:
        return "for a code without a delivery"
    if not unlock.delivery:
        return _why_not_once_more(books, unlock, own)
    life = books.lives.get(unlock.delivery)
    if life is None or life.door_at(unlock.fact.row.seq) != unlock.door:
        return f"for delivery {unlock.delivery}, which is not there"
    if life.recipient != own.recipient:
        return f"with the code of {own.recipient}, and it holds delivery {life.id} of {life.recipient}"
    if life.ended is not None and life.ended.row.seq < unlock.fact.row.seq:
        return f"for delivery {life.id}, which had ended"
    return ""


def _why_not_once_more(books: Books, unlock: Unlock, own: Life) -> str:
    """A parcel that was just collected may be looked after once more, until its compartment is given out."""
    collected = next(
        (
            life.ended
            for life in books.lives.values()
            if life.recipient == own.recipient
            and life.ended is not None
            and life.ended.kind == "DeliveryCollected"
            and life.ended.row.seq < unlock.fact.row.seq
            and life.door == unlock.door
            and unlock.fact.at_ms - life.ended.at_ms <= books.record.numbers.reopen_by_code + 600_000
        ),
        None,
    )
    if unlock.purpose != "reopen" or collected is None:
        return f"once more for {own.recipient}, who has collected nothing there lately"
    given = (one.fact.row.seq for one in books.reservations if one.door == unlock.door)
    if any(collected.row.seq < seq < unlock.fact.row.seq for seq in given):
        return "once more, though it has been given out since"
    return ""
