"""When a page of the touchscreen last said that it lives."""

from kiosk.service.clock import Clock


class Beats:
    """The pages say it, the watch of the browser and the doctor ask for it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_ms: int | None = None

    def beat(self) -> None:
        """A page lives."""
        self._last_ms = self._clock.now().mono_ms

    @property
    def seen_s_ago(self) -> int | None:
        """Seconds since then; nothing when no page has been there since the start."""
        return None if self._last_ms is None else (self._clock.now().mono_ms - self._last_ms) // 1000
