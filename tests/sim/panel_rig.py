"""The panel of a made-up world on a real socket, in the test's own loop, and a plain client for it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from config.load import load
from config.settings import Settings
from sim.cabinet import cabinet_of
from sim.live.changes import Changes
from sim.live.daemon_pipe import DaemonPipe
from sim.live.live_world import LiveWorld
from sim.live.surroundings import Surroundings
from sim.live.watch import Watch
from sim.live.wires import Wires
from sim.phones import Phones
from sim.server.app import Panel
from sim.server.parts import PanelParts
from sim.server.serving import listen, serving
from sim.truth import Truth
from sim.world_file import WorldFile

ROOT = Path(__file__).parents[2]
PAUSE_S = 0.01
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def sample_settings(base: Path) -> Settings:
    """The settings of the simulation, with everything below `base`."""
    return load(ROOT / "config" / "sim.toml", base)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the panel answered."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> dict[str, object]:
        """The body as an object."""
        found: dict[str, object] = json.loads(self.body)
        return found


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks HTTP to the panel, with whatever headers a test wants to send."""

    address: str
    own: Mapping[str, str] = field(default_factory=dict)

    async def send(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> Answer:
        """One request on a connection of its own."""
        sent = {"host": self.address, "connection": "close", **self.own, **(headers or {})}
        if body:
            sent["content-length"] = str(len(body.encode()))
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        host, _, port = self.address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write("\r\n".join([*lines, "", body]).encode())
            raw = await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()
        return _answer(raw)

    async def order(self, verb: str, **rest: object) -> Answer:
        """An order as a program gives it."""
        return await self.send("POST", "/world", {"content-type": JSON}, json.dumps({"verb": verb, **rest}))

    async def press(self, order: Mapping[str, object], **fields: str) -> Answer:
        """An order as a button of the page gives it, with the page's own token and origin."""
        form = {"token": await self.token(), "order": json.dumps(order), **fields}
        return await self.send("POST", "/world", self.page_headers, urlencode(form))

    @property
    def page_headers(self) -> dict[str, str]:
        """What a browser sends with a form of the panel's own page."""
        return {
            "content-type": FORM,
            "origin": f"http://{self.address}",
            "sec-fetch-site": "same-origin",
        }

    async def token(self) -> str:
        """The token in the page."""
        found = re.search(r'name="token" value="([^"]+)"', (await self.send("GET", "/")).body)
        assert found is not None
        return found[1]

    async def world(self) -> dict[str, object]:
        """The world as programs see it."""
        return (await self.send("GET", "/world")).json


def _answer(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answer(int(first.split(" ")[1]), headers, body.decode())


@dataclass(frozen=True, slots=True)
class Rig:
    """One made-up world with its panel up."""

    parts: PanelParts
    client: Client
    settings: Settings


@asynccontextmanager
async def panel(
    base: Path,
    port: int,
    settings: Settings | None = None,
    *,
    servers: Mapping[str, tuple[str, int]] | None = None,
) -> AsyncIterator[Rig]:
    """The panel over the sample cabinet, with its ports, its file and its phones."""
    settings = settings or sample_settings(base)
    live = LiveWorld(cabinet_of(settings), WorldFile(base / "sim" / "world.json"), Truth(), Changes())
    phones = Phones(settings.file_channel.folder) if settings.file_channel else None
    around = Surroundings(settings, phones, servers or {}, live.changes.tell)
    address = f"127.0.0.1:{port}"
    parts = PanelParts(
        live=live,
        wires=Wires(settings, live),
        watch=Watch(settings.kiosk.data_folder / "run" / "kiosk.sock", phones, live.changes),
        daemon=DaemonPipe(None, live.changes.tell),
        around=around,
        building=settings.kiosk.name,
        address=address,
        touchscreen=settings.kiosk.listen,
    )
    app = Panel(parts)
    with parts.wires.plugged():
        async with around.running(), asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(live.keep()), tasks.create_task(parts.watch.run())]
            with listen("127.0.0.1", port) as listener:
                async with serving(app.app, listener, app.end_streams):
                    yield Rig(parts, Client(address), settings)
            await live.saved()
            for task in running:
                task.cancel()
    live.stop()


async def until(condition: Callable[[], object], within_s: float = 10.0) -> None:
    """Wait, through the loop, for something that happens elsewhere; a missed deadline fails the test."""
    for _ in range(int(within_s / PAUSE_S)):
        if condition():
            return
        await asyncio.sleep(PAUSE_S)
    raise AssertionError(f"not within {within_s:g} s")
