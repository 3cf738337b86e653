"""The kiosk's life: one exit stack, one task group. Start in order, stop in exactly the other order.

A crash of a core part ends the whole of it; the periphery is started again by itself.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from config.settings import Settings
from kiosk.data_folder import DataFolder
from kiosk.domain.inputs import KioskStart, PartReported
from kiosk.domain.model.incident import Part
from kiosk.engine import Engine
from kiosk.failures import StartNotWritten
from kiosk.heartbeat import beat
from kiosk.keys import end_first_start
from kiosk.service.errors import NOT_SET_UP
from kiosk.service.instance_lock import InstanceLock
from kiosk.service.systemd_notify import SystemdNotifier
from kiosk.supervise import supervise
from kiosk.version import VERSION
from kiosk.web.server import WebServer
from kiosk.wiring import Listeners, Outside, Parts, build

DRAIN_S = 3.0
"""What waits in the inbox at a stop gets this long; a commit takes milliseconds."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def running(settings: Settings, outside: Outside) -> AsyncIterator[Parts]:
    """The kiosk at work for as long as the context lasts; Foreseeable errors say why it cannot start."""
    folder = DataFolder(settings.kiosk.data_folder)
    async with AsyncExitStack() as stack:
        stack.enter_context(InstanceLock(folder.lock))
        keys = outside.keys(folder)
        listeners = outside.serve_web(folder) if outside.serve_web else None
        if listeners:
            stack.callback(listeners.close)
        database = await stack.enter_async_context(outside.open_database(folder.database))
        parts = await build(settings, outside, keys, database)
        life = _Life(stack, await stack.enter_async_context(asyncio.TaskGroup()))
        await _start(life, parts, listeners)
        end_first_start(folder)
        _tell_ready(life, parts, outside.supervisor)
        yield parts


class _Life:
    """Starts each part next to its end."""

    def __init__(self, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> None:
        self.stack = stack
        self._tasks = tasks

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run a part until the stop reaches it."""
        task = self._tasks.create_task(work, name=name)
        self.stack.push_async_callback(_end, task)

    def start_beside(self, part: Part, run: Callable[[], Awaitable[None]], engine: Engine) -> None:
        """Run a part that may crash without ending the rest; staff hear of many crashes, and of their end."""
        work = supervise(
            part.value,
            run,
            on_trouble=lambda _name: engine.post(PartReported(part, is_steady=False)),
            on_steady=lambda _name: engine.post(PartReported(part, is_steady=True)),
        )
        self.start(part.value, work)

    def start_engine(self, engine: Engine) -> None:
        """The engine takes nothing new at a stop, and decides what waits before it ends."""
        task = self._tasks.create_task(engine.run(), name="engine")
        self.stack.push_async_callback(_end_engine, engine, task)


async def _start(life: _Life, parts: Parts, listeners: Listeners | None) -> None:
    life.start_engine(parts.engine)
    answer = await parts.engine.submit(KioskStart(VERSION))
    if answer.refusal:
        raise StartNotWritten(f"the start could not be written to disk ({answer.refusal})")
    if not parts.engine.state.directory.is_set_up:
        _log.warning("%s", NOT_SET_UP.line("nobody can deliver yet"))
    if listeners:
        await life.stack.enter_async_context(WebServer(parts.local, listeners.local))
        await life.stack.enter_async_context(WebServer(parts.page, listeners.page))
    for bank in parts.banks.values():
        life.stack.callback(bank.close)
    life.start("door watch", parts.door_watch.run())
    life.start("timers", parts.timers.run())
    life.start("calendar", parts.calendar.run())
    life.start("effects", parts.effect_runner.run())
    if parts.notifier:
        life.start_beside(Part.MESSAGES, parts.notifier.run, parts.engine)
    if parts.uplink:
        life.start_beside(Part.UPLINK, parts.uplink.run, parts.engine)


def _tell_ready(life: _Life, parts: Parts, supervisor: SystemdNotifier) -> None:
    life.start("heartbeat", beat(parts.engine, parts.journal, supervisor))
    supervisor.send("READY=1\nSTATUS=ready")
    life.stack.callback(supervisor.send, "STOPPING=1\nSTATUS=stopping")


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})


async def _end_engine(engine: Engine, task: asyncio.Task[None]) -> None:
    if not task.done():
        try:
            async with asyncio.timeout(DRAIN_S):
                await engine.drain()
        except TimeoutError:
            _log.error("what waited to be decided was not decided within %g s", DRAIN_S)
    await _end(task)
