"""Proofs of delivery: one signed line a parcel, made after its commit; anyone can check it.

Each is handed on to be kept; the screen gets those of the parcels of late from here.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.domain.events import DeliveryReaddressed, DeliveryStored
from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.state import State
from kiosk.ports import KeptProof, Written
from kiosk.proofs.texts import ParcelProof, SessionProof, mark_of, sum_of, to_base32
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
        return to_base32(self.public_key.public_bytes_raw())

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public key."""
        return self._key.public_key()

    def signed(self, line: str) -> str:
        """The line, a full stop, and its signature."""
        return f"{line}.{to_base32(self._key.sign(line.encode()))}"


@dataclass(frozen=True, slots=True)
class StoredParcel:
    """What a proof says of one parcel; `door` and `unit` are labels, `code` the six characters shown."""

    door: str
    unit: str
    carrier: str
    code: str


def parcel_proof(kiosk: str, parcel: StoredParcel, row: Written) -> ParcelProof:
    """What the kiosk signs of one parcel."""
    return ParcelProof(
        kiosk=kiosk,
        epoch=row.epoch,
        seq=row.seq,
        door=parcel.door,
        at=_instant(row.at_ms),
        is_trusted=row.trusted,
        carrier=parcel.carrier,
        mark=mark_of(parcel.code, parcel.unit),
        head=row.head[:8],
    )


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, UTC)


@dataclass(frozen=True, slots=True)
class _Proof:
    text: str
    row: Written


class SignedReceipts:
    """Listens to the log and signs a proof for every parcel stored."""

    def __init__(
        self,
        key: ReceiptKey,
        kiosk: str,
        state: Callable[[], State],
        keep: Callable[[KeptProof], None] = lambda _proof: None,
    ) -> None:
        self._key = key
        self._kiosk = kiosk
        self._state = state
        self._keep = keep
        self._proofs: OrderedDict[DeliveryId, _Proof] = OrderedDict()

    @property
    def public(self) -> str:
        """The public half of the signing key."""
        return self._key.public

    def take(self, written: Sequence[Written]) -> None:
        """A batch is on disk, and the state is that after it."""
        for row in written:
            if isinstance(row.event, DeliveryStored | DeliveryReaddressed):
                self._sign(row, row.event.delivery)
        while len(self._proofs) > KEPT:
            self._proofs.popitem(last=False)

    def _sign(self, row: Written, stored: DeliveryId) -> None:
        state = self._state()
        delivery = state.deliveries.get(stored)
        if delivery is None or delivery.proof is None:
            return
        unit = state.directory.units.get(delivery.unit)
        parcel = StoredParcel(
            door=state.label_of(delivery.compartment),
            unit=unit.label if unit else delivery.unit,
            carrier=delivery.carrier,
            code=delivery.proof,
        )
        text = self._key.signed(parcel_proof(self._kiosk, parcel, row).line())
        self._proofs[stored] = _Proof(text, row)
        self._proofs.move_to_end(stored)
        self._keep(KeptProof(row.seq, stored, parcel.code, row.at_ms, text))

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
        session = SessionProof(
            kiosk=self._kiosk,
            epoch=last.epoch,
            seq=last.seq,
            count=len(proofs),
            at=_instant(last.at_ms),
            is_trusted=all(proof.row.trusted for proof in proofs),
            parcels=sum_of([proof.text for proof in proofs]),
        )
        return self._key.signed(session.line())
