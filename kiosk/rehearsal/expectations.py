"""What a script expects besides the promises, counted at its end."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.state import State
from kiosk.ports import EventRow
from sim.scenario.script import Expectation, Expected
from sim.sights import WorldView


@dataclass(frozen=True, slots=True)
class Ending:
    """How everything stands after the quiet phase."""

    rows: Sequence[EventRow]
    state: State
    world: WorldView

    def subjects(self, kind: str) -> int:
        """How many different things had an event of this type."""
        return len({row.subject for row in self.rows if row.type == kind})


def unmet(expected: Sequence[Expectation], ending: Ending) -> Iterator[str]:
    """A line for each expectation that is not met."""
    for one in expected:
        found = _COUNTS[one.expected](ending, one.what)
        if found != one.count:
            name = f"{one.expected} of {one.what}" if one.what else str(one.expected)
            yield f"{name}: {found}, expected {one.count}"


def _parcels_inside(ending: Ending, _: str) -> int:
    return sum(len(sight.door.parcels) for sight in ending.world.doors)


def _stored(ending: Ending, _: str) -> int:
    return ending.subjects("DeliveryStored")


def _collected(ending: Ending, _: str) -> int:
    return ending.subjects("DeliveryCollected")


def _cancelled(ending: Ending, _: str) -> int:
    return ending.subjects("DeliveryCancelled")


def _removed(ending: Ending, _: str) -> int:
    return ending.subjects("DeliveryRemoved")


def _uncertain(ending: Ending, _: str) -> int:
    return sum(one.state is DeliveryState.UNCERTAIN for one in ending.state.deliveries.values())


def _incidents(ending: Ending, kind: str) -> int:
    raised = [json.loads(row.body) for row in ending.rows if row.type == "IncidentRaised"]
    return sum(kind in {"", body["kind"]} for body in raised)


def _unknown(ending: Ending, _: str) -> int:
    return sum(one.vacancy is Vacancy.UNKNOWN for one in ending.state.compartments.values())


def _refused(ending: Ending, _: str) -> int:
    return sum(row.type == "CodeRefused" for row in ending.rows)


def _renewed(ending: Ending, _: str) -> int:
    return sum(row.type == "CodeRevoked" for row in ending.rows)


def _reminded(ending: Ending, _: str) -> int:
    return sum(row.type == "RecipientReminded" for row in ending.rows)


_COUNTS: Mapping[Expected, Callable[[Ending, str], int]] = {
    Expected.PARCELS_INSIDE: _parcels_inside,
    Expected.STORED: _stored,
    Expected.COLLECTED: _collected,
    Expected.CANCELLED: _cancelled,
    Expected.REMOVED: _removed,
    Expected.UNCERTAIN: _uncertain,
    Expected.INCIDENTS: _incidents,
    Expected.UNKNOWN_COMPARTMENTS: _unknown,
    Expected.CODES_REFUSED: _refused,
    Expected.CODES_RENEWED: _renewed,
    Expected.REMINDED: _reminded,
}
