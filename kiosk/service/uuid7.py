"""Identities that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

import os

from kiosk.service.random_bytes import RandomBytes


def uuid7(at_ms: int, draw: RandomBytes = os.urandom) -> str:
    """A new identity stamped with a UTC time in milliseconds."""
    value = (at_ms & (1 << 48) - 1) << 80 | int.from_bytes(draw(10), "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    digits = f"{value | 0x7 << 76 | 0x2 << 62:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
