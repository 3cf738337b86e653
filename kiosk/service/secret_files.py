"""Files that hold secrets: written once, for the owner only, and refused when others could read them."""

import os
import stat
from pathlib import Path


class SecretExposed(Exception):
    """A secret file can be read by others."""


class SecretDamaged(Exception):
    """A secret file does not hold what it should."""


def write_secret(path: Path, content: bytes) -> None:
    """Write a new secret file with mode 0600, on disk before it returns; FileExistsError if it is there.

    A power cut leaves the whole file or none. One process at a time: callers hold the instance lock.
    """
    if path.exists():
        raise FileExistsError(f"{path} is there already; a secret is never overwritten")
    replace_secret(path, content)


def replace_secret(path: Path, content: bytes) -> None:
    """Write a secret file with mode 0600 in place of any that is there; whole, or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's names on disk: a file just renamed is not safe before."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_password(path: Path) -> str:
    """The text of a secret file without the line end that editors add; SecretExposed, UnicodeDecodeError."""
    return read_secret(path).decode("utf-8").rstrip("\r\n")


def read_secret(path: Path, *, length: int | None = None) -> bytes:
    """Read a secret file; SecretExposed when others have any right to it, SecretDamaged by its length."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise SecretExposed(f"{path}: mode is {mode:04o}, expected 0600; run: chmod 600 {path}")
    content = path.read_bytes()
    if length is not None and len(content) != length:
        raise SecretDamaged(f"{path}: {len(content)} bytes, expected {length}; bring it back from a backup")
    return content
