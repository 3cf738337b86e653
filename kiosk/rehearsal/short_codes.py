"""Codes of which only the first digits count, so that guesses hit often enough to be counted.

The kiosk is unchanged: it makes, sends and asks for eight digits and four more as ever. What differs is the
key that turns digits into what is looked up: it leaves out all but the first few of the eight.
"""

from kiosk.service.codes import CODE_DIGITS, CodeKeys
from kiosk.service.random_bytes import RandomBytes


class ShortCodeKeys(CodeKeys):
    """Keys that look at so many of the eight digits; of the further four they see all."""

    def __init__(self, digest_key: bytes, seal_key: bytes, draw: RandomBytes, digits: int) -> None:
        super().__init__(digest_key, seal_key, draw)
        self._digits = digits

    def digest_of(self, digits: str) -> bytes:
        """Keyed digest of what counts of a code."""
        return super().digest_of(digits[: self._digits] + digits[CODE_DIGITS:])
