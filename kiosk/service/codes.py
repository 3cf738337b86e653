"""Pickup codes and their keys: drawing, keyed digests, sealed copies. The keys stand outside the database."""

import hmac
import itertools
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.service.random_bytes import RandomBytes
from kiosk.service.secret_files import read_secret, replace_secret, write_secret

CODE_DIGITS = 8
MORE_DIGITS = 4
_DIGEST_KEY, _SEAL_KEY = "code-digest.key", "code-seal.key"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_UNFAIR_BYTES = bytes(range(250, 256))
PROOF_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No 0, O, 1 or I: they are misread."""
_DIGIT_OF = bytes(b"0123456789"[byte % 10] for byte in range(256))
_LETTER_OF = PROOF_LETTERS.encode("ascii") * (256 // len(PROOF_LETTERS))


@dataclass(frozen=True, slots=True)
class FreshCode:
    """A code just drawn: digests of its first eight and of all twelve digits, and the sealed twelve."""

    digest: bytes
    long_digest: bytes
    sealed: bytes


class SealBroken(Exception):
    """A sealed copy does not open with this key."""


def is_guessable(digits: str) -> bool:
    """Whether digits are one repeated digit or a run up or down."""
    steps = {(b - a) % 10 for a, b in itertools.pairwise(digits.encode())}
    return steps in ({0}, {1}, {9})


def draw_digits(draw: RandomBytes = os.urandom) -> str:
    """Twelve digits, the first eight not guessable at sight."""
    while True:
        digits = _digits(CODE_DIGITS + MORE_DIGITS, draw)
        if not is_guessable(digits[:CODE_DIGITS]):
            return digits


def draw_fair(count: int, draw: RandomBytes = os.urandom) -> str:
    """So many digits, each as likely as any other, and together not guessable at sight."""
    while True:
        digits = _digits(count, draw)
        if not is_guessable(digits):
            return digits


def _digits(count: int, draw: RandomBytes) -> str:
    """A byte is worth a digit only below 250, so that each digit is as likely as any other."""
    found = b""
    while len(found) < count:
        found += draw(count).translate(_DIGIT_OF, delete=_UNFAIR_BYTES)
    return found[:count].decode("ascii")


def draw_proof(draw: RandomBytes = os.urandom) -> str:
    """Six characters that a courier can write down; there are 32 of them, so every byte is fair."""
    return draw(6).translate(_LETTER_OF).decode("ascii")


class CodeKeys:
    """The two keys of codes: one to look up, one to seal; and what new codes are drawn from."""

    def __init__(self, digest_key: bytes, seal_key: bytes, draw: RandomBytes = os.urandom) -> None:
        self._digest_key = digest_key
        self._draw = draw
        self._seal = AESGCM(seal_key)

    @classmethod
    def create(cls, folder: Path) -> "CodeKeys":
        """Make the keys of a new data folder; FileExistsError where they are.

        Never for a database that holds codes: they would open nothing. The digest key is written last, so a
        power cut between the two leaves a pair that no code was made with, and the next call makes it anew.
        """
        if not (folder / _DIGEST_KEY).exists():
            replace_secret(folder / _SEAL_KEY, os.urandom(_KEY_BYTES))
        write_secret(folder / _DIGEST_KEY, os.urandom(_KEY_BYTES))
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> "CodeKeys":
        """Read the keys; FileNotFoundError, SecretExposed or SecretDamaged name the file."""
        digest_key = read_secret(folder / _DIGEST_KEY, length=_KEY_BYTES)
        return cls(digest_key, read_secret(folder / _SEAL_KEY, length=_KEY_BYTES))

    def digest_of(self, digits: str) -> bytes:
        """Keyed digest of a pickup code as typed: 16 bytes of HMAC-SHA256."""
        return self._digest("pickup", digits)

    def carrier_digest_of(self, digits: str) -> bytes:
        """Keyed digest of a carrier code as typed; never equal to one of a pickup code."""
        return self._digest("carrier", digits)

    def _digest(self, purpose: str, digits: str) -> bytes:
        return hmac.digest(self._digest_key, f"{purpose}:{digits}".encode(), "sha256")[:16]

    def candidate(self) -> FreshCode:
        """A fresh code; whether it is free is decided later."""
        digits = draw_digits(self._draw)
        nonce = self._draw(_NONCE_BYTES)
        sealed = nonce + self._seal.encrypt(nonce, digits.encode("ascii"), None)
        return FreshCode(self.digest_of(digits[:CODE_DIGITS]), self.digest_of(digits), sealed)

    def unseal(self, sealed: bytes) -> str:
        """The twelve digits; SealBroken when the copy was made under another key or changed."""
        try:
            return self._seal.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None).decode("ascii")
        except (InvalidTag, ValueError) as error:
            raise SealBroken("a sealed code does not open: it was made under another key") from error
