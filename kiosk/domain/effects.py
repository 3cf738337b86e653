"""Effects: what may move once the decision is on disk. They are attempts, and never replayed."""

from dataclasses import dataclass

from kiosk.domain.model.ids import BankId, CompartmentId, UnlockId


@dataclass(frozen=True, slots=True)
class Unlock:
    """Energise one coil once. `not_after_mono_ms` is checked again just before the bytes."""

    unlock: UnlockId
    compartment: CompartmentId
    bank: BankId
    channel: int
    not_after_mono_ms: int


@dataclass(frozen=True, slots=True)
class SendMessages:
    """Messages wait in their table."""


Effect = Unlock | SendMessages
