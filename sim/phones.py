"""The residents' phones: messages as the daemon's file channel leaves them in a folder, one file each."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

MARKER = "SIMULATION"
MARKER_TEXT = (
    "Messages in this folder go to made-up people. The file channel is used only where this file is.\n"
)
OUT_OF_REACH = "OUT-OF-REACH"
"""While this file is in the folder, the daemon's file channel reaches no phone."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
MESSAGES_SHOWN = 30


class Message(BaseModel):
    """One message on one phone, as its file has it."""

    model_config = ConfigDict(frozen=True)

    id: str
    to: str
    name: str
    contact: str
    language: str
    subject: str
    text: str
    at: str

    @property
    def is_right_to_left(self) -> bool:
        """Whether its language is written from the right."""
        return self.language.partition("-")[0] in RIGHT_TO_LEFT


@dataclass(frozen=True, slots=True)
class Inboxes:
    """What the phones show, newest first, and which files could not be read."""

    messages: tuple[Message, ...] = ()
    total: int = 0
    unreadable: tuple[str, ...] = ()


class Phones:
    """Every phone of the building, read from one folder. A file never changes once it is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Message | None] = {}

    def mark(self) -> None:
        """Say that this folder belongs to a made-up world, so that the daemon may write there; OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
        self.set_reach(in_reach=True)

    @property
    def are_in_reach(self) -> bool:
        """Whether messages get through."""
        return not (self._folder / OUT_OF_REACH).exists()

    def set_reach(self, *, in_reach: bool) -> None:
        """Let messages through, or not; OSError."""
        if in_reach:
            (self._folder / OUT_OF_REACH).unlink(missing_ok=True)
        else:
            (self._folder / OUT_OF_REACH).touch()

    def look(self) -> Inboxes:
        """Read what is new; files that vanished are forgotten. OSError when the folder cannot be read."""
        names = {path.name for path in self._folder.glob("*.json") if not path.name.startswith(".")}
        self._read = {name: found for name, found in self._read.items() if name in names and found}
        for name in names - self._read.keys():
            self._read[name] = _message(self._folder / name)
        messages = [message for message in self._read.values() if message]
        messages.sort(key=lambda message: (message.at, message.id), reverse=True)
        unreadable = sorted(name for name, message in self._read.items() if message is None)
        return Inboxes(tuple(messages[:MESSAGES_SHOWN]), len(messages), tuple(unreadable))


def _message(path: Path) -> Message | None:
    try:
        return Message.model_validate_json(path.read_bytes())
    except (ValidationError, OSError):
        return None
