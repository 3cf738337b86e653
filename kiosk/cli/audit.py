"""The verb that checks the event log."""

from dataclasses import asdict
from typing import Annotated

import typer

from kiosk.cli.failure import CommandFailed
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, find_place
from kiosk.cli.show import show_json
from kiosk.service.exits import Exit
from kiosk.storage import demand_database, empty_state
from kiosk.store.audit_report import BadHead, Report
from kiosk.store.reader import StoredFile


def verify(
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    head: Annotated[
        str | None, typer.Option("--head", metavar="EPOCH:SEQ:HASH", help="A row noted down elsewhere.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check every row of the log and the tables beside it, while the daemon runs or not."""
    place = find_place(config, base)
    demand_database(place.folder)
    try:
        with StoredFile(place.folder.database) as file:
            report = file.verify(head=head, empty=empty_state(place.settings))
    except BadHead as error:
        raise CommandFailed(Exit.USAGE, f"--head {error}") from error
    if as_json:
        show_json({"is_whole": report.is_whole, **asdict(report)})
    else:
        _show(report)
    if not report.is_whole:
        raise typer.Exit(Exit.FAILED)


def _show(report: Report) -> None:
    for problem in report.problems:
        print(f"{problem.kind}: {problem.text}")
    if report.more_problems:
        print(f"and {report.more_problems} more")
    state = "whole" if report.is_whole else f"whole up to {report.verified} only"
    print(f"{report.events} events, {state}")
    print(f"head {report.head}")
