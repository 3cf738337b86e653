"""A mutant: one line of the product made wrong in a copy of the project, which named tests must notice."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("kiosk", "hal", "drivers", "sim", "config", "tests", "docs", "pyproject.toml", "README.md")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "mutants")
NO_TEST_RAN = 5
TESTS_FAILED = 1


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is changed where, and the tests that must fail for it."""

    name: str
    path: str
    right: str
    wrong: str
    tests: tuple[str, ...]


class NotApplicable(Exception):
    """The line to change is not there exactly once, so the list has to be mended."""


def copy_project(into: Path) -> Path:
    """A copy of everything a test run needs."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, into / name, ignore=NOT_COPIED)
        else:
            shutil.copy2(source, into / name)
    return into


def apply(mutant: Mutant, project: Path) -> None:
    """Make the one line wrong."""
    file = project / mutant.path
    text = file.read_text(encoding="utf-8")
    if text.count(mutant.right) != 1:
        raise NotApplicable(f"{mutant.path}: found {text.count(mutant.right)} times: {mutant.right}")
    file.write_text(text.replace(mutant.right, mutant.wrong), encoding="utf-8")


def run_tests(tests: tuple[str, ...], project: Path) -> subprocess.CompletedProcess[str]:
    """Run tests in a copy; the working folder comes first on the path, so the copy is what is tested."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
