"""Sockets to listen on and to connect to: an address of this machine, or a path in the data folder."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

BACKLOG = 128


class AddressTaken(Exception):
    """Nothing can listen at an address: another program does, or the machine does not have it."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"{host}:{port}: {why.lower()}")
        self.port = port


def listen_tcp(host: str, port: int) -> socket.socket:
    """A listening socket at an address; AddressTaken says which and why not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP so that asyncio sends at once: head and body are two writes, and the second would wait.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise AddressTaken(host, port, os.strerror(error.errno or 0)) from error
    listener.setblocking(False)
    return listener


def listen_local(path: Path) -> socket.socket:
    """A listening socket at a path, for owner and group; only for whoever holds the instance lock."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short(path) as address:
            listener.bind(address)
        path.chmod(0o660)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def connect_local(path: Path, timeout_s: float) -> socket.socket:
    """Connect to a local socket; FileNotFoundError or ConnectionRefusedError when nobody listens."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_s)
        with _short(path) as address:
            connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name for the path that fits into the kernel's 107 bytes, however deep the folder is."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
