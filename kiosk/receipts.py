"""Proofs of delivery: one signed line a parcel, made after its commit; anyone can check it.

Kept for the parcels of late; any line can be made again from its row in the log.
"""

import base64
import hashlib
import hmac
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain.events import DeliveryStored
from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.state import State
from kiosk.ports import Written
from kiosk.service.secret_files import read_secret, write_secret

KEPT = 256
"""A courier brings forty parcels at most; this is several sign-ins."""
_KEY_FILE = "receipt.key"


class ReceiptKey:
    """The kiosk's signing key (Ed25519). Its public half stands on the commissioning sheet."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether a folder has the key."""
        return (folder / _KEY_FILE).exists()

    @classmethod
    def load(cls, folder: Path) -> "ReceiptKey":
        """Read the key; FileNotFoundError, SecretExposed or SecretDamaged name the file."""
        return cls(read_secret(folder / _KEY_FILE, length=32))

    @classmethod
    def load_or_create(cls, folder: Path) -> "ReceiptKey":
        """The key of a folder, made at the first start."""
        if not cls.is_in(folder):
            write_secret(folder / _KEY_FILE, os.urandom(32))
        return cls.load(folder)

    @property
    def public(self) -> str:
        """The public key in base 32, as signatures are written."""
        return _base32(self._key.public_key().public_bytes_raw())

    def signed(self, line: str) -> str:
        """The line, a full stop, and its signature."""
        return f"{line}.{_base32(self._key.sign(line.encode()))}"


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=")


@dataclass(frozen=True, slots=True)
class StoredParcel:
    """What a proof says of one parcel; `door` and `unit` are labels, `code` the six characters shown."""

    door: str
    unit: str
    carrier: str
    code: str


def proof_line(kiosk: str, parcel: StoredParcel, row: Written) -> str:
    """The unsigned text of one parcel's proof; colons separate, so none stands inside a field."""
    who = hmac.new(parcel.code.encode(), parcel.unit.upper().encode(), hashlib.sha256).digest()
    fields = (
        "LW1",
        kiosk,
        str(row.epoch),
        str(row.seq),
        quote(parcel.door, safe=""),
        _compact(row.at_ms),
        _digit(row.trusted),
        quote(parcel.carrier, safe=""),
        _base32(who)[:8],
        row.head[:8],
    )
    return ":".join(fields)


def _compact(at_ms: int) -> str:
    """RFC 3339 in its basic form, which holds no colon."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def _digit(claim: bool) -> str:
    return "1" if claim else "0"


@dataclass(frozen=True, slots=True)
class _Proof:
    text: str
    row: Written


class SignedReceipts:
    """Listens to the log and signs a proof for every parcel stored."""

    def __init__(self, key: ReceiptKey, kiosk: str, state: Callable[[], State]) -> None:
        self._key = key
        self._kiosk = kiosk
        self._state = state
        self._proofs: OrderedDict[DeliveryId, _Proof] = OrderedDict()

    @property
    def public(self) -> str:
        """The public half of the signing key."""
        return self._key.public

    def take(self, written: Sequence[Written]) -> None:
        """A batch is on disk, and the state is that after it."""
        for row in written:
            if isinstance(row.event, DeliveryStored):
                self._sign(row, row.event)
        while len(self._proofs) > KEPT:
            self._proofs.popitem(last=False)

    def _sign(self, row: Written, event: DeliveryStored) -> None:
        state = self._state()
        delivery = state.deliveries.get(event.delivery)
        if delivery is None:
            return
        unit = state.directory.units.get(delivery.unit)
        parcel = StoredParcel(
            door=state.label_of(delivery.compartment),
            unit=unit.label if unit else delivery.unit,
            carrier=delivery.carrier,
            code=delivery.proof or event.proof,
        )
        text = self._key.signed(proof_line(self._kiosk, parcel, row))
        self._proofs[event.delivery] = _Proof(text, row)
        self._proofs.move_to_end(event.delivery)

    def proof_text(self, delivery: DeliveryId) -> str | None:
        """The QR text of one parcel."""
        proof = self._proofs.get(delivery)
        return proof.text if proof else None

    def session_text(self, deliveries: Sequence[DeliveryId]) -> str | None:
        """One QR text for a session."""
        proofs = [self._proofs[one] for one in deliveries if one in self._proofs]
        if not proofs:
            return None
        last = max((proof.row for proof in proofs), key=lambda row: (row.epoch, row.seq))
        parcels = hashlib.sha256("\n".join(proof.text for proof in proofs).encode()).hexdigest()
        is_trusted = all(proof.row.trusted for proof in proofs)
        fields = (
            "LW1S",
            self._kiosk,
            str(last.epoch),
            str(last.seq),
            str(len(proofs)),
            _compact(last.at_ms),
            _digit(is_trusted),
            parcels,
        )
        return self._key.signed(":".join(fields))
