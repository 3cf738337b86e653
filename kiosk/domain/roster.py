"""Carriers and staff of the directory: added, given another code, removed. Pure: a new snapshot each time."""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.model.directory import Carrier, CarrierCode, Directory, Staff
from kiosk.domain.model.ids import CarrierCodeId, CarrierId, Digest, StaffId


def with_carrier(before: Directory, carrier: Carrier, digest: Digest, *, at_ms: int) -> Directory:
    """A carrier with this code and no other; a code it had before opens nothing any more."""
    code = CarrierCode(CarrierCodeId(f"{carrier.id}-{at_ms:x}"), carrier.id, digest)
    codes = {**_codes_but_of(before, carrier.id), digest: code}
    return replace(before, carriers={**before.carriers, carrier.id: carrier}, carrier_codes=codes)


def without_carrier(before: Directory, carrier: CarrierId) -> Directory:
    """Nobody delivers under this carrier's code any more; parcels that it left stay."""
    others = {key: one for key, one in before.carriers.items() if key != carrier}
    return replace(before, carriers=others, carrier_codes=_codes_but_of(before, carrier))


def _codes_but_of(before: Directory, carrier: CarrierId) -> Mapping[Digest, CarrierCode]:
    return {digest: code for digest, code in before.carrier_codes.items() if code.carrier != carrier}


def with_staff(before: Directory, person: Staff) -> Directory:
    """One more member of the staff."""
    return replace(before, staff={**before.staff, person.id: person})


def without_staff(before: Directory, person: StaffId) -> Directory:
    """The account signs nobody in any more."""
    return replace(before, staff={key: one for key, one in before.staff.items() if key != person})


def new_carrier_id(before: Directory, name: str) -> CarrierId:
    """After the name, in small letters, digits and hyphens; one that no carrier has."""
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in name.lower()).split()
    stem = "-".join(words)[:30].strip("-") or "carrier"
    identity, number = CarrierId(stem), 2
    while identity in before.carriers:
        identity, number = CarrierId(f"{stem}-{number}"), number + 1
    return identity


def new_staff_id(account: str, at_ms: int) -> StaffId:
    """After the account and the moment: the log never takes two people of one account for the same."""
    return StaffId(f"{account}-{at_ms:x}")


def carrier_called(directory: Directory, called: str) -> Carrier | None:
    """The carrier with this identity or name, whatever the case."""
    wanted = called.strip().casefold()
    return next(
        (one for one in directory.carriers.values() if wanted in (one.id.casefold(), one.name.casefold())),
        None,
    )


def staff_of(directory: Directory, account: str) -> Staff | None:
    """Who has this account."""
    return next((one for one in directory.staff.values() if one.account == account.strip()), None)
