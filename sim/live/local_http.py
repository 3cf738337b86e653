"""Asks the daemon over its local socket, on the loop: one GET, one JSON answer."""

import asyncio
import json
import os
import socket
from contextlib import ExitStack
from pathlib import Path

PATIENCE_S = 2.0
LARGEST_ANSWER = 4 * 1024 * 1024


class NoAnswer(Exception):
    """The daemon gave no answer that can be used; the message says why."""


async def get_json(path: Path, target: str) -> object:
    """The JSON answer of whoever listens at `path`; NoAnswer."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            raw = await _exchange(path, target)
    except TimeoutError as error:
        raise NoAnswer(f"no answer within {PATIENCE_S:g} s") from error
    except FileNotFoundError as error:
        raise NoAnswer("not running") from error
    except ConnectionRefusedError as error:
        raise NoAnswer("not running, it left its socket behind") from error
    except OSError as error:
        raise NoAnswer(os.strerror(error.errno) if error.errno else str(error)) from error
    return _body(raw, target)


async def _exchange(path: Path, target: str) -> bytes:
    connection = await _connect(path)
    reader, writer = await asyncio.open_unix_connection(sock=connection)
    try:
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        raw = bytearray()
        while len(raw) <= LARGEST_ANSWER and (chunk := await reader.read(65536)):
            raw += chunk
        return bytes(raw)
    finally:
        writer.close()


async def _connect(path: Path) -> socket.socket:
    # A socket's path holds 107 bytes; by way of the folder's descriptor any depth fits.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    with ExitStack() as stack:
        stack.callback(os.close, folder)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        unless_connected = stack.enter_context(ExitStack())
        unless_connected.callback(connection.close)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, f"/proc/self/fd/{folder}/{path.name}")
        unless_connected.pop_all()
    return connection


def _body(raw: bytes, target: str) -> object:
    head, _, body = raw.partition(b"\r\n\r\n")
    status = head.split(b"\r\n", 1)[0].split(b" ", 2)
    if len(status) < 2 or status[1] != b"200":
        raise NoAnswer(f"it answered {head[:60].decode('latin-1')!r} to {target}, expected 200")
    try:
        found: object = json.loads(body)
    except ValueError as error:
        raise NoAnswer(f"its answer to {target} is no JSON: {error}") from error
    return found
