"""Settings as read from TOML: frozen, unknown keys forbidden, units in the names. Cross-checks live here."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kiosk.domain.model.compartment import Climate, SizeClass
from kiosk.service.clock import TrustSource

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""An identity in topics, rows and file names: small letters, digits, hyphens."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClockSettings(_Settings):
    """Where trust in the wall clock comes from; `path` only with `file`."""

    trust: TrustSource = TrustSource.KERNEL
    path: Path | None = None


class PanelSettings(_Settings):
    """The touchscreen: pixels, and pixels per millimetre of the glass (measure it)."""

    width_px: int = Field(default=1024, ge=320, le=7680)
    height_px: int = Field(default=600, ge=320, le=7680)
    px_per_mm: float = Field(default=4.63, ge=1.0, le=20.0)


class KioskSettings(_Settings):
    """The kiosk as a whole. `data` is the folder of database, keys and local socket."""

    site: Name
    id: Name
    name: str = Field(min_length=1, max_length=60)
    languages: tuple[str, ...] = ("en",)
    timezone: str = "UTC"
    help_contact: str = Field(default="", max_length=120)
    data: Path
    listen: str = Field(default="127.0.0.1:8080", pattern=r"^[0-9.]+:[0-9]{1,5}$")
    screen_column: int = Field(ge=1, le=100)
    screen_row: int = Field(ge=1, le=100)
    pickup_days: int = Field(default=5, ge=1, le=30)
    new_compartments_are_empty: bool = False
    clock: ClockSettings = ClockSettings()
    panel: PanelSettings = PanelSettings()


class KerongSettings(_Settings):
    """A Kerong board (HARDWARE family `kerong`). `closed_bit`: what a status bit says when locked."""

    id: Name
    driver: Literal["kerong"]
    dialect: Literal["cu48"] = "cu48"
    port: str
    baud: Literal[9600, 19200, 57600, 115200] = 19200
    address: int = Field(ge=0, le=9)
    closed_bit: Literal[0, 1] = 1
    reply_timeout_ms: int = Field(default=200, ge=20, le=5000)


BankSettings = KerongSettings
"""A union tagged by `driver` as soon as there is a second family."""

CHANNELS = {"cu48": 48}
"""Locks a board has, by dialect."""


class SupplySettings(_Settings):
    """A lock supply: one coil at a time, a pause between two pulses, a rest for each coil."""

    gap_ms: int = Field(default=200, ge=0, le=10_000)
    rest_ms: int = Field(default=2000, ge=0, le=60_000)


class SizeSettings(_Settings):
    """Inner room of a size class in millimetres."""

    width_mm: int = Field(ge=50, le=2000)
    height_mm: int = Field(ge=50, le=2000)
    depth_mm: int = Field(ge=50, le=2000)


PULSE_MS = {"solenoid": 500, "motor": 1000}
"""How long the board energises a lock, by kind of lock."""


class CompartmentSettings(_Settings):
    """One compartment as built. `id` never changes; `label` is what stands on the door."""

    id: Name
    label: str = Field(min_length=1, max_length=6)
    bank: Name
    channel: int = Field(ge=1, le=50)
    column: int = Field(ge=1, le=100)
    row: int = Field(ge=1, le=100)
    size: SizeClass
    supply: Name = "main"
    lock: Literal["solenoid", "motor"] = "solenoid"
    climate: Climate = Climate.AMBIENT
    opening_height_mm: int = Field(ge=0, le=3000)
    has_inside_release: bool = False


class FileChannelSettings(_Settings):
    """Messages as files: the simulation's phones, refused where no simulated world has marked the folder."""

    folder: Path


class Settings(_Settings):
    """Everything the daemon is told. Paths that are relative start at the base folder of the command."""

    config_version: Literal[1]
    kiosk: KioskSettings
    bank: tuple[BankSettings, ...] = Field(min_length=1)
    compartment: tuple[CompartmentSettings, ...] = Field(min_length=1)
    supply: dict[Name, SupplySettings] = Field(default_factory=lambda: {"main": SupplySettings()})
    size: dict[SizeClass, SizeSettings]
    file_channel: FileChannelSettings | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = [*_doubled(self), *_unknown(self)]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _doubled(settings: Settings) -> list[str]:
    places = settings.compartment
    counted = {
        "bank id": Counter(bank.id for bank in settings.bank),
        "address on one port": Counter(f"{bank.port} address {bank.address}" for bank in settings.bank),
        "compartment id": Counter(place.id for place in places),
        "label": Counter(place.label for place in places),
        "channel": Counter(f"{place.bank}/{place.channel}" for place in places),
        "place in the cabinet": Counter(f"column {place.column} row {place.row}" for place in places),
    }
    return [
        f"{what} {value} is used {times} times, expected once"
        for what, counter in counted.items()
        for value, times in counter.items()
        if times > 1
    ]


def _unknown(settings: Settings) -> list[str]:
    channels = {bank.id: CHANNELS[bank.dialect] for bank in settings.bank}
    found = []
    for place in settings.compartment:
        where = f"compartment {place.id}"
        if place.bank not in channels:
            found.append(f"{where}: bank {place.bank} is not in the settings")
        elif place.channel > channels[place.bank]:
            found.append(f"{where}: channel {place.channel}, expected 1 to {channels[place.bank]}")
        if place.supply not in settings.supply:
            found.append(f"{where}: supply {place.supply} is not in the settings")
        if place.size not in settings.size:
            found.append(f"{where}: size {place.size} is not in the settings")
    return found
