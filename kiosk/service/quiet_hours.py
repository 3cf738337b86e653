"""When people are asleep: two times of day in the building's zone, right when its clocks change too."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day until another, over midnight or not; none where both are the same."""

    zone: ZoneInfo
    begins: time
    ends: time

    def are_at(self, at_ms: int) -> bool:
        """Whether people are asleep at an instant (UTC milliseconds)."""
        now = self._local(at_ms).time()
        if self.begins <= self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends

    def end_ms(self, at_ms: int) -> int:
        """When the present quiet hours end; a time of day that a change of the clocks skips comes later."""
        local = self._local(at_ms)
        end = datetime.combine(local.date(), self.ends, self.zone)
        if end <= local:
            end = datetime.combine(local.date() + _DAY, self.ends, self.zone)
        return (end.astimezone(UTC) - _EPOCH) // _MS

    def _local(self, at_ms: int) -> datetime:
        return (_EPOCH + at_ms * _MS).astimezone(self.zone)
