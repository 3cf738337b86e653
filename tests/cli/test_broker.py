"""`kiosk broker test`: one line a step, and an exit code that says whose fault it is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.processes import Kiosk
from tests.certificates import Authority
from tests.sync.mosquitto import Mosquitto, mosquitto

STEPS = ["host", "TLS", "publish", "round trip"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def broker(tmp_path: Path, free_port: int, authority: Authority) -> Iterator[Mosquitto]:
    own = authority.vouch_for("broker")
    lines = [
        "allow_anonymous true",
        f"cafile {authority.file}",
        f"certfile {own.certificate}",
        f"keyfile {own.key}",
    ]
    with mosquitto(tmp_path, free_port, lines=lines) as running:
        yield running


def pointed_at(kiosk: Kiosk, port: int, *more: str) -> Kiosk:
    """The same kiosk with a [broker] table."""
    settings = kiosk.base / "kiosk.toml"
    plain = kiosk.config.read_text(encoding="utf-8")
    lines = ["[broker]", 'host = "127.0.0.1"', f"port = {port}", *more]
    settings.write_text(plain + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    kiosk.config = settings
    return kiosk


def steps(kiosk: Kiosk, code: int) -> dict[str, bool]:
    answered = kiosk.kiosk("broker", "test", "--json")
    assert answered.returncode == code, answered.stdout + answered.stderr
    return {row["step"]: row["good"] for row in json.loads(answered.stdout)}


def test_every_step_is_told_on_a_line(simulated: Kiosk, broker: Mosquitto, authority: Authority) -> None:
    kiosk = pointed_at(simulated, broker.port, f'ca_file = "{authority.file}"')
    answered = kiosk.kiosk("broker", "test")
    assert answered.returncode == 0, answered.stderr
    assert [line[:12].split("  ")[0].strip() for line in answered.stdout.splitlines()] == STEPS
    assert "TLSv1.3" in answered.stdout


def test_a_broker_that_is_absent(simulated: Kiosk, free_port: int) -> None:
    assert steps(pointed_at(simulated, free_port), 69) == {"host": False}


def test_a_broker_that_nobody_vouches_for(simulated: Kiosk, broker: Mosquitto) -> None:
    assert steps(pointed_at(simulated, broker.port), 69) == {"host": True, "TLS": False}


def test_a_broker_that_refuses(simulated: Kiosk, broker: Mosquitto, authority: Authority) -> None:
    broker.change_rights("topic read #\n")
    kiosk = pointed_at(simulated, broker.port, f'ca_file = "{authority.file}"')
    assert steps(kiosk, 1) == {"host": True, "TLS": True, "publish": False}


def test_settings_without_a_broker(simulated: Kiosk) -> None:
    answered = simulated.kiosk("broker", "test")
    assert answered.returncode == 78
    assert "[broker]" in answered.stderr
