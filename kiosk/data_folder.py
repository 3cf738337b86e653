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
    def has_keys(self) -> bool:
        """Whether a kiosk was started here before."""
        return self.keys.exists() and any(self.keys.glob("*.key"))

    @property
    def has_database(self) -> bool:
        """Whether there is a database with anything in it, in its own file or in its write-ahead log."""
        log = self.database.with_name(f"{self.database.name}-wal")
        return any(path.exists() and path.stat().st_size for path in (self.database, log))

    @property
    def socket(self) -> Path:
        """Where the running daemon answers."""
        return self.root / "run" / "kiosk.sock"
