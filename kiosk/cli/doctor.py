"""The verb that says what is wrong, where, and what to try next."""

import sys
import textwrap
from collections.abc import Sequence
from shutil import get_terminal_size
from typing import cast

import typer

from config.settings import Settings
from kiosk.cli.failure import CommandFailed
from kiosk.cli.local_client import LocalClient, NobodyListens
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, chosen
from kiosk.cli.show import show_json
from kiosk.cli.source import DaemonSource
from kiosk.data_folder import DataFolder
from kiosk.doctor.examine import Live, examine, settings_at
from kiosk.doctor.findings import Finding, red
from kiosk.service.errors import NO_ANSWER, NOT_ALLOWED_TO_ASK
from kiosk.service.exits import Exit

_RED, _GREEN, _PLAIN = "\x1b[1;31m", "\x1b[32m", "\x1b[0m"
SUBJECT_WIDE = 24
UNBOUNDED = 100_000


def doctor(config: ConfigOption = None, base: BaseOption = None, *, as_json: JsonOption = False) -> None:
    """Say what is wrong, where, and what to try next. Reads only, while the daemon runs or not."""
    settings, findings = settings_at(*chosen(config, base))
    if settings is not None:
        findings += examine(settings, *_ask(settings))
    is_well = all(one.is_well for one in findings)
    if as_json:
        show_json({"is_well": is_well, "findings": [_row(one) for one in findings]})
    else:
        _show(findings)
    raise typer.Exit(Exit.OK if is_well else Exit.FAILED)


def _ask(settings: Settings) -> tuple[Live | None, Finding | None]:
    """What the daemon answers, or why one that is there does not."""
    client = LocalClient(DataFolder(settings.kiosk.data_folder).socket)
    source = DaemonSource(client)
    try:
        status = cast("dict[str, object]", client.get("/status"))
        return Live(status, source.doors(), source.incidents()), None
    except NobodyListens:
        return None, None
    except CommandFailed as failed:
        fault = NOT_ALLOWED_TO_ASK if isinstance(failed.__cause__, PermissionError) else NO_ANSWER
        return None, red("daemon", fault, str(failed))


def _row(one: Finding) -> dict[str, object]:
    return {
        "subject": one.subject,
        "health": one.health.value,
        "fault": one.fault or None,
        "text": one.text,
        "next_step": one.next_step or None,
    }


def _show(findings: Sequence[Finding]) -> None:
    """Two columns and the text, as wide as the screen; one line each where there is none."""
    is_screen = sys.stdout.isatty()
    wide = get_terminal_size().columns if is_screen else UNBOUNDED
    subject_wide = min(SUBJECT_WIDE, max(len(one.subject) for one in findings))
    for one in findings:
        _tell(one, wide, subject_wide, has_colour=is_screen)
    ill = sum(not one.is_well for one in findings)
    print(f"{ill} of {len(findings)} need somebody" if ill else f"all {len(findings)} are well")


def _tell(one: Finding, wide: int, subject_wide: int, *, has_colour: bool) -> None:
    mark = f"{'ok' if one.is_well else 'RED':<3}"
    if has_colour:
        mark = f"{_GREEN if one.is_well else _RED}{mark}{_PLAIN}"
    indent = " " * (5 + subject_wide + 2)
    text = f"{one.fault} {one.text}" if one.fault else one.text
    room = max(20, wide - len(indent) - 1)
    lines = _wrapped(text, room) or [""]
    if one.next_step:
        lines += _wrapped(f"try: {one.next_step}", room)
    print(f"{mark}  {one.subject:<{subject_wide}}  {lines[0]}")
    for line in lines[1:]:
        print(f"{indent}{line}")


def _wrapped(text: str, room: int) -> list[str]:
    """Lines that fit; a path or a device is never cut in two."""
    return textwrap.wrap(text, room, break_on_hyphens=False, break_long_words=False)
