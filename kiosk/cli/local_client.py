"""Asks the running daemon over its local socket: HTTP with JSON, nothing but the standard library."""

import http.client
import json
import socket
from pathlib import Path
from urllib.parse import urlencode

from kiosk.cli.failure import CommandFailed
from kiosk.service.exits import Exit
from kiosk.service.sockets import connect_local

TIMEOUT_S = 10.0


class NobodyListens(Exception):
    """No daemon answers at the local socket."""


class _LocalConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        """Connect to the path instead of to a host."""
        self.sock: socket.socket = connect_local(self._path, TIMEOUT_S)


class LocalClient:
    """The daemon of one data folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, target: str, **query: object) -> object:
        """The JSON answer to one question; NobodyListens when there is no daemon."""
        connection = _LocalConnection(self._path)
        try:
            connection.request("GET", f"{target}?{urlencode(query)}" if query else target)
            answer = connection.getresponse()
            return self._read(target, answer)
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

    def _read(self, target: str, answer: http.client.HTTPResponse) -> object:
        body = answer.read()
        if answer.status != http.client.OK:
            raise CommandFailed(
                Exit.FAILED, f"the daemon answered {answer.status} {answer.reason} to {target}, expected 200"
            )
        found: object = json.loads(body)
        return found
