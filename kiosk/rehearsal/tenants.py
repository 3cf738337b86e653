"""Who lives, delivers and works in the building: the sample building, put into a database before it opens."""

import functools
from collections.abc import Mapping

from argon2 import PasswordHasher

from config.sample import directory_of, read_sample, sample_staff_pin
from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import StaffId
from kiosk.ports import CodeMaker


def sample_directory(codes: CodeMaker) -> Directory:
    """The sample building, its carriers' codes under these keys."""
    return directory_of(read_sample(), codes.carrier_digest_of)


@functools.cache
def sample_staff_hashes() -> Mapping[StaffId, str]:
    """Hashes of the sample staff's PINs: cheap ones, for nobody steals them and the rehearsal has no time."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return {person.id: hasher.hash(sample_staff_pin(person.account)) for person in read_sample().staff}
