"""Asks the running daemon over its local socket: HTTP with JSON, nothing but the standard library."""

import http.client
import json
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from kiosk.cli.failure import CommandFailed
from kiosk.service.exits import Exit
from kiosk.service.sockets import connect_local

TIMEOUT_S = 10.0
ORDER_TIMEOUT_S = 60.0
"""A long list of residents on a slow card takes its time."""


class NobodyListens(Exception):
    """No daemon answers at the local socket."""


class _LocalConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path
        self._timeout_s = timeout_s

    def connect(self) -> None:
        """Connect to the path instead of to a host."""
        self.sock: socket.socket = connect_local(self._path, self._timeout_s)


class LocalClient:
    """The daemon of one data folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, target: str, **query: object) -> object:
        """The JSON answer to one question; NobodyListens when there is no daemon."""
        status, found = self._exchange("GET", target, f"{target}?{urlencode(query)}" if query else target)
        if status != http.client.OK:
            raise CommandFailed(Exit.FAILED, f"the daemon answered {status} to {target}, expected 200")
        return found

    def post(self, target: str, fields: Mapping[str, object]) -> tuple[int, object]:
        """Status and JSON answer to one order; NobodyListens when there is no daemon."""
        return self._exchange("POST", target, target, json.dumps(fields, ensure_ascii=False).encode())

    def _exchange(
        self, method: str, target: str, address: str, body: bytes | None = None
    ) -> tuple[int, object]:
        connection = _LocalConnection(self._path, TIMEOUT_S if body is None else ORDER_TIMEOUT_S)
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            return answer.status, _read(target, answer)
        except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError) as error:
            raise NobodyListens(str(self._path)) from error
        except PermissionError as error:
            raise CommandFailed(
                Exit.IO, f"{self._path}: not allowed to ask the daemon; run this as its user or its group"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise CommandFailed(
                Exit.IO, f"{self._path}: the daemon did not answer {target} ({error}); try again"
            ) from error
        finally:
            connection.close()


def _read(target: str, answer: http.client.HTTPResponse) -> object:
    body = answer.read()
    try:
        found: object = json.loads(body)
    except ValueError as error:
        raise CommandFailed(
            Exit.FAILED, f"the daemon answered {answer.status} {answer.reason} to {target}, expected 200"
        ) from error
    return found
