"""Proofs as a kiosk signs them: two parcels of one visit, and the visit."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from kiosk.proofs.texts import ParcelProof, SessionProof, mark_of, sum_of
from kiosk.receipts import ReceiptKey

KEY, OTHER_KEY = ReceiptKey(bytes(range(32))), ReceiptKey(bytes(32))
AT = datetime(2026, 11, 28, 10, 2, 11, tzinfo=UTC)
UNIT, CODE = "412", "K7M2QX"
PARCEL = ParcelProof(
    kiosk="lobby",
    epoch=1,
    seq=431,
    door="17/b",
    at=AT,
    is_trusted=True,
    carrier="halvorn-express",
    mark=mark_of(CODE, UNIT),
    head="0123abcd",
)


@dataclass(frozen=True)
class Texts:
    """What the QR codes of one visit say."""

    first: str
    second: str
    visit: str


def texts(key: ReceiptKey = KEY, *, is_trusted: bool = True, kiosk: str = "lobby") -> Texts:
    """A visit of two parcels."""
    one = replace(PARCEL, is_trusted=is_trusted, kiosk=kiosk)
    first, second = key.signed(one.line()), key.signed(replace(one, seq=440, door="3").line())
    visit = SessionProof(kiosk, 1, 440, 2, AT, is_trusted, sum_of([first, second]))
    return Texts(first, second, key.signed(visit.line()))
