"""What must be true of the settings together: nothing twice, nothing that is not there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from config.broker_settings import BrokerSettings, broker_problems
from config.messages import MAIL, AppriseSettings, channel_problems
from config.overflow import OverflowSettings, overflow_problems
from config.parts import CHANNELS, BankSettings, CompartmentSettings


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, and where: the location as in TOML, empty for the file as a whole."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True)
class Channels:
    """The ways to people: the order asked for, the services with their places, whether there is mail."""

    chosen: tuple[str, ...]
    services: Sequence[tuple[int, AppriseSettings]]
    has_mail: bool


@dataclass(frozen=True, slots=True)
class Together:
    """The parts of a file that could be read, with their places; None where the names are not known."""

    banks: Sequence[tuple[int, BankSettings]]
    compartments: Sequence[tuple[int, CompartmentSettings]]
    bank_ids: frozenset[str] | None
    supplies: frozenset[str] | None
    sizes: frozenset[str] | None
    screen: tuple[object, object] | None
    broker: BrokerSettings | None = None
    channels: Channels | None = None
    overflow: OverflowSettings | None = None


@dataclass(frozen=True, slots=True)
class _Use:
    where: str
    who: str
    what: str


def problems_together(parts: Together) -> list[Problem]:
    """Every problem between parts, banks first."""
    return [
        *_bank_problems(parts),
        *_compartment_problems(parts),
        *_overflow_problems(parts),
        *_broker_problems(parts),
        *_channel_problems(parts.channels),
    ]


def _overflow_problems(parts: Together) -> Iterator[Problem]:
    labels = [place.label for _, place in parts.compartments]
    for key, what in overflow_problems(parts.overflow, labels) if parts.overflow else ():
        yield Problem(f"overflow.{key}", what)


def _broker_problems(parts: Together) -> Iterator[Problem]:
    for key, what in broker_problems(parts.broker) if parts.broker else ():
        yield Problem(f"broker.{key}", what)


def _channel_problems(channels: Channels | None) -> Iterator[Problem]:
    if channels is None:
        return
    named = channels.services
    yield from _doubled(_Use(f"apprise[{n}].id", f"apprise[{n}]", f"id {one.id}") for n, one in named)
    for n, one in named:
        if one.id == MAIL:
            yield Problem(f"apprise[{n}].id", f"id {MAIL}, expected another: it is the mail server's")
    names = [one.id for _, one in named]
    for key, what in channel_problems(channels.chosen, names, has_mail=channels.has_mail):
        yield Problem(f"messages.{key}", what)


def _doubled(uses: Iterable[_Use]) -> Iterator[Problem]:
    first: dict[str, _Use] = {}
    for use in uses:
        earlier = first.setdefault(use.what, use)
        if earlier is not use:
            yield Problem(use.where, f"{use.who}: {use.what} is used by {earlier.who} already")


def _port(bank: BankSettings) -> str:
    return bank.port if "://" in bank.port else str(PurePath(bank.port))


def _bank_problems(parts: Together) -> Iterator[Problem]:
    banks = parts.banks
    yield from _doubled(_Use(f"bank[{n}].id", f"bank[{n}]", f"id {bank.id}") for n, bank in banks)
    yield from _doubled(
        _Use(f"bank[{n}].address", f"bank {bank.id}", f"address {bank.address} on port {_port(bank)}")
        for n, bank in banks
    )
    first: dict[str, BankSettings] = {}
    for n, bank in banks:
        earlier = first.setdefault(_port(bank), bank)
        if bank.baud != earlier.baud:
            expected = f"expected {earlier.baud} as bank {earlier.id} has on the same port"
            yield Problem(f"bank[{n}].baud", f"bank {bank.id}: {bank.baud}, {expected}")
        if bank.dialect != earlier.dialect:
            expected = f"expected {earlier.dialect} as bank {earlier.id} is on the same port"
            yield Problem(f"bank[{n}].dialect", f"bank {bank.id}: {bank.dialect}, {expected}")


def _compartment_problems(parts: Together) -> Iterator[Problem]:
    places = parts.compartments
    yield from _doubled(
        _Use(f"compartment[{n}].id", f"compartment[{n}]", f"id {place.id}") for n, place in places
    )
    for key in ("label", "channel", "row"):
        yield from _doubled(
            _Use(f"compartment[{n}].{key}", f"compartment {place.id}", _uses(place)[key])
            for n, place in places
        )
    dialects = {bank.id: bank.dialect for _, bank in parts.banks}
    for n, place in places:
        for key, what in _misfits(place, parts, dialects):
            yield Problem(f"compartment[{n}].{key}", f"compartment {place.id}: {what}")


def _uses(place: CompartmentSettings) -> dict[str, str]:
    return {
        "label": f"label {place.label.upper()}",
        "channel": f"channel {place.channel} of bank {place.bank}",
        "row": f"column {place.column} row {place.row}",
    }


def _misfits(
    place: CompartmentSettings, parts: Together, dialects: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    named = (
        ("bank", place.bank, parts.bank_ids),
        ("supply", place.supply, parts.supplies),
        ("size", place.size.value, parts.sizes),
    )
    for key, name, known in named:
        if known is not None and name not in known:
            yield key, f"{key} {name} is not in the settings, expected {' or '.join(sorted(known)) or 'one'}"
    dialect = dialects.get(place.bank)
    if dialect and place.channel > CHANNELS[dialect]:
        board = f"bank {place.bank} is a {dialect}"
        yield "channel", f"channel {place.channel}, expected 1 to {CHANNELS[dialect]} ({board})"
    if (place.column, place.row) == parts.screen:
        yield "row", f"column {place.column} row {place.row} is the place of the screen"
