"""Commands from afar: what comes with each of them, and why one is refused."""

import enum
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """Who sent a command, until when it may be obeyed (UTC ms), and whether it lay at the broker."""

    issuer: str
    expires_at_ms: int
    is_retained: bool = False


class CommandRefusal(enum.StrEnum):
    """Why a command was not obeyed. The value is the code in the answer and in the log."""

    CLOCK_NOT_TRUSTED = "ClockNotTrusted"
    COMMAND_EXPIRED = "CommandExpired"
    COMMAND_RETAINED = "CommandRetained"
    """A retained message is delivered again at every connect: nobody knows when it was meant."""
    EXPIRY_TOO_FAR = "ExpiryTooFar"
    """Answers are remembered for a day; a command that lives longer could be obeyed twice."""
    UNKNOWN_DELIVERY = "UnknownDelivery"
    DELIVERY_IN_HAND = "DeliveryInHand"
    """A person is at its door, or on the way to it."""
    PARCEL_IN_CUSTODY = "ParcelInCustody"
    DELIVERY_UNCERTAIN = "DeliveryUncertain"
    """Nobody saw whether the parcel stayed inside; staff must look first."""
    NO_CODE_YET = "NoCodeYet"
    """The first code has not gone out; it will by itself."""
    HOLD_TOO_LONG = "HoldTooLong"
    NEARLY_FULL = "NearlyFull"
    """So few compartments are left that none is kept for longer."""
    NO_FRESH_CODE = "NoFreshCode"
    SENT_LATELY = "SentLately"
    """The message was sent again a short while ago."""
