"""Says every incident in the log, under its number: whoever reads only the log misses nothing."""

import logging
from collections.abc import Callable, Iterator, Sequence

from kiosk.domain.events import IncidentRaised
from kiosk.domain.model.incident import IncidentKind, Severity
from kiosk.domain.state import State
from kiosk.ports import Written
from kiosk.service.incident_faults import fault_of_incident

_LEVELS = {Severity.ALARM: logging.ERROR, Severity.TASK: logging.WARNING, Severity.NOTICE: logging.INFO}
_log = logging.getLogger(__name__)


class IncidentLog:
    """Listens to the event log. Lost banks are left to the watch of their doors, which knows the reason."""

    def __init__(self, state: Callable[[], State]) -> None:
        self._state = state

    def take(self, written: Sequence[Written]) -> None:
        """A batch is on disk."""
        for row in written:
            event = row.event
            if isinstance(event, IncidentRaised) and event.kind is not IncidentKind.BANK_LOST:
                fault = fault_of_incident(event.kind.value)
                where = "".join(_where(event, self._state()))
                _log.log(_LEVELS[event.severity], "%s", fault.line(f"{where}{fault.cause}"))


def _where(event: IncidentRaised, state: State) -> Iterator[str]:
    if event.bank:
        yield f"bank {event.bank}: "
    if event.compartment:
        yield f"door {state.label_of(event.compartment)}: "
