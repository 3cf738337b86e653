"""Every command is written down with its name, and asks for help kindly."""

import re
import subprocess
import sys
from pathlib import Path

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
RUN_COMMAND = "import sys; sys.argv[0] = 'kiosk'; from kiosk.cli import main; sys.exit(main())"


def verbs() -> list[str]:
    """The verbs that `kiosk --help` lists, with or without the frame around them."""
    asked = [sys.executable, "-c", RUN_COMMAND, "--help"]
    plain = {"TERM": "dumb", "COLUMNS": "120", "PATH": "/usr/bin:/bin"}
    listed = subprocess.run(
        asked, capture_output=True, text=True, check=True, env=plain, cwd=REFERENCE.parents[2]
    )
    after = listed.stdout.partition("Commands")[2]
    return re.findall(r"^[│|\s]{1,3}([a-z][a-z-]+)\s", after, re.MULTILINE)


def test_every_command_is_in_the_reference() -> None:
    found = verbs()
    text = REFERENCE.read_text(encoding="utf-8")
    assert {"run", "sim", "doors", "board", "version"} <= set(found)
    assert not [verb for verb in found if f"kiosk {verb}" not in text]
