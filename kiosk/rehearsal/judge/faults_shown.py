"""Promise 10: every fault is shown, to whoever stands at the screen and to staff. Silence is a defect."""

from bisect import bisect_right

from kiosk.rehearsal.judge.at_places import identity_of
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.nouns import Life
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.unexplained import hear_unexplained
from kiosk.rehearsal.judge.unheard import hear_unheard
from kiosk.rehearsal.judge.verdict import Hearing
from sim.scenario.script import FaultKind

NOTICED_MS = 90_000
"""A bank that is away for so long must have been missed."""
_ASKED = ("opened_briefly", "not_deposited", "something_inside")
"""Why a drop-off is uncertain while its courier is at the screen and can say."""
_BROKER_AWAY = (FaultKind.BROKER_AWAY, FaultKind.BROKER_FORGETS)
_AWAY = (FaultKind.BOARD_IS_DEAD, FaultKind.ADAPTER_UNPLUGGED, FaultKind.LINE_IS_MUTE)


def hear(books: Books, sight: Sight, hearing: Hearing) -> None:
    """Each fault that the log names or the world has, against the incidents of its place."""
    for fact in books.by_kind["BankLost"]:
        _demand_trouble(books, ("bank_lost", fact.body["bank"]), fact, hearing)
    _hear_away(books, sight, hearing)
    _hear_unlocks(books, hearing)
    _hear_deliveries(books, hearing)
    hear_unexplained(books, hearing)
    _hear_broker(books, hearing)
    for door in books.doors:
        _hear_left_open(books, sight, door, hearing)
    _hear_pages(books, hearing)
    hear_unheard(books, hearing)


def _demand_trouble(books: Books, which: tuple[str, str], fact: Fact, hearing: Hearing) -> None:
    kind, where = which
    known = books.troubles_at.get((kind, where), ())
    seq = fact.row.seq
    is_so = any(
        one.fact.row.intent == fact.row.intent
        or (one.fact.row.seq < seq and (one.settled is None or one.settled.row.seq > seq))
        for one in known
    )
    name = books.name(where) if where in books.doors else f"bank {where}"
    hearing.demand(is_so, fact.at_ms, f"{fact.kind} at {name} raised no incident {kind}")


def _hear_unlocks(books: Books, hearing: Hearing) -> None:
    for fact in books.by_kind["UnlockNotOpened"]:
        _demand_trouble(books, ("door_jammed", fact.body["compartment"]), fact, hearing)
    for fact in books.by_kind["UnlockNotSent"]:
        unlock = books.unlocks.get(fact.body["unlock"])
        if unlock is None or unlock.attempt == 1:
            _demand_trouble(books, ("unlock_not_sent", fact.body["compartment"]), fact, hearing)


def _hear_deliveries(books: Books, hearing: Hearing) -> None:
    for fact in books.by_kind["DeliveryUncertain"]:
        life = books.life(fact.body["delivery"])
        since = _unanswered_since(books, life, fact) if life is not None else None
        if life is not None and since is not None:
            where = identity_of(life.door_at(fact.row.seq))
            _demand_trouble(books, ("drop_off_uncertain", where), since, hearing)
    for fact in books.by_kind["DeliveryFlagged"]:
        life = books.life(fact.body["delivery"])
        if life is not None and fact.body["flag"] == "in_doubt" and fact.body["is_set"]:
            where = identity_of(life.door_at(fact.row.seq))
            _demand_trouble(books, ("pickup_in_doubt", where), fact, hearing)


def _unanswered_since(books: Books, life: Life, fact: Fact) -> Fact | None:
    """When staff have to hear of it: a courier who is there is asked first, until the sign-in ends."""
    if fact.body["why"] not in _ASKED:
        return fact
    signed_in = [one for name in life.sessions if (one := books.sign_ins.get(name))]
    ends = [end for one in signed_in for end in (one.parked, one.ended) if end and end.row.seq > fact.row.seq]
    end = min(ends, key=lambda one: one.row.seq, default=None)
    told = [*life.stored, *((life.ended,) if life.ended else ())]
    if end is None or any(fact.row.seq < one.row.seq < end.row.seq for one in told):
        return None
    return end


def _hear_away(books: Books, sight: Sight, hearing: Hearing) -> None:
    """A bank that does not answer for long while the kiosk runs is no longer taken for seen."""
    away = [fault for fault in books.faults if fault.kind in _AWAY]
    others = [fault for fault in books.faults if fault.kind.startswith(("disk", "commit"))]
    for fault in away:
        until = fault.at_ms + NOTICED_MS
        if fault.lasts_s * 1000 <= NOTICED_MS or not _is_up(books, fault.at_ms, until):
            continue
        if any(one.at_ms < until and one.at_ms + one.lasts_s * 1000 > fault.at_ms for one in others):
            continue
        span = sight.span(fault.where, until)
        hearing.demand(
            span is None,
            until,
            f"bank {fault.where} has been away for {NOTICED_MS // 1000} s and is not lost",
        )


def _is_up(books: Books, start_ms: int, end_ms: int) -> bool:
    if any(start_ms - 10_000 <= at_ms <= end_ms for _, at_ms in books.ends):
        return False
    return any(at_ms < start_ms for _, at_ms in books.starts)


def _hear_left_open(books: Books, sight: Sight, door: str, hearing: Hearing) -> None:
    """A door that stands open for long in full sight is an incident."""
    book, bank = books.doors[door], books.record.doors[door].bank
    wait = books.record.numbers.left_open + 15_000
    ends = [*book.latch[1:], (books.record.end_ms, True)]
    for (opened, is_hooked), (closed, _) in zip(book.latch, ends, strict=False):
        if is_hooked or closed - opened < wait:
            continue
        for start, end in sight.spans.get(bank, ()):
            since = max(opened, start)
            if min(closed, end) - since < wait or not sight.is_clear(bank, since, since + wait):
                continue
            known = books.troubles_at.get(("door_left_open", door), ())
            hearing.demand(
                any(one.is_open_at(since + wait) for one in known),
                since + wait,
                f"{books.name(door)} has stood open for {wait // 1000} s and there is no incident",
            )


def _hear_broker(books: Books, hearing: Hearing) -> None:
    """A broker that is away for so long that staff have to hear of it, while the program runs on."""
    wait = books.record.numbers.sync_blocked + 15_000
    moments = [at_ms for _, at_ms in (*books.ends, *books.starts)] + books.disk_failed
    moments += [took.at_ms for _, took in books.taken]
    moments.sort()
    for fault in books.faults:
        since, until = fault.at_ms, fault.at_ms + wait
        if fault.kind not in _BROKER_AWAY or round(fault.lasts_s * 1000) < wait:
            continue
        if until > books.record.end_ms or bisect_right(moments, until) > bisect_right(moments, since):
            continue
        known = books.troubles_at.get(("sync_blocked", ""), ())
        told = f"the broker has been away for {wait // 1000} s and there is no incident"
        hearing.demand(any(one.is_open_at(until) for one in known), until, told)


def _hear_pages(books: Books, hearing: Hearing) -> None:
    """Every page names the banks that are lost."""
    changes = sorted(
        (fact.place, fact.kind, fact.body.get("bank", ""))
        for kind in ("BankLost", "BankAnswered", "KioskStarted")
        for fact in books.by_kind[kind]
    )
    lost: set[str] = set()
    index = 0
    for place, shown in books.shown:
        while index < len(changes) and changes[index][0] < place:
            _, kind, bank = changes[index]
            lost = lost | {bank} if kind == "BankLost" else lost - {bank} if bank else set()
            index += 1
        if lost:
            is_so = lost <= set(shown.screen.lost_banks)
            names = ", ".join(sorted(lost))
            hearing.demand(
                is_so, shown.at_ms, f"{shown.person} is not told of lost banks {names} on {shown.screen.kind}"
            )
