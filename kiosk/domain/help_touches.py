"""Touches of somebody who needs help; none of them asks who it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallStaff:
    """The person at the screen wants somebody of the staff."""


@dataclass(frozen=True, slots=True)
class SayLockedIn:
    """Somebody is locked in: show what to do."""


@dataclass(frozen=True, slots=True)
class OpenLargeDoors:
    """Open every large compartment that holds no parcel."""


HelpTouch = CallStaff | SayLockedIn | OpenLargeDoors
