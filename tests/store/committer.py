"""A kiosk that works until it is killed: `python -m tests.store.committer DATABASE LIFE`.

Prints `<intent> <seq>` once a batch is on disk, and nothing before.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kiosk.domain import inputs as i
from kiosk.store.database import open_database
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import empty_state
from tests.store.rig import Recorder, with_directory

STRETCH = 100_000
"""Each life numbers its intents from its own start on, so that none is used twice."""


async def main(path: Path, life: int) -> None:
    """Deliver and collect for ever."""
    with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(1) as reader:
        async with open_database(path, writer=writer, reader=reader) as database:
            journal = SqliteJournal(database)
            state = with_directory((await journal.load(empty_state())).state)
            kiosk = Recorder(state=state, before=state, boot=f"boot-{life}", _intents=life * STRETCH)
            await live(kiosk, journal)


async def live(kiosk: Recorder, journal: SqliteJournal) -> None:
    """One start, then parcels that come and go."""
    kiosk.start()
    while True:
        await tell(kiosk, journal)
        kiosk.deliver()
        await tell(kiosk, journal)
        if len(kiosk.stored()) > 2:
            kiosk.collect_oldest()
        kiosk.do(i.TimeElapsed())
        await journal.idle()


async def tell(kiosk: Recorder, journal: SqliteJournal) -> None:
    """Write, then say so."""
    intents = [decision.intent for decision in kiosk.waiting]
    written = await kiosk.save(journal)
    if written:
        print(intents[-1], written[-1].seq, flush=True)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
