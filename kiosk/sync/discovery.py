"""Announces the kiosk to Home Assistant where the settings ask for it: a retained message an entity. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kiosk.domain.state import State
from kiosk.ports import Publication
from kiosk.sync.messages import to_bytes
from kiosk.sync.topics import Topics

_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_-]")
_COUNTERS = (
    ("parcels", "Parcels", "kiosk", "value_json.parcels", "mdi:package-variant-closed"),
    ("in_doubt", "Parcels in doubt", "kiosk", "value_json.in_doubt", "mdi:package-variant-remove"),
    ("incidents", "Incidents", "kiosk", "value_json.incidents.values() | sum", "mdi:alert"),
    ("open_doors", "Open doors", "doors", "value_json.open", "mdi:door-open"),
    ("unseen_doors", "Doors not seen", "doors", "value_json.unseen", "mdi:eye-off"),
)
"""Id, name, state, template and picture of what is counted."""


@dataclass(frozen=True, slots=True)
class _Entity:
    component: str
    id: str
    name: str
    thing: str
    template: str
    more: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Discovery:
    """Announces under `prefix`, which is `homeassistant` unless somebody changed it there."""

    prefix: str
    topics: Topics
    name: str
    version: str

    def announcements(self, state: State) -> tuple[Publication, ...]:
        """Every entity of the kiosk as it is built."""
        return tuple(self._announcement(one) for one in _entities(state))

    def _announcement(self, one: _Entity) -> Publication:
        node = _allowed(f"{self.topics.site}-{self.topics.kiosk}")
        content = {
            "name": one.name,
            "unique_id": f"latchwork_{node}_{one.id}",
            "state_topic": self.topics.state(one.thing),
            "value_template": f"{{{{ {one.template} }}}}",
            "availability_topic": self.topics.status,
            "availability_template": "{{ value_json.status }}",
            "payload_available": "online",
            "payload_not_available": "offline",
            "qos": 1,
            "device": {
                "identifiers": [f"latchwork_{node}"],
                "name": self.name,
                "manufacturer": "Latchwork",
                "model": "Parcel-locker kiosk",
                "sw_version": self.version,
            },
            "origin": {"name": "Latchwork", "sw_version": self.version},
            **one.more,
        }
        topic = f"{self.prefix}/{one.component}/{node}/{one.id}/config"
        return Publication(topic, to_bytes(content), is_retained=True)


def door_states(state: State) -> dict[str, dict[str, object]]:
    """The state of every door, by the last parts of its topic."""
    return {
        f"door/{place.id}": {
            "label": place.label,
            "door": state.door(place.id).value,
            "vacancy": status.vacancy.value,
            "condition": status.condition.value,
        }
        for place in state.layout.compartments.values()
        if (status := state.compartments.get(place.id))
    }


def _entities(state: State) -> Iterator[_Entity]:
    for bank in state.layout.banks:
        template = f"'ON' if value_json['{bank}'] == 'up' else 'OFF'"
        more = {"device_class": "connectivity", "entity_category": "diagnostic"}
        yield _Entity("binary_sensor", f"bank_{_allowed(bank)}", f"Bank {bank}", "banks", template, more)
    for place in state.layout.compartments.values():
        template = "{'open': 'ON', 'closed': 'OFF'}.get(value_json.door, 'None')"
        thing, name = f"door/{place.id}", f"Door {place.label}"
        more = {"device_class": "door"}
        yield _Entity("binary_sensor", f"door_{_allowed(place.id)}", name, thing, template, more)
    for size in state.layout.sizes:
        name, template = f"Free, size {size.value}", f"value_json.free['{size.value}'] | default(0)"
        yield _Entity("sensor", f"free_{size.value.lower()}", name, "doors", template, _counted("mdi:locker"))
    for key, name, thing, template, icon in _COUNTERS:
        yield _Entity("sensor", key, name, thing, template, _counted(icon))


def _counted(icon: str) -> Mapping[str, object]:
    return {"state_class": "measurement", "icon": icon}


def _allowed(text: str) -> str:
    """Home Assistant takes letters, digits, dash and underscore in these topics."""
    return _NOT_ALLOWED.sub("_", text)
