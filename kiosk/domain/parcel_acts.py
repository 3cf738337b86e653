"""What staff say of a parcel where no door opens for it: somebody used a key, or looked."""

from dataclasses import dataclass

from kiosk.domain.model.delivery import RemovalWay
from kiosk.domain.model.ids import CompartmentId, DeliveryId, StaffId
from kiosk.domain.staff_touches import Found


@dataclass(frozen=True, slots=True)
class SettleParcel:
    """Somebody looked; behind the door they found this."""

    found: Found


@dataclass(frozen=True, slots=True)
class RemoveParcel:
    """Somebody took it out by key, in their own words why."""

    way: RemovalWay
    reason: str


@dataclass(frozen=True, slots=True)
class PutElsewhere:
    """Somebody carried it behind another door by key."""

    compartment: CompartmentId


@dataclass(frozen=True, slots=True)
class KeepParcel:
    """Keep it until then (UTC milliseconds), or no longer."""

    until_ms: int | None


ParcelAct = SettleParcel | RemoveParcel | PutElsewhere | KeepParcel


@dataclass(frozen=True, slots=True)
class OrderParcel:
    """An act of somebody of the staff on one parcel."""

    delivery: DeliveryId
    staff: StaffId
    act: ParcelAct
