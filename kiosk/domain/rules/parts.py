"""Parts beside the core that crash: staff hear of it once, and parcels come and go all the same."""

from kiosk.domain.draft import Draft
from kiosk.domain.inputs import PartReported
from kiosk.domain.model.incident import IncidentKind, Part
from kiosk.domain.rules.incidents import raise_incident, settle_incidents
from kiosk.domain.state import State

_KINDS = {Part.MESSAGES: IncidentKind.MESSAGES_FAILING, Part.UPLINK: IncidentKind.SYNC_FAILING}


def reported(draft: Draft, fact: PartReported) -> None:
    """One that crashes is tried on, but needs a person, until it runs again."""
    kind = _KINDS[fact.part]
    if fact.is_steady:
        settle_incidents(draft, fact.part.value, kinds=frozenset({kind}))
    else:
        raise_incident(draft, kind)


def failing(state: State) -> tuple[IncidentKind, ...]:
    """What staff read of parts that crash, in a fixed order."""
    open_now = {incident.kind for incident in state.incidents.values()}
    return tuple(kind for kind in _KINDS.values() if kind in open_now)
