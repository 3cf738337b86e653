"""Reads a settings file: every problem at once, paths made whole, and what the core needs of it."""

import json
import tomllib
import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import time
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from config.broker_settings import BrokerSettings
from config.cross_checks import Channels, Together, problems_together
from config.explain import explain
from config.mail import MailSettings
from config.messages import AppriseSettings, MessageSettings
from config.overflow import OverflowSettings, overflow_of
from config.parts import BankSettings, CompartmentSettings, Part
from config.settings import PULSE_MS, VERSION, Settings
from kiosk.domain.limits import HOUR_MS, Limits
from kiosk.domain.model.compartment import Compartment, Layout, SizeSpec
from kiosk.domain.model.ids import BankId, CompartmentId, SupplyId
from kiosk.domain.state import Building
from kiosk.service.clock_trust import ClockTrust
from kiosk.service.quiet_hours import QuietHours

LARGEST_BYTES = 4 * 1024 * 1024
"""No cabinet needs more; a file of this size was named by mistake."""
_OTHER = "the file is of another version of Latchwork"
P = TypeVar("P", bound=Part)


class BadSettings(Exception):
    """The settings cannot be used; `problems` names each, one line a problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(path: Path, base: Path) -> Settings:
    """Read settings; paths that are relative start at `base`. BadSettings names every problem."""
    raw = _read(path)
    version = raw.get("config_version", VERSION)
    if type(version) is not int or version != VERSION:
        raise BadSettings(
            [f"config_version: {json.dumps(version, default=str)}, expected {VERSION}: {_OTHER}"]
        )
    try:
        settings = Settings.model_validate_json(json.dumps(raw, default=str), strict=True)
    except ValidationError as error:
        problems = [*explain(error, raw), *problems_together(_readable(raw))]
        raise BadSettings(list(map(str, problems))) from error
    return _whole_paths(settings, base.absolute())


def _read(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise BadSettings(
            [f"{path}: {(error.strerror or 'cannot be read').lower()}, expected a file"]
        ) from error
    if len(content) > LARGEST_BYTES:
        raise BadSettings([f"{path}: larger than {LARGEST_BYTES >> 20} MiB, expected a settings file"])
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadSettings([f"{path}: line {line} is not UTF-8, expected a text file"]) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSettings([f"{path}: not TOML: {error}"]) from error


# What can be checked together although other parts are wrong


def _readable(raw: Mapping[str, object]) -> Together:
    kiosk = raw.get("kiosk")
    screen = (kiosk.get("screen_column"), kiosk.get("screen_row")) if isinstance(kiosk, dict) else ()
    supplies = raw.get("supply", {"main": {}})
    return Together(
        banks=_valid(BankSettings, raw.get("bank")),
        compartments=_valid(CompartmentSettings, raw.get("compartment")),
        bank_ids=_names(one.get("id") for one in _tables(raw.get("bank"))),
        supplies=_names(supplies) if isinstance(supplies, dict) else None,
        sizes=_names(sizes) if isinstance(sizes := raw.get("size"), dict) else None,
        screen=screen if len(screen) == 2 else None,
        broker=next((one for _, one in _valid(BrokerSettings, [raw.get("broker")])), None),
        channels=_channels(raw),
        overflow=next((one for _, one in _valid(OverflowSettings, [raw.get("overflow")])), None),
    )


def _channels(raw: Mapping[str, object]) -> Channels | None:
    """Where every table of a channel can be read; otherwise its names are not known."""
    services = raw.get("apprise", [])
    valid = _valid(AppriseSettings, services)
    asked = _valid(MessageSettings, [raw.get("messages", {})])
    if not asked or not isinstance(services, list) or len(valid) < len(services):
        return None
    return Channels(asked[0][1].channels, valid, "mail" in raw)


def _tables(entries: object) -> list[dict[str, object]]:
    return [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []


def _names(found: Iterable[object]) -> frozenset[str] | None:
    return frozenset(name for name in found if isinstance(name, str)) or None


def _valid(model: type[P], entries: object) -> tuple[tuple[int, P], ...]:
    valid = []
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        try:
            part = model.model_validate_json(json.dumps(entry, default=str), strict=True)
        except ValidationError:
            continue
        valid.append((index, part))
    return tuple(valid)


# Paths


def _whole_paths(settings: Settings, base: Path) -> Settings:
    kiosk, trust, phones = settings.kiosk, settings.kiosk.clock_trust, settings.file_channel
    mail, clock = settings.mail, settings.file_clock
    whole_kiosk = {
        "data_folder": base / kiosk.data_folder,
        "clock_trust": ClockTrust(trust.source, base / trust.path if trust.path else None),
    }
    return settings.model_copy(
        update={
            "kiosk": kiosk.model_copy(update=whole_kiosk),
            "bank": tuple(
                bank.model_copy(update={"port": _whole_port(bank.port, base)}) for bank in settings.bank
            ),
            "mail": mail and _whole_mail(mail, base),
            "apprise": tuple(
                one.model_copy(update={"url_file": base / one.url_file}) for one in settings.apprise
            ),
            "file_channel": phones and phones.model_copy(update={"folder": base / phones.folder}),
            "file_clock": clock and clock.model_copy(update={"file": base / clock.file}),
            "broker": settings.broker and _whole_broker(settings.broker, base),
        }
    )


def _whole_broker(broker: BrokerSettings, base: Path) -> BrokerSettings:
    files = {
        "ca_file": broker.ca_file,
        "certificate_file": broker.certificate_file,
        "key_file": broker.key_file,
        "password_file": broker.password_file,
    }
    return broker.model_copy(update={key: base / file for key, file in files.items() if file})


def _whole_mail(mail: MailSettings, base: Path) -> MailSettings:
    whole = {
        name: path and base / path
        for name, path in (("password_file", mail.password_file), ("ca_file", mail.ca_file))
    }
    return mail.model_copy(update=whole)


def _whole_port(port: str, base: Path) -> str:
    return port if "://" in port else str(base / port)


# What the core needs


def layout_of(settings: Settings) -> Layout:
    """The cabinet as the rules see it."""
    places = (_compartment(place) for place in settings.compartment)
    return Layout(
        compartments={place.id: place for place in places},
        sizes={
            size: SizeSpec(size, spec.width_mm, spec.height_mm, spec.depth_mm)
            for size, spec in settings.size.items()
        },
        screen_column=settings.kiosk.screen_column,
        screen_row=settings.kiosk.screen_row,
    )


def _compartment(place: CompartmentSettings) -> Compartment:
    return Compartment(
        id=CompartmentId(place.id),
        label=place.label,
        bank=BankId(place.bank),
        channel=place.channel,
        column=place.column,
        row=place.row,
        size=place.size,
        supply=SupplyId(place.supply),
        opening_height_mm=place.opening_height_mm,
        pulse_ms=PULSE_MS[place.lock],
        climate=place.climate,
        has_inside_release=place.has_inside_release,
    )


def building_of(settings: Settings) -> Building:
    """What the rules must know of the building."""
    kiosk = settings.kiosk
    return Building(
        name=kiosk.name,
        kiosk=kiosk.id,
        languages=kiosk.languages,
        help_contact=kiosk.help_contact,
        emergency_number=kiosk.emergency_number,
        new_compartments_are_empty=kiosk.new_compartments_are_empty,
        overflow=overflow_of(settings.overflow),
    )


def limits_of(settings: Settings) -> Limits:
    """The numbers of the rules, with those that a building may choose."""
    asked = settings.messages
    return Limits(
        pickup_days=settings.kiosk.pickup_days,
        reminders_ms=tuple(hours * HOUR_MS for hours in sorted(set(asked.reminder_hours))),
        last_reminder_ms=asked.last_reminder_hours * HOUR_MS,
    )


def quiet_hours_of(settings: Settings) -> QuietHours:
    """When nobody is reminded."""
    asked = settings.messages
    zone = zoneinfo.ZoneInfo(settings.kiosk.timezone)
    return QuietHours(zone, time.fromisoformat(asked.quiet_from), time.fromisoformat(asked.quiet_until))
