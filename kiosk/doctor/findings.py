"""What the doctor says: one finding a thing looked at, well or not, with its number and what to try next."""

import enum
from dataclasses import dataclass

from kiosk.service.fault import Fault


class Health(enum.StrEnum):
    """Whether a thing is as it should be."""

    OK = "ok"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `next_step` is empty where nothing is to be done."""

    subject: str
    health: Health
    text: str
    fault: str = ""
    next_step: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be done here."""
        return self.health is Health.OK


def well(subject: str, text: str) -> Finding:
    """A thing as it should be."""
    return Finding(subject, Health.OK, text)


def red(subject: str, fault: Fault, text: str = "", *, next_step: str = "") -> Finding:
    """A thing that is not; without words of its own it has those of the fault."""
    return Finding(subject, Health.RED, text or fault.cause, fault.number, next_step or fault.next_step)
