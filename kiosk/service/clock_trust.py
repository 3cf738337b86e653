"""Whether the wall clock may be believed: who vouches for it, and what a step does to that."""

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
"""Touched by systemd-timesyncd at every answer of a time server."""
RTC_SECONDS = Path("/sys/class/rtc/rtc0/since_epoch")
STEP_MS = 5000
"""A wall clock that moves this much against the monotonic one has been set; trust is broken."""
STEADY_MS = 10 * 60 * 1000
"""Where nothing else can vouch for the time, a clock that was set is believed again after this long."""
RTC_AGAIN_MS = 10_000
PLAUSIBLE_FROM_MS = 1_735_689_600_000
"""2025-01-01: a clock chip that tells an earlier time has lost its battery."""


class TrustSource(enum.StrEnum):
    """Where trust in the wall clock comes from."""

    KERNEL = "kernel"
    RTC = "rtc"
    ASSUME = "assume"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class ClockTrust:
    """The setting `clock_trust`: a source, and with `file` the file to look at."""

    source: TrustSource
    path: Path | None = None

    @classmethod
    def parse(cls, text: str) -> "ClockTrust":
        """Read `kernel`, `rtc`, `assume` or `file:PATH`; ValueError says what was expected."""
        word, colon, path = text.partition(":")
        needs_path = word == TrustSource.FILE
        if word not in set(TrustSource) or bool(colon) is not needs_path or bool(path) is not needs_path:
            raise ValueError("expected 'kernel', 'rtc', 'assume' or 'file:PATH'")
        return cls(TrustSource(word), Path(path) if path else None)


class Voucher(Protocol):
    """Vouches for the wall clock, or does not."""

    def vouches(self, at_ms: int, mono_ms: int) -> bool:
        """Whether the wall clock is right as far as this source knows."""

    def doubt(self, mono_ms: int) -> None:
        """The clock was set: what this source said before counts no more."""


class FileVoucher:
    """A file that is there, and touched again since the clock was last set."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._doubted: tuple[int, int] | None = None

    def vouches(self, at_ms: int, mono_ms: int) -> bool:
        """Whether the file is there and new enough."""
        self._seen = self._stamp()
        return self._seen is not None and self._seen != self._doubted

    def doubt(self, mono_ms: int) -> None:
        """The file as it was before the step proves nothing about the time after it."""
        self._doubted = self._seen

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


class RtcVoucher:
    """The clock chip agrees with the wall clock; asked at the start and after a step only, as it is slow."""

    def __init__(self, path: Path = RTC_SECONDS) -> None:
        self._path = path
        self._agrees = False
        self._next_look_mono_ms: int | None = None

    def vouches(self, at_ms: int, mono_ms: int) -> bool:
        """Whether the chip has agreed since the last step."""
        is_time_to_look = self._next_look_mono_ms is None or mono_ms >= self._next_look_mono_ms
        if not self._agrees and is_time_to_look:
            self._agrees = self._chip_agrees(at_ms)
            self._next_look_mono_ms = mono_ms + RTC_AGAIN_MS
        return self._agrees

    def doubt(self, mono_ms: int) -> None:
        """Ask the chip again."""
        self._agrees = False
        self._next_look_mono_ms = None

    def _chip_agrees(self, at_ms: int) -> bool:
        try:
            chip_ms = int(self._path.read_text(encoding="ascii")) * 1000
        except (OSError, ValueError):
            return False
        return chip_ms >= PLAUSIBLE_FROM_MS and abs(chip_ms - at_ms) <= STEP_MS


class SteadyVoucher:
    """Somebody decided to believe this machine's clock; after a step it must first run steadily."""

    def __init__(self) -> None:
        self._doubted_mono_ms: int | None = None

    def vouches(self, at_ms: int, mono_ms: int) -> bool:
        """Whether the last step is long enough ago."""
        return self._doubted_mono_ms is None or mono_ms - self._doubted_mono_ms >= STEADY_MS

    def doubt(self, mono_ms: int) -> None:
        """Begin to count."""
        self._doubted_mono_ms = mono_ms


def voucher_of(trust: ClockTrust) -> Voucher:
    """The source that a setting names."""
    match trust.source:
        case TrustSource.KERNEL:
            return FileVoucher(SYNCHRONISED)
        case TrustSource.RTC:
            return RtcVoucher()
        case TrustSource.ASSUME:
            return SteadyVoucher()
        case TrustSource.FILE:
            return FileVoucher(trust.path or SYNCHRONISED)


class TrustJudge:
    """Compares each reading with the one before: a step breaks trust until the source vouches anew."""

    def __init__(self, voucher: Voucher) -> None:
        self._voucher = voucher
        self._offset_ms: int | None = None

    def believes(self, at_ms: int, mono_ms: int) -> bool:
        """Whether this reading of the wall clock may be believed."""
        offset_ms = at_ms - mono_ms
        if self._offset_ms is not None and abs(offset_ms - self._offset_ms) > STEP_MS:
            self._voucher.doubt(mono_ms)
        self._offset_ms = offset_ms
        return self._voucher.vouches(at_ms, mono_ms)
