"""A kiosk that can be killed: a made-up world that goes on, daemons that come and go, and what is where."""

import contextlib
import json
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from kiosk.cli.places import simulation_config
from tests.app.processes import Kiosk, Page, Process, World, started, until

UNIT, SIZE, CARRIER = "412", "M", "halvorn"
_CODE = re.compile(r"\b(\d{4}) (\d{4})\b")

Row = dict[str, object]


class Scene:
    """One kiosk with its world running; the daemon is the test's to start."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk
        self.world = World(kiosk.panel_port)

    def page(self) -> Page:
        """The screen, met by a browser that was not there before."""
        return Page(self.kiosk.page_port)

    @contextlib.contextmanager
    def daemon(self) -> Iterator[Process]:
        """The daemon as it ships, with every bank up."""
        with self.kiosk.daemon() as process:
            until(self._is_up, "every bank answers")
            yield process

    @contextlib.contextmanager
    def mortal_daemon(self, kill_at: int) -> Iterator[Process]:
        """The daemon that dies at one point, with every bank up."""
        kiosk = self.kiosk
        name = "@" + kiosk.ready.getsockname()[1:].decode()
        command = [
            *(sys.executable, "-m", "tests.kill.daemon", *kiosk.place, "--listen", kiosk.listen),
            *("--kill-at", str(kill_at), "--points", str(self.points_file)),
        ]
        with started(command, kiosk.base / "mortal.txt", environment={"NOTIFY_SOCKET": name}) as process:
            kiosk.wait_ready(process)
            until(self._is_up, "every bank answers")
            yield process

    def _is_up(self) -> bool:
        status = cast("dict[str, dict[str, str]]", self.kiosk.ask("/status"))
        return set(status["banks"].values()) == {"up"}

    @property
    def points_file(self) -> Path:
        """Where the mortal daemon names the points that it passed."""
        return self.kiosk.base / "points.txt"

    @property
    def points(self) -> list[str]:
        """The points passed so far."""
        return self.points_file.read_text("utf-8").splitlines() if self.points_file.exists() else []

    # ------------------------------------------------------------ what the daemon says
    def rows(self, target: str) -> list[Row]:
        """An answer of the daemon's local interface."""
        return cast("list[Row]", self.kiosk.ask(target))

    @property
    def seq(self) -> int:
        """The number of the newest event."""
        return cast("dict[str, int]", self.kiosk.ask("/status"))["seq"]

    def events(self, kind: str, after: int = 0) -> list[Row]:
        """Events of one kind after a number."""
        return [row for row in self.rows(f"/events?after={after}&limit=500") if row["type"] == kind]

    def place(self, door: str) -> Row:
        """What the daemon believes of one compartment."""
        return next(row for row in self.rows("/doors") if row["compartment"] == door)

    # ------------------------------------------------------------ what is
    def parcel_doors(self) -> list[str]:
        """The doors behind which a parcel lies."""
        return [str(door["id"]) for door in self.world.doors() if door["parcels"]]

    def open_doors(self) -> list[Row]:
        """The doors that stand open."""
        return [door for door in self.world.doors() if door["position"] != "closed"]

    def pulsed(self, after: int = 0) -> list[str]:
        """The doors whose coils were energised, in order."""
        return [str(pulse["door"]) for pulse in self._pulses() if cast("int", pulse["number"]) > after]

    def last_pulse(self) -> int:
        """The number of the newest pulse, once the world has read all that is on its wires.

        It answers between two looks at its ports, so what was sent before the first question is in the
        answer to the second.
        """
        self.world.see()
        return max((cast("int", pulse["number"]) for pulse in self._pulses()), default=0)

    def _pulses(self) -> list[Row]:
        return cast("list[Row]", self.world.see()["pulses"])

    def codes(self) -> list[tuple[str, str]]:
        """Every pickup code that reached a phone, one for each message: whose phone, which code."""
        paths = (self.kiosk.base / "sim" / "phones").glob("*.json")
        messages = [json.loads(path.read_text("utf-8")) for path in paths]
        return [(one["to"], found[1] + found[2]) for one in messages if (found := _CODE.search(one["text"]))]


@dataclass(frozen=True, slots=True)
class Folder:
    """A base folder that every scene of one kind starts from."""

    base: Path

    @contextlib.contextmanager
    def scene(self, base: Path) -> Iterator[Scene]:
        """A scene on a copy of it."""
        shutil.copytree(self.base, base, symlinks=True, ignore=shutil.ignore_patterns("run", "*.lock"))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind("")
            kiosk = Kiosk(base, base / "settings.toml", *two_ports(), ready)
            command = [sys.executable, "-P", "-m", "sim", "serve", *kiosk.place, "--listen", kiosk.panel]
            with started(command, base / "world.txt") as world:
                assert world.popen.stdout is not None
                assert world.popen.stdout.readline().startswith("world ready"), world.said
                yield Scene(kiosk)
                world.stop()


def two_ports() -> tuple[int, int]:
    """Two free TCP ports."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def quick_settings() -> str:
    """The simulation's settings with a supply that hardly rests: a start is quiet for half a second."""
    text = simulation_config().read_text("utf-8")
    quick = text.replace("rest_ms = 2000", "rest_ms = 50").replace("gap_ms = 200", "gap_ms = 0")
    assert quick.count("rest_ms = 50") == quick.count("gap_ms = 0") == 1
    return quick
