"""Events that do not leave: staff hear of it once, and parcels come and go all the same."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.rules.incidents import raise_incident


def blocked(draft: Draft) -> None:
    """Nothing has left for the broker for a while."""
    raise_incident(draft, IncidentKind.SYNC_BLOCKED)


def resumed(draft: Draft) -> None:
    """Events leave again."""
    for incident in tuple(draft.state.incidents.values()):
        if incident.kind is IncidentKind.SYNC_BLOCKED:
            draft.record(e.IncidentSettled(incident.id, "broker"))
