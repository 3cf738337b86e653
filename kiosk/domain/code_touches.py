"""Asking for a code once more, or for another one: at the screen, and by the building's own orders."""

from dataclasses import dataclass

from kiosk.domain.model.ids import DeliveryId


@dataclass(frozen=True, slots=True)
class SendAgain:
    """The message with the code of a parcel, once more, to the contacts that are known."""

    delivery: DeliveryId


@dataclass(frozen=True, slots=True)
class RenewCode:
    """Somebody saw the code of a parcel: it dies at once, and another one goes to the known contacts."""

    delivery: DeliveryId


@dataclass(frozen=True, slots=True)
class OrderSendAgain:
    """The same by command."""

    delivery: DeliveryId


@dataclass(frozen=True, slots=True)
class OrderNewCode:
    """The same by command, with a reason for the log."""

    delivery: DeliveryId
    reason: str


CopyTouch = SendAgain | RenewCode
CopyOrder = OrderSendAgain | OrderNewCode
