"""The cabinet as built: which door is where, on which wire, on which supply. Made from the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

from config.settings import Settings

DoorId = NewType("DoorId", str)
"""The id of the compartment behind the door."""
LockKind = Literal["solenoid", "motor"]


@dataclass(frozen=True, slots=True)
class DoorPlan:
    """One door as built: `label` stands on it, `bank` and `channel` are where its lock is wired."""

    id: DoorId
    label: str
    bank: str
    channel: int
    column: int
    row: int
    size: str
    supply: str
    lock: LockKind = "solenoid"


@dataclass(frozen=True, slots=True)
class Cabinet:
    """Every door by id, the inner height of each size in millimetres, and where the screen is."""

    doors: Mapping[DoorId, DoorPlan]
    heights_mm: Mapping[str, int]
    screen_column: int
    screen_row: int
    _wired: dict[tuple[str, int], DoorPlan] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        wired = {(plan.bank, plan.channel): plan for plan in self.doors.values()}
        object.__setattr__(self, "_wired", wired)

    def wired_to(self, bank: str, channel: int) -> DoorPlan | None:
        """The door whose lock hangs on this channel, if any."""
        return self._wired.get((bank, channel))

    @property
    def banks(self) -> tuple[str, ...]:
        """Every bank with a door, in order of name."""
        return tuple(sorted({plan.bank for plan in self.doors.values()}))

    @property
    def supplies(self) -> tuple[str, ...]:
        """Every lock supply with a door, in order of name."""
        return tuple(sorted({plan.supply for plan in self.doors.values()}))


def cabinet_of(settings: Settings) -> Cabinet:
    """The cabinet that the settings describe."""
    plans = [
        DoorPlan(
            id=DoorId(place.id),
            label=place.label,
            bank=place.bank,
            channel=place.channel,
            column=place.column,
            row=place.row,
            size=place.size.value,
            supply=place.supply,
            lock=place.lock,
        )
        for place in settings.compartment
    ]
    return Cabinet(
        doors={plan.id: plan for plan in plans},
        heights_mm={size.value: room.height_mm for size, room in settings.size.items()},
        screen_column=settings.kiosk.screen_column,
        screen_row=settings.kiosk.screen_row,
    )
