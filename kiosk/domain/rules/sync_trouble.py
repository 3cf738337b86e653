"""Events that do not leave: staff hear of it once, and parcels come and go all the same."""

from kiosk.domain.draft import Draft
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.rules.incidents import raise_incident, settle_incidents

_BLOCKED = frozenset({IncidentKind.SYNC_BLOCKED})


def blocked(draft: Draft) -> None:
    """Nothing has left for the broker for a while."""
    raise_incident(draft, IncidentKind.SYNC_BLOCKED)


def resumed(draft: Draft) -> None:
    """Events leave again."""
    settle_incidents(draft, "broker", kinds=_BLOCKED)
