"""The only reader of the machine's clocks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk.service.clock_trust import ClockTrust, TrustJudge, TrustSource, voucher_of

__all__ = ["Clock", "Now", "SystemClock", "TrustSource", "boot_id"]

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Now:
    """One reading of both clocks, in milliseconds; the wall clock is UTC."""

    at_ms: int
    mono_ms: int
    is_trusted: bool


class Clock(Protocol):
    """Tells the time."""

    @property
    def boot(self) -> str:
        """Identity of this start of the machine; monotonic times of two boots never compare."""

    def now(self) -> Now:
        """Both clocks at one instant."""


def boot_id() -> str:
    """The kernel's boot id, or a fixed word where the kernel has none."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return "no-boot-id"


def on_time() -> int:
    """The wall clock is taken as it is."""
    return 0


class SystemClock:
    """The machine's clocks, and whether the wall clock may be believed."""

    def __init__(
        self, source: TrustSource, path: Path | None = None, *, ahead_ms: Callable[[], int] = on_time
    ) -> None:
        self._judge = TrustJudge(voucher_of(ClockTrust(source, path)))
        self._boot = boot_id()
        self._ahead_ms = ahead_ms

    @property
    def boot(self) -> str:
        """Identity of this start of the machine."""
        return self._boot

    def now(self) -> Now:
        """Both clocks at one instant."""
        at_ms = time.time_ns() // 1_000_000 + self._ahead_ms()
        mono_ms = time.monotonic_ns() // 1_000_000
        return Now(at_ms, mono_ms, self._judge.believes(at_ms, mono_ms))
