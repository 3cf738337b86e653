"""The byte link: a serial device, a pty, a TCP gateway or memory. It knows no frames."""

from typing import Protocol


class ByteLink(Protocol):
    """Bytes there and back. Times are those of the running loop."""

    @property
    def name(self) -> str:
        """The port as a person knows it, for messages."""

    @property
    def is_open(self) -> bool:
        """Whether bytes can be sent now, as far as is known."""

    async def open(self) -> None:
        """Open exclusively, at most once at a time; LinkLost (missing, busy) or WiringError (forbidden)."""

    def close(self) -> None:
        """Close; safe to call twice. A receive in progress ends with LinkLost."""

    async def send(self, frame: bytes) -> None:
        """Hand every byte to the line; LinkLost when the device went away."""

    async def receive(self, until: float) -> bytes:
        """At least one byte, or nothing at loop time `until`; LinkLost when the device went away."""

    def discard(self) -> int:
        """Throw away what has arrived and was not received; returns how many bytes that was."""
