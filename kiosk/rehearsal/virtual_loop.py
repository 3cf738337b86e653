"""An event loop whose time jumps when every task sleeps: an hour takes no time, and always the same way."""

import asyncio
import heapq
import selectors
import threading
from collections import deque
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

DEAD_TIMERS = 256
"""So many cancelled timers are kept, or half of all, before they are swept out."""


class NothingLeftToDo(Exception):
    """Every task waits, and no timer is set that could ever wake one."""


class TimeStandsStill(Exception):
    """Tasks wake each other for ever, and time never goes on."""


class _Selector(selectors.SelectSelector):
    """Knows whether there is anything to ask the kernel for."""

    def __init__(self) -> None:
        super().__init__()
        self.is_watching = False

    def register(self, fileobj: Any, events: int, *attached: Any) -> selectors.SelectorKey:
        key = super().register(fileobj, events, *attached)
        self.is_watching = len(self.get_map()) > ONLY_ITS_OWN
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        key = super().unregister(fileobj)
        self.is_watching = len(self.get_map()) > ONLY_ITS_OWN
        return key


class VirtualLoop(asyncio.SelectorEventLoop):
    """Starts at time zero. Executors run inline, because a real thread would make timers fire early.

    A turn is asyncio's own, made short: most of a rehearsal is turns with one or two callbacks. Timers of one
    instant fire in the order in which they were set.
    """

    _stopping: bool
    _process_events: Callable[[list[tuple[selectors.SelectorKey, int]]], None]

    def __init__(self) -> None:
        self._now_s = 0.0
        self._turns = 0
        """Of this instant."""
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._timers_set = self._timers_dead = 0
        self._watched = _Selector()
        super().__init__(self._watched)
        self._ready: deque[asyncio.Handle] = deque()
        self._thread = threading.get_ident()

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._now_s

    def call_soon(
        self, callback: Callable[[Unpack[Args]], object], *args: *Args, context: Context | None = None
    ) -> asyncio.Handle:
        """In the next turn."""
        call = asyncio.Handle(callback, args, self, context)
        self._ready.append(call)
        return call

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[Args]], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """So many seconds from now."""
        return self.call_at(self._now_s + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Args]], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """At a time of this loop."""
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._timers_set += 1
        heapq.heappush(self._timers, (when, self._timers_set, timer))
        return timer

    def _timer_handle_cancelled(self, _: asyncio.TimerHandle) -> None:
        """Called by each timer that is cancelled, also by one that has fired: then one sweep is in vain."""
        self._timers_dead += 1
        if self._timers_dead > max(DEAD_TIMERS, len(self._timers) // 2):
            self._timers_dead = 0
            self._timers = [entry for entry in self._timers if not entry[2].cancelled()]
            heapq.heapify(self._timers)

    def _run_once(self) -> None:
        """One turn: what is due, then everything that was ready by then."""
        ready = self._ready
        if self._watched.is_watching:
            self._process_events(self._watched.select(0))
        if ready or self._stopping:
            self._turns += 1
            if self._turns > MOST_TURNS:
                raise TimeStandsStill(f"{MOST_TURNS} turns of the loop at one instant")
        else:
            self._turns = 0
            self._go_on()
        timers = self._timers
        while timers and timers[0][0] < self._now_s + RESOLUTION_S:
            ready.append(heapq.heappop(timers)[2])
        for _ in range(len(ready)):
            call = ready.popleft()
            if not call._cancelled:
                call._run()

    def jump(self, by_s: float) -> None:
        """Let time pass with nothing running, as while a process is stopped."""
        self._now_s += by_s

    def _go_on(self) -> None:
        """Let time go on to the next timer."""
        timers = self._timers
        while timers and timers[0][2].cancelled():
            heapq.heappop(timers)
        if not timers:
            raise NothingLeftToDo("every task waits and no timer is set")
        self._now_s = max(self._now_s, timers[0][0])

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
