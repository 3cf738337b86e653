"""The simulation's message channel: one file a message, in a folder that the simulated world has marked."""

import asyncio
import errno
import json
from pathlib import Path
from urllib.parse import quote

from kiosk.ports import OutgoingMessage
from kiosk.service.clock import Clock
from kiosk.service.instants import instant_text
from kiosk.service.made_up import demand_simulation
from kiosk.service.secret_files import replace_secret

OUT_OF_REACH = "OUT-OF-REACH"
"""While the simulated world keeps this file in the folder, no phone can be reached."""


class FileChannel:
    """Writes `<folder>/<message id>.json` once; sending the same id again changes nothing."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    async def send(self, message: OutgoingMessage) -> None:
        """Put a message on the resident's phone; OSError when the disk or the made-up network does not."""
        content = _content(message, self._clock.now().at_ms)
        await asyncio.to_thread(self._write, f"{quote(message.id, safe='')}.json", content)

    def _write(self, name: str, content: bytes) -> None:
        if (self._folder / OUT_OF_REACH).exists():
            raise OSError(errno.ENETUNREACH, "the made-up phones are out of reach")
        path = self._folder / name
        if not path.exists():
            replace_secret(path, content)


def open_file_channel(folder: Path, clock: Clock) -> FileChannel:
    """The channel into a folder of the simulated world; NotASimulation anywhere else."""
    demand_simulation(folder, "file_channel.folder")
    folder.mkdir(mode=0o700, exist_ok=True)
    return FileChannel(folder, clock)


def _content(message: OutgoingMessage, at_ms: int) -> bytes:
    person = message.resident
    fields = {
        "id": message.id,
        "to": person.id,
        "name": person.name,
        "contact": person.contact,
        "language": person.language,
        "subject": message.subject,
        "text": message.text,
        "at": instant_text(at_ms),
    }
    return json.dumps(fields, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
