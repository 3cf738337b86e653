"""The reference of faults as the table says it; `python -m tests.service.error_pages` writes it down."""

from itertools import groupby
from pathlib import Path

from kiosk.service.errors import FAULTS, Fault

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"
START, END = "## Every number\n", "## How the numbers are given\n"
AREAS = {
    "B": "lock boards",
    "C": "compartments and what is behind them",
    "D": "database and disk",
    "H": "people who ask for help",
    "K": "the kiosk itself",
    "L": "the line to the boards",
    "M": "messages to residents",
    "S": "events on their way to the broker",
}


def chapter() -> str:
    """All of the faults, by area, each under a heading that can be linked to."""
    parts = [START, "\nHow urgent: `alarm` now, `task` today, `notice` for your knowledge.\n"]
    for area, faults in groupby(FAULTS, key=lambda fault: fault.number[3]):
        parts.append(f"\n### LW-{area}: {AREAS[area]}\n")
        parts += [section(fault) for fault in faults]
    return "".join(parts)


def section(fault: Fault) -> str:
    """One fault."""
    return (
        f"\n#### {fault.number}\n\n"
        f"`{fault.key}`, {fault.severity}: {fault.cause}.\n\n"
        f"**Next:** {fault.next_step}.\n"
    )


def written() -> str:
    """The chapter as it stands in the page."""
    text = PAGE.read_text(encoding="utf-8")
    return text[text.index(START) : text.index(END)].rstrip() + "\n"


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(f"{page[: page.index(START)]}{chapter()}\n{page[page.index(END) :]}", encoding="utf-8")
