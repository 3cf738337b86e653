"""The text of a proof of delivery: how it is written, read back and checked. Needs a public key, no kiosk."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PARCEL, SESSION = "LW1", "LW1S"
_TIME = "%Y%m%dT%H%M%SZ"
_PARCEL = re.compile(
    r"LW1:(?P<kiosk>[a-z0-9-]+):(?P<epoch>\d+):(?P<seq>\d+):(?P<door>[^:]+):(?P<at>\d{8}T\d{6}Z)"
    r":(?P<trusted>[01]):(?P<carrier>[^:]*):(?P<mark>[A-Z2-7]{8}):(?P<head>[0-9a-f]{8})"
)
_SESSION = re.compile(
    r"LW1S:(?P<kiosk>[a-z0-9-]+):(?P<epoch>\d+):(?P<seq>\d+):(?P<count>\d+):(?P<at>\d{8}T\d{6}Z)"
    r":(?P<trusted>[01]):(?P<parcels>[0-9a-f]{64})"
)


class Garbled(Exception):
    """A text that is no proof; the reason says what was expected."""


@dataclass(frozen=True, slots=True)
class ParcelProof:
    """What a proof says of one parcel. `mark` binds it to a unit, for whoever knows the six characters."""

    kiosk: str
    epoch: int
    seq: int
    door: str
    at: datetime
    is_trusted: bool
    carrier: str
    mark: str
    head: str

    def line(self) -> str:
        """The unsigned text; colons separate, so none stands inside a field."""
        fields = (
            PARCEL,
            self.kiosk,
            str(self.epoch),
            str(self.seq),
            quote(self.door, safe=""),
            self.at.strftime(_TIME),
            _digit(self.is_trusted),
            quote(self.carrier, safe=""),
            self.mark,
            self.head,
        )
        return ":".join(fields)


@dataclass(frozen=True, slots=True)
class SessionProof:
    """What one proof says of all parcels of a courier's visit."""

    kiosk: str
    epoch: int
    seq: int
    count: int
    at: datetime
    is_trusted: bool
    parcels: str

    def line(self) -> str:
        """The unsigned text."""
        fields = (
            SESSION,
            self.kiosk,
            str(self.epoch),
            str(self.seq),
            str(self.count),
            self.at.strftime(_TIME),
            _digit(self.is_trusted),
            self.parcels,
        )
        return ":".join(fields)


Proof = ParcelProof | SessionProof


@dataclass(frozen=True, slots=True)
class SignedProof:
    """A proof as it was scanned."""

    text: str
    proof: Proof
    line: str
    signature: bytes

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature fits text and key."""
        try:
            key.verify(self.signature, self.line.encode())
        except InvalidSignature:
            return False
        return True


def read_proof(text: str) -> SignedProof:
    """The proof in a scanned text; Garbled."""
    text = text.strip()
    line, stop, signature = text.rpartition(".")
    if not stop:
        raise Garbled("expected LW1:... or LW1S:... with a full stop and a signature at the end")
    return SignedProof(text, _read_line(line), line, _signature(signature))


def _read_line(line: str) -> Proof:
    if found := _PARCEL.fullmatch(line):
        return ParcelProof(
            kiosk=found["kiosk"],
            epoch=int(found["epoch"]),
            seq=int(found["seq"]),
            door=unquote(found["door"]),
            at=_instant(found["at"]),
            is_trusted=found["trusted"] == "1",
            carrier=unquote(found["carrier"]),
            mark=found["mark"],
            head=found["head"],
        )
    if found := _SESSION.fullmatch(line):
        return SessionProof(
            kiosk=found["kiosk"],
            epoch=int(found["epoch"]),
            seq=int(found["seq"]),
            count=int(found["count"]),
            at=_instant(found["at"]),
            is_trusted=found["trusted"] == "1",
            parcels=found["parcels"],
        )
    raise Garbled(_what_is_wrong(line))


def _what_is_wrong(line: str) -> str:
    kind, *fields = line.split(":")
    expected = {PARCEL: 9, SESSION: 7}.get(kind)
    if expected is None:
        return f"begins with {kind[:8]!r}, expected LW1: or LW1S:"
    if len(fields) != expected:
        return f"{len(fields)} fields after {kind}, expected {expected}"
    return f"a field after {kind} is not what it should be; was a character lost?"


def _instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise Garbled(f"{text} is no time") from None


def _signature(text: str) -> bytes:
    raw = from_base32(text, length=64)
    if raw is None:
        raise Garbled(f"{len(text)} characters after the full stop are no signature, expected 103 in base 32")
    return raw


def read_key(text: str) -> Ed25519PublicKey | None:
    """A public key in base 32, as the kiosk shows it; nothing where it is none."""
    raw = from_base32(text.strip(), length=32)
    return None if raw is None else Ed25519PublicKey.from_public_bytes(raw)


def mark_of(code: str, unit: str) -> str:
    """What binds a proof to a unit: the first 8 characters of HMAC(six characters, unit) in base 32."""
    return to_base32(hmac.new(code.encode(), unit.upper().encode(), hashlib.sha256).digest())[:8]


def sum_of(texts: Sequence[str]) -> str:
    """What binds a session's proof to the proofs of its parcels, in their order."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def to_base32(raw: bytes) -> str:
    """Base 32 without padding."""
    return base64.b32encode(raw).decode("ascii").rstrip("=")


def from_base32(text: str, *, length: int) -> bytes | None:
    """So many bytes from base 32 without padding; nothing where it is not that."""
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == length and to_base32(raw) == text else None


def _digit(claim: bool) -> str:
    return "1" if claim else "0"
