"""Settings as read from TOML: frozen, unknown keys forbidden, checked together."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.broker_settings import BrokerSettings
from config.cross_checks import Channels, Together, problems_together
from config.mail import MailSettings
from config.messages import AppriseSettings, MessageSettings
from config.overflow import OverflowSettings
from config.parts import (
    CHANNELS,
    PULSE_MS,
    BankSettings,
    CompartmentSettings,
    FileChannelSettings,
    FileClockSettings,
    KerongSettings,
    KioskSettings,
    Language,
    Name,
    PanelSettings,
    Part,
    SizeSettings,
    SupplySettings,
    listen_address,
)
from kiosk.domain.model.compartment import SizeClass

__all__ = [
    "CHANNELS",
    "PULSE_MS",
    "AppriseSettings",
    "BankSettings",
    "BrokerSettings",
    "CompartmentSettings",
    "FileChannelSettings",
    "FileClockSettings",
    "KerongSettings",
    "KioskSettings",
    "Language",
    "MailSettings",
    "MessageSettings",
    "Name",
    "PanelSettings",
    "Settings",
    "SizeSettings",
    "SupplySettings",
    "listen_address",
]

VERSION = 1


class Settings(Part):
    """Everything the daemon is told. Paths that are relative start at the base folder of the command."""

    config_version: Literal[1] = Field(description="version of this file's keys")
    kiosk: KioskSettings = Field(description="the kiosk as a whole")
    bank: Annotated[tuple[BankSettings, ...], Field(min_length=1, description="lock boards, one table each")]
    compartment: Annotated[
        tuple[CompartmentSettings, ...], Field(min_length=1, description="compartments, one table each")
    ]
    supply: dict[Name, SupplySettings] = Field(
        default_factory=lambda: {"main": SupplySettings()}, description="lock supplies by name"
    )
    size: dict[SizeClass, SizeSettings] = Field(description="inner room of each size class")
    messages: MessageSettings = Field(
        default=MessageSettings(), description="what holds for all messages to residents"
    )
    overflow: OverflowSettings | None = Field(
        default=None, description="where parcels go that no compartment takes"
    )
    mail: MailSettings | None = Field(default=None, description="the mail server for messages")
    apprise: tuple[AppriseSettings, ...] = Field(default=(), description="messaging services, one table each")
    file_channel: FileChannelSettings | None = Field(
        default=None, description="messages as files; in the simulation only"
    )

    file_clock: FileClockSettings | None = Field(
        default=None, description="a clock that jumps when told; in the simulation only"
    )
    broker: BrokerSettings | None = Field(
        default=None, description="the MQTT broker; without it the kiosk keeps to itself"
    )

    def turned_channels(self, bank: BankSettings) -> frozenset[int]:
        """Channels of a bank whose contact says the opposite of the bank's `closed_bit`."""
        mine = (place for place in self.compartment if place.bank == bank.id)
        return frozenset(p.channel for p in mine if p.closed_bit not in (None, bank.closed_bit))

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = problems_together(
            Together(
                banks=tuple(enumerate(self.bank)),
                compartments=tuple(enumerate(self.compartment)),
                bank_ids=frozenset(bank.id for bank in self.bank),
                supplies=frozenset(self.supply),
                sizes=frozenset(self.size),
                screen=(self.kiosk.screen_column, self.kiosk.screen_row),
                broker=self.broker,
                channels=Channels(
                    self.messages.channels, tuple(enumerate(self.apprise)), self.mail is not None
                ),
                overflow=self.overflow,
            )
        )
        if problems:
            raise ValueError("; ".join(map(str, problems)))
        return self
