"""The hash chain against vectors that were worked out elsewhere, and mutants of it that must not pass."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import cast

import pytest

from kiosk.store.chain import GENESIS, EventColumns, private_mac, row_hash

FIRST: EventColumns = (
    1, 1, "KioskStarted", 1, 1790000000000, 1000000, "boot-1", 1, "i1", "kiosk", "",
    '{"version":"0.1.0"}', None,
)  # fmt: skip
SECOND: EventColumns = (
    1, 2, "BankLost", 1, 1790000000100, 1000100, "boot-1", 0, "i2", "kiosk", "left",
    '{"bank":"left","fault":"Gerät \\"A\\""}', "ab" * 32,
)  # fmt: skip
# printf '%s' ... | sha256sum over 32 zero bytes and the JSON text; the second over the first digest.
FIRST_HASH = "a315dfcaafb7f4ed02bceefc46252c5926f9a68b897e5934fd5a3608397167ae"
SECOND_HASH = "b4f9c4548b38b1fe3734326e613f7b4d9b0e06651e1cb18c2a8dd68b679fca91"

Hasher = Callable[[bytes, EventColumns], bytes]


def is_frozen(hasher: Hasher) -> bool:
    """Whether a way to hash gives the digests that stand in every log written so far."""
    first = hasher(GENESIS, FIRST)
    return first.hex() == FIRST_HASH and hasher(first, SECOND).hex() == SECOND_HASH


def without(column: int) -> Hasher:
    """A hasher that leaves one column out."""

    def hasher(before: bytes, columns: EventColumns) -> bytes:
        left = [value for place, value in enumerate(columns) if place != column]
        text = json.dumps(left, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(before + text.encode()).digest()

    return hasher


def sha(before: bytes, text: str) -> bytes:
    return hashlib.sha256(before + text.encode()).digest()


def compact(columns: EventColumns) -> str:
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":"))


MUTANTS: dict[str, Hasher] = {
    **{f"column {column} left out": without(column) for column in range(13)},
    "previous hash left out": lambda _before, columns: sha(b"", compact(columns)),
    "previous hash behind": lambda before, columns: hashlib.sha256(
        compact(columns).encode() + before
    ).digest(),
    "spaces in the JSON": lambda before, columns: sha(before, json.dumps(columns, ensure_ascii=False)),
    "escaped letters": lambda before, columns: sha(before, json.dumps(columns, separators=(",", ":"))),
    "columns joined": lambda before, columns: sha(before, ",".join(map(str, columns))),
    "trust as a word": lambda before, columns: sha(
        before, compact((*columns[:7], bool(columns[7]), *columns[8:]))
    ),
    "another digest": lambda before, columns: hashlib.sha3_256(before + compact(columns).encode()).digest(),
    "hex of the previous hash": lambda before, columns: sha(before.hex().encode(), compact(columns)),
}


def test_the_chain_is_what_it_always_was() -> None:
    assert is_frozen(row_hash)


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS.keys())
def test_a_chain_made_otherwise_is_noticed(mutant: Hasher) -> None:
    assert not is_frozen(mutant)


@pytest.mark.parametrize("column", range(13))
def test_every_column_is_in_the_hash(column: int) -> None:
    value = SECOND[column]
    other = f"{value}x" if isinstance(value, str) else (value or 0) + 1
    changed = cast("EventColumns", (*SECOND[:column], other, *SECOND[column + 1 :]))
    assert row_hash(GENESIS, changed) != row_hash(GENESIS, SECOND)


def test_the_digest_of_personal_data_is_keyed_with_its_salt() -> None:
    salt, body = b"\x01" * 16, '{"unit_label":"412"}'
    assert private_mac(salt, body) == hmac.new(salt, body.encode(), hashlib.sha256).hexdigest()
    assert private_mac(b"\x02" * 16, body) != private_mac(salt, body)
