"""The bench tool: one lock board on one port, with nothing between it and the technician."""

import asyncio
import enum
from collections.abc import Collection, Mapping
from typing import Annotated

import typer
from pydantic import ValidationError

from config.settings import CHANNELS, BankSettings, KerongSettings
from drivers.kerong.frames import ranges
from hal.errors import BadFrame, HalError, NotSent, WiringError
from hal.lock_bank import BankReading, DoorReading, LockBank
from kiosk.cli.board_claim import Claim, authorise, daemon_kept_out, find_claim
from kiosk.cli.failure import CommandFailed
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption
from kiosk.cli.show import note, show_json, show_json_line
from kiosk.data_folder import DataFolder
from kiosk.service.exits import Exit

UNLOCK_WITHIN_S = 8.0
OPEN_WITHIN_S = 3.0
LOOK_EVERY_S = 0.1
TRY_AGAIN_S = 1.0


class Action(enum.StrEnum):
    """What to do with the board."""

    STATUS = "status"
    UNLOCK = "unlock"
    WATCH = "watch"


class Dialect(enum.StrEnum):
    """What the board speaks."""

    CU48 = "cu48"
    CU16 = "cu16"


def board(  # noqa: PLR0913 - one argument an option
    action: Annotated[
        Action, typer.Argument(metavar="ACTION", help="What to do; unlock needs a channel.")
    ] = Action.STATUS,
    channel: Annotated[int | None, typer.Argument(metavar="CHANNEL", help="Lock, counted from 1.")] = None,
    *,
    port: Annotated[str, typer.Option(metavar="PORT", help="Device path, or socket://HOST:PORT.")],
    address: Annotated[int, typer.Option(min=0, max=9, help="Address of the board.")],
    dialect: Annotated[
        Dialect | None, typer.Option(help="What the board speaks; cu48, or as in the settings.")
    ] = None,
    baud: Annotated[int | None, typer.Option(metavar="BAUD", help="19200, or as in the settings.")] = None,
    closed_bit: Annotated[
        int | None, typer.Option(min=0, max=1, help="What a closed door reads; 1, or as in the settings.")
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; goes into the log.")] = None,
    config: ConfigOption = None,
    base: BaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read one lock board, watch it, or send one pulse, while no daemon has its port."""
    claim = find_claim(port, address, config=config, base=base)
    options = {"address": address, "dialect": dialect, "baud": baud, "closed_bit": closed_bit}
    settings = _settings(claim, port, options)
    if (action is Action.UNLOCK) != (channel is not None):
        raise CommandFailed(
            Exit.USAGE, "unlock needs a channel, status and watch none: kiosk board unlock 5 ..."
        )
    if channel is not None and not 1 <= channel <= CHANNELS[settings.dialect]:
        raise CommandFailed(Exit.USAGE, f"channel {channel}, expected 1 to {CHANNELS[settings.dialect]}")
    with daemon_kept_out(claim):
        if channel is not None:
            _authorise(claim, channel, reason)
        _carry_out(action, _Bench(settings, _turned(claim), as_json=as_json), channel)


def _turned(claim: Claim | None) -> Collection[int]:
    """Channels of this board that the settings have as wired the other way round."""
    return claim.settings.turned_channels(claim.bank) if claim is not None and claim.bank is not None else ()


def _settings(claim: Claim | None, port: str, options: Mapping[str, int | str | None]) -> BankSettings:
    """The board as the kiosk's settings have it, with what was given on the command line instead."""
    given = {name: value for name, value in options.items() if value is not None}
    known = claim.bank.model_dump() if claim is not None and claim.bank is not None else {}
    try:
        return KerongSettings.model_validate(
            {"id": "bench", "driver": "kerong"} | known | given | {"port": port}
        )
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in error.errors()]
        raise CommandFailed(Exit.USAGE, *problems) from error


def _authorise(claim: Claim | None, channel: int, reason: str | None) -> None:
    if claim is None:
        return
    from kiosk.cli.offline import commit_bench_unlock
    from kiosk.storage import demand_database

    demand_database(DataFolder(claim.folder))
    authorise(claim, channel, reason, commit_bench_unlock)


def _carry_out(action: Action, bench: "_Bench", channel: int | None) -> None:
    try:
        if channel is not None:
            asyncio.run(bench.unlock(channel))
        elif action is Action.WATCH:
            asyncio.run(bench.watch())
        else:
            asyncio.run(bench.status())
    except NotSent as error:
        raise CommandFailed(Exit.FAILED, f"nothing was sent: {error}") from error
    except BadFrame as error:
        raise CommandFailed(Exit.IO, str(error)) from error
    except HalError as error:
        raise CommandFailed(Exit.UNAVAILABLE, str(error)) from error


class _Bench:
    """One board under the technician's hand."""

    def __init__(self, settings: BankSettings, turned: Collection[int], *, as_json: bool) -> None:
        self._settings = settings
        self._turned = turned
        self._as_json = as_json
        self._name = f"board {settings.address} on {settings.port}"
        self._facts = {"port": settings.port, "dialect": settings.dialect, "address": settings.address}

    def _bank(self) -> LockBank:
        from drivers.catalogue import build_bench  # pyserial is loaded by those who use it

        return build_bench(self._settings, turned=self._turned)

    async def status(self) -> None:
        """Tell every channel once."""
        bank = self._bank()
        try:
            reading = await bank.connect()
        finally:
            bank.close()
        if self._as_json:
            show_json(self._facts | {"doors": _rows(reading)})
        else:
            print(f"{self._name}: {_sentence(reading)}")

    async def unlock(self, channel: int) -> None:
        """One pulse, and what the door did then."""
        bank = self._bank()
        loop = asyncio.get_running_loop()
        try:
            before = (await bank.connect()).doors[channel - 1]
            note("waiting until every coil has rested ...")
            await bank.unlock(channel, not_after=loop.time() + UNLOCK_WITHIN_S)
            sent_at = loop.time()
            after = await _until_open(bank, channel)
            self._tell_unlock(channel, before, after, took_s=loop.time() - sent_at)
        finally:
            bank.close()

    def _tell_unlock(self, channel: int, before: DoorReading, after: DoorReading, *, took_s: float) -> None:
        if self._as_json:
            told = {"channel": channel, "sent": True, "before": before, "after": after}
            show_json(self._facts | told | {"took_ms": round(took_s * 1000)})
        elif before is DoorReading.OPEN:
            print(f"{self._name}: pulse sent to lock {channel}; it read open before, so nothing is proven")
        elif after is DoorReading.OPEN:
            print(f"{self._name}: pulse sent to lock {channel}; it opened within {took_s:.1f} s")
        if after is not DoorReading.OPEN:
            raise CommandFailed(
                Exit.FAILED,
                f"{self._name}: pulse sent to lock {channel}, but it reads closed after {took_s:.0f} s; "
                "look at its plug, its supply, and whether the door is under load",
            )

    async def watch(self) -> None:
        """Tell every change until Ctrl-C; a board that goes away is waited for."""
        bank = self._bank()
        told: dict[int, DoorReading] = {}
        try:
            while True:
                try:
                    self._tell_changes(told, await bank.connect())
                    while True:
                        await asyncio.sleep(LOOK_EVERY_S)
                        self._tell_changes(told, await bank.read_states())
                except WiringError:
                    raise
                except HalError as error:
                    note(f"{error}")
                    bank.close()
                await asyncio.sleep(TRY_AGAIN_S)
        finally:
            bank.close()

    def _tell_changes(self, told: dict[int, DoorReading], reading: BankReading) -> None:
        now = dict(enumerate(reading.doors, 1))
        changed = {channel: door for channel, door in now.items() if told.get(channel) is not door}
        if not told and not self._as_json:
            print(f"{self._name}: {_sentence(reading)}", flush=True)
            changed = {}
        for channel, door in changed.items():
            if self._as_json:
                show_json_line({"channel": channel, "door": door})
            else:
                print(f"lock {channel}: {door}", flush=True)
        told.update(now)


async def _until_open(bank: LockBank, channel: int) -> DoorReading:
    loop = asyncio.get_running_loop()
    gives_up = loop.time() + OPEN_WITHIN_S
    while True:
        door = (await bank.read_states()).doors[channel - 1]
        if door is DoorReading.OPEN or loop.time() >= gives_up:
            return door
        await asyncio.sleep(LOOK_EVERY_S)


def _rows(reading: BankReading) -> list[dict[str, int | str]]:
    return [{"channel": channel, "door": door} for channel, door in enumerate(reading.doors, 1)]


def _sentence(reading: BankReading) -> str:
    by_state = {
        state: [channel for channel, door in enumerate(reading.doors, 1) if door is state]
        for state in (DoorReading.CLOSED, DoorReading.OPEN)
    }
    return "; ".join(f"{state} {ranges(channels) or 'none'}" for state, channels in by_state.items())
