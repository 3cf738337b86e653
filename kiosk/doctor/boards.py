"""Ports and boards. A running daemon is asked what it knows; without one each board is asked for its doors.

Nothing here energises a coil. A board that is silent is looked for at other speeds and addresses.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from config.settings import BankSettings, Settings
from drivers.catalogue import Links, build_bench, open_link
from hal.errors import HalError, LinkLost, NoReply, NotAPort, PortForbidden
from kiosk.device_faults import fault_of
from kiosk.doctor.findings import Finding, red, well
from kiosk.service.board_faults import WRONG_ADDRESS, WRONG_SPEED
from kiosk.service.errors import FAULT_BY_NUMBER
from kiosk.service.incident_faults import fault_of_incident

ASK_WITHIN_S = 3.0
SPEEDS = (19200, 9600, 115200, 57600)
ADDRESSES = range(10)
PORT_FIRST = "what stands at the port"
_OF_PORTS = (LinkLost, PortForbidden, NotAPort)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What became of one question: doors read, or an error."""

    doors: int = 0
    error: HalError | None = None


# With the daemon


def told_by_daemon(settings: Settings, banks: Mapping[str, str]) -> Iterator[Finding]:
    """Ports and banks as the daemon sees them: `up`, `not yet`, or `lost: ` and why."""
    lost = {bank.id: banks.get(bank.id, "").removeprefix("lost: ") for bank in settings.bank}
    for port in _ports(settings.bank):
        why = next(
            (lost[bank.id] for bank in settings.bank if bank.port == port and _is_of_port(lost, bank)), ""
        )
        yield _lost(_name(port), why) if why else well(_name(port), f"{port}: held by the daemon")
    for bank in settings.bank:
        yield _bank_told(bank, banks.get(bank.id, "not in the settings of the daemon"))


def _is_of_port(lost: Mapping[str, str], bank: BankSettings) -> bool:
    return lost[bank.id].startswith("LW-L")


def _bank_told(bank: BankSettings, said: str) -> Finding:
    if said == "up":
        return well(f"bank {bank.id}", f"{bank.dialect} board {bank.address} answers")
    if said.startswith("lost: "):
        return _lost(f"bank {bank.id}", said.removeprefix("lost: "))
    return red(f"bank {bank.id}", fault_of_incident("bank_lost"), f"{said}: no door of it was read so far")


def _lost(subject: str, why: str) -> Finding:
    number, _, rest = why.partition(" ")
    fault = FAULT_BY_NUMBER.get(number)
    return red(subject, fault, rest) if fault else red(subject, fault_of_incident("bank_lost"), why)


# Without it


async def asked_here(settings: Settings, links: Links = open_link) -> list[Finding]:
    """Ports and banks, each asked once. Needs the instance lock, so that no daemon starts meanwhile."""
    asked = [(bank, await _ask(bank, links)) for bank in settings.bank]
    found, search = list[Finding](), _Search(settings, links)
    for port in _ports(settings.bank):
        errors = (one.error for bank, one in asked if bank.port == port)
        found.append(_port(port, next((error for error in errors if isinstance(error, _OF_PORTS)), None)))
    for bank, one in asked:
        elsewhere = await search.find(bank) if isinstance(one.error, NoReply) else None
        found.append(elsewhere or _bank(bank, one))
    return found


def _ports(banks: Iterable[BankSettings]) -> list[str]:
    return list(dict.fromkeys(bank.port for bank in banks))


def _name(port: str) -> str:
    """A port as a short subject; the whole of it stands in the text."""
    return f"port {port.rpartition('/')[2]}"


async def _ask(bank: BankSettings, links: Links) -> _Asked:
    board = build_bench(bank, links)
    try:
        async with asyncio.timeout(ASK_WITHIN_S):
            return _Asked(doors=len((await board.connect()).doors))
    except TimeoutError:
        return _Asked(error=NoReply(f"bank {bank.id}: no answer within {ASK_WITHIN_S:g} s"))
    except HalError as error:
        return _Asked(error=error)
    finally:
        board.close()


def _port(port: str, error: HalError | None) -> Finding:
    if error is None:
        return well(_name(port), f"{port}: opens")
    return red(_name(port), fault_of(error), str(error))


def _bank(bank: BankSettings, asked: _Asked) -> Finding:
    subject, error = f"bank {bank.id}", asked.error
    if error is None:
        return well(subject, f"{bank.dialect} board {bank.address} answers with {asked.doors} doors")
    if isinstance(error, _OF_PORTS):
        return red(subject, fault_of(error), "not asked: its port does not work", next_step=PORT_FIRST)
    return red(subject, fault_of(error), str(error))


class _Search:
    """Looks for a silent board at other speeds, and at addresses that no bank of the settings has."""

    def __init__(self, settings: Settings, links: Links) -> None:
        self._settings = settings
        self._links = links

    async def find(self, bank: BankSettings) -> Finding | None:
        """Where the board is instead, if it is anywhere."""
        return await self._at_another_speed(bank) or await self._at_another_address(bank)

    async def _at_another_speed(self, bank: BankSettings) -> Finding | None:
        for baud in () if "://" in bank.port else SPEEDS:
            if baud != bank.baud and await self._answers(bank.model_copy(update={"baud": baud})):
                text = f"board {bank.address} answers at {baud} baud, the settings say {bank.baud}"
                next_step = f"set baud = {baud} for this bank and start again"
                return red(f"bank {bank.id}", WRONG_SPEED, text, next_step=next_step)
        return None

    async def _at_another_address(self, bank: BankSettings) -> Finding | None:
        taken = {other.address for other in self._settings.bank if other.port == bank.port}
        for address in ADDRESSES:
            if address not in taken and await self._answers(bank.model_copy(update={"address": address})):
                text = f"nothing answers to address {bank.address}, but a board does to {address}"
                return red(f"bank {bank.id}", WRONG_ADDRESS, text)
        return None

    async def _answers(self, bank: BankSettings) -> bool:
        return (await _ask(bank, self._links)).error is None
