"""Staff sign-in: looks up the slow hash of an account and checks a PIN against it, off the loop."""

import asyncio
from concurrent.futures import Executor

from kiosk.domain.model.ids import StaffId
from kiosk.ports import DirectoryStore
from kiosk.service.staff_pins import is_pin

NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$GjOSUs3maIQlu3WBrrSTig$mTaaoBmwV2URmo2fPLgpAPZ8+o/bbN8f+R7Hys9SoaA"
)
"""Of the house's own cost and no PIN's: an account that does not exist takes as long as one that does."""


class StaffSignIn:
    """Checks staff PINs. An executor of one worker makes guesses wait for each other."""

    def __init__(self, directory: DirectoryStore, executor: Executor) -> None:
        self._directory = directory
        self._executor = executor

    async def check(self, account: str, pin: str) -> StaffId | None:
        """Who it is, or nobody."""
        found = await self._directory.staff_hash(account)
        stored = found[1] if found else NOBODYS_HASH
        loop = asyncio.get_running_loop()
        is_right = await loop.run_in_executor(self._executor, is_pin, stored, pin)
        return found[0] if found and is_right else None
