"""A mistake in a command line is one line with what was expected; every command helps with an example."""

import shlex
import sys
from pathlib import Path

import pytest

from kiosk.cli.commands import EXAMPLES, run
from kiosk.cli.usage import path_of
from kiosk.service.exits import Exit


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("residents", "kiosk residents: a command is missing, expected one of import, export, list, forget"),
        ("residents lst", "kiosk residents: there is no command lst, did you mean list?"),
        ("incident", "kiosk: there is no command incident, did you mean incidents?"),
    ],
)
def test_a_command_that_is_none_is_told_those_there_are(
    capsys: pytest.CaptureFixture[str], typed: str, expected: str
) -> None:
    assert run(typed.split()) == Exit.USAGE
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{expected}\n")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("doors --jsn", "no such option: --jsn (did you mean --json?)"),
        ("doors --config", "option '--config' requires an argument"),
        ("doors 3", "too many words, 3 is not expected"),
        ("residents forget 412", "NAME is missing"),
        ("board status", "--port is missing"),
        ("events --limit few", "--limit expected a whole number"),
        ("events --limit 0", "--limit expected 1 or more"),
        ("sim soak --faults some", "--faults 'some', expected one of 'none', 'usual', 'heavy'"),
    ],
)
def test_a_mistake_is_one_line_with_what_was_expected(
    capsys: pytest.CaptureFixture[str], typed: str, expected: str
) -> None:
    assert run(typed.split()) == Exit.USAGE
    said, path = capsys.readouterr(), path_of(typed.split(), EXAMPLES)
    assert (said.out, said.err) == ("", f"{path}: {expected}; for example: {EXAMPLES[path]}\n")


def test_no_command_at_all_is_answered_with_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == Exit.USAGE
    said = capsys.readouterr()
    assert "doors" in said.out
    assert said.err == ""


@pytest.mark.parametrize("path", EXAMPLES)
def test_every_command_and_group_helps_with_its_example(
    capsys: pytest.CaptureFixture[str], path: str
) -> None:
    assert run([*path.split()[1:], "--help"]) == Exit.OK
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Example: {EXAMPLES[path]}" in shown


@pytest.mark.parametrize("path", EXAMPLES)
def test_an_example_is_of_its_own_command(path: str) -> None:
    words = shlex.split(EXAMPLES[path])
    assert words[0] == "kiosk"
    assert f"{path_of(words[1:], EXAMPLES)} ".startswith(f"{path} ")


def test_a_python_that_is_gone_has_its_own_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert run(["run", "--base", str(tmp_path)]) == Exit.IO
    assert (
        capsys.readouterr().err.splitlines()[-1].startswith(f"LW-K007 {tmp_path}/python: cannot be started")
    )
