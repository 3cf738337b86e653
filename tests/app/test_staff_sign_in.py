"""Staff sign-in: the right PIN of the right account, and no hint which accounts exist."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import StaffId
from kiosk.service.staff_pins import hash_pin, is_pin
from kiosk.staff_sign_in import NOBODYS_HASH, StaffSignIn


class OneAccount:
    """A directory that knows account 7 and its PIN."""

    def __init__(self) -> None:
        self._hash = hash_pin("40719532")

    async def read_directory(self) -> Directory:
        return Directory()

    async def replace_directory(self, directory: Directory, staff_hashes: Mapping[StaffId, str]) -> None:
        raise NotImplementedError

    async def staff_hash(self, account: str) -> tuple[StaffId, str] | None:
        return (StaffId("s7"), self._hash) if account == "7" else None


async def ask(account: str, pin: str) -> StaffId | None:
    with ThreadPoolExecutor(1) as executor:
        return await StaffSignIn(OneAccount(), executor).check(account, pin)


async def test_right_pin_names_the_person() -> None:
    assert await ask("7", "40719532") == "s7"


async def test_wrong_pin_is_nobody() -> None:
    assert await ask("7", "40719533") is None


async def test_unknown_account_is_nobody() -> None:
    assert await ask("8", "40719532") is None


def cost(stored: str) -> list[str]:
    return stored.split("$")[1:4]


def test_unknown_account_costs_what_a_known_one_does() -> None:
    assert cost(NOBODYS_HASH) == cost(hash_pin("40719532"))
    assert not is_pin(NOBODYS_HASH, "")
