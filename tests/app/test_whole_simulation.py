"""The whole thing as a user starts it: world, daemon, page and panel as processes, a parcel in and out."""

import json
import os
import pty
import re
import signal
import subprocess
from pathlib import Path
from typing import cast

import pytest

from kiosk.service.sockets import listen_tcp
from tests.app.processes import (
    KIOSK,
    Kiosk,
    Page,
    Process,
    World,
    processes_on,
    run,
    sample_code,
    until,
    welcome,
)

BELIEVED_MS = 2500
"""A door that is open for less than two seconds is believed to be neither a pickup nor a drop-off."""


def daemon_of(kiosk: Kiosk) -> int:
    """The daemon's process id, as its lock tells; 0 while it is being written."""
    return int((kiosk.folder / "kiosk.lock").read_text(encoding="ascii") or 0)


def is_up(kiosk: Kiosk) -> bool:
    try:
        return Page(kiosk.page_port).kind != ""
    except OSError:
        return False


def pickup_code(kiosk: Kiosk) -> str:
    """The eight digits on the phone of whoever got the last message."""
    phones = kiosk.base / "sim" / "phones"
    until(lambda: list(phones.rglob("*.json")), "a message reaches a phone")
    newest = max(phones.rglob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    text = json.loads(newest.read_text(encoding="utf-8"))["text"]
    halves = re.search(r"\b(\d{4}) (\d{4})\b", text)
    assert halves is not None, text
    return halves[1] + halves[2]


def begin_drop_off(kiosk: Kiosk, block: str) -> tuple[Page, World, str]:
    """A courier up to the moment when the door has sprung open."""
    page, world = Page(kiosk.page_port), World(kiosk.panel_port)
    until(lambda: {row["door"] for row in rows_of(kiosk, "/doors")} == {"closed"}, "every door is seen")
    page.act("deliver")
    assert page.act("carrier_code", sample_code(block, "Halvorn Express")) == "unit"
    assert page.act("unit", "412") == "size"
    page.act("size", "M")
    door = world.open_door()
    until(lambda: page.kind == "put_in", "the page follows the open door")
    return page, world, door


def rows_of(kiosk: Kiosk, target: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", kiosk.ask(target))


def deliver(kiosk: Kiosk, block: str) -> str:
    page, world, door = begin_drop_off(kiosk, block)
    world.do("put", door=door, what="a hat")
    world.pass_by(BELIEVED_MS)
    world.do("push", door=door)
    until(lambda: page.kind == "stored", "the page follows the closed door")
    page.act("finish")
    page.act("finish")
    return door


def collect(kiosk: Kiosk, door: str) -> None:
    page, world = Page(kiosk.page_port), World(kiosk.panel_port)
    until(lambda: {row["door"] for row in rows_of(kiosk, "/doors")} == {"closed"}, "every door is seen")
    page.act("pick_up")
    page.act("code", pickup_code(kiosk))
    assert world.open_door() == door
    world.do("take", door=door)
    world.pass_by(BELIEVED_MS)
    world.do("push", door=door)
    until(lambda: page.kind == "got_everything", "the page asks")
    page.act("got_everything")


def test_parcel_goes_in_and_out_across_two_starts(simulated: Kiosk) -> None:
    with simulated.simulation() as first:
        door = deliver(simulated, welcome(first))
        (row,) = rows_of(simulated, "/deliveries")
        assert (row["state"], row["unit"], row["compartment"]) == ("stored", "412", door)
        assert first.stop(signal.SIGINT) == 0
    with simulated.simulation() as second:
        welcome(second)
        (again,) = rows_of(simulated, "/deliveries")
        assert again == row | {"has_code": True}
        collect(simulated, door)
        until(lambda: rows_of(simulated, "/deliveries") == [], "the delivery has ended")
        place = next(place for place in rows_of(simulated, "/doors") if place["compartment"] == door)
        assert (place["vacancy"], place["door"]) == ("verified", "closed")
    verified = simulated.kiosk("audit", "verify")
    assert verified.returncode == 0, verified.stdout


def test_killed_daemon_comes_back_and_knows_the_open_door(simulated: Kiosk) -> None:
    with simulated.simulation() as simulation:
        page, world, door = begin_drop_off(simulated, welcome(simulation))
        killed = daemon_of(simulated)
        os.kill(killed, signal.SIGKILL)
        until(lambda: daemon_of(simulated) not in (0, killed) and is_up(simulated), "the daemon is back")
        assert "starts again in 2 s" in simulation.said
        assert page.kind == "home"
        assert [place["position"] != "closed" for place in world.doors()].count(True) == 1
        (row,) = rows_of(simulated, "/deliveries")
        assert (row["state"], row["compartment"]) == ("depositing", door)


def test_panel_kills_and_starts_the_daemon(simulated: Kiosk) -> None:
    with simulated.simulation() as simulation:
        welcome(simulation)
        world = World(simulated.panel_port)
        world.do("daemon", ask="kill")
        until(lambda: world.see()["daemon"] == "stopped", "the panel knows that it is down")
        assert not is_up(simulated)
        world.do("daemon", ask="start")
        until(lambda: world.see()["daemon"] == "running", "the panel knows that it is up")
        assert is_up(simulated)
        world.do("daemon", ask="stop")
        until(lambda: world.see()["daemon"] == "stopped", "the panel knows that it is down")
        assert simulation.popen.poll() is None


def nothing_runs_on(base: Path) -> bool:
    return processes_on(base) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stop_leaves_nothing_running(simulated: Kiosk, number: signal.Signals) -> None:
    with simulated.simulation() as simulation:
        welcome(simulation)
        assert len(processes_on(simulated.base)) == 3
        assert simulation.stop(number) == 0
        assert nothing_runs_on(simulated.base)


def test_a_terminal_that_is_closed_stops_everything(simulated: Kiosk) -> None:
    """Nobody can read "Stopping ..." any more; that must not be what keeps it running."""
    front, back = pty.openpty()
    with subprocess.Popen(
        simulated.simulation_command(), stdin=back, stdout=back, stderr=back, start_new_session=True
    ) as simulation:
        os.close(back)
        told = b""
        while b"Ctrl-C" not in told:
            told += os.read(front, 4096)
        os.close(front)
        simulation.send_signal(signal.SIGHUP)
        assert simulation.wait(20) == 0
    assert nothing_runs_on(simulated.base)


def test_killed_supervisor_leaves_nothing_running(simulated: Kiosk) -> None:
    with simulated.simulation() as simulation:
        welcome(simulation)
        simulation.stop(signal.SIGKILL)
        until(lambda: nothing_runs_on(simulated.base), "world and daemon follow", within_s=15)


def refused(simulation: Process) -> tuple[int, list[str]]:
    return simulation.popen.wait(20), simulation.said.splitlines()


@pytest.mark.parametrize("option", ["--listen", "--panel"])
def test_taken_port_is_one_clear_line_and_nothing_starts(simulated: Kiosk, option: str) -> None:
    port = simulated.page_port if option == "--listen" else simulated.panel_port
    with listen_tcp("127.0.0.1", port), simulated.simulation() as simulation:
        code, lines = refused(simulation)
    assert code == 69
    assert len(lines) == 1
    assert str(port) in lines[0]
    assert f"kiosk sim {option}" in lines[0]
    assert not simulated.folder.exists()


def test_refused_simulation_leaves_no_folder_behind(simulated: Kiosk, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    with listen_tcp("127.0.0.1", simulated.page_port):
        answer = run([*KIOSK, "sim", "--base", str(fresh), "--listen", simulated.listen])
    assert answer.returncode == 69
    assert not fresh.exists()


def test_second_simulation_on_one_folder_is_refused(simulated: Kiosk) -> None:
    with simulated.simulation() as simulation:
        welcome(simulation)
        second = simulated.kiosk("sim")
        assert second.returncode == 75
        assert str(simulation.popen.pid) in second.stderr
        assert len(second.stderr.splitlines()) == 1


def test_simulation_beside_a_daemon_is_refused(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon, simulated.simulation_elsewhere() as simulation:
        code, lines = refused(simulation)
        daemon.stop()
    assert code == 75
    assert len(lines) == 1
    assert "already running" in lines[0]


def test_panel_leads_to_the_touchscreen_that_was_chosen(simulated: Kiosk) -> None:
    with simulated.simulation() as simulation:
        welcome(simulation)
        assert f"http://{simulated.listen}/" in Page(simulated.panel_port).look()


def test_samples_are_marked_in_every_line(simulated: Kiosk) -> None:
    with simulated.simulation() as simulation:
        block = welcome(simulation)
    codes = [line for line in block.splitlines() if any(word.isdigit() for word in line.split()[-1:])]
    assert len(codes) == 8
    assert all("SAMPLE" in line for line in codes)
