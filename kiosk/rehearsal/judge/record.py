"""What the judge sees: the log, the diary, the made-up world. Nothing of the kiosk's own state."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from config.sample import read_sample, sample_carrier_code
from config.settings import Settings
from kiosk.domain.model.screen import Screen
from kiosk.ports import EventRow
from kiosk.rehearsal.diary import Entry, code_mark
from kiosk.rehearsal.stage import Stage
from kiosk.rehearsal.virtual_clock import loop_ms
from sim.cabinet import DoorPlan
from sim.coils import Pulse


@dataclass(frozen=True, slots=True)
class Numbers:
    """The decided numbers, written down a second time: milliseconds unless named otherwise."""

    unlock_deadline: int = 8_000
    pulse: Mapping[str, int] = field(default_factory=lambda: {"solenoid": 500, "motor": 1_000})
    gap_on_supply: int = 200
    rest_of_coil: int = 2_000
    second_pulse_after: int = 2_000
    pulses_at_most: int = 3
    jam_verdict: int = 10_000
    left_open: int = 120_000
    taken_after: int = 2_000
    reopen_by_code: int = 1_800_000
    wrong_codes: int = 10
    warning: int = 20_000
    idle: Mapping[str, int] = field(
        default_factory=lambda: {"resident": 40_000, "carrier": 60_000, "staff": 180_000}
    )
    code_release: int = 60_000
    explained: int = 30_000
    """So long who holds the key has to say so."""
    sync_blocked: int = 300_000
    pickup: int = 5 * 86_400_000
    reminders: tuple[int, ...] = (86_400_000, 3 * 86_400_000)
    last_reminder: int = 12 * 3_600_000
    wakes_h: int = 8
    sleeps_h: int = 21
    """Hours of the day between which people may be reminded."""


@dataclass(frozen=True, slots=True)
class Record:
    """One performance from outside."""

    rows: tuple[EventRow, ...]
    entries: tuple[Entry, ...]
    pulses: tuple[Pulse, ...]
    doors: Mapping[str, DoorPlan]
    boots: Mapping[str, int]
    """By boot, the stage's time at which its monotonic clock stood at zero."""
    problems: tuple[str, ...] = ()
    """What an audit of the database found, one line each."""
    texts: tuple[str, ...] = ()
    """Everything else that is written down in the database beside the log."""
    codes: frozenset[str] = frozenset()
    """Every pickup code that went to a phone, in plain digits."""
    carriers: Mapping[str, str] = field(default_factory=dict)
    """By the mark of its code, who a carrier is."""
    end_ms: int = 0
    has_broker: bool = False
    """Whether there is a broker to tell."""
    measured_ms: tuple[int, int] | None = None
    """From when until when the measures count; nothing for all the time."""
    last_page: Screen | None = None
    """What a person would see now; empty where the screen is dark."""
    numbers: Numbers = field(default_factory=Numbers)
    zone: str = "UTC"
    """The building's time zone."""


async def record_of(stage: Stage, measured_ms: tuple[int, int] | None = None) -> Record:
    """Everything that can be known of a performance until now, once the kiosk runs."""
    rows = tuple(await stage.rows())
    audit = await stage.audit()
    world = stage.room.world
    return Record(
        rows=rows,
        entries=tuple(stage.diary.entries),
        pulses=world.pulses_after(0),
        doors={str(door): plan for door, plan in world.cabinet.doors.items()},
        boots=dict(stage.clock.started_ms),
        problems=audit.problems,
        texts=audit.texts,
        codes=stage.phones.codes(),
        carriers=known_carriers(),
        end_ms=loop_ms(),
        has_broker=stage.play.settings.broker is not None,
        measured_ms=measured_ms,
        last_page=stage.kiosk("judge").seen(),
        numbers=numbers_of(stage.play.settings),
        zone=stage.play.settings.kiosk.timezone,
    )


def known_carriers() -> dict[str, str]:
    """The carriers of the sample building by the marks of their codes."""
    return {code_mark(sample_carrier_code(one.id)): one.id for one in read_sample().carriers}


def numbers_of(settings: Settings) -> Numbers:
    """The numbers that a building may choose."""
    return Numbers(pickup=settings.kiosk.pickup_days * 86_400_000)
