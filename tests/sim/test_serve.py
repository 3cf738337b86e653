"""`python -m sim serve` as a process: it starts, says so, stops in order, and says clearly why it cannot."""

import asyncio
import fcntl
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sim.panel_rig import ROOT, Client, until

CONFIG = ROOT / "config" / "sim.toml"
START_S = 20.0
STOP_S = 2.0
ASK_A = bytes.fromhex("020000500355")


@dataclass(slots=True)
class WorldProcess:
    """A made-up world in a process of its own."""

    base: Path
    process: asyncio.subprocess.Process
    client: Client
    ready: str

    @property
    def link(self) -> Path:
        """Where its port appears."""
        return self.base / "sim" / "lockers"

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; it must within the promised time."""
        self.process.send_signal(number)
        return await self.ended(STOP_S)

    async def ended(self, within_s: float) -> int:
        """Its exit code, in time."""
        async with asyncio.timeout(within_s):
            return await self.process.wait()


def command(base: Path, port: int, *more: str, config: Path = CONFIG) -> list[str]:
    common = ("--config", str(config), "--base", str(base), "--listen", f"127.0.0.1:{port}")
    return [sys.executable, "-P", "-m", "sim", "serve", *common, *more]


@asynccontextmanager
async def world(
    base: Path, port: int, *more: str, descriptors: tuple[int, ...] = ()
) -> AsyncIterator[WorldProcess]:
    process = await asyncio.create_subprocess_exec(
        *command(base, port, *more), stdout=asyncio.subprocess.PIPE, pass_fds=descriptors
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_S):
            ready = (await process.stdout.readline()).decode().strip()
        yield WorldProcess(base, process, Client(f"127.0.0.1:{port}"), ready)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def refused(*words: str) -> tuple[int, list[str]]:
    """A start that ends by itself: its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(START_S):
        said, complaint = await process.communicate()
    assert not said
    assert process.returncode is not None
    return process.returncode, complaint.decode().splitlines()


# ---------------------------------------------------------------- a good life
async def test_it_says_once_that_ports_and_panel_are_up(tmp_path: Path, free_port: int) -> None:
    async with world(tmp_path, free_port) as made:
        assert made.ready == f"world ready http://127.0.0.1:{free_port}/"
        assert str(made.link.readlink()).startswith("/dev/pts/")
        assert (await made.client.send("GET", "/")).status == 200
        assert (tmp_path / "sim" / "phones" / "SIMULATION").exists()


async def test_raw_frames_go_in_and_come_out_of_the_port(tmp_path: Path, free_port: int) -> None:
    async with world(tmp_path, free_port) as made:
        port = os.open(made.link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        got = bytearray()

        def answer_is_there() -> bool:
            try:
                got.extend(os.read(port, 64))
            except BlockingIOError:
                return False
            return len(got) >= 12

        try:
            os.write(port, ASK_A)
            await until(answer_is_there)
        finally:
            os.close(port)
    assert got.hex() == "02000065ff0f000000000378"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_in_time_with_a_page_open_and_takes_its_link_away(
    tmp_path: Path, free_port: int, number: signal.Signals
) -> None:
    async with world(tmp_path, free_port) as made:
        reader, writer = await asyncio.open_connection("127.0.0.1", free_port)
        writer.write(f"GET /live HTTP/1.1\r\nhost: 127.0.0.1:{free_port}\r\n\r\n".encode())
        await reader.readuntil(b"data: ")
        assert await made.stop(number) == 0
        writer.close()
        await writer.wait_closed()
    assert not made.link.is_symlink()


async def test_yesterdays_parcel_is_behind_yesterdays_door(tmp_path: Path, free_port: int) -> None:
    async with world(tmp_path, free_port) as first:
        await first.client.order("key", door="c3")
        await first.client.order("put", door="c3", what="a hat")
        await first.client.order("push", door="c3")
        await first.client.order("key", door="c5")
        assert await first.stop() == 0
    async with world(tmp_path, free_port) as second:
        seen = (await second.client.world())["doors"]
    assert isinstance(seen, list)
    doors = {door["id"]: door for door in seen}
    assert (doors["c3"]["position"], doors["c3"]["parcels"]) == ("closed", [{"id": "p1", "what": "a hat"}])
    assert doors["c5"]["position"] == "ajar"


async def test_a_world_that_is_killed_loses_nothing_it_had_answered(tmp_path: Path, free_port: int) -> None:
    async with world(tmp_path, free_port) as first:
        await first.client.order("key", door="c3")
        assert (await first.client.order("put", door="c3", what="a hat")).status == 200
        first.process.kill()
        await first.ended(5)
    assert first.link.is_symlink()
    async with world(tmp_path, free_port) as second:
        page = (await second.client.send("GET", "/?door=c3")).body
        assert await second.stop() == 0
    assert "a hat" in page
    assert not first.link.is_symlink()


async def test_a_page_address_that_was_chosen_is_what_the_panel_leads_to(
    tmp_path: Path, free_port: int
) -> None:
    async with world(tmp_path, free_port, "--touchscreen", "127.0.0.1:8765") as made:
        assert 'href="http://127.0.0.1:8765/"' in (await made.client.send("GET", "/")).body


# ---------------------------------------------------------------- the supervisor
async def test_the_panel_asks_the_supervisor_and_hears_from_it(tmp_path: Path, free_port: int) -> None:
    hear, say = os.pipe()
    read, ask = os.pipe()
    options = ("--control-in", str(hear), "--control-out", str(ask))
    async with world(tmp_path, free_port, *options, descriptors=(hear, ask)) as made:
        os.close(hear)
        os.close(ask)
        for what in ("kill", "start", "stop"):
            assert (await made.client.order("daemon", ask=what)).status == 200
        assert os.read(read, 64) == b"kill\nstart\nstop\n"
        for line, state in (("daemon running", "running"), ("daemon stopped", "stopped")):
            os.write(say, f"{line}\n".encode())
            await until_daemon_is(made, state)
        assert "Kill daemon" in (await made.client.send("GET", "/")).body
        os.close(say)  # the supervisor is gone: so must the world be
        assert await made.ended(STOP_S) == 0
    os.close(read)


async def until_daemon_is(made: WorldProcess, state: str) -> None:
    async with asyncio.timeout(5):
        while (await made.client.world())["daemon"] != state:
            pass


async def test_without_a_supervisor_there_is_no_button_for_the_daemon(tmp_path: Path, free_port: int) -> None:
    async with world(tmp_path, free_port) as made:
        assert "Kill daemon" not in (await made.client.send("GET", "/")).body


# ---------------------------------------------------------------- why it cannot start
async def test_a_taken_address_is_one_line_that_names_it(tmp_path: Path, free_port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port))
        other.listen()
        code, lines = await refused(*command(tmp_path, free_port))
    assert code == 69
    (line,) = lines
    assert f"127.0.0.1:{free_port}" in line
    assert "--listen" in line
    assert not (tmp_path / "sim" / "lockers").is_symlink()


async def test_a_second_world_on_one_folder_is_refused(tmp_path: Path, free_port: int) -> None:
    (tmp_path / "sim").mkdir()
    with (tmp_path / "sim" / "world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, lines = await refused(*command(tmp_path, free_port))
    assert code == 75
    assert "another made-up world runs on this folder" in lines[0]


@pytest.mark.parametrize("text", ['{"doors": {', '{"version": 2}'])
async def test_a_world_file_that_cannot_be_used_is_named_and_left_alone(
    tmp_path: Path, free_port: int, text: str
) -> None:
    file = tmp_path / "sim" / "world.json"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    code, lines = await refused(*command(tmp_path, free_port))
    assert code == 65
    assert str(file) in lines[0]
    assert file.read_text(encoding="utf-8") == text
    assert not (tmp_path / "sim" / "lockers").is_symlink()


async def test_a_port_where_something_real_is_stays_untouched(tmp_path: Path, free_port: int) -> None:
    link = tmp_path / "sim" / "lockers"
    link.parent.mkdir()
    link.symlink_to("/dev/null")
    code, lines = await refused(*command(tmp_path, free_port))
    assert code == 69
    assert str(link) in lines[0]
    assert str(link.readlink()) == "/dev/null"


async def test_bad_settings_are_told_problem_by_problem(tmp_path: Path, free_port: int) -> None:
    config = tmp_path / "bad.toml"
    text = CONFIG.read_text(encoding="utf-8")
    config.write_text(text.replace("pickup_days = 5", "pickup_days = 99", 1), encoding="utf-8")
    code, lines = await refused(*command(tmp_path, free_port, config=config))
    assert code == 78
    assert "pickup_days" in lines[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--listen", "0.0.0.0:8081"], "this machine only"),
        (["--listen", "8081"], "--listen"),
        (["--control-in", "x"], "--control-in"),
        (["--colour", "red"], "--colour"),
    ],
)
async def test_wrong_options_are_one_line(
    tmp_path: Path, free_port: int, words: list[str], says: str
) -> None:
    code, lines = await refused(*command(tmp_path, free_port), *words)
    assert code == 2
    assert says in " ".join(lines)
    assert len(lines) == 1


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, free_port: int) -> None:
    (tmp_path / "sim").write_text("in the way", encoding="utf-8")
    code, lines = await refused(*command(tmp_path, free_port))
    assert code == 74
    assert str(tmp_path / "sim") in lines[0]


async def test_a_world_alone_is_whole_json_for_programs(tmp_path: Path, free_port: int) -> None:
    async with world(tmp_path, free_port) as made:
        answer = await made.client.send("GET", "/world?pulses_after=0")
    seen = json.loads(answer.body)
    assert set(seen) == {
        "around",
        "now_ms",
        "places",
        "revision",
        "doors",
        "supplies",
        "pulses",
        "ports",
        "parcels_elsewhere",
        "daemon",
        "trouble",
    }
    assert len(seen["doors"]) == 24
