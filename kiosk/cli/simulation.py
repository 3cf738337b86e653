"""The simulation as processes: the made-up world, and the daemon as it ships. Alone answers Ctrl-C."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec

from kiosk.cli.child import Child, Program
from kiosk.cli.failure import CommandFailed
from kiosk.cli.keeper import DaemonKeeper
from kiosk.cli.pipes import ControlPipes, ReadyNotice
from kiosk.service.exits import Exit

P = ParamSpec("P")

WORLD_READY_S = 20.0
WORLD_PATIENCE_S = 5.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start and where it listens."""

    config: Path
    base: Path
    listen: str
    panel: str
    servers: tuple[tuple[str, str], ...] = ()
    """Of the broker and the mail server: where they really are, for the world to stand before them."""

    @property
    def _common(self) -> tuple[str, ...]:
        return ("--config", str(self.config), "--base", str(self.base))

    def world(self, pipes: ControlPipes) -> Program:
        """The made-up world with its panel."""
        control = ("--control-in", str(pipes.world_in), "--control-out", str(pipes.world_out))
        addresses = ["--listen", self.panel, "--touchscreen", self.listen]
        addresses += [word for name, where in self.servers for word in (f"--{name}", where)]
        return Program(
            name="world",
            module="sim",
            arguments=("serve", *self._common, *addresses, *control),
            descriptors=(pipes.world_in, pipes.world_out),
            reads_stdout=True,
        )

    def daemon(self, notice: ReadyNotice) -> Program:
        """The daemon as it ships."""
        return Program(
            name="daemon",
            module="kiosk",
            arguments=(*self._common, "--listen", self.listen),
            environment=notice.environment,
        )


def _if_anybody_reads(speak: Callable[P, None]) -> Callable[P, None]:
    """A terminal that was closed, or a pipe that nobody reads, must not keep the simulation from stopping."""

    def speaking(*words: P.args, **named: P.kwargs) -> None:
        with suppress(OSError):
            speak(*words, **named)

    return speaking


class Simulation:
    """Starts the world, then the daemon; stops them in the other order, and leaves nothing running."""

    def __init__(self, plan: Plan, *, on_ready: Callable[[], None], say: Callable[[str], None]) -> None:
        self._plan = plan
        self._on_ready = _if_anybody_reads(on_ready)
        self._say = _if_anybody_reads(say)
        self._is_announced = False
        self._stop = asyncio.Event()

    async def run(self) -> int:
        """Run until somebody stops it, or until one of the two cannot go on; the exit code."""
        async with AsyncExitStack() as stack:
            pipes = stack.enter_context(ControlPipes(self._obey))
            notice = stack.enter_context(ReadyNotice(self._ready))
            self._keeper = DaemonKeeper(self._plan.daemon(notice), pipes.tell, self._say)
            self._watch_signals(stack)
            world = await Child.start(self._plan.world(pipes))
            stack.push_async_callback(world.stop, WORLD_PATIENCE_S)
            pipes.world_has_started()
            await self._world_is_ready(world)
            return await self._watch(world)

    def _watch_signals(self, stack: AsyncExitStack) -> None:
        loop = asyncio.get_running_loop()
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, self._asked_to_stop)
            stack.callback(loop.remove_signal_handler, number)

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            self._keeper.kill()
            return
        self._stop.set()
        self._say("Stopping ...")

    def _obey(self, wish: str) -> None:
        self._keeper.obey(wish)

    def _ready(self) -> None:
        self._keeper.is_ready()
        if not self._is_announced:
            self._is_announced = True
            self._on_ready()

    async def _world_is_ready(self, world: Child) -> None:
        try:
            async with asyncio.timeout(WORLD_READY_S):
                line = await world.line()
        except TimeoutError as error:
            what = f"the simulated world was not ready within {WORLD_READY_S:g} s; try again"
            raise CommandFailed(Exit.FAILED, what) from error
        if not line.startswith("world ready"):
            code = await world.ended()
            raise CommandFailed(
                Exit(code) if code in set(Exit) else Exit.FAILED, "the simulated world did not start"
            )

    async def _watch(self, world: Child) -> int:
        async with asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(self._stop.wait(), name="asked to stop")
            gone = tasks.create_task(self._until_end(world), name="world")
            kept = tasks.create_task(self._keeper.run(), name="daemon")
            await asyncio.wait((asked, gone, kept), return_when=asyncio.FIRST_COMPLETED)
            code = kept.result() if kept.done() else Exit.FAILED if gone.done() else Exit.OK
            if gone.done():
                self._say("The simulated world ended; stopping the daemon too.")
            await self._keeper.end()
            await kept
            await world.stop(WORLD_PATIENCE_S)
            asked.cancel()
        return code

    async def _until_end(self, world: Child) -> None:
        while await world.line():
            pass
        await world.ended()
