"""The verbs about the daemon itself: run, check-config, version."""

import os
import platform
import sys
from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli.failure import CommandFailed
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, Place, chosen, find_place
from kiosk.cli.show import note, show_json
from kiosk.data_folder import DataFolder
from kiosk.service.errors import NOT_STARTED
from kiosk.service.exits import Exit
from kiosk.version import VERSION

NEXT = (
    "next: kiosk run, then kiosk residents import FILE.csv, kiosk carriers add NAME, "
    "kiosk staff add ACCOUNT NAME"
)
"""What a kiosk that was never started still needs."""


def run(
    config: ConfigOption = None,
    base: BaseOption = None,
    listen: Annotated[
        str | None, typer.Option("--listen", metavar="HOST:PORT", help="Address of the touchscreen page.")
    ] = None,
) -> None:
    """Run the daemon in the foreground until SIGTERM or Ctrl-C. This process becomes the daemon.

    A new kiosk knows nobody: residents, carriers and staff come by `kiosk residents`, `carriers` and `staff`.
    """
    file, folder = chosen(config, base)
    command = [sys.executable, "-P", "-m", "kiosk", "--config", str(file), "--base", str(folder)]
    if listen:
        command += ["--listen", listen]
    try:
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell
    except OSError as error:
        raise CommandFailed(
            Exit.IO, NOT_STARTED.line(f"{sys.executable}: cannot be started ({error.strerror})")
        ) from error


def check_config(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Settings file.")],
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Read a settings file and name every problem in it."""
    from config.load import BadSettings, load
    from config.remarks import remarks

    try:
        settings = load(file, base or Path())
    except BadSettings as error:
        if as_json:
            show_json({"file": str(file), "problems": error.problems})
            raise typer.Exit(Exit.BAD_SETTINGS) from None
        raise CommandFailed(
            Exit.BAD_SETTINGS, *(f"{file}: {problem.removeprefix(f'{file}: ')}" for problem in error.problems)
        ) from None
    if as_json:
        show_json({"file": str(file), "problems": [], "remarks": list(remarks(settings))})
    else:
        compartments, banks = len(settings.compartment), len(settings.bank)
        print(f"{file}: in order; compartments: {compartments}, banks: {banks}")
        for remark in remarks(settings):
            note(f"{file}: {remark}")
        if not DataFolder(settings.kiosk.data_folder).database.exists():
            note(NEXT)


def version(config: ConfigOption = None, base: BaseOption = None, *, as_json: JsonOption = False) -> None:
    """Show the version, and with --json the public key that proofs of delivery are checked with."""
    if not as_json:
        print(f"latchwork {VERSION}")
        return
    place = _place_if_any(config, base)
    show_json(
        {
            "version": VERSION,
            "python": platform.python_version(),
            "site": place.settings.kiosk.site if place else None,
            "kiosk": place.settings.kiosk.id if place else None,
            "public_key": _public_key(place) if place else None,
        }
    )


def _place_if_any(config: Path | None, base: Path | None) -> Place | None:
    """Which version this is can be told whatever the settings are like."""
    from config.load import BadSettings

    try:
        return find_place(config, base)
    except BadSettings as error:
        note(f"the settings cannot be used: {error.problems[0]}")
        return None


def _public_key(place: Place) -> str | None:
    """The key of this kiosk; nothing before its first start, or for those who may not read it."""
    from kiosk.receipts import ReceiptKey

    try:
        return ReceiptKey.load(place.folder.keys).public
    except FileNotFoundError:
        note("no public key yet: it is made at the first start of the kiosk")
        return None
    except OSError as error:
        note(f"no public key: {error}")
        return None
