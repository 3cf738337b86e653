"""Whose port the bench tool uses: a kiosk's, whose log must then know of every pulse, or nobody's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config.settings import BankSettings, CompartmentSettings, Settings
from kiosk.cli.failure import CommandFailed
from kiosk.cli.places import INSTALLED, SIMULATED_BASE, simulation_config
from kiosk.data_folder import DataFolder
from kiosk.domain.refusals import Refusal
from kiosk.service.exits import Exit
from kiosk.service.instance_lock import AlreadyRunning, InstanceLock


class CommitBenchUnlock(Protocol):
    """Writes into the kiosk's log that one pulse is allowed, or says why it is not."""

    def __call__(self, settings: Settings, compartment: str, reason: str) -> Refusal | None:
        """Durable when it returns; nothing may be pulsed before."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The kiosk whose settings name this port. `bank` is empty for a board that they do not name."""

    settings: Settings
    bank: BankSettings | None

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.settings.kiosk.data_folder

    def compartment(self, channel: int) -> CompartmentSettings | None:
        """The compartment on a channel of this board."""
        if self.bank is None:
            return None
        places = self.settings.compartment
        return next((p for p in places if p.bank == self.bank.id and p.channel == channel), None)


def find_claim(port: str, address: int, *, config: Path | None, base: Path | None) -> Claim | None:
    """The claim on a port by a kiosk that has a data folder; BadSettings when its settings cannot be read."""
    from config.load import load

    for file, folder in _kiosks(config, base):
        settings = load(file, folder)
        here = [bank for bank in settings.bank if _same_port(bank.port, port)]
        if here and settings.kiosk.data_folder.is_dir():
            return Claim(settings, next((bank for bank in here if bank.address == address), None))
    return None


def _kiosks(config: Path | None, base: Path | None) -> list[tuple[Path, Path]]:
    """The kiosk that was named, otherwise the installed one and the simulated one."""
    if config is not None:
        return [(config, base or Path())]
    installed = [(INSTALLED, base or Path())] if INSTALLED.exists() else []
    return [*installed, (simulation_config(), base or SIMULATED_BASE)]


def _same_port(one: str, other: str) -> bool:
    return one == other or ("://" not in one + other and os.path.realpath(one) == os.path.realpath(other))


@contextmanager
def daemon_kept_out(claim: Claim | None) -> Iterator[None]:
    """The daemon neither runs nor starts while this lasts."""
    if claim is None:
        yield
        return
    try:
        with InstanceLock(DataFolder(claim.folder).lock):
            yield
    except AlreadyRunning as error:
        holder = error.holder or "unknown"
        raise CommandFailed(
            Exit.ALREADY_RUNNING,
            f"this port belongs to the kiosk in {claim.folder}, which process {holder} runs; "
            "open doors at the kiosk, or stop it first",
        ) from error


def authorise(claim: Claim | None, channel: int, reason: str | None, commit: CommitBenchUnlock) -> None:
    """Make sure that a pulse may be sent; on a kiosk's own port it is in the log afterwards."""
    if claim is None:
        return
    if not reason or not reason.strip():
        raise CommandFailed(
            Exit.USAGE, f"this port belongs to the kiosk in {claim.folder}: say why with --reason TEXT"
        )
    place = claim.compartment(channel)
    if place is None:
        raise CommandFailed(
            Exit.FAILED,
            f"channel {channel} of this board is no compartment of the kiosk in {claim.folder}, so its log "
            "cannot tell of a pulse; add it to the settings first",
        )
    refusal = commit(claim.settings, place.id, reason.strip())
    if refusal is not None:
        raise CommandFailed(Exit.FAILED, f"door {place.label} stays shut: {_why(refusal)}")


def _why(refusal: Refusal) -> str:
    if refusal is Refusal.DOOR_IN_USE:
        return "it holds or may hold a parcel; staff can open it at the kiosk"
    return f"refused by the kiosk ({refusal})"
