"""The database of a kiosk for whoever opens it, and the state before anything was read from it."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from config.load import building_of, layout_of, limits_of
from config.settings import Settings
from kiosk.data_folder import DataFolder
from kiosk.domain.state import State
from kiosk.service.errors import DATABASE_GONE
from kiosk.store.database import Database, open_database
from kiosk.store.errors import DatabaseAbsent, DatabaseGone


def empty_state(settings: Settings) -> State:
    """What the settings say, before anything was read from disk."""
    return State(building=building_of(settings), layout=layout_of(settings), limits=limits_of(settings))


@asynccontextmanager
async def threaded_database(path: Path) -> AsyncIterator[Database]:
    """The database on two threads of its own: one writes, one reads."""
    with ThreadPoolExecutor(1, "store-writer") as writer, ThreadPoolExecutor(1, "store-reader") as reader:
        async with open_database(path, writer=writer, reader=reader) as database:
            yield database


def demand_database(folder: DataFolder) -> None:
    """Looking must not make a folder where none is; DatabaseAbsent and DatabaseGone name the way out."""
    if folder.has_keys and not folder.has_database:
        raise database_gone(folder)
    if not folder.database.exists():
        raise DatabaseAbsent(
            f"{folder.database}: no kiosk has been started here yet; "
            "name its settings with --config, its folder with --base"
        )


def database_gone(folder: DataFolder) -> DatabaseGone:
    """What to say where there are the keys of an earlier start, and no database or an empty one."""
    what = "empty" if folder.database.exists() else "gone"
    return DatabaseGone(
        f"{folder.database}: the database is {what}, but {folder.keys} has the keys of an earlier start: "
        f"there may be parcels behind the doors. Nothing was changed: {DATABASE_GONE.next_step}"
    )
