"""The reference of the commands and the commands themselves: neither has one that the other lacks."""

import re
from pathlib import Path

import pytest

from kiosk.cli.commands import EXAMPLES
from kiosk.cli.usage import path_of

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
TEXT = REFERENCE.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", EXAMPLES)
def test_every_command_is_in_the_reference(path: str) -> None:
    assert re.search(rf"\b{path}\b", TEXT)


def test_the_reference_has_no_command_that_is_none() -> None:
    titles = re.findall(r"^## `(kiosk [^`]+)`$", TEXT, re.MULTILINE)
    in_code = re.findall(r"^(kiosk .+)$", TEXT, re.MULTILINE)
    assert {"kiosk run", "kiosk sim", "kiosk doors", "kiosk board", "kiosk version"} <= set(titles)
    assert not [line for line in titles + in_code if path_of(line.split()[1:], EXAMPLES) == "kiosk"]


def test_every_command_has_a_section_of_its_own_or_of_its_group() -> None:
    titles = set(re.findall(r"^## `(kiosk [^`]+)`$", TEXT, re.MULTILINE))
    assert not [
        path for path in EXAMPLES if path not in titles and " ".join(path.split()[:2]) not in titles
        and not any(title.startswith(f"{path} ") for title in titles)
    ]  # fmt: skip
