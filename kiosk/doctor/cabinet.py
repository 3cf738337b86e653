"""Doors with trouble and the supplies that feed them, out of what is stored and what the sensors say now."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from config.settings import Settings
from kiosk.doctor.findings import Finding, red, well
from kiosk.domain.model.compartment import Condition
from kiosk.domain.model.incident import IncidentKind
from kiosk.reports.views import DoorView, IncidentView
from kiosk.service.board_faults import SUPPLY_WEAK
from kiosk.service.errors import FAULT_BY_NUMBER
from kiosk.service.incident_faults import fault_of_incident

WEAK_FROM = 2
"""So many doors of one supply that do not open are no chance."""
_CONDITIONS = {
    Condition.JAMMED.value: fault_of_incident(IncidentKind.DOOR_JAMMED),
    Condition.HELD_OPEN.value: fault_of_incident(IncidentKind.DOOR_LEFT_OPEN),
}


def supplies(settings: Settings, doors: Sequence[DoorView]) -> Iterator[Finding]:
    """Each lock supply; one whose doors fail together is suspected before their locks are."""
    fed: dict[str, list[str]] = defaultdict(list)
    for place in settings.compartment:
        fed[place.supply].append(place.id)
    jammed = {door["compartment"]: door["label"] for door in doors if door["condition"] == Condition.JAMMED}
    for name, places in sorted(fed.items()):
        stuck = [jammed[place] for place in places if place in jammed]
        if len(stuck) >= WEAK_FROM:
            yield red(f"supply {name}", SUPPLY_WEAK, f"doors {', '.join(stuck)} do not open")
        else:
            yield well(f"supply {name}", f"feeds {len(places)} doors, one coil at a time")


def troubled_doors(doors: Sequence[DoorView], incidents: Sequence[IncidentView]) -> Iterator[Finding]:
    """Every door that is not as it should be, or one line that all are."""
    by_door: Mapping[str, list[IncidentView]] = _by_door(incidents)
    found = [one for door in doors for one in _door(door, by_door.get(door["compartment"], []))]
    yield from found or [well("doors", f"none of {len(doors)} has trouble")]


def _by_door(incidents: Sequence[IncidentView]) -> dict[str, list[IncidentView]]:
    found: dict[str, list[IncidentView]] = defaultdict(list)
    for incident in incidents:
        if incident["compartment"]:
            found[incident["compartment"]].append(incident)
    return found


def _door(door: DoorView, incidents: Sequence[IncidentView]) -> Iterator[Finding]:
    subject, where = f"door {door['label']}", f"bank {door['bank']}, channel {door['channel']}"
    for incident in incidents:
        fault = FAULT_BY_NUMBER[incident["fault"]]
        yield red(subject, fault, f"{where}: {fault.cause}, since {_minute(incident['raised_at'])}")
    told = {incident["fault"] for incident in incidents}
    known = _CONDITIONS.get(door["condition"])
    if known and known.number not in told:
        yield red(subject, known, f"{where}: {door['condition'].replace('_', ' ')}")
    elif door["vacancy"] == "unknown" and not incidents:
        uncertain = fault_of_incident(IncidentKind.DROP_OFF_UNCERTAIN)
        text = f"{where}: nobody knows what is inside, so it is not offered"
        yield red(subject, uncertain, text)


def other_incidents(incidents: Sequence[IncidentView]) -> Iterator[Finding]:
    """What staff must know and no line above says."""
    for incident in incidents:
        if not incident["compartment"] and not incident["bank"]:
            fault = FAULT_BY_NUMBER[incident["fault"]]
            yield red(
                f"case {incident['case']}", fault, f"{fault.cause}, since {_minute(incident['raised_at'])}"
            )


def _minute(instant: str) -> str:
    return f"{instant[:10]} {instant[11:16]} UTC"
