"""The echo trap: half-duplex adapters hear themselves. Our own bytes are known, so they can be taken out."""


class EchoFilter:
    """Takes a request's own bytes off the front of what comes back, whole or a byte short at either end."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._held = b""
        self._is_decided = False
        self._was_found = False

    @property
    def was_heard(self) -> bool:
        """Whether our own bytes have come back; they may lack the last one if nothing has followed."""
        return self._was_found or (not self._is_decided and self._held == self._request[:-1])

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
            if echo.startswith(self._held) and self._held != echo:
                return b""
        for echo in (self._request, self._request[1:], self._request[:-1]):
            if self._held.startswith(echo):
                self._is_decided = self._was_found = True
                return self._held[len(echo) :]
        self._is_decided = True
        return self._held
