"""Residents, carriers and staff by command: the same with the daemon and without, and nothing said twice."""

import contextlib
import io
import json
import re
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.cli import commands
from tests.app.processes import Kiosk, Page, Process

LIST = "unit,name,contact\n412,Ana Prado,ana@example.org\n412,Ben Odell,\n101,Cy Young,+44 20 7946 0000\n"
SHORT = "unit,name\n412,Ana Prado\n412,Ben Odell\n"


@contextlib.contextmanager
def with_daemon(kiosk: Kiosk) -> Iterator[Process | None]:
    with kiosk.daemon() as daemon:
        yield daemon
        assert daemon.stop() == 0


@contextlib.contextmanager
def without(kiosk: Kiosk) -> Iterator[Process | None]:
    """A kiosk that was started once and does not run now."""
    with kiosk.daemon() as daemon:
        assert daemon.stop() == 0
    yield None


@dataclass(frozen=True, slots=True)
class Told:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


class Here:
    """Commands about a kiosk in this process, which saves each the start of another one."""

    def __init__(self, kiosk: Kiosk, capture: pytest.CaptureFixture[str]) -> None:
        self._place = kiosk.place
        self._capture = capture

    def kiosk(self, *arguments: str) -> Told:
        """A `kiosk` command to its end."""
        self._capture.readouterr()
        code = commands.run([*arguments, *self._place])
        return Told(code, *self._capture.readouterr())


@pytest.fixture
def here(simulated: Kiosk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return Here(simulated, capsys)


Asking = Kiosk | Here
Ways = Callable[[Kiosk], contextlib.AbstractContextManager[Process | None]]
BOTH = pytest.mark.parametrize("ways", [with_daemon, without])


def listed(kiosk: Kiosk, text: str) -> str:
    path = kiosk.base / "list.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def answer(kiosk: Asking, *command: str) -> object:
    done = kiosk.kiosk(*command, "--json")
    assert done.returncode == 0, done.stderr
    found: object = json.loads(done.stdout)
    return found


def fields(kiosk: Asking, *command: str) -> dict[str, object]:
    found = answer(kiosk, *command)
    assert isinstance(found, dict)
    return found


def rows(kiosk: Asking, *command: str) -> list[dict[str, object]]:
    found = answer(kiosk, *command)
    assert isinstance(found, list)
    return found


def tables(kiosk: Kiosk, *names: str) -> str:
    """Everything that stands in some tables, as text."""
    with closing(sqlite3.connect(kiosk.folder / "kiosk.db")) as connection:
        return str([connection.execute(f"SELECT * FROM {name}").fetchall() for name in names])  # noqa: S608


def every_byte(kiosk: Kiosk) -> bytes:
    return b"".join(path.read_bytes() for path in kiosk.folder.glob("kiosk.db*"))


@BOTH
def test_a_building_is_set_up_by_command_and_no_secret_is_left_behind(simulated: Kiosk, ways: Ways) -> None:
    with ways(simulated) as daemon:
        done = fields(simulated, "residents", "import", listed(simulated, LIST))
        code = str(fields(simulated, "carriers", "add", "Halvorn Express")["code"])
        pin = str(fields(simulated, "staff", "add", "42", "Night Desk")["pin"])
        shown = rows(simulated, "residents", "list")
        said = daemon.said if daemon else ""
    assert done["units_added"] == ["412", "101"]
    assert [(row["unit"], row["name"]) for row in shown] == [
        ("101", "Cy Young"), ("412", "Ana Prado"), ("412", "Ben Odell"),
    ]  # fmt: skip
    assert re.fullmatch(r"[0-9]{6}", code)
    assert re.fullmatch(r"[0-9]{8}", pin)
    log = tables(simulated, "event", "event_private", "intent", "message") + said
    names = ("Ana Prado", "ana@example.org", "Halvorn", "Night Desk")
    assert not [one for one in (*names, code, pin) if one in log]
    assert not [one for one in (code, pin) if one.encode() in every_byte(simulated)]
    assert log.count("DirectoryChanged") == 3
    with simulated.daemon() as again:
        page = Page(simulated.page_port)
        page.act("deliver")
        assert page.act("carrier_code", code) == "unit"
        page.act("finish")
        page.act("staff")
        assert page.act("staff_pin", pin, account="42") == "staff_list"
        assert again.stop() == 0
    assert simulated.kiosk("audit", "verify").returncode == 0


@BOTH
def test_who_is_gone_moves_out_and_can_be_forgotten(here: Here, simulated: Kiosk, ways: Ways) -> None:
    with ways(simulated):
        here.kiosk("residents", "import", listed(simulated, LIST))
        still_here = here.kiosk("residents", "forget", "101", "Cy Young")
        moved = here.kiosk("residents", "import", listed(simulated, SHORT), "--whole")
        forgotten = here.kiosk("residents", "forget", "101", "cy young")
        left = rows(here, "residents", "list")
    assert (still_here.returncode, still_here.stderr.count("\n")) == (1, 1)
    assert "Cy Young lives in 101" in still_here.stderr
    assert (moved.returncode, moved.stdout) == (0, "done: 1 moved out\n")
    assert forgotten.returncode == 0
    assert {row["unit"] for row in left} == {"412"}
    assert b"Cy Young" not in every_byte(simulated)
    assert here.kiosk("audit", "verify").returncode == 0


def test_many_who_would_move_out_need_yes(here: Here, simulated: Kiosk) -> None:
    with without(simulated):
        here.kiosk("residents", "import", listed(simulated, LIST))
        short = listed(simulated, "unit,name\n412,Ana Prado\n")
        tried = here.kiosk("residents", "import", short, "--whole", "--dry-run")
        refused = here.kiosk("residents", "import", short, "--whole")
        done = here.kiosk("residents", "import", short, "--whole", "--yes")
    assert tried.returncode == 0
    assert tried.stdout.splitlines() == [
        "moves out  101  Cy Young",
        "moves out  412  Ben Odell",
        "nothing was changed yet; it would be: 2 moved out",
        "more than a third would move out: without --dry-run it needs --yes",
    ]
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "2 of 3 residents would move out; if the list is right, say so with --yes\n"
    assert (done.returncode, done.stdout) == (0, "done: 2 moved out\n")


def test_a_wrong_list_is_named_line_by_line_and_changes_nothing(here: Here, simulated: Kiosk) -> None:
    path = listed(simulated, "unit,name,mode\n1,,\n2,Ben,shared\n")
    bad = here.kiosk("residents", "import", path)
    assert bad.returncode == 65
    assert bad.stderr.splitlines() == [
        f"{path}: line 2: name is empty",
        f"{path}: line 3: mode shared, expected household or separate",
        f"{path}: nothing was changed",
    ]
    as_json = here.kiosk("residents", "import", path, "--json")
    assert (as_json.returncode, len(json.loads(as_json.stdout)["problems"])) == (65, 2)
    absent = here.kiosk("residents", "import", f"{path}.not")
    assert (absent.returncode, absent.stderr) == (74, f"{path}.not: no such file or directory\n")


def test_an_export_is_for_its_owner_and_can_be_imported_again(
    here: Here, simulated: Kiosk, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    with without(simulated):
        here.kiosk("residents", "import", listed(simulated, LIST))
        assert here.kiosk("residents", "export", str(out)).returncode == 0
        again = here.kiosk("residents", "import", str(out), "--whole")
        there = here.kiosk("residents", "export", str(out))
        shown = here.kiosk("residents", "export")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert again.stdout == "the list says nothing new\n"
    assert shown.stdout == out.read_text(encoding="utf-8")
    assert (there.returncode, there.stderr) == (74, f"{out}: is there already; choose another name\n")


def test_carriers_and_staff_change_and_go(here: Here, simulated: Kiosk) -> None:
    with with_daemon(simulated):
        first = fields(here, "carriers", "add", "Swift")["code"]
        assert fields(here, "carriers", "code", "swift")["code"] != first
        twice = here.kiosk("carriers", "add", "swift")
        assert (twice.returncode, twice.stderr.count("\n")) == (1, 1)
        table = here.kiosk("carriers", "list").stdout
        assert "Swift" in table
        assert here.kiosk("carriers", "remove", "Swift").returncode == 0
        assert rows(here, "carriers", "list") == []
        assert here.kiosk("staff", "add", "desk", "Jo").returncode == 2
        pin = fields(here, "staff", "add", "7", "Jo")["pin"]
        assert fields(here, "staff", "pin", "7")["pin"] != pin
        assert rows(here, "staff", "list") == [{"account": "7", "name": "Jo", "is_manager": False}]
        assert here.kiosk("staff", "remove", "7").returncode == 0
        nobody = here.kiosk("staff", "list")
        assert nobody.stdout == "No staff is here yet: kiosk staff add ACCOUNT NAME\n"


def test_a_new_kiosk_says_what_it_needs(here: Here, simulated: Kiosk) -> None:
    before = here.kiosk("carriers", "add", "Swift")
    assert (before.returncode, "no kiosk has been started here yet" in before.stderr) == (74, True)
    assert not simulated.folder.exists()
    with simulated.daemon() as daemon:
        assert "LW-K006 nobody can deliver yet; `kiosk residents import FILE.csv`" in daemon.said
        page = Page(simulated.page_port)
        assert page.act("deliver") == "home"
        assert "This kiosk is not set up for deliveries yet. Ask staff." in page.look()
        assert page.act("pick_up") == "code"
        assert daemon.stop() == 0


def test_a_stuck_daemon_is_named_instead_of_written_behind(here: Here, simulated: Kiosk) -> None:
    with simulated.daemon() as daemon:
        (simulated.folder / "run" / "kiosk.sock").unlink()
        asked = here.kiosk("staff", "add", "7", "Jo")
        assert (asked.returncode, str(daemon.popen.pid) in asked.stderr) == (75, True)
        assert daemon.stop() == 0
