"""The whole state of a kiosk as one frozen value: what is active, what is seen, what the screen shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kiosk.domain.limits import Limits
from kiosk.domain.model.compartment import (
    Compartment,
    CompartmentStatus,
    DoorState,
    DoorView,
    Layout,
    left_out,
)
from kiosk.domain.model.credential import Bucket, Credential, Reopening, SpentCode
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import BankId, CompartmentId, DeliveryId, Digest, IncidentId, SessionId, UnlockId
from kiosk.domain.model.incident import Incident
from kiosk.domain.model.place import Overflow, PlaceKind, kind_of, shelf_label
from kiosk.domain.model.rescue import Rescue
from kiosk.domain.model.session import Aside, Session, SessionState, Visit
from kiosk.domain.model.unlock import PendingUnlock


@dataclass(frozen=True, slots=True)
class Building:
    """What settings say and no event changes: name, languages, numbers, and who to turn to."""

    name: str
    kiosk: str
    languages: tuple[str, ...] = ("en",)
    help_contact: str = ""
    emergency_number: str = ""
    """Whom to call when a person is in danger."""
    new_compartments_are_empty: bool = False
    """Whether whoever built the cabinet vouches that a compartment new to the settings is empty."""
    overflow: Overflow = field(default_factory=Overflow)
    """Where parcels go that no compartment takes."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything `decide` may look at. The first block is folded from the log and kept as rows."""

    building: Building
    layout: Layout
    limits: Limits = field(default_factory=Limits)

    compartments: Mapping[CompartmentId, CompartmentStatus] = field(default_factory=dict)
    deliveries: Mapping[DeliveryId, Delivery] = field(default_factory=dict)
    """Active deliveries only."""
    sessions: Mapping[SessionId, Session] = field(default_factory=dict)
    """Active and parked sessions only."""
    incidents: Mapping[IncidentId, Incident] = field(default_factory=dict)
    """Open incidents only."""
    buckets: Mapping[str, Bucket] = field(default_factory=dict)

    directory: Directory = field(default_factory=Directory)
    credentials: Mapping[Digest, Credential] = field(default_factory=dict)
    long_credentials: Mapping[Digest, Digest] = field(default_factory=dict)
    """Digest of all twelve digits -> digest of the first eight, for live and spent codes."""
    spent: Mapping[Digest, SpentCode] = field(default_factory=dict)

    unlocks: Mapping[UnlockId, PendingUnlock] = field(default_factory=dict)
    pulses: Mapping[CompartmentId, int] = field(default_factory=dict)
    """When a compartment's last pulse since the start left (monotonic milliseconds)."""
    doors: Mapping[CompartmentId, DoorView] = field(default_factory=dict)
    """Doors in sight; a door that is not here is unknown."""
    reopenings: Mapping[CompartmentId, Reopening] = field(default_factory=dict)
    visit: Visit = field(default_factory=Visit)
    aside: Aside | None = None
    """The courier's visit that a resident cut into."""
    long_code_tried_mono_ms: int | None = None
    started_mono_ms: int = 0
    """When the daemon took up its work."""
    spent_tried_mono_ms: Mapping[Digest, int] = field(default_factory=dict)
    """Spent codes that were keyed in of late, and when the log was told."""
    refusals_written: Mapping[str, int] = field(default_factory=dict)
    """Refusals that the log was told of, and until when that is enough (monotonic milliseconds)."""
    doubts: Mapping[DeliveryId, int] = field(default_factory=dict)
    """Parcels that nobody was sure of any more since the start, and since when (monotonic milliseconds)."""
    unexplained: Mapping[CompartmentId, int] = field(default_factory=dict)
    """Doors that opened by themselves since the start, and when last (monotonic milliseconds)."""
    sent_again: Mapping[DeliveryId, tuple[int, ...]] = field(default_factory=dict)
    """When the message of a parcel was sent once more since the start (monotonic milliseconds)."""
    messages_held_since_ms: int | None = None
    """Since when messages wait for a way to leave (UTC milliseconds); none while they leave."""
    rescue: Rescue | None = None
    """Doors that open for somebody who is locked in."""
    lost_banks: Mapping[BankId, str] = field(default_factory=dict)
    """Banks that were lost after they had answered, with the fault."""

    def place(self, compartment: CompartmentId) -> Compartment:
        """The compartment as built; one that the settings no longer name can be told of but not reached."""
        return self.layout.compartments.get(compartment) or left_out(compartment)

    def label_of(self, place: CompartmentId) -> str:
        """A place as people know it: what stands on the door or the shelf, or the name of the desk."""
        match kind_of(place):
            case PlaceKind.COMPARTMENT:
                return self.place(place).label
            case PlaceKind.SHELF:
                return shelf_label(place)
            case PlaceKind.DESK:
                return self.building.overflow.desk or PlaceKind.DESK.value

    def door(self, compartment: CompartmentId) -> DoorState:
        """What is believed of a door now."""
        view = self.doors.get(compartment)
        return view.state if view else DoorState.UNKNOWN

    def deliveries_in(self, compartment: CompartmentId) -> tuple[Delivery, ...]:
        """Active deliveries of a compartment, oldest first."""
        inside = (delivery for delivery in self.deliveries.values() if delivery.compartment == compartment)
        return tuple(sorted(inside, key=lambda delivery: (delivery.reserved_at_ms, delivery.id)))

    def unlock_of(self, compartment: CompartmentId) -> PendingUnlock | None:
        """The last unresolved authorisation of a door."""
        mine = [unlock for unlock in self.unlocks.values() if unlock.compartment == compartment]
        return mine[-1] if mine else None

    @property
    def active_session(self) -> Session | None:
        """The session of the person at the screen."""
        session = self.sessions.get(self.visit.session) if self.visit.session else None
        return session if session and session.state is SessionState.ACTIVE else None

    def is_session_alive(self, session: SessionId) -> bool:
        """Whether a session's person is still at the screen."""
        found = self.sessions.get(session)
        return found is not None and found.state is SessionState.ACTIVE

    def open_doors(self) -> Iterator[CompartmentId]:
        """Every door that is seen open."""
        return (place for place, view in self.doors.items() if view.state is DoorState.OPEN)
