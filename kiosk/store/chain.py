"""The hash chain: what of a row is hashed, and how."""

import hashlib
import hmac
from json import JSONEncoder

EventColumns = tuple[int, int, str, int, int, int, str, int, str, str, str, str, str | None]
"""Every column but the hash, in order: epoch, seq, type, v, at_ms, mono_ms, boot, trusted, intent, actor,
subject, body, private_mac."""

GENESIS = bytes(32)
"""Stands before the first row."""

_to_json = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def row_hash(before: bytes, columns: EventColumns) -> bytes:
    """SHA-256 over the previous hash and the JSON array of the other columns, in UTF-8."""
    return hashlib.sha256(before + _to_json(columns).encode()).digest()


def private_mac(salt: bytes, body: str) -> str:
    """What the log keeps of personal data: a digest that is worth nothing once the salt is gone."""
    return hmac.new(salt, body.encode(), hashlib.sha256).hexdigest()
