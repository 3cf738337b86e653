"""The [broker] table: what must fit together, and paths made whole."""

from pathlib import Path

import pytest

from config.broker_settings import BrokerSettings, broker_problems
from config.load import BadSettings, load
from tests.config.toml import dump, example

PLAIN: dict[str, object] = {"host": "broker.example"}


def written(tmp_path: Path, **broker: object) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(dump(example() | {"broker": PLAIN | broker}), encoding="utf-8")
    return file


def test_without_the_table_there_is_no_broker(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(dump(example()), encoding="utf-8")
    assert load(file, tmp_path).broker is None


def test_files_start_at_the_base_folder(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        ca_file="ca.pem",
        certificate_file="own.pem",
        key_file="own.key",
        username="lobby",
        password_file="secret",
    )
    broker = load(file, tmp_path / "base").broker
    assert broker is not None
    assert broker.ca_file == tmp_path / "base" / "ca.pem"
    assert broker.password_file == tmp_path / "base" / "secret"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"tls": False}, "tls"),
        ({"host": "127.0.0.1", "tls": False, "ca_file": "ca.pem"}, "ca_file"),
        ({"certificate_file": "own.pem"}, "certificate_file"),
        ({"key_file": "own.key"}, "certificate_file"),
        ({"password_file": "secret"}, "password_file"),
        ({"custody": "consumer"}, "consumer"),
    ],
)
def test_what_does_not_fit_together_is_named(tmp_path: Path, wrong: dict[str, object], where: str) -> None:
    with pytest.raises(BadSettings) as refused:
        load(written(tmp_path, **wrong), tmp_path)
    assert [problem for problem in refused.value.problems if problem.startswith(f"broker.{where}: ")]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_a_broker_on_this_machine_may_go_without_tls(host: str) -> None:
    assert not list(broker_problems(BrokerSettings(host=host, tls=False)))
