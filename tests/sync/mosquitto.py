"""A real Mosquitto on a free port, with its files in the test's folder, and a proxy that can fall silent."""

import asyncio
import contextlib
import shutil
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from config.broker_settings import BrokerSettings
from tests.app.processes import until

PROGRAM = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
ACL = "topic readwrite #\ntopic deny kiosk/forbidden/#\n"


@dataclass
class Mosquitto:
    """One broker; started and ended as often as a test likes, with what it keeps on disk."""

    folder: Path
    port: int
    lines: list[str] = field(default_factory=list)
    """More of its settings file."""
    acl: str = ACL
    _popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        acl = self.folder / "acl"
        acl.write_text(self.acl)
        acl.chmod(0o600)
        lines = [
            "user root",
            f"listener {self.port} 127.0.0.1",
            f"acl_file {acl}",
            "persistence true",
            f"persistence_location {self.folder}/",
            "autosave_interval 0",
            "max_queued_messages 0",
            *(self.lines or ["allow_anonymous true"]),
        ]
        config = self.folder / "mosquitto.conf"
        config.write_text("\n".join(lines) + "\n")
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._popen = subprocess.Popen([PROGRAM, "-c", str(config)], stdout=log, stderr=log)
        until(self._listens, "Mosquitto listens")

    def _listens(self) -> bool:
        assert self._popen is not None
        assert self._popen.poll() is None, self.said
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    @property
    def said(self) -> str:
        """Its log."""
        return (self.folder / "mosquitto.log").read_text()

    def send(self, number: signal.Signals) -> None:
        """A signal, without waiting for what comes of it."""
        assert self._popen is not None
        self._popen.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it in order, or at once."""
        popen, self._popen = self._popen, None
        if popen is not None:
            popen.send_signal(number)
            popen.wait(10)

    def forget(self) -> None:
        """A broker that was ended loses every session and everything retained."""
        (self.folder / "mosquitto.db").unlink(missing_ok=True)

    def change_rights(self, acl: str) -> None:
        """Other rights from now on."""
        self.acl = acl
        (self.folder / "acl").write_text(acl)
        self.send(signal.SIGHUP)

    def settings(self, **more: object) -> BrokerSettings:
        """What a kiosk's settings say of it."""
        plain = {"host": "127.0.0.1", "port": self.port, "tls": False, "keepalive_s": 5}
        return BrokerSettings.model_validate(plain | more)


@contextlib.contextmanager
def mosquitto(
    folder: Path, port: int, *, lines: list[str] | None = None, acl: str = ACL
) -> Iterator[Mosquitto]:
    """A running broker that is gone afterwards."""
    broker = Mosquitto(folder, port, lines or [], acl)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop(signal.SIGKILL)


class Proxy:
    """A line to the broker through which bytes go, or no longer go although it stands."""

    def __init__(self, port: int, broker_port: int) -> None:
        self.port = port
        self._broker_port = broker_port
        self._flows, self._flows_up = asyncio.Event(), asyncio.Event()
        self.flow()
        self.connections = 0

    def fall_silent(self) -> None:
        """From now on nothing comes through, in either direction; no connection is closed."""
        self._flows.clear()

    def hold_back(self) -> None:
        """What comes from the kiosk no longer goes through; what goes to it does."""
        self._flows_up.clear()

    def flow(self) -> None:
        """Bytes go through again."""
        self._flows.set()
        self._flows_up.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Proxy"]:
        """Until the context is left."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        try:
            yield self
        finally:
            server.close()
            self.flow()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self._broker_port)
        except OSError:
            writer.close()
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._pump(reader, onward_writer, self._flows_up))
            tasks.create_task(self._pump(onward_reader, writer, self._flows))

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flows: asyncio.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65536):
                await self._flows.wait()
                await flows.wait()
                writer.write(chunk)
                await writer.drain()
        writer.close()
