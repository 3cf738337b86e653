"""Files that hold secrets: written once, for the owner only, and refused when others could read them."""

import os
import stat
from pathlib import Path


class SecretExposed(Exception):
    """A secret file can be read by others."""


def write_secret(path: Path, content: bytes) -> None:
    """Write a new secret file with mode 0600, on disk before it returns; FileExistsError if it is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_secret(path: Path) -> bytes:
    """Read a secret file; SecretExposed when group or others have any right to it."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise SecretExposed(f"{path}: mode is {mode:04o}, expected 0600; run: chmod 600 {path}")
    return path.read_bytes()
