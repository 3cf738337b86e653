"""The commands that look give the same rows with the daemon and without, and never a traceback."""

import json
import signal
import subprocess
import tomllib
from pathlib import Path

import pytest

from kiosk.version import VERSION
from tests.app.processes import KIOSK, Kiosk, run, started, until

VERBS = [
    "run", "sim", "sim soak", "sim replay", "check-config", "doors", "deliveries", "incidents", "events",
    "audit verify", "broker test", "board", "version",
    "residents import", "residents export", "residents list", "residents forget",
    "carriers list", "carriers add", "carriers code", "carriers remove",
    "staff list", "staff add", "staff pin", "staff remove", "notify test",
]  # fmt: skip


def rows(kiosk: Kiosk, *command: str) -> list[dict[str, object]]:
    answered = kiosk.kiosk(*command, "--json")
    assert answered.returncode == 0, answered.stderr
    found: list[dict[str, object]] = json.loads(answered.stdout)
    return found


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_helps_with_an_example(verb: str) -> None:
    helped = run([*KIOSK, *verb.split(), "--help"])
    assert helped.returncode == 0
    assert "Example" in helped.stdout
    assert f"kiosk {verb}" in helped.stdout


def test_rows_are_the_same_with_the_daemon_and_without(used: Kiosk) -> None:
    with used.daemon() as daemon:
        online = {verb: rows(used, verb) for verb in ("deliveries", "incidents", "events")}
        doors_online = rows(used, "doors")
        daemon.stop()
    offline = {verb: rows(used, verb) for verb in ("deliveries", "incidents", "events")}
    new = len(offline["events"]) - len(online["events"])
    assert offline == online, f"{new} new events"
    assert [row["compartment"] for row in rows(used, "doors")] == [row["compartment"] for row in doors_online]
    assert [row["vacancy"] for row in rows(used, "doors")] == [row["vacancy"] for row in doors_online]


def test_events_can_be_paged_and_picked(used: Kiosk) -> None:
    page = rows(used, "events", "--after", "10", "--limit", "5")
    assert [row["seq"] for row in page] == [11, 12, 13, 14, 15]
    newest = rows(used, "events", "--limit", "3")
    assert newest == rows(used, "events", "--limit", "100000")[-3:]
    stored = rows(used, "events", "--type", "DeliveryStored")
    assert {row["type"] for row in stored} == {"DeliveryStored"}
    assert len(stored) == 4


def test_unknown_type_of_event_suggests_one(used: Kiosk) -> None:
    asked = used.kiosk("events", "--type", "DeliveryStoored")
    assert asked.returncode == 2
    assert "did you mean DeliveryStored" in asked.stderr


@pytest.mark.parametrize("verb", ["doors", "deliveries", "events"])
def test_tables_are_for_people(used: Kiosk, verb: str) -> None:
    shown = used.kiosk(verb)
    assert shown.returncode == 0
    assert len(shown.stdout.splitlines()) > 1
    assert "{" not in shown.stdout


def test_incidents_are_told_in_words(used: Kiosk) -> None:
    assert used.kiosk("incidents").stdout == "No incident is open.\n"
    with used.daemon() as daemon:
        until(lambda: rows(used, "incidents"), "the bank that nobody plays is lost")
        told = used.kiosk("incidents").stdout.splitlines()
        daemon.stop()
    assert told[0].split() == ["Since", "Case", "Urgency", "Fault", "What", "Bank", "Door"]
    assert "bank lost" in told[1]


def test_follow_goes_on_until_ctrl_c(used: Kiosk) -> None:
    command = [*KIOSK, "events", "--follow", "--limit", "1", "--json", *used.place]
    with used.daemon() as daemon, started(command, used.base / "follow.txt") as follower:
        assert follower.popen.stdout is not None
        first = json.loads(follower.popen.stdout.readline())
        daemon.stop()
        with used.daemon() as again:
            types = [json.loads(follower.popen.stdout.readline())["type"]]
            assert types == ["KioskStarted"]
            again.stop()
        assert first["seq"] > 1
        assert follower.stop(signal.SIGINT) == 0
        assert follower.said == ""


def test_reader_that_goes_away_is_no_failure(used: Kiosk) -> None:
    command = [*KIOSK, "events", "--limit", "100000", "--json", *used.place]
    with started(command, used.base / "events.txt") as writer:
        assert writer.popen.stdout is not None
        writer.popen.stdout.close()
        assert writer.popen.wait(20) == 0
        assert writer.said == ""


def test_looking_at_a_folder_without_a_kiosk_makes_none(simulated: Kiosk) -> None:
    asked = simulated.kiosk("doors")
    assert asked.returncode == 74
    assert str(simulated.folder) in asked.stderr
    assert "no kiosk has been started here yet" in asked.stderr
    assert "LW-" not in asked.stderr, "nothing is wrong with the disk"
    assert not simulated.folder.exists()


def test_stuck_daemon_is_named_instead_of_waited_for(used: Kiosk) -> None:
    with used.daemon() as daemon:
        (used.folder / "run" / "kiosk.sock").unlink()
        asked = used.kiosk("doors")
        assert asked.returncode == 75
        assert str(daemon.popen.pid) in asked.stderr
        daemon.stop()


def test_default_place_is_told_on_the_error_stream(used: Kiosk) -> None:
    asked = subprocess.run(
        [*KIOSK, "deliveries", "--json"],
        capture_output=True,
        text=True,
        check=True,
        cwd=used.base.parent,
        stdin=subprocess.DEVNULL,
    )
    assert "using the simulation's settings, base folder var" in asked.stderr
    assert json.loads(asked.stdout)


def test_audit_names_a_changed_row(used: Kiosk) -> None:
    whole = used.kiosk("audit", "verify", "--json")
    assert whole.returncode == 0
    report = json.loads(whole.stdout)
    assert report["is_whole"]
    noted = used.kiosk("audit", "verify", "--head", report["head"])
    assert noted.returncode == 0
    wrong = used.kiosk("audit", "verify", "--head", report["head"][:-2] + "ff")
    assert wrong.returncode == 1


def test_audit_works_beside_the_daemon(used: Kiosk) -> None:
    with used.daemon() as daemon:
        assert used.kiosk("audit", "verify").returncode == 0
        daemon.stop()


def test_version_tells_the_key_of_proofs(used: Kiosk) -> None:
    told = json.loads(used.kiosk("version", "--json").stdout)
    assert (told["kiosk"], len(told["public_key"])) == ("lobby", 52)


def test_version_is_told_whatever_the_settings_are(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("nonsense", encoding="utf-8")
    told = run([*KIOSK, "version", "--json", "--config", str(bad)])
    assert told.returncode == 0
    assert json.loads(told.stdout)["public_key"] is None


def test_check_config_names_every_problem(simulated: Kiosk) -> None:
    good = run([*KIOSK, "check-config", str(simulated.config)])
    assert good.returncode == 0
    assert "compartments: 24, banks: 2" in good.stdout
    assert "emergency_number" not in good.stderr
    nameless = simulated.base / "nameless.toml"
    known = simulated.config.read_text(encoding="utf-8")
    nameless.write_text(known.replace('emergency_number = "911"\n', ""), encoding="utf-8")
    told = run([*KIOSK, "check-config", str(nameless)])
    assert told.returncode == 0
    assert "kiosk.emergency_number: missing" in told.stderr
    wrong = simulated.base / "wrong.toml"
    text = simulated.config.read_text(encoding="utf-8")
    wrong.write_text(text.replace("pickup_days = 5", "pickup_days = 99\nunheard_of = 1"), encoding="utf-8")
    bad = run([*KIOSK, "check-config", str(wrong)])
    assert bad.returncode == 78
    assert len(bad.stderr.splitlines()) == 2
    as_json = run([*KIOSK, "check-config", str(wrong), "--json"])
    assert as_json.returncode == 78
    assert len(json.loads(as_json.stdout)["problems"]) == 2


def test_run_becomes_the_daemon(simulated: Kiosk) -> None:
    command = [*KIOSK, "run", *simulated.place, "--listen", simulated.listen]
    notify = {"NOTIFY_SOCKET": "@" + simulated.ready.getsockname()[1:].decode()}
    with started(command, simulated.base / "errors.txt", environment=notify) as process:
        simulated.wait_ready(process)
        until(lambda: "-m\0kiosk" in command_line(process.popen.pid), "it became the daemon")
        assert process.stop() == 0


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")


def test_bench_unlock_is_in_the_log_before_anything_moves(used: Kiosk) -> None:
    occupied = str(rows(used, "deliveries")[0]["compartment"])
    (used.base / "sim" / "lockers").touch()
    port = ["--port", str(used.base / "sim" / "lockers"), "--address", "0"]
    free = next(row for row in rows(used, "doors") if row["bank"] == "a" and not row["deliveries"])
    full = next(row for row in rows(used, "doors") if row["compartment"] == occupied)
    assert full["bank"] == "a"
    refused = used.kiosk("board", "unlock", str(full["channel"]), *port, "--reason", "loose wire")
    assert refused.returncode == 1
    assert "parcel" in refused.stderr
    no_reason = used.kiosk("board", "unlock", str(free["channel"]), *port)
    assert no_reason.returncode == 2
    tried = used.kiosk("board", "unlock", str(free["channel"]), *port, "--reason", "loose wire")
    assert tried.returncode == 69
    benched = rows(used, "events", "--type", "BenchUnlocked")
    assert [row["subject"] for row in benched] == [free["compartment"]]
    assert used.kiosk("audit", "verify").returncode == 0


def test_version_is_that_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
    assert run([*KIOSK, "version"]).stdout == f"latchwork {VERSION}\n"
