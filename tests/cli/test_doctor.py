"""`kiosk doctor` with the daemon, without one, and beside one that does not answer."""

import json
from dataclasses import dataclass

from kiosk.service.errors import FAULT_BY_NUMBER
from kiosk.service.instance_lock import InstanceLock
from tests.app.processes import KIOSK, Kiosk, run, until
from tests.drivers.emulator import Emulator


@dataclass(frozen=True)
class Visit:
    """What the doctor said."""

    code: int
    lines: dict[str, dict[str, str | None]]

    def fault(self, subject: str) -> str | None:
        """The number at a thing; nothing where it is well."""
        return self.lines[subject]["fault"]


def visit(kiosk: Kiosk) -> Visit:
    told = kiosk.kiosk("doctor", "--json")
    report = json.loads(told.stdout)
    lines = {one["subject"]: one for one in report["findings"]}
    assert report["is_well"] is (told.returncode == 0)
    for one in lines.values():
        assert one["health"] == ("red" if one["fault"] else "ok")
        assert one["fault"] is None or one["fault"] in FAULT_BY_NUMBER
        assert bool(one["next_step"]) is bool(one["fault"])
    return Visit(told.returncode, lines)


def test_a_kiosk_that_stands_still_is_examined_without_a_trace(used: Kiosk) -> None:
    before = sorted(path.name for path in used.folder.iterdir())
    seen = visit(used)
    assert seen.code == 1
    assert (seen.fault("daemon"), seen.fault("port lockers")) == ("LW-K008", "LW-L001")
    assert {seen.fault(name) for name in ("settings", "database", "keys", "data folder")} == {None}
    assert seen.fault("backup") == "LW-D006"
    after = {path.name for path in used.folder.iterdir()} - {"kiosk.lock", "kiosk.db-wal", "kiosk.db-shm"}
    assert after <= set(before)


def test_a_folder_where_no_kiosk_has_run_is_left_as_it_is(simulated: Kiosk) -> None:
    simulated.folder.mkdir(parents=True)
    assert visit(simulated).fault("daemon") == "LW-K008"
    assert list(simulated.folder.iterdir()) == []


def test_with_the_daemon_it_is_asked(used: Kiosk) -> None:
    port = used.base / "sim" / "lockers"
    with Emulator(port, "--boards", "0,1"), used.daemon() as daemon:
        until(lambda: visit(used).fault("bank b") is None, "both boards answer")
        seen = visit(used)
        daemon.stop()
    assert {seen.fault(name) for name in ("daemon", "port lockers", "bank a", "clock", "version")} == {None}
    assert seen.fault("screen") == "LW-K010"


def test_without_the_daemon_the_boards_are_asked(used: Kiosk) -> None:
    port = used.base / "sim" / "lockers"
    with Emulator(port, "--boards", "0,3"):
        seen = visit(used)
    assert (seen.fault("port lockers"), seen.fault("bank a")) == (None, None)
    assert seen.fault("bank b") == "LW-B009"


def test_a_process_that_does_not_answer_is_told(used: Kiosk) -> None:
    with InstanceLock(used.folder / "kiosk.lock"):
        assert visit(used).fault("daemon") == "LW-K012"


def test_a_damaged_database_is_told_with_its_number(used: Kiosk) -> None:
    (used.folder / "kiosk.db").write_bytes(b"no database" * 500)
    assert visit(used).fault("database") == "LW-D002"


def test_settings_that_are_wrong_end_it_with_every_problem(simulated: Kiosk) -> None:
    wrong = simulated.base / "wrong.toml"
    text = simulated.config.read_text(encoding="utf-8")
    wrong.write_text(text.replace("pickup_days = 5", "pickup_days = 99\nunheard_of = 1"), encoding="utf-8")
    told = run([*KIOSK, "doctor", "--config", str(wrong), "--base", str(simulated.base)])
    assert told.returncode == 1
    assert told.stdout.count("LW-K001") == 2
    assert told.stdout.endswith("2 of 2 need somebody\n")


def test_the_table_is_one_line_a_thing_and_one_what_to_try(used: Kiosk) -> None:
    told = used.kiosk("doctor").stdout.splitlines()
    red = [line for line in told if line.startswith("RED")]
    assert red
    assert sum(line.lstrip().startswith("try: ") for line in told) == len(red)
    assert told[-1] == f"{len(red)} of {sum(line[:3] in ('ok ', 'RED') for line in told)} need somebody"
