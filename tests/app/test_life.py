"""The life of the kiosk in one process: what starts, ends; and what breaks, ends everything in order."""

import asyncio
import contextlib
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from config.load import load
from config.settings import Settings
from drivers.memory_link import MemoryLink
from hal.errors import HalError, LinkLost, WiringError
from kiosk.app import running
from kiosk.cli.places import simulation_config
from kiosk.cli.seed import seed
from kiosk.data_folder import DataFolder
from kiosk.device_faults import fault_of
from kiosk.domain.inputs import ChooseFlow, Flow, PresentCarrierCode
from kiosk.domain.model.incident import IncidentKind
from kiosk.door_watch import PollCadence
from kiosk.failures import StartNotWritten, foreseen
from kiosk.keys import KeysMissing, end_first_start, open_keys
from kiosk.ports import JournalRefused, OutgoingMessage, Written
from kiosk.reports.views import banks_view
from kiosk.service.clock import Clock
from kiosk.service.instance_lock import AlreadyRunning, InstanceLock
from kiosk.service.systemd_notify import SystemdNotifier
from kiosk.storage import demand_database
from kiosk.store.database import Database, T, Work
from kiosk.store.errors import DatabaseGone
from kiosk.supervise import STEADY_S
from kiosk.wiring import Outside
from tests.domain.rig import digest
from tests.notify.rig import LoopClock, Phone
from tests.store.rig import InlineExecutor

OpenDatabase = Callable[[Path], AbstractAsyncContextManager[Database]]


def database_of(kind: type[Database]) -> OpenDatabase:
    """Opens a database of a kind, without threads."""

    @contextlib.asynccontextmanager
    async def opened(path: Path) -> AsyncIterator[Database]:
        inline = InlineExecutor()
        database = kind(path, writer=inline, reader=inline)
        await database.open()
        try:
            yield database
        finally:
            await database.close()

    return opened


def settings_on(base: Path) -> Settings:
    return load(simulation_config(), base)


def nothing_plugged(port: str, baud: int) -> MemoryLink:
    return MemoryLink(port, None)


def no_channel(settings: Settings, clock: Clock) -> None:
    """Messages wait."""


def outside(supervisor: SystemdNotifier | None = None) -> Outside:
    return Outside(
        links=nothing_plugged,
        clock=LoopClock(),
        cadence=PollCadence(),
        executor=InlineExecutor(),
        open_database=database_of(Database),
        channel=no_channel,
        keys=open_keys,
        serve_web=None,
        supervisor=supervisor or SystemdNotifier(None),
    )


class Heard:
    """A service manager that listens."""

    def __init__(self, watchdog_us: str | None = None) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("")
        self._socket.setblocking(False)
        name: bytes = self._socket.getsockname()
        self.notifier = SystemdNotifier("@" + name[1:].decode(), watchdog_us)

    def close(self) -> None:
        self._socket.close()

    def words(self) -> list[str]:
        found = []
        with contextlib.suppress(BlockingIOError):
            while True:
                found.append(self._socket.recv(4096).decode())
        return found


def others() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def test_every_part_runs_inside_and_none_outside(tmp_path: Path) -> None:
    before = others()
    async with running(settings_on(tmp_path), outside()):
        await asyncio.sleep(1)
        inside = others() - before
    assert {"engine", "door watch", "timers", "effects"} <= inside
    assert others() == before


async def test_leaving_by_an_error_leaves_nothing_running(tmp_path: Path) -> None:
    before = others()
    with pytest.raises(ExceptionGroup) as left:
        async with running(settings_on(tmp_path), outside()):
            raise LookupError
    assert left.group_contains(LookupError)
    assert others() == before
    with InstanceLock(tmp_path / "kiosk" / "kiosk.lock"):
        pass


async def test_service_manager_hears_ready_and_stopping(tmp_path: Path) -> None:
    with contextlib.closing(Heard()) as heard:
        async with running(settings_on(tmp_path), outside(heard.notifier)):
            assert "READY=1" in heard.words()[0].splitlines()
        assert "STOPPING=1" in heard.words()[0].splitlines()


async def test_heart_beats_three_times_in_what_the_watchdog_bears(tmp_path: Path) -> None:
    with contextlib.closing(Heard(watchdog_us="30000000")) as heard:
        async with running(settings_on(tmp_path), outside(heard.notifier)):
            await asyncio.sleep(1)
            heard.words()
            await asyncio.sleep(30)
            assert heard.words() == ["WATCHDOG=1"] * 3


async def test_heart_stops_with_the_writer(tmp_path: Path) -> None:
    gate = asyncio.Event()
    gate.set()

    class Hanging(Database):
        async def commit(self, work: Work[T]) -> T:
            await gate.wait()
            return await super().commit(work)

    with contextlib.closing(Heard(watchdog_us="30000000")) as heard:
        given = replace(outside(heard.notifier), open_database=database_of(Hanging))
        async with running(settings_on(tmp_path), given) as parts, asyncio.TaskGroup() as tasks:
            await parts.engine.submit(ChooseFlow(Flow.DELIVER))
            gate.clear()
            tasks.create_task(parts.engine.submit(PresentCarrierCode(digest("000000"))))
            await asyncio.sleep(1)
            heard.words()
            await asyncio.sleep(300)
            silence = heard.words()
            gate.set()
    assert silence == []


def break_down(written: Sequence[Written]) -> None:
    raise ZeroDivisionError


async def test_crash_of_a_core_part_ends_everything(tmp_path: Path) -> None:
    before = others()

    async def live() -> None:
        async with running(settings_on(tmp_path), outside()) as parts:
            parts.engine.listen(break_down)
            await parts.engine.submit(ChooseFlow(Flow.DELIVER))
            await asyncio.sleep(3600)

    with pytest.raises(ExceptionGroup) as crashed:
        await live()
    assert crashed.group_contains(ZeroDivisionError)
    assert foreseen(crashed.value) is None
    assert others() == before


async def test_start_that_cannot_be_written_is_a_foreseen_failure(tmp_path: Path) -> None:
    class Refusing(Database):
        async def commit(self, work: Work[T]) -> T:
            raise JournalRefused("no")

    given = replace(outside(), open_database=database_of(Refusing))
    with pytest.raises(ExceptionGroup) as failed:
        async with running(settings_on(tmp_path), given):
            pass
    assert isinstance(foreseen(failed.value), StartNotWritten)


@pytest.mark.parametrize("why", [LinkLost("busy: another program has it"), WiringError("not allowed")])
async def test_start_goes_on_without_a_port(tmp_path: Path, why: HalError) -> None:
    class Barred(MemoryLink):
        async def open(self) -> None:
            raise why

    given = replace(outside(), links=lambda port, _: Barred(port, None))
    async with running(settings_on(tmp_path), given) as parts:
        await asyncio.sleep(300)
        said = f"lost: {fault_of(why).number} {why}"
        assert banks_view(parts.engine.state) == dict.fromkeys(("a", "b"), said)
        assert (await parts.engine.submit(ChooseFlow(Flow.PICK_UP))).refusal is None


async def test_second_kiosk_on_one_folder_is_refused(tmp_path: Path) -> None:
    async with running(settings_on(tmp_path), outside()):
        with pytest.raises(AlreadyRunning):
            async with running(settings_on(tmp_path), outside()):
                pass


def test_keys_are_made_once_and_never_under_a_database(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    first = open_keys(folder)
    assert open_keys(folder).receipts.public == first.receipts.public
    folder.database.write_bytes(b"a database, or what is left of one")
    (folder.keys / "code-digest.key").unlink()
    with pytest.raises(KeysMissing, match=r"code-digest\.key"):
        open_keys(folder)


async def test_keys_without_their_database_stop_the_start(tmp_path: Path) -> None:
    folder = DataFolder(settings_on(tmp_path).kiosk.data_folder)
    async with running(settings_on(tmp_path), outside()):
        pass
    before = sorted(folder.keys.iterdir())
    folder.database.rename(tmp_path / "elsewhere")
    with pytest.raises(DatabaseGone, match="parcels behind the doors"):
        async with running(settings_on(tmp_path), outside()):
            pass
    assert not folder.database.exists()
    assert sorted(folder.keys.iterdir()) == before
    (tmp_path / "elsewhere").rename(folder.database)
    async with running(settings_on(tmp_path), outside()):
        pass


async def test_an_empty_file_in_the_place_of_the_database_stops_the_start(tmp_path: Path) -> None:
    folder = DataFolder(settings_on(tmp_path).kiosk.data_folder)
    async with running(settings_on(tmp_path), outside()):
        pass
    folder.database.write_bytes(b"")
    with pytest.raises(DatabaseGone, match=r"database is empty.*parcels behind the doors"):
        async with running(settings_on(tmp_path), outside()):
            pass
    assert folder.database.read_bytes() == b""
    with pytest.raises(DatabaseGone, match="database is empty"):
        demand_database(folder)
    folder.database.unlink()
    with pytest.raises(DatabaseGone, match="database is gone"):
        demand_database(folder)


def test_a_first_start_that_was_cut_off_before_its_database_is_done_again(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    open_keys(folder)
    open_keys(folder)
    end_first_start(folder)
    end_first_start(folder)
    with pytest.raises(DatabaseGone):
        open_keys(folder)


class Broken:
    """A channel with a bug."""

    async def send(self, message: OutgoingMessage) -> None:
        raise RuntimeError(f"no idea what to do with {message.id}")


@pytest.fixture
def waiting_message(tmp_path: Path) -> Settings:
    """A kiosk that has a message to send."""
    settings = settings_on(tmp_path)
    seed(settings)
    folder = DataFolder(settings.kiosk.data_folder)
    with contextlib.closing(sqlite3.connect(folder.database)) as database, database:
        resident = database.execute("SELECT id FROM resident").fetchone()[0]
        values = ("m1", "parcel_withdrawn", "d1", resident, 0, "1", "")
        database.execute(
            """INSERT INTO message (id, kind, delivery, resident, due_at_ms, door, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
            values,
        )
    return settings


async def test_staff_hear_of_a_part_that_crashes_again_and_again(waiting_message: Settings) -> None:
    async with running(waiting_message, replace(outside(), channel=lambda *_: Broken())) as parts:
        await asyncio.sleep(2)
        kinds = {one.kind for one in parts.engine.state.incidents.values()}
        assert IncidentKind.MESSAGES_FAILING not in kinds
        await asyncio.sleep(60)
        kinds = {one.kind for one in parts.engine.state.incidents.values()}
        assert IncidentKind.MESSAGES_FAILING in kinds
    async with running(waiting_message, replace(outside(), channel=lambda *_: Phone())) as parts:
        await asyncio.sleep(STEADY_S + 1)
        kinds = {one.kind for one in parts.engine.state.incidents.values()}
        assert IncidentKind.MESSAGES_FAILING not in kinds
