"""The data folder of one kiosk: what is where in it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Everything durable, and the local socket. One process at a time works on it."""

    root: Path

    @property
    def lock(self) -> Path:
        """Held by whoever works on the folder."""
        return self.root / "kiosk.lock"

    @property
    def database(self) -> Path:
        """The database; its companions lie beside it."""
        return self.root / "kiosk.db"

    @property
    def keys(self) -> Path:
        """The folder of the keys, for the daemon's user only."""
        return self.root / "keys"

    @property
    def socket(self) -> Path:
        """Where the running daemon answers."""
        return self.root / "run" / "kiosk.sock"
