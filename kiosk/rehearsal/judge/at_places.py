"""Of promise 4: parcels on shelves and at the desk, as the log tells of them and as they truly lie there."""

from collections import Counter
from collections.abc import Callable

from kiosk.domain.model.screen import ShownProof
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.nouns import Life
from kiosk.rehearsal.judge.verdict import Hearing

DESK = "desk"
_SAID_THERE = ("placed", "inside_yes", "is_here")
_SAID_NOT_THERE = ("not_placed", "inside_no", "is_not_here")
_SAID_TAKEN = ("have_it", "hand_over")


def place_name(identity: str) -> str:
    """The place in the world that an identity in the log means."""
    return DESK if identity == "desk:" else identity.replace("shelf:", "shelf ", 1)


def identity_of(where: str) -> str:
    """As the log names a place of the world; a door is named as it is."""
    return "desk:" if where == DESK else where.replace("shelf ", "shelf:", 1)


# What each event tells


def _assigned(books: Books, fact: Fact) -> None:
    body = fact.body
    made = Life(body["delivery"], body["recipient"], body["unit"], [(fact, place_name(body["place"]))])
    made.sessions.add(body["session"])
    books.placed[made.id] = made


def _stored(books: Books, life: Life, fact: Fact) -> None:
    life.stored.append(fact)
    life.uncertain = None


def _uncertain(books: Books, life: Life, fact: Fact) -> None:
    life.uncertain = fact


def _moved(books: Books, life: Life, fact: Fact) -> None:
    life.places.append((fact, place_name(fact.body["place"])))
    if life.codes and fact.body["messages"]:
        life.codes[-1].again.append(fact)


def _ended(books: Books, life: Life, fact: Fact) -> None:
    life.ended = fact
    if life.codes and life.codes[-1].ended is None:
        life.codes[-1].ended = fact


_TELLINGS: dict[str, Callable[[Books, Life, Fact], None]] = {
    "DeliveryStored": _stored,
    "DeliveryUncertain": _uncertain,
    "HandedToDesk": _uncertain,
    "DeliveryMoved": _moved,
    "DeliveryCancelled": _ended,
    "DeliveryCollected": _ended,
    "DeliveryRemoved": _ended,
}


def take_in_placed(books: Books, fact: Fact) -> bool:
    """One event, if it is about a parcel without a door and says something of its own about it."""
    if fact.kind == "PlaceAssigned":
        _assigned(books, fact)
        return True
    life = books.placed.get(fact.body.get("delivery", ""))
    tell = _TELLINGS.get(fact.kind)
    if life is None or tell is None:
        return False
    tell(books, life, fact)
    return True


# What must be true of it


def has_receipt(books: Books, proof: ShownProof, place: int) -> bool:
    """Whether the desk was said to have it before, and this is what the courier got for it."""
    return any(
        one.body["delivery"] == proof.delivery and one.body["receipt"] == proof.proof and one.place < place
        for one in books.by_kind["HandedToDesk"]
    )


def hear_places(books: Books, hearing: Hearing) -> None:
    """Custody begins and ends by somebody's word, and whatever lies at a place is known of."""
    for life in books.placed.values():
        _hear_words(books, life, hearing)
    known = Counter(life.door for life in books.placed.values() if life.ended is None)
    for place, parcels in books.at_places.items():
        hearing.reached["parcels at places at the end"] += len(parcels)
        hearing.demand(
            len(parcels) <= known[place],
            books.record.end_ms,
            f"{len(parcels)} parcels are at {place}, and the log knows of {known[place]}",
        )


def _hear_words(books: Books, life: Life, hearing: Hearing) -> None:
    name = f"delivery {life.id} at {life.door}"
    for fact in life.stored:
        said = ("is_here",) if life.door_at(fact.row.seq) == DESK else _SAID_THERE
        is_so = books.touched_with(fact.intent, *said)
        hearing.demand(is_so, fact.at_ms, f"{name} was stored, and nobody who may say so did")
    if life.ended is not None:
        _hear_end(books, life, life.ended, hearing)


def _hear_end(books: Books, life: Life, fact: Fact, hearing: Hearing) -> None:
    name = f"delivery {life.id} at {life.door}"
    if fact.kind == "DeliveryCollected":
        is_so = bool(life.stored) and books.touched_with(fact.intent, *_SAID_TAKEN)
        hearing.demand(is_so, fact.at_ms, f"{name} was collected, and nobody said so")
        return
    is_so = books.touched_with(fact.intent, *_SAID_NOT_THERE)
    hearing.demand(is_so, fact.at_ms, f"{name} is over, and nobody said that it is not there")
