"""Unlocks on their way to the wire: in order, in time, once, and what became of them is told."""

import asyncio
from dataclasses import dataclass, field

from hal.errors import HalError, NoReply, NotSent
from hal.lock_bank import BankReading
from kiosk.domain import inputs as i
from kiosk.domain.effects import SendMessages, Unlock
from kiosk.domain.model.ids import BankId, CompartmentId, UnlockId
from kiosk.domain.refusals import Refusal
from kiosk.effect_runner import EffectRunner
from tests.engine.rig import BANKS, LoopClock, Sleeper, Wires
from tests.engine.test_door_watch import Ear

A = BankId("a")


@dataclass
class Slow:
    """A bank that takes its time over an unlock. Does not simulate: doors, a bus."""

    takes_s: float = 0.0
    fails: HalError | None = None
    asked: list[tuple[int, float]] = field(default_factory=list)
    channels: int = 4

    async def connect(self) -> BankReading:
        """Never asked here."""
        raise NotImplementedError

    async def read_states(self) -> BankReading:
        """Never asked here."""
        raise NotImplementedError

    async def unlock(self, channel: int, *, not_after: float) -> None:
        """Take the time, then do or fail."""
        self.asked.append((channel, not_after))
        await asyncio.sleep(self.takes_s)
        if self.fails:
            raise self.fails

    def close(self) -> None:
        """Nothing to give back."""


@dataclass
class Hurried:
    """A cadence that counts how often it is told to hurry, and when."""

    at: list[float] = field(default_factory=list)

    async def next_look(self, bank: BankId) -> None:
        """Never asked here."""
        raise NotImplementedError

    def hurry(self, bank: BankId) -> None:
        """Remember when."""
        self.at.append(asyncio.get_running_loop().time())


def unlock(name: str, channel: int, *, within_ms: int = 8000) -> Unlock:
    deadline = LoopClock().now().mono_ms + within_ms
    return Unlock(UnlockId(name), CompartmentId(f"c{channel}"), A, channel, deadline)


async def carried_out(bank: Slow, ear: Ear, *effects: Unlock | SendMessages, wait_s: float = 30) -> Hurried:
    cadence = Hurried()
    runner = EffectRunner({A: bank}, ear, clock=LoopClock(), cadence=cadence, notifier=Sleeper())
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(runner.run())
        for effect in effects:
            runner.take(effect)
        await asyncio.sleep(wait_s)
        task.cancel()
    return cadence


async def test_bytes_that_left_are_told() -> None:
    ear = Ear()
    await carried_out(Slow(), ear, unlock("u1", 1))
    assert ear.heard == [i.UnlockSent(UnlockId("u1"))]


async def test_an_unlock_that_is_late_already_is_not_asked_of_the_board() -> None:
    bank, ear = Slow(), Ear()
    await carried_out(bank, ear, unlock("u1", 1, within_ms=-1))
    (told,) = ear.heard
    assert isinstance(told, i.UnlockFailed)
    assert told.is_certain
    assert not bank.asked


async def test_the_deadline_goes_along_in_the_loops_own_time() -> None:
    bank = Slow()
    await carried_out(bank, Ear(), unlock("u1", 1, within_ms=8000))
    ((channel, not_after),) = bank.asked
    assert channel == 1
    assert 7.99 <= not_after <= 8.01


async def test_not_sent_is_certain_and_anything_else_is_not() -> None:
    for fails, is_certain in ((NotSent("late"), True), (NoReply("?"), False)):
        ear = Ear()
        await carried_out(Slow(fails=fails), ear, unlock("u1", 1))
        (told,) = ear.heard
        assert isinstance(told, i.UnlockFailed)
        assert told.is_certain is is_certain


async def test_the_bank_is_read_fast_before_the_bytes_leave_and_after() -> None:
    hurried = await carried_out(Slow(takes_s=3), Ear(), unlock("u1", 1))
    assert [round(at) for at in hurried.at] == [0, 3]


async def test_unlocks_are_asked_for_in_the_order_of_their_decisions() -> None:
    bank = Slow(takes_s=1)
    await carried_out(bank, Ear(), *(unlock(f"u{channel}", channel) for channel in (3, 1, 2, 4)))
    assert [channel for channel, _ in bank.asked] == [3, 1, 2, 4]


async def test_a_report_that_could_not_be_written_is_said_again() -> None:
    ear = Ear(refusing=Refusal.NOT_DURABLE)
    runner = EffectRunner({A: Slow()}, ear, clock=LoopClock(), cadence=Hurried(), notifier=Sleeper())
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(runner.run())
        runner.take(unlock("u1", 1))
        await asyncio.sleep(5)
        assert ear.heard == []
        ear.refusing = None
        await asyncio.sleep(2)
        task.cancel()
    assert ear.heard == [i.UnlockSent(UnlockId("u1"))]


async def test_messages_wake_the_notifier_and_no_board() -> None:
    bank, sleeper = Slow(), Sleeper()
    runner = EffectRunner({A: bank}, Ear(), clock=LoopClock(), cadence=Hurried(), notifier=sleeper)
    runner.take(SendMessages())
    assert sleeper.woken == 1
    assert not bank.asked


async def test_pulses_of_one_supply_keep_their_order_on_the_wire_across_boards() -> None:
    wires, ear = Wires(), Ear()
    banks = wires.banks()
    for bank in banks.values():
        await bank.connect()
    await asyncio.sleep(3)
    runner = EffectRunner(banks, ear, clock=LoopClock(), cadence=Hurried(), notifier=Sleeper())
    order = [(BANKS[1], 2), (BANKS[0], 1), (BANKS[1], 1), (BANKS[0], 3)]
    deadline = LoopClock().now().mono_ms + 8000
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(runner.run())
        for number, (name, channel) in enumerate(order):
            runner.take(Unlock(UnlockId(f"u{number}"), CompartmentId("c1"), name, channel, deadline))
        await asyncio.sleep(10)
        task.cancel()
    for bank in banks.values():
        bank.close()
    places = {pulse: name for name, bench in wires.benches.items() for pulse in bench.pulses}
    assert [(places[pulse], pulse.channel) for pulse in wires.pulses] == order
    assert len(ear.heard) == 4


async def test_an_unplugged_port_moves_nothing_and_says_that_nothing_left() -> None:
    wires, ear = Wires(), Ear()
    banks = wires.banks()
    for bank in banks.values():
        await bank.connect()
    await asyncio.sleep(3)
    wires.link.unplug()
    runner = EffectRunner(banks, ear, clock=LoopClock(), cadence=Hurried(), notifier=Sleeper())
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(runner.run())
        runner.take(unlock("u1", 1))
        await asyncio.sleep(10)
        task.cancel()
    for bank in banks.values():
        bank.close()
    (told,) = ear.heard
    assert isinstance(told, i.UnlockFailed)
    assert not wires.pulses
