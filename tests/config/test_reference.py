"""The settings page names every key with its default and meaning, as the models have them."""

import json
from enum import Enum
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.overflow import DeskSettings, OverflowSettings, RoomSettings, ShelfSettings
from config.settings import (
    AppriseSettings,
    BrokerSettings,
    CompartmentSettings,
    FileChannelSettings,
    FileClockSettings,
    KerongSettings,
    KioskSettings,
    MailSettings,
    MessageSettings,
    PanelSettings,
    SizeSettings,
    SupplySettings,
)
from kiosk.service.clock_trust import ClockTrust

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
TABLES: dict[str, type[BaseModel]] = {
    "[kiosk]": KioskSettings,
    "[kiosk.panel]": PanelSettings,
    "[[bank]]": KerongSettings,
    "[supply.NAME]": SupplySettings,
    "[size.S]": SizeSettings,
    "[[compartment]]": CompartmentSettings,
    "[messages]": MessageSettings,
    "[overflow]": OverflowSettings,
    "[overflow.room]": RoomSettings,
    "[[overflow.room.shelf]]": ShelfSettings,
    "[overflow.desk]": DeskSettings,
    "[mail]": MailSettings,
    "[[apprise]]": AppriseSettings,
    "[file_channel]": FileChannelSettings,
    "[file_clock]": FileClockSettings,
    "[broker]": BrokerSettings,
}


def section(heading: str) -> list[str]:
    """The rows of the first table under a heading."""
    _, _, after = PAGE.read_text(encoding="utf-8").partition(f"## `{heading}`\n\n")
    return after.partition("\n\n")[0].splitlines()[2:]


def row(name: str, field: FieldInfo) -> str:
    return f"| `{name}` | {default(field)} | {field.description} |"


def default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if isinstance(value, ClockTrust):
        value = value.source
    return f"`{json.dumps(value.value if isinstance(value, Enum) else value)}`"


@pytest.mark.parametrize("heading", TABLES)
def test_the_page_has_every_key_with_its_default_and_meaning(heading: str) -> None:
    fields = TABLES[heading].model_fields
    assert section(heading) == [row(name, field) for name, field in fields.items() if name != "panel"]


def test_no_meaning_breaks_a_table() -> None:
    meanings = [field.description or "" for model in TABLES.values() for field in model.model_fields.values()]
    assert all(meanings)
    assert not [meaning for meaning in meanings if "|" in meaning or "\n" in meaning]
