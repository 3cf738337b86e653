"""What a proof of delivery is worth under a public key, in words for a person and one word for a program."""

import enum
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.proofs.texts import (
    Garbled,
    ParcelProof,
    Proof,
    SessionProof,
    SignedProof,
    mark_of,
    read_key,
    read_proof,
    sum_of,
)

UNTRUSTED = "the kiosk's clock was not trusted then, so the time may be wrong"


class Verdict(enum.StrEnum):
    """What a proof is worth."""

    VALID = "valid"
    WRONG_SIGNATURE = "wrong_signature"
    """Changed after it was signed, or signed by another key."""
    OTHER_KIOSK = "other_kiosk"
    """It names a kiosk that the key is not of."""
    GARBLED = "garbled"
    """No proof at all, or not all of it."""


class NoKey(Exception):
    """What was given as a public key is none; the reason says what was expected."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A public key, and whose it is where that is known."""

    key: Ed25519PublicKey
    kiosk: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one proof."""

    verdict: Verdict
    proof: Proof | None
    why: str
    remarks: tuple[str, ...] = field(default=())

    @property
    def is_valid(self) -> bool:
        """Whether the proof holds."""
        return self.verdict is Verdict.VALID


def key_in(text: str) -> KnownKey:
    """The key in base 32, or in JSON as `kiosk version --json` and the topic `state/identity` tell it; NoKey.

    JSON may be an envelope with the fields under `data`.
    """
    kiosk, given = None, text.strip()
    if given.startswith("{"):
        fields = _fields(given)
        kiosk, given = _text_of(fields, "kiosk"), _text_of(fields, "public_key") or ""
    key = read_key(given)
    if key is None:
        raise NoKey("expected 52 characters in base 32, or JSON with public_key as of `kiosk version --json`")
    return KnownKey(key, kiosk)


def _fields(text: str) -> Mapping[str, object]:
    try:
        found: object = json.loads(text)
    except ValueError:
        raise NoKey("expected one JSON document") from None
    inner = found.get("data") if isinstance(found, dict) else None
    fields = inner if isinstance(inner, dict) else found
    return fields if isinstance(fields, dict) else {}


def _text_of(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None


def judge(texts: Iterable[str], known: KnownKey, *, unit: str = "", code: str = "") -> list[Finding]:
    """One finding a proof. With unit and six characters, each valid parcel is also held against the unit."""
    found: list[tuple[SignedProof | None, Finding]] = [_judge(text, known) for text in texts]
    parcels = [signed.text for signed, one in found if signed and isinstance(one.proof, ParcelProof)]
    return [_with_remarks(one, parcels, unit=unit, code=code) for _, one in found]


def _judge(text: str, known: KnownKey) -> tuple[SignedProof | None, Finding]:
    try:
        signed = read_proof(text)
    except Garbled as garbled:
        return None, Finding(Verdict.GARBLED, None, str(garbled))
    if known.kiosk is not None and signed.proof.kiosk != known.kiosk:
        why = f"it names kiosk {signed.proof.kiosk}, the key is that of kiosk {known.kiosk}"
        return signed, Finding(Verdict.OTHER_KIOSK, signed.proof, why)
    if not signed.is_signed_by(known.key):
        why = "the text was changed after it was signed, or another key has signed it"
        return signed, Finding(Verdict.WRONG_SIGNATURE, signed.proof, why)
    return signed, Finding(Verdict.VALID, signed.proof, sentence(signed.proof))


def sentence(proof: Proof) -> str:
    """What a proof says."""
    at = f"{proof.at:%Y-%m-%d %H:%M:%S} UTC"
    row = f"event {proof.epoch}/{proof.seq}"
    if isinstance(proof, SessionProof):
        return f"{proof.count} parcels of one visit, kiosk {proof.kiosk}, until {at}, {row}"
    return f"parcel of {proof.carrier} behind door {proof.door}, kiosk {proof.kiosk}, {at}, {row}"


def _with_remarks(one: Finding, parcels: Sequence[str], *, unit: str, code: str) -> Finding:
    if one.proof is None or not one.is_valid:
        return one
    remarks = [] if one.proof.is_trusted else [UNTRUSTED]
    if isinstance(one.proof, SessionProof):
        remarks += _about_parcels(one.proof, parcels)
    elif unit and code:
        fits = mark_of(code.strip().upper(), unit.strip()) == one.proof.mark
        remarks.append(f"it is {'' if fits else 'not '}for unit {unit} with the code {code.strip().upper()}")
    return Finding(one.verdict, one.proof, one.why, tuple(remarks))


def _about_parcels(session: SessionProof, parcels: Sequence[str]) -> list[str]:
    if not parcels:
        return []
    covers = sum_of(parcels) == session.parcels
    return [f"it {'covers' if covers else 'does not cover'} the parcels given with it ({len(parcels)})"]
