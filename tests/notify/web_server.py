"""A web server on this machine that takes messages as a service behind Apprise would."""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MESSAGE_HEADER = "X-Message"


class WebService:
    """Takes posts of JSON, and answers what it is told to answer. While it is away, nobody listens."""

    def __init__(self) -> None:
        self.answer = 200
        self.taken: list[tuple[str, str, dict[str, Any]]] = []
        """Path, id of the message, and what was posted."""
        self.port = 0
        self._listening = contextlib.ExitStack()

    @contextlib.contextmanager
    def listening(self) -> Iterator["WebService"]:
        """At work on a port of its own."""
        self._come()
        try:
            yield self
        finally:
            self._listening.close()

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens at the port meanwhile."""
        self._listening.close()
        try:
            yield
        finally:
            self._come()

    def _come(self) -> None:
        service = self

        class Asked(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                """Nothing is logged."""

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                if service.answer == 200:
                    found = self.path, self.headers.get(MESSAGE_HEADER, ""), json.loads(content)
                    service.taken.append(found)
                self.send_response(service.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Asked)
        self.port = server.server_address[1]
        thread = threading.Thread(target=lambda: server.serve_forever(0.01))
        thread.start()
        self._listening = contextlib.ExitStack()
        self._listening.callback(thread.join)
        self._listening.callback(server.server_close)
        self._listening.callback(server.shutdown)
