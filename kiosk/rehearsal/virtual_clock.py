"""Both clocks of a machine on a virtual loop. The wall clock can be wrong, jump, and lose its trust."""

import asyncio

from kiosk.service.clock import Now
from kiosk.service.clock_trust import SteadyVoucher, TrustJudge

UPTIME_MS = 30_000
"""How long a machine has been up when the kiosk's program starts on it."""


def loop_ms(loop: asyncio.AbstractEventLoop | None = None) -> int:
    """The running loop's time in whole milliseconds: what everything on the stage is dated by."""
    return round((loop or asyncio.get_running_loop()).time() * 1000)


class _Voucher(SteadyVoucher):
    """Believes a clock that runs steadily, unless somebody has taken its word away."""

    def __init__(self) -> None:
        super().__init__()
        self.gives_word = True

    def vouches(self, at_ms: int, mono_ms: int) -> bool:
        return self.gives_word and super().vouches(at_ms, mono_ms)


class VirtualClock:
    """Starts at a UTC time and follows the loop. Trust is judged as in life: a step breaks it for a while."""

    def __init__(self, start_ms: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._wall_ms = start_ms - loop_ms()
        self._boots = 0
        self.started_ms: dict[str, int] = {}
        """By boot, the loop's time at which its monotonic clock stood at zero."""
        self.reboot()

    @property
    def boot(self) -> str:
        """Identity of this start of the machine."""
        return f"boot-{self._boots}"

    def now(self) -> Now:
        """Both clocks at one instant."""
        loop = loop_ms(self._loop)
        at_ms, mono_ms = loop + self._wall_ms, loop + self._mono_ms
        return Now(at_ms, mono_ms, self._judge.believes(at_ms, mono_ms))

    def jump(self, by_ms: int) -> None:
        """Somebody, or a time server, sets the wall clock."""
        self._wall_ms += by_ms

    def set_word(self, *, is_given: bool) -> None:
        """Whether anything vouches for the wall clock."""
        self._voucher.gives_word = is_given

    def restart(self) -> None:
        """The program starts anew on a machine that stayed up: it has no memory of earlier steps."""
        self._voucher = _Voucher()
        self._judge = TrustJudge(self._voucher)

    def reboot(self) -> None:
        """The machine starts anew: its monotonic clock begins again, and its boot has another name."""
        self._boots += 1
        self._mono_ms = UPTIME_MS - loop_ms()
        self.started_ms[self.boot] = -self._mono_ms
        self.restart()
