"""The README and the documents keep their word: commands exist, links lead somewhere."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_one_line_names_the_prerequisites() -> None:
    assert "sudo apt install git make python3-venv\n" in README


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_link_leads_to_a_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not [link for link in LINK.findall(text) if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_make_command_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = {*re.findall(r"`make ([a-z-]+)", text), *re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)}
    assert not [target for target in targets if make("--dry-run", target).returncode]


def test_every_page_is_reached_from_the_index() -> None:
    seen, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        waiting += [(page.parent / link).resolve() for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert not [page_id(page) for page in PAGES if page not in seen]


def test_make_alone_lists_the_commands() -> None:
    listed = make()
    assert listed.returncode == 0
    assert all(f"make {target}" in listed.stdout for target in ("run", "test", "check", "bench", "help"))
