"""Every family of boards, one line each, and how to get banks: all of the settings, or one for the bench."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from config.settings import CHANNELS, PULSE_MS, BankSettings, Settings, SupplySettings
from drivers.bus import Bus
from drivers.kerong.lock_bank import KerongBank
from drivers.serial_link import SerialLink
from drivers.supply import Coil, Supply
from drivers.tcp_link import TcpLink
from hal.byte_link import ByteLink
from hal.errors import WiringError
from hal.lock_bank import LockBank

Links = Callable[[str, int], ByteLink]
BankMaker = Callable[[Bus, BankSettings, Mapping[int, Coil], Collection[int]], LockBank]
"""From a bus, what the settings say of the board, its coils, and the channels of the other polarity."""

FAMILIES: Mapping[str, BankMaker] = MappingProxyType({"kerong": KerongBank})
"""The driver of each family, by the word that tags its settings."""


def open_link(port: str, baud: int) -> ByteLink:
    """The link for a port: a serial device or pty by path, or a gateway as `socket://HOST:PORT`."""
    if port.startswith("socket://"):
        return TcpLink(port)
    if "://" in port:
        raise WiringError(f"{port}: expected a device path or socket://HOST:PORT")
    return SerialLink(port, baud)


def build_banks(settings: Settings, links: Links = open_link) -> dict[str, LockBank]:
    """Every bank by its id. One link and one bus a port; supplies are shared across banks and ports."""
    supplies = {name: _supply(name, made) for name, made in settings.supply.items()}
    buses = _buses(settings, links)
    return {
        bank.id: FAMILIES[bank.driver](
            buses[bank.port], bank, _coils(settings, bank.id, supplies), settings.turned_channels(bank)
        )
        for bank in settings.bank
    }


def build_bench(bank: BankSettings, links: Links = open_link, *, turned: Collection[int] = ()) -> LockBank:
    """One board with every channel usable, on a supply of its own that expects the longest pulse there is."""
    supply = _supply("bench", SupplySettings())
    pulse_s = max(PULSE_MS.values()) / 1000
    coils = {n: Coil(f"{bank.id}/{n}", supply, pulse_s) for n in range(1, CHANNELS[bank.dialect] + 1)}
    bus = Bus(links(bank.port, bank.baud), baud=bank.baud, pause_s=bank.pause_ms / 1000)
    return FAMILIES[bank.driver](bus, bank, coils, turned)


def _supply(name: str, settings: SupplySettings) -> Supply:
    return Supply(name, gap_s=settings.gap_ms / 1000, rest_s=settings.rest_ms / 1000)


def _buses(settings: Settings, links: Links) -> dict[str, Bus]:
    bauds: dict[str, int] = {}
    pauses: dict[str, int] = {}
    for bank in settings.bank:
        pauses[bank.port] = max(pauses.get(bank.port, 0), bank.pause_ms)
        if bauds.setdefault(bank.port, bank.baud) != bank.baud:
            raise WiringError(
                f"{bank.port}: bank {bank.id} has {bank.baud} baud, another bank {bauds[bank.port]}; "
                "expected one speed on one port"
            )
    return {
        port: Bus(links(port, baud), baud=baud, pause_s=pauses[port] / 1000) for port, baud in bauds.items()
    }


def _coils(settings: Settings, bank: str, supplies: Mapping[str, Supply]) -> dict[int, Coil]:
    return {
        place.channel: Coil(f"{bank}/{place.channel}", supplies[place.supply], PULSE_MS[place.lock] / 1000)
        for place in settings.compartment
        if place.bank == bank
    }
