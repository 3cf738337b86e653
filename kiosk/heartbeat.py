"""Tells the service manager that the kiosk lives: only after the engine and the writer have just answered."""

import asyncio
import contextlib

from kiosk.domain.inputs import TimeElapsed
from kiosk.domain.model.ids import IntentId
from kiosk.ports import Inbox, Journal, JournalBroken
from kiosk.service.systemd_notify import SystemdNotifier

_NOBODYS = IntentId("heartbeat")


async def beat(inbox: Inbox, journal: Journal, notifier: SystemdNotifier) -> None:
    """Beat for ever; nothing where the service manager does not watch. A part that hangs stops the beat."""
    every_s = notifier.beat_every_s
    if every_s is None:
        return
    while True:
        await inbox.submit(TimeElapsed())
        with contextlib.suppress(JournalBroken):  # the engine opens it again, and the next beat tells
            await journal.seq_of(_NOBODYS)
            notifier.send("WATCHDOG=1")
        await asyncio.sleep(every_s)
