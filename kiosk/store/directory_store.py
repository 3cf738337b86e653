"""The directory on disk, for the shell."""

from collections.abc import Mapping

from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import StaffId
from kiosk.store.database import Database
from kiosk.store.directory_rows import read_directory, replace_directory, staff_hash
from kiosk.store.views import in_one_view


class SqliteDirectory:
    """Read whole, replaced whole."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read_directory(self) -> Directory:
        """The present snapshot."""
        return await self._database.read(lambda connection: in_one_view(connection, read_directory))

    async def replace_directory(self, directory: Directory, staff_hashes: Mapping[StaffId, str]) -> None:
        """Replace it whole, all or nothing; JournalRefused when it contradicts itself."""
        await self._database.write(lambda connection: replace_directory(connection, directory, staff_hashes))

    async def staff_hash(self, account: str) -> tuple[StaffId, str] | None:
        """A staff member's PIN hash."""
        return await self._database.read(lambda connection: staff_hash(connection, account))
