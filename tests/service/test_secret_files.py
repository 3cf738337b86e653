"""Secret files: whole or not there, for the owner only, never overwritten by accident."""

import os
import stat
from pathlib import Path

import pytest

from kiosk.service.secret_files import (
    SecretDamaged,
    SecretExposed,
    read_secret,
    replace_secret,
    write_secret,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "one.key"


def test_a_secret_comes_back_and_only_its_owner_may_see_it(path: Path) -> None:
    write_secret(path, b"secret")
    assert read_secret(path) == b"secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_generous_umask_gives_nobody_more(path: Path) -> None:
    before = os.umask(0)
    try:
        write_secret(path, b"secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_is_never_overwritten(path: Path) -> None:
    write_secret(path, b"first")
    with pytest.raises(FileExistsError, match=r"one\.key"):
        write_secret(path, b"second")
    assert read_secret(path) == b"first"


def test_replacing_one_is_a_choice_of_its_own(path: Path) -> None:
    write_secret(path, b"first")
    replace_secret(path, b"second")
    assert read_secret(path) == b"second"


def test_what_a_power_cut_left_behind_is_not_in_the_way_and_not_readable_as_the_secret(path: Path) -> None:
    path.parent.mkdir()
    (path.parent / ".one.key.part").write_bytes(b"hal")
    with pytest.raises(FileNotFoundError):
        read_secret(path)
    write_secret(path, b"whole")
    assert [found.name for found in path.parent.iterdir()] == ["one.key"]


def test_a_link_laid_in_the_way_is_not_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    path.parent.mkdir()
    (path.parent / ".one.key.part").symlink_to(target)
    write_secret(path, b"secret")
    assert not target.exists()


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o601])
def test_a_secret_that_others_have_any_right_to_is_refused(path: Path, mode: int) -> None:
    write_secret(path, b"secret")
    path.chmod(mode)
    with pytest.raises(SecretExposed, match=f"{mode:04o}"):
        read_secret(path)


def test_a_secret_of_another_length_is_refused(path: Path) -> None:
    write_secret(path, b"short")
    assert read_secret(path, length=5)
    with pytest.raises(SecretDamaged, match="5 bytes, expected 32"):
        read_secret(path, length=32)
