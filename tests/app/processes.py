"""Real processes for tests: the daemon alone, and the whole simulation, each on its own folder and ports."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from kiosk.cli.local_client import LocalClient

READY_S = 30.0
ENDED_S = 15.0
KIOSK = (sys.executable, "-P", "-c", "import sys; from kiosk.cli import main; sys.exit(main())")


def until(condition: Callable[[], object], what: str, within_s: float = 20.0) -> None:
    """Wait for something that another process does; fail when it takes too long."""
    pause = threading.Event()
    for _ in range(int(within_s / 0.02)):
        if condition():
            return
        pause.wait(0.02)
    raise AssertionError(f"not within {within_s:g} s: {what}")


@dataclass(slots=True)
class Process:
    """One running program with its error stream in a file."""

    popen: subprocess.Popen[str]
    errors: Path

    @property
    def said(self) -> str:
        """What it wrote to the error stream so far."""
        return self.errors.read_text(encoding="utf-8")

    def stop(self, number: signal.Signals = signal.SIGTERM, within_s: float = ENDED_S) -> int:
        """Send a signal and wait for the end."""
        self.popen.send_signal(number)
        return self.popen.wait(within_s)


@contextlib.contextmanager
def started(
    command: list[str], errors: Path, *, environment: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """A process that is gone afterwards, whatever happens."""
    with errors.open("w", encoding="utf-8") as stream:
        popen = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            env={**os.environ, **(environment or {})},
        )
    with popen:
        try:
            yield Process(popen, errors)
        finally:
            popen.kill()


@dataclass(slots=True)
class Kiosk:
    """A simulated kiosk's folder and addresses; nothing of it runs yet."""

    base: Path
    config: Path
    page_port: int
    panel_port: int
    ready: socket.socket = field(repr=False)

    @property
    def folder(self) -> Path:
        """The daemon's data folder."""
        return self.base / "kiosk"

    @property
    def listen(self) -> str:
        """Where the touchscreen page is."""
        return f"127.0.0.1:{self.page_port}"

    @property
    def panel(self) -> str:
        """Where the technician's panel is."""
        return f"127.0.0.1:{self.panel_port}"

    @property
    def place(self) -> list[str]:
        """The options that name this kiosk."""
        return ["--config", str(self.config), "--base", str(self.base)]

    def daemon_command(self, *more: str) -> list[str]:
        """The bare daemon."""
        return [sys.executable, "-P", "-m", "kiosk", *self.place, "--listen", self.listen, *more]

    @contextlib.contextmanager
    def daemon(self) -> Iterator[Process]:
        """The daemon, started and ready."""
        with self.starting() as process:
            self.wait_ready(process)
            yield process

    def starting(self) -> contextlib.AbstractContextManager[Process]:
        """The daemon, started."""
        name = "@" + self.ready.getsockname()[1:].decode()
        errors = self.base / "errors.txt"
        return started(self.daemon_command(), errors, environment={"NOTIFY_SOCKET": name})

    def wait_ready(self, process: Process) -> None:
        """Wait for the notice that a service manager gets; fail at once when the process has ended."""
        self.ready.settimeout(0.5)
        for _ in range(int(READY_S / 0.5)):
            with contextlib.suppress(TimeoutError):
                if b"READY=1" in self.ready.recv(4096):
                    return
            assert process.popen.poll() is None, process.said
        raise AssertionError(f"not ready within {READY_S:g} s: {process.said}")

    def run_daemon(self, *more: str) -> subprocess.CompletedProcess[str]:
        """The daemon, where it is expected to end by itself."""
        return run(self.daemon_command(*more))

    def kiosk(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A `kiosk` command about this kiosk."""
        return run([*KIOSK, *arguments, *self.place])

    def ask(self, target: str) -> object:
        """A question to the running daemon."""
        return LocalClient(self.folder / "run" / "kiosk.sock").get(target)

    def simulation_elsewhere(self) -> contextlib.AbstractContextManager[Process]:
        """`kiosk sim` on the same folder with a page of its own, where it is expected to end by itself."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            listen = f"127.0.0.1:{probe.getsockname()[1]}"
        command = [*KIOSK, "sim", *self.place, "--listen", listen, "--panel", self.panel]
        return started(command, self.base / "second.txt")

    def simulation_command(self) -> list[str]:
        """`kiosk sim` on this kiosk."""
        return [*KIOSK, "sim", *self.place, "--listen", self.listen, "--panel", self.panel]

    @contextlib.contextmanager
    def simulation(self) -> Iterator[Process]:
        """`kiosk sim`, started; ended in order if the test has not ended it."""
        with started(self.simulation_command(), self.base / "errors.txt") as process:
            try:
                yield process
            finally:
                if process.popen.poll() is None:
                    process.stop(signal.SIGINT)


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """A program to its end."""
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=READY_S, stdin=subprocess.DEVNULL
    )


def welcome(process: Process) -> str:
    """What `kiosk sim` prints once everything is up."""
    assert process.popen.stdout is not None
    lines: list[str] = []
    for line in process.popen.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            return "".join(lines)
    raise AssertionError(f"it ended with {process.popen.wait()} before it was ready: {process.said}")


def sample_code(block: str, who: str) -> str:
    """The sample code of somebody in the block."""
    found = re.search(rf"SAMPLE +{re.escape(who)} +(\d+)", block)
    assert found is not None, block
    return found[1]


def processes_on(folder: Path) -> list[int]:
    """Every process that was started with a folder on its command line."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if entry.name.isdigit() and str(folder).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return sorted(found)


class Page:
    """The touchscreen without a browser: reads the page, posts what its buttons post."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}

    def look(self) -> str:
        """The page as it is now."""
        return self._request("GET", "/")

    @property
    def kind(self) -> str:
        """Which screen it is."""
        return self._find(r'data-kind="([a-z_]+)"')

    def act(self, action: str, value: str = "", **more: str) -> str:
        """Touch something, with what was typed; the kind of the page that follows."""
        token = self._find(r'name="token" value="([^"]+)"')
        form = {"token": token, "action": action, "value": value, **more}
        self._request("POST", "/act", urlencode(form))
        return self.kind

    @contextlib.contextmanager
    def stream(self) -> Iterator[HTTPResponse]:
        """The stream of notices that an open page follows."""
        connection = HTTPConnection(f"127.0.0.1:{self._port}", timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", "/live")
            yield connection.getresponse()

    def _find(self, pattern: str) -> str:
        page = self.look()
        found = re.search(pattern, page)
        assert found is not None, page
        return found[1]

    def _request(self, method: str, target: str, body: str | None = None) -> str:
        address = f"127.0.0.1:{self._port}"
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{address}",
                "Sec-Fetch-Site": "same-origin",
            }
        connection = HTTPConnection(address, timeout=10)
        with contextlib.closing(connection):
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self._cookies[name] = value
            text = answer.read().decode()
        assert answer.status in (200, 303), f"{answer.status} {text}"
        return text


class World:
    """The made-up world through its panel's own interface for programs."""

    def __init__(self, port: int) -> None:
        self._port = port

    def see(self) -> dict[str, object]:
        """Everything there is to see."""
        return self._request("GET", None)

    def doors(self) -> list[dict[str, object]]:
        """Every door as it really is."""
        doors = self.see()["doors"]
        assert isinstance(doors, list)
        return doors

    def do(self, verb: str, **rest: object) -> None:
        """An order to the world."""
        self._request("POST", json.dumps({"verb": verb, **rest}))

    def open_door(self) -> str:
        """The one door that stands open, waited for."""
        found: list[str] = []

        def is_open() -> bool:
            found[:] = [str(door["id"]) for door in self.doors() if door["position"] != "closed"]
            return bool(found)

        until(is_open, "a door springs open")
        assert len(found) == 1
        return found[0]

    def pass_by(self, milliseconds: int) -> None:
        """Let the world's own time pass."""
        end = self._now_ms() + milliseconds
        until(lambda: self._now_ms() >= end, "time passes in the world")

    def _now_ms(self) -> int:
        now_ms = self.see()["now_ms"]
        assert isinstance(now_ms, int)
        return now_ms

    def _request(self, method: str, body: str | None) -> dict[str, object]:
        address = f"127.0.0.1:{self._port}"
        connection = HTTPConnection(address, timeout=10)
        with contextlib.closing(connection):
            headers = {"Content-Type": "application/json", "Origin": f"http://{address}"} if body else {}
            connection.request(method, "/world", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        assert answer.status == 200, text
        found: dict[str, object] = json.loads(text)
        return found
