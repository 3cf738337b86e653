"""The product under measurement: the daemon as it ships, over a folder with a past, driven at its page."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.bench import Bench, LineBroken
from tests.benchmarks.instruments.boards import Unlocked
from tests.benchmarks.instruments.http import Wire
from tests.benchmarks.product.building import settings_text
from tests.benchmarks.product.folder import CODES, SETTINGS, folder_with_past
from tests.benchmarks.sides import (
    BOARDS,
    DOORS_A_BOARD,
    FAST_BAUD,
    Launch,
    Side,
    Started,
    free_address,
    fresh_copy,
    started,
)

LOOK_EVERY_S = 0.03
PATIENCE_S = 12.0
SIMULATION_MARK = "SIMULATION"
QUIET_S = 2.7
"""After its port was opened the kiosk sends no pulse for the longest pulse and a coil's rest."""
_TOKEN = re.compile(rb'name="token" value="([^"]+)"')
_KIND = re.compile(rb'data-kind="([a-z_]+)"')


async def product_launch(
    bench: Bench, events: int, *, boards: int = BOARDS, doors: int = DOORS_A_BOARD, baud: int = FAST_BAUD
) -> Launch:
    """The daemon over a fresh copy of its folder."""
    made = await folder_with_past(bench, events, boards=boards, doors=doors)
    folder = fresh_copy(made, bench.folder / "work" / f"product-{boards}x{doors}-{events}-{baud}")
    link, address = folder / "port", free_address()
    text = settings_text(link=link.absolute(), boards=boards, doors=doors, baud=baud, address=address)
    (folder / SETTINGS).write_text(text)
    (folder / "phones").mkdir()
    (folder / "phones" / SIMULATION_MARK).touch()
    arguments = ["kiosk", "--config", str(folder / SETTINGS), "--base", str(folder), "--listen", address]
    return Launch("the kiosk", arguments, link, address)


def folder_of(launch: Launch) -> Path:
    """The folder that a launch works in."""
    return launch.link.parent


class LostAtScreen(LineBroken):
    """The screen did not show what a person would have seen there."""


@dataclass(slots=True)
class Screen:
    """The touchscreen as a person uses it: look, touch, look again."""

    wire: Wire
    kind: str = ""
    _token: str = field(default="", repr=False)

    async def look(self) -> str:
        """The kind of the page that is shown now."""
        reply = await self.wire.get("/screen")
        token, kind = _TOKEN.search(reply.body), _KIND.search(reply.body)
        if token is None or kind is None:
            raise LostAtScreen(f"GET /screen: {reply.status}, no page of the kiosk")
        self._token, self.kind = token[1].decode(), kind[1].decode()
        return self.kind

    async def until(self, *kinds: str) -> None:
        """Look until one of these pages is shown."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE_S
        while await self.look() not in kinds:
            if loop.time() > end:
                raise LostAtScreen(f"page {self.kind} for {PATIENCE_S:.0f} s, expected {' or '.join(kinds)}")
            await asyncio.sleep(LOOK_EVERY_S)

    def request(self, action: str, value: str = "") -> bytes:
        """The post of a touch on the page as last looked at."""
        return self.wire.form("/act", {"token": self._token, "action": action, "value": value})

    async def touch(self, action: str, value: str = "", *, then: str) -> None:
        """Touch, and wait for the page that follows."""
        self.wire.send(self.request(action, value))
        reply = await self.wire.reply()
        if reply.status != 303:
            raise LostAtScreen(f"{action} on page {self.kind}: {reply.status} {reply.body[:200]!r}")
        await self.until(then)


class ProductSide:
    """Codes keyed in at the kiosk; each parcel stays inside, so that its code lives on."""

    def __init__(self, program: Started, codes: list[str]) -> None:
        self.boards = program.boards
        self._address = program.address
        self._codes = codes
        self._screen: Screen | None = None

    @property
    def screen(self) -> Screen:
        """The page of the person who stands there."""
        if self._screen is None:
            raise LostAtScreen("nobody has approached")
        return self._screen

    async def approach(self, parcel: int) -> bytes:
        """From the home page to the last digit."""
        self._screen = Screen(await Wire.open(self._address))
        await self.screen.until("home")
        await self.screen.touch("pick_up", then="code")
        return self.screen.request("code", self._codes[parcel % len(self._codes)])

    def send(self, request: bytes) -> None:
        """The last digit."""
        self.screen.wire.send(request)

    async def leave(self, unlocked: Unlocked) -> None:
        """Look inside, close the door, leave the parcel for later."""
        await self.screen.wire.reply()
        self.boards.pull_open(unlocked.address, unlocked.lock)
        await self.screen.until("take_out")
        self.boards.push_shut(unlocked.address, unlocked.lock)
        await self.screen.until("got_everything")
        await self.screen.touch("still_inside", then="pickup_done")
        await self.screen.touch("finish", then="home")
        await self.screen.wire.close()


@asynccontextmanager
async def product_side(launch: Launch, *, baud: int | None = None) -> AsyncIterator[Side]:
    """The kiosk, ready and allowed to send pulses."""
    codes: list[str] = json.loads((folder_of(launch) / CODES).read_text())
    async with started(launch, baud=baud) as program:
        await asyncio.sleep(QUIET_S)
        yield ProductSide(program, codes)
