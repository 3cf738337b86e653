"""An event loop whose time jumps when every task sleeps: an hour takes no time, and always the same way."""

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine
from contextvars import Context
from types import TracebackType
from typing import Any, TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Args = TypeVarTuple("Args")
RESOLUTION_S = 1e-6
"""Timers closer together than this fire in the same turn."""


ONLY_ITS_OWN = 1
"""The loop's own wake-up pipe: with nothing else to watch there is nothing to ask the kernel."""


MOST_TURNS = 200_000
"""More turns of the loop than anything takes at one instant."""


class NothingLeftToDo(Exception):
    """Every task waits, and no timer is set that could ever wake one."""


class TimeStandsStill(Exception):
    """Tasks wake each other for ever, and time never goes on."""


class _JumpingSelector(selectors.SelectSelector):
    """Never waits: it looks whether something is ready, and otherwise lets the loop's time jump."""

    def __init__(self, jump: Callable[[float], None]) -> None:
        super().__init__()
        self._jump = jump
        self._turns = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0) if len(self.get_map()) > ONLY_ITS_OWN else []
        if ready or timeout == 0:
            self._turns += 1
            if self._turns > MOST_TURNS:
                raise TimeStandsStill(f"{MOST_TURNS} turns of the loop at one instant")
            return ready
        self._turns = 0
        if timeout is None:
            raise NothingLeftToDo("every task waits and no timer is set")
        self._jump(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Starts at time zero. Executors run inline, because a real thread would make timers fire early."""

    def __init__(self) -> None:
        self._now_s = 0.0
        super().__init__(_JumpingSelector(self._jump))
        self._clock_resolution = RESOLUTION_S
        self._thread = threading.get_ident()

    def _jump(self, by_s: float) -> None:
        self._now_s += by_s

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._now_s

    def run_in_executor(self, executor: object, func: Callable[..., T], *args: object) -> asyncio.Future[T]:
        """Call the function now; the future is done when it is returned."""
        done: asyncio.Future[T] = self.create_future()
        with _ErrorsInto(done):
            done.set_result(func(*args))
        return done

    def call_soon_threadsafe(
        self, callback: Callable[[Unpack[Args]], object], *args: *Args, context: Context | None = None
    ) -> asyncio.Handle:
        """Refused from another thread: what a real thread does at its own pace cannot be repeated."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("another thread reached into a virtual loop")
        return super().call_soon_threadsafe(callback, *args, context=context)


class _ErrorsInto:
    """Hands what a job raises to whoever awaits it, as a real executor does."""

    def __init__(self, future: asyncio.Future[T]) -> None:
        self._future = future

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self._future.set_exception(error)
        return True


def run_virtually(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a virtual loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
