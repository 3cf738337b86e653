"""The tables of the settings file, one model each: bounds, units in the names, one sentence a key."""

import ipaddress
import re
import zoneinfo
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from kiosk.domain.model.compartment import Climate, SizeClass
from kiosk.service.clock_trust import ClockTrust, TrustSource

DEFAULT_LISTEN = "127.0.0.1:8080"


def listen_address(text: str) -> tuple[str, int]:
    """Host and port of an address of this machine's own; ValueError says what was expected."""
    host, _, port = text.rpartition(":")
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
        number = int(port) if port.isascii() and port.isdigit() else 0
    except ValueError:
        raise ValueError(f"expected an address and a port such as {DEFAULT_LISTEN}") from None
    if not address.is_loopback:
        raise ValueError(f"expected an address of this machine only, such as {DEFAULT_LISTEN}")
    if not 1 <= number <= 65535:
        raise ValueError("expected a port from 1 to 65535 after the colon")
    return str(address), number


def _is_listen(text: str) -> str:
    listen_address(text)
    return text


def _is_zone(text: str) -> str:
    if text == "UTC":
        return text
    try:
        zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("expected a time zone of this machine, such as Europe/London") from None
    return text


def _is_whole_path(path: Path) -> Path:
    if str(path) == "." or str(path).startswith("~"):
        raise ValueError("expected a path written out, without ~")
    return path


def _is_port(text: str) -> str:
    if "://" not in text:
        _is_whole_path(Path(text))
    elif not re.fullmatch(r"socket://(\[[0-9a-f:]+\]|[^/:@\[\]]+):[0-9]{1,5}", text):
        raise ValueError("expected a device or socket://HOST:PORT")
    return text


def _is_one_line(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise ValueError("expected one line without spaces around it")
    return text


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    doubled = [value for value, times in Counter(values).items() if times > 1]
    if doubled:
        raise ValueError(f"expected each once, {doubled[0]} is there more than once")
    return values


def _trust(value: object) -> ClockTrust:
    if isinstance(value, ClockTrust):
        return value
    trust = ClockTrust.parse(value if isinstance(value, str) else "")
    if trust.path:
        _is_whole_path(trust.path)
    return trust


Name = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="small letters, digits and hyphens, at most 40"),
]
"""An identity in topics, rows and file names: small letters, digits, hyphens."""

Language = Literal["en", "es", "zh", "ar"]
"""Languages of the screens and of the messages to residents."""

Line = Annotated[str, AfterValidator(_is_one_line)]
WrittenPath = Annotated[Path, AfterValidator(_is_whole_path)]
Listen = Annotated[str, AfterValidator(_is_listen)]
Zone = Annotated[str, AfterValidator(_is_zone)]
Port = Annotated[str, AfterValidator(_is_port)]
Languages = Annotated[tuple[Language, ...], Field(min_length=1), AfterValidator(_each_once)]
Trust = Annotated[ClockTrust, BeforeValidator(_trust)]


class Part(BaseModel):
    """A table of the settings file: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PanelSettings(Part):
    """The touchscreen's glass."""

    width_px: int = Field(default=1024, ge=320, le=7680, description="width in pixels, as it is mounted")
    height_px: int = Field(default=600, ge=320, le=7680, description="height in pixels, as it is mounted")
    px_per_mm: float = Field(
        default=4.63,
        ge=1.0,
        le=20.0,
        allow_inf_nan=False,
        description="pixels in a millimetre of the glass: width_px divided by the width you measure",
    )


class KioskSettings(Part):
    """The kiosk as a whole."""

    site: Name = Field(description="the building, as topics and files name it")
    id: Name = Field(description="this kiosk within the building; never changes")
    name: Line = Field(min_length=1, max_length=60, description="the building, as people read it")
    languages: Languages = Field(
        default=("en",), description="languages offered, the building's own first: en, es, zh, ar"
    )
    timezone: Zone = Field(default="UTC", description="time zone of the clock on the screens")
    help_contact: Line = Field(
        default="", max_length=120, description="who answers when something goes wrong, and how to reach them"
    )
    emergency_number: Line = Field(
        default="", max_length=20, description="whom to call when a person is in danger, such as 112 or 911"
    )
    data_folder: WrittenPath = Field(description="folder of the database, the keys and the local socket")
    listen: Listen = Field(
        default=DEFAULT_LISTEN, description="where the touchscreen page is served, on this machine only"
    )
    screen_column: int = Field(
        ge=1, le=100, description="column of the cabinet where the screen is, from the left"
    )
    screen_row: int = Field(ge=1, le=100, description="row of the screen in its column, from the top")
    pickup_days: int = Field(default=5, ge=1, le=30, description="days a resident has to collect a parcel")
    new_compartments_are_empty: bool = Field(
        default=False,
        description="whether you vouch that compartments new to this file are empty; if not, staff look",
    )
    clock_trust: Trust = Field(
        default=ClockTrust(TrustSource.KERNEL),
        description="who vouches for the time of day: kernel, rtc, assume or file:PATH",
    )
    panel: PanelSettings = Field(default=PanelSettings(), description="the touchscreen's glass")


class KerongSettings(Part):
    """A Kerong lock board."""

    id: Name = Field(description="name of the board in this file")
    driver: Literal["kerong"] = Field(description="family of the board")
    dialect: Literal["cu48", "cu16"] = Field(default="cu48", description="type of the board: cu48 or cu16")
    port: Port = Field(
        min_length=1, max_length=200, description="serial device; names under /dev/serial/by-id stay the same"
    )
    baud: Literal[9600, 19200, 57600, 115200] = Field(default=19200, description="speed set on the board")
    address: int = Field(ge=0, le=9, description="address set by the board's switches")
    closed_bit: Literal[0, 1] = Field(
        default=1, description="what a status bit says while the lock is closed; try it at the bench"
    )
    reply_timeout_ms: int = Field(
        default=200, ge=20, le=5000, description="how long an answer of the board may take"
    )
    pause_ms: int = Field(
        default=0, ge=0, le=1000, description="least silence between two questions; some gateways need 300"
    )


BankSettings = KerongSettings
"""A union tagged by `driver` as soon as there is a second family."""

CHANNELS = {"cu48": 48, "cu16": 16}
"""Locks a board has, by dialect."""


class SupplySettings(Part):
    """A lock supply: one coil at a time."""

    gap_ms: int = Field(default=200, ge=0, le=10_000, description="pause between two pulses")
    rest_ms: int = Field(
        default=2000, ge=0, le=60_000, description="rest of a coil before it is energised again"
    )


class SizeSettings(Part):
    """Inner room of a size class."""

    width_mm: int = Field(ge=50, le=2000, description="inner width")
    height_mm: int = Field(ge=50, le=2000, description="inner height")
    depth_mm: int = Field(ge=50, le=2000, description="inner depth")


PULSE_MS = {"solenoid": 500, "motor": 1000}
"""How long the board energises a lock, by kind of lock."""


class CompartmentSettings(Part):
    """One compartment as built."""

    id: Name = Field(description="identity in the log; never changes, never used again")
    label: Line = Field(min_length=1, max_length=6, description="what stands on the door")
    bank: Name = Field(description="id of the board the lock is wired to")
    channel: int = Field(ge=1, description="channel of the board, from 1")
    column: int = Field(ge=1, le=100, description="column of the cabinet, from the left")
    row: int = Field(ge=1, le=100, description="row in its column, from the top")
    size: SizeClass = Field(description="size class: S, M, L or XL")
    closed_bit: Literal[0, 1] | None = Field(
        default=None, description="as of the board, where this one contact is wired otherwise"
    )
    supply: Name = Field(default="main", description="lock supply that feeds the coil")
    lock: Literal["solenoid", "motor"] = Field(default="solenoid", description="kind of lock")
    climate: Climate = Field(default=Climate.AMBIENT, description="ambient, chilled or frozen")
    opening_height_mm: int = Field(
        ge=0, le=3000, description="middle of the opening above the floor; 380 to 1220 is within seated reach"
    )
    has_inside_release: bool = Field(
        default=False, description="whether a person inside could open the door themselves"
    )


class FileChannelSettings(Part):
    """Messages as files: the phones of the simulation."""

    folder: WrittenPath = Field(description="folder that the simulated world has marked as its own")


class FileClockSettings(Part):
    """A clock that the simulated world sets."""

    file: WrittenPath = Field(description="file with the milliseconds by which it is ahead of the machine's")
