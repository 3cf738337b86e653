"""Where answers come from: the running daemon, or its data folder when no daemon runs."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Protocol, cast

from kiosk.cli.failure import CommandFailed
from kiosk.cli.local_client import LocalClient, NobodyListens
from kiosk.cli.places import Place
from kiosk.cli.show import note
from kiosk.reports.views import DeliveryView, DoorView, EventView, IncidentView, ProofView
from kiosk.service.exits import Exit
from kiosk.service.instance_lock import AlreadyRunning


class Source(Protocol):
    """What a command can ask, whether or not the daemon runs."""

    def doors(self) -> list[DoorView]:
        """Every compartment."""

    def deliveries(self) -> list[DeliveryView]:
        """Every active delivery."""

    def incidents(self) -> list[IncidentView]:
        """Every open incident, oldest first."""

    def events(self, after: int, limit: int) -> list[EventView]:
        """Events after a number, oldest first, so many at most."""

    def proofs(self, code: str) -> list[ProofView]:
        """Proofs of delivery by their six characters, newest first."""

    def last_seq(self) -> int:
        """The number of the newest event."""


class DaemonSource:
    """The running daemon."""

    def __init__(self, client: LocalClient) -> None:
        self._client = client

    def doors(self) -> list[DoorView]:
        """Every compartment."""
        return cast("list[DoorView]", self._client.get("/doors"))

    def deliveries(self) -> list[DeliveryView]:
        """Every active delivery."""
        return cast("list[DeliveryView]", self._client.get("/deliveries"))

    def incidents(self) -> list[IncidentView]:
        """Every open incident, oldest first."""
        return cast("list[IncidentView]", self._client.get("/incidents"))

    def events(self, after: int, limit: int) -> list[EventView]:
        """Events after a number, oldest first, so many at most."""
        return cast("list[EventView]", self._client.get("/events", after=after, limit=limit))

    def proofs(self, code: str) -> list[ProofView]:
        """Proofs of delivery by their six characters, newest first."""
        return cast("list[ProofView]", self._client.get("/proofs", code=code))

    def last_seq(self) -> int:
        """The number of the newest event."""
        status = cast("dict[str, int]", self._client.get("/status"))
        return status["seq"]


@contextlib.contextmanager
def open_source(place: Place) -> Iterator[Source]:
    """The daemon if it answers, otherwise the data folder under the daemon's lock."""
    client = LocalClient(place.folder.socket)
    try:
        client.get("/status")
    except NobodyListens:
        with _offline(place) as source:
            yield source
    else:
        yield DaemonSource(client)


@contextlib.contextmanager
def _offline(place: Place) -> Iterator[Source]:
    from kiosk.cli.offline import reading

    try:
        with reading(place) as source:
            if sys.stderr.isatty():
                note(f"no daemon runs: read from {place.folder.root}, and no door is seen")
            yield source
    except AlreadyRunning as error:
        raise stuck(place, error) from error


def stuck(place: Place, error: AlreadyRunning) -> CommandFailed:
    """Somebody holds the data folder and answers nothing."""
    return CommandFailed(
        Exit.ALREADY_RUNNING,
        f"{place.folder.root}: process {error.holder or 'unknown'} works on it but does not answer at "
        f"{place.folder.socket}; it may be starting or stopping, try again",
    )
