"""Puts the sample building into a simulated kiosk at its first start, and tells its codes."""

import asyncio
from dataclasses import dataclass

from config.sample import (
    SampleBuilding,
    directory_of,
    read_sample,
    sample_carrier_code,
    sample_staff_pin,
)
from config.settings import Settings
from kiosk.data_folder import DataFolder
from kiosk.domain.model.directory import Directory
from kiosk.fresh import Codes
from kiosk.keys import open_keys
from kiosk.service.instance_lock import InstanceLock
from kiosk.service.staff_pins import hash_pin
from kiosk.storage import threaded_database
from kiosk.store.directory_store import SqliteDirectory


@dataclass(frozen=True, slots=True)
class SampleCode:
    """A code that opens something in this simulation and nothing anywhere else."""

    who: str
    digits: str


@dataclass(frozen=True, slots=True)
class SampleCodes:
    """The codes to try; empty where the directory is somebody else's."""

    carriers: tuple[SampleCode, ...]
    staff: tuple[SampleCode, ...]


def seed(settings: Settings) -> SampleCodes:
    """Make what a first start needs, under the instance lock; AlreadyRunning, DatabaseRefused."""
    folder = DataFolder(settings.kiosk.data_folder)
    with InstanceLock(folder.lock):
        codes = Codes(open_keys(folder).codes)
        directory = asyncio.run(_directory(folder, codes))
    return _codes_of(read_sample(), directory, codes)


async def _directory(folder: DataFolder, codes: Codes) -> Directory:
    async with threaded_database(folder.database) as database:
        store = SqliteDirectory(database)
        present = await store.read_directory()
        if present.units:
            return present
        building = read_sample()
        hashes = {person.id: hash_pin(sample_staff_pin(person.account)) for person in building.staff}
        sample = directory_of(building, codes.carrier_digest_of)
        await store.replace_directory(sample, hashes)
        return sample


def _codes_of(building: SampleBuilding, directory: Directory, codes: Codes) -> SampleCodes:
    carriers = [SampleCode(carrier.name, sample_carrier_code(carrier.id)) for carrier in building.carriers]
    return SampleCodes(
        carriers=tuple(
            one for one in carriers if codes.carrier_digest_of(one.digits) in directory.carrier_codes
        ),
        staff=tuple(
            SampleCode(f"account {person.account} ({person.name})", sample_staff_pin(person.account))
            for person in building.staff
            if directory.staff.get(person.id) == person
        ),
    )
