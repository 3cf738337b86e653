"""Retained states: who the kiosk is, and how it is now. No unit, no name, no code is among them."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.allocation import free
from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.state import State
from kiosk.ports import BrokerRefused, BrokerSession, Inbox, Publication
from kiosk.reports.views import banks_view
from kiosk.sync.discovery import Discovery, door_states
from kiosk.sync.messages import to_bytes
from kiosk.sync.topics import Topics

PAUSE_S = 1.0
"""Between two looks at the state: a busy minute is told in a few messages."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """What `state/identity` says; `public_key` checks proofs of delivery."""

    site: str
    kiosk: str
    public_key: str
    epoch: int
    version: str

    def content(self) -> dict[str, object]:
        """As JSON."""
        return {
            "site": self.site,
            "kiosk": self.kiosk,
            "public_key": self.public_key,
            "epoch": self.epoch,
            "version": self.version,
        }


def state_things(state: State) -> dict[str, dict[str, object]]:
    """Every retained state that changes, by its topic's last part."""
    return {"kiosk": _kiosk(state), "banks": dict(banks_view(state)), "doors": _doors(state)}


def _kiosk(state: State) -> dict[str, object]:
    deliveries = state.deliveries.values()
    return {
        "mode": "serving" if state.doors else "no_doors",
        "parcels": len(state.deliveries),
        "in_doubt": sum(delivery.is_in_doubt for delivery in deliveries),
        "incidents": dict(Counter(incident.severity.value for incident in state.incidents.values())),
    }


def _doors(state: State) -> dict[str, object]:
    vacancies = Counter(status.vacancy for status in state.compartments.values())
    left = Counter(place.size for place in free(state))
    return {
        "open": sum(view.state is DoorState.OPEN for view in state.doors.values()),
        "unseen": len(state.layout.compartments) - len(state.doors),
        "vacancy": {vacancy.value: vacancies[vacancy] for vacancy in Vacancy},
        "free": {size.value: left[size] for size in SizeClass if size in state.layout.sizes},
    }


def _is_same_but_for_screen(before: State, now: State) -> bool:
    """Most touches change nothing but the page before the person."""
    return now == replace(before, visit=now.visit)


class States:
    """Publishes what has changed, and everything at each connect: the broker may have forgotten it."""

    def __init__(
        self, inbox: Inbox, topics: Topics, identity: Identity, *, discovery: Discovery | None = None
    ) -> None:
        self._inbox = inbox
        self._topics = topics
        self._identity = identity
        self._discovery = discovery

    def now(self) -> Mapping[str, dict[str, object]]:
        """The states as they are, as the command `status` is answered."""
        return {"identity": self._identity.content(), **state_things(self._inbox.state)}

    async def run(self, session: BrokerSession) -> None:
        """Publish over one connection for as long as it lasts; BrokerAway."""
        told: dict[str, bytes] = {}
        for announcement in self._discovery.announcements(self._inbox.state) if self._discovery else ():
            await _publish(session, announcement)
        while True:
            revision, state = self._inbox.revision, self._inbox.state
            payloads = {thing: to_bytes(content) for thing, content in self._told().items()}
            for thing, payload in payloads.items():
                if told.get(thing) != payload:
                    await _publish(session, Publication(self._topics.state(thing), payload, is_retained=True))
            told = payloads
            await self._other_than(state, revision)

    async def _other_than(self, told: State, revision: int) -> None:
        """Wait until there may be something to tell that a state of this revision did not say."""
        is_told = True
        while is_told:
            revision = await self._inbox.changed(revision)
            await asyncio.sleep(PAUSE_S)
            is_told = _is_same_but_for_screen(told, self._inbox.state)

    def _told(self) -> Mapping[str, dict[str, object]]:
        """With discovery every door has a state of its own."""
        return {**self.now(), **(door_states(self._inbox.state) if self._discovery else {})}


async def _publish(session: BrokerSession, publication: Publication) -> None:
    try:
        await session.publish(publication)
    except BrokerRefused as error:
        _log.warning("%s: %s", publication.topic, error)
