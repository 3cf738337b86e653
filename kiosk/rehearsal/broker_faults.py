"""Trouble at the broker, as a script orders it."""

from collections.abc import Collection, Mapping

from kiosk.rehearsal.memory_broker import MemoryBroker, Met
from kiosk.sync.topics import ROOT
from sim.scenario.script import FaultKind

EVENTS = f"{ROOT}/+/+/event/+"
"""Where every kiosk's events go."""
_GONE = frozenset({FaultKind.BROKER_AWAY, FaultKind.BROKER_FORGETS})
BROKER_FAULTS: Mapping[FaultKind, Met] = {
    FaultKind.BROKER_AWAY: Met.AWAY,
    FaultKind.BROKER_FORGETS: Met.AWAY,
    FaultKind.BROKER_SILENT: Met.SILENT,
    FaultKind.BROKER_UNTOLD: Met.UNTOLD,
    FaultKind.BROKER_REFUSES: Met.REFUSED,
}
"""What somebody meets where it strikes."""


class BrokerFaults:
    """Makes the broker as the orders that are active say."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker
        self._forgets = False
        """Whether it was ordered to forget since it went away."""

    def settle(self, active: Collection[FaultKind]) -> None:
        """These are ordered now, and no others."""
        broker = self._broker
        broker.is_silent = FaultKind.BROKER_SILENT in active
        broker.is_untold = FaultKind.BROKER_UNTOLD in active
        broker.refused = (EVENTS,) if FaultKind.BROKER_REFUSES in active else ()
        self._forgets |= FaultKind.BROKER_FORGETS in active
        is_gone = not _GONE.isdisjoint(active)
        if is_gone and broker.is_up:
            broker.go_away()
        elif not is_gone and not broker.is_up:
            broker.come_back(has_forgotten=self._forgets)
            self._forgets = False
