"""Cabinets to play on: the standard kiosk, and one twice as large made of two of them."""

from pathlib import Path

from config.broker_settings import BrokerSettings
from config.settings import BankSettings, CompartmentSettings, Settings
from kiosk.rehearsal.stage import standard_settings

STANDARD_DOORS = 24
TWICE = 2 * STANDARD_DOORS
SECOND = "second"
"""Supply and port of the second half."""


class NoSuchCabinet(Exception):
    """There is no cabinet with so many doors; the message says which there are."""


def settings_for(doors: int, base: Path) -> Settings:
    """The settings of a cabinet with so many doors; NoSuchCabinet."""
    standard = standard_settings(base)
    if doors == STANDARD_DOORS:
        return standard
    if doors == TWICE:
        return _doubled(standard)
    raise NoSuchCabinet(f"{doors} doors, expected {STANDARD_DOORS} or {TWICE}")


def with_broker(settings: Settings) -> Settings:
    """The same with a broker to tell; where that is does not matter on a stage."""
    return settings.model_copy(update={"broker": BrokerSettings(host="127.0.0.1", tls=False)})


def _doubled(settings: Settings) -> Settings:
    """The same columns once more to the right, on boards, a port and a supply of their own."""
    columns = max(place.column for place in settings.compartment)
    supply = next(iter(settings.supply.values()))
    return settings.model_copy(
        update={
            "bank": (*settings.bank, *map(_second_bank, settings.bank)),
            "supply": {**settings.supply, SECOND: supply},
            "compartment": (
                *settings.compartment,
                *(_second_place(place, columns) for place in settings.compartment),
            ),
        }
    )


def _second_bank(bank: BankSettings) -> BankSettings:
    return bank.model_copy(update={"id": f"{bank.id}2", "port": f"{bank.port}-{SECOND}"})


def _second_place(place: CompartmentSettings, columns: int) -> CompartmentSettings:
    number = int(place.label) + STANDARD_DOORS
    return place.model_copy(
        update={
            "id": f"c{number}",
            "label": str(number),
            "bank": f"{place.bank}2",
            "column": place.column + columns,
            "supply": SECOND,
        }
    )
