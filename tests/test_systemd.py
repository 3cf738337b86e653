"""The service unit: hardened to the promised level, and right about what the daemon needs."""

import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "systemd" / "kiosk.service"
EXPOSURE_TENTHS = 20


@pytest.fixture
def settings() -> dict[str, str]:
    """The unit's settings; of a repeated key the last value."""
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_unit_is_at_most_as_exposed_as_promised() -> None:
    judged = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            f"--threshold={EXPOSURE_TENTHS}",
            "--no-pager",
            UNIT,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-300:] + judged.stderr


def test_service_manager_waits_for_ready_and_restarts_a_silent_daemon(settings: dict[str, str]) -> None:
    assert (settings["Type"], settings["WatchdogSec"], settings["Restart"]) == ("notify", "30", "always")


def test_wrong_settings_are_not_tried_again(settings: dict[str, str]) -> None:
    assert "78" in settings["RestartPreventExitStatus"].split()


def test_unit_starts_the_bare_daemon(settings: dict[str, str]) -> None:
    assert settings["ExecStart"].split()[1:3] == ["-m", "kiosk"]


def test_boot_id_stays_readable(settings: dict[str, str]) -> None:
    assert settings.get("ProcSubset", "all") == "all"
