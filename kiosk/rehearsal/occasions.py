"""Faults placed at the next use: an order without a place waits here until somebody needs what it breaks.

It lands just before the coil is energised, the unlock frame is on the line, the commit or message is made,
the event is published.
"""

import asyncio
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from kiosk.ports import Publication
from kiosk.rehearsal.broker_faults import EVENTS
from kiosk.rehearsal.memory_broker import is_under
from kiosk.rehearsal.stage import Stage
from sim.scenario.draw_faults import AT_BANKS, AT_BROKER, AT_DOORS, AT_SUPPLIES
from sim.scenario.script import AT_ONCE, FaultKind, FaultOrder

T = TypeVar("T")


class Occasion(enum.Enum):
    """What an order waits for. Only one order lands on each."""

    DOOR = enum.auto()
    """A coil is about to be energised, and not by the button on the board."""
    SUPPLY = enum.auto()
    """The same."""
    UNLOCK = enum.auto()
    """An unlock frame is about to reach the line of its bank."""
    COMMIT = enum.auto()
    MESSAGE = enum.auto()
    EVENT = enum.auto()
    """An event is about to reach the broker."""


OCCASIONS: Mapping[FaultKind, Occasion] = {
    **dict.fromkeys(AT_DOORS, Occasion.DOOR),
    **dict.fromkeys(AT_SUPPLIES, Occasion.SUPPLY),
    **dict.fromkeys(AT_BANKS, Occasion.UNLOCK),
    FaultKind.DISK_FULL: Occasion.COMMIT,
    FaultKind.DISK_GONE: Occasion.COMMIT,
    FaultKind.PHONES_SILENT: Occasion.MESSAGE,
    **dict.fromkeys(AT_BROKER, Occasion.EVENT),
}


def is_to_wait(order: FaultOrder) -> bool:
    """Whether an order waits for the next use of what it breaks."""
    return not order.where and order.kind in OCCASIONS


def placed_at_once(order: FaultOrder) -> FaultOrder:
    """The order without the word that says that it waits for nothing."""
    return replace(order, where="") if order.where == AT_ONCE else order


@dataclass(slots=True)
class _Waiting(Generic[T]):
    order: FaultOrder
    begun: asyncio.Future[T | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Occasions(Generic[T]):
    """Orders in waiting. `begin` breaks what an order says, at the very instant of its occasion."""

    def __init__(self, stage: Stage, begin: Callable[[FaultOrder], T]) -> None:
        self._cabinet = stage.room.world.cabinet
        self._begin = begin
        self._waiting: dict[Occasion, list[_Waiting[T]]] = {occasion: [] for occasion in Occasion}
        stage.wires.uses.before_pulse = self._before_pulse
        stage.wires.uses.before_unlock = lambda bank: self._come(Occasion.UNLOCK, bank)
        stage.disk.before_commit = lambda: self._come(Occasion.COMMIT, "")
        stage.phones.before_message = lambda: self._come(Occasion.MESSAGE, "")
        stage.broker.before_publish = self._before_publish

    async def wait(self, order: FaultOrder) -> T | None:
        """What `begin` gave when the occasion came; None where it was called off before."""
        waiting = _Waiting[T](order)
        self._waiting[OCCASIONS[order.kind]].append(waiting)
        return await waiting.begun

    def call_off(self) -> None:
        """Let no order wait any longer."""
        for waiting in self._waiting.values():
            for one in waiting:
                one.begun.set_result(None)
            waiting.clear()

    def _before_pulse(self, bank: str, channel: int) -> None:
        plan = self._cabinet.wired_to(bank, channel)
        if plan is not None:
            self._come(Occasion.DOOR, plan.id)
            self._come(Occasion.SUPPLY, plan.supply)

    def _before_publish(self, publication: Publication) -> None:
        if is_under(publication.topic, EVENTS):
            self._come(Occasion.EVENT, "")

    def _come(self, occasion: Occasion, where: str) -> None:
        if self._waiting[occasion]:
            waiting = self._waiting[occasion].pop(0)
            waiting.begun.set_result(self._begin(replace(waiting.order, where=where)))
