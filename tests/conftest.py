"""What every test gets: a look for things left running, free ports, and the switch for real boards.

A test fails if it leaves a task, a thread, a child process or an open descriptor behind.
"""

import asyncio
import contextlib
import gc
import inspect
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

HARMLESS = ("/dev/null", "/dev/urandom", "anon_inode:", "/memfd:")
LOOP_WORKERS = "asyncio_"  # idle workers of the loop's own executor, which ends with the loop after this look
THREAD_GRACE_S = 2.0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--hardware", metavar="PORT", help="also run the tests that talk to a real board at PORT"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--hardware") is None:
        real = [item for item in items if item.get_closest_marker("hardware")]
        config.hook.pytest_deselected(items=real)
        items[:] = [item for item in items if item not in real]
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.fixturenames.insert(0, "no_task_left")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Numbers that tests have recorded, such as how many kill points there are."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value}")


@pytest.fixture
async def no_task_left() -> AsyncIterator[None]:
    """Every task a test starts has ended when the test has; the loop checks for slow and lost calls."""
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    before = asyncio.all_tasks()
    yield
    await asyncio.sleep(0)
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not left, f"tasks left running: {sorted(map(str, left))}"


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """No thread, child process or descriptor outlives the test that made it."""
    threads, children, descriptors = set(threading.enumerate()), child_processes(), open_descriptors()
    yield
    stuck = [thread.name for thread in new_threads(threads) if outlives(thread)]
    assert not stuck, f"threads left running: {stuck}"
    assert not (left := child_processes() - children), f"child processes left: {sorted(left)}"
    if open_descriptors() - descriptors:
        gc.collect()
    assert not (still := open_descriptors() - descriptors), f"descriptors left open: {sorted(still)}"


def new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    started = (thread for thread in threading.enumerate() if thread not in before and not thread.daemon)
    return [thread for thread in started if not thread.name.startswith(LOOP_WORKERS)]


def outlives(thread: threading.Thread) -> bool:
    thread.join(THREAD_GRACE_S)
    return thread.is_alive()


def child_processes() -> set[int]:
    """Process ids of the children of every thread of this process, ended but unread ones included."""
    found: set[int] = set()
    for listing in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found.update(int(pid) for pid in listing.read_text().split())
    return found


def open_descriptors() -> set[tuple[int, str]]:
    """Number and target of every open descriptor that could matter to somebody else."""
    found: set[tuple[int, str]] = set()
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            target = str(entry.readlink())
            if not target.startswith((*HARMLESS, "/proc/")):
                found.add((int(entry.name), target))
    return found


@pytest.fixture
def new_port() -> Callable[[], int]:
    """Gives a TCP port on 127.0.0.1 that was free a moment ago, a different one each time."""
    given: set[int] = set()

    def fresh() -> int:
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port: int = probe.getsockname()[1]
            if port not in given:
                given.add(port)
                return port

    return fresh


@pytest.fixture
def free_port(new_port: Callable[[], int]) -> int:
    """One free TCP port on 127.0.0.1."""
    return new_port()


@pytest.fixture
def hardware_port(request: pytest.FixtureRequest) -> str:
    """The port of the real board under test, as given by --hardware."""
    return str(request.config.getoption("--hardware"))
