"""What a fault is: a number for ever, why it happens, what to do next, and how soon."""

import enum
from dataclasses import dataclass


class FaultSeverity(enum.StrEnum):
    """How soon somebody must act."""

    NOTICE = "notice"
    TASK = "task"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: `number` for ever, `key` of its sentence, why it happens and what to do next."""

    number: str
    key: str
    cause: str
    next_step: str
    severity: FaultSeverity

    def line(self, detail: str) -> str:
        """One line for the log and the error stream: the number, what exactly, what to do."""
        return f"{self.number} {detail}; {self.next_step}"
