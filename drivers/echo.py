"""The echo trap: half-duplex adapters hear themselves. Our own bytes are known, so they can be taken out."""


class EchoFilter:
    """Takes one request's own bytes off the front of what comes back, whole or without the first byte."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._held = b""
        self._is_decided = False
        self.was_heard = False

    @property
    def size(self) -> int:
        """How many bytes an echo has at most."""
        return len(self._request)

    def feed(self, chunk: bytes) -> bytes:
        """Bytes as they come; those that are no echo. Held back only while they may still become one."""
        if self._is_decided:
            return chunk
        self._held += chunk
        for echo in (self._request, self._request[1:]):
            if self._held.startswith(echo):
                self._is_decided = self.was_heard = True
                return self._held[len(echo) :]
            if echo.startswith(self._held):
                return b""
        self._is_decided = True
        return self._held
