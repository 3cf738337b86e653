"""The verbs about residents: import, export, list, forget."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, cast

import typer

from kiosk.cli.failure import CommandFailed
from kiosk.cli.ordering import Difference, ResidentRow, order
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, Place, find_place
from kiosk.cli.show import is_unit, note, show_json, show_table
from kiosk.service.exits import Exit

NOBODY = "Nobody is here yet: kiosk residents import FILE.csv"
PROBLEMS_SHOWN = 50
"""A file that is no list has one in every line."""


def import_residents(  # noqa: PLR0913 - one argument an option
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV with the columns unit and name at least.")
    ],
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    whole: Annotated[bool, typer.Option("--whole", help="Who is not on the list has moved out.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Also where more than a third move out.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take a list of residents over: it adds and corrects, and with --whole the others have moved out."""
    place = find_place(config, base)
    said = {"text": _read(file, as_json=as_json), "is_whole": whole}
    plan = cast("Difference", order(place, "import_residents", **said, is_trial=True))
    if dry_run:
        _show(plan, as_json=as_json, in_full=True)
        return
    is_confirmed = yes or (plan["needs_confirmation"] and _agreed(plan))
    done = order(place, "import_residents", **said, is_confirmed=is_confirmed)
    _show(cast("Difference", done), as_json=as_json)


def _read(file: Path, *, as_json: bool) -> str:
    """The list as it is; every line that is wrong is named."""
    from config.residents_file import BadResidents, parse_residents, read_bytes

    try:
        content = read_bytes(file)
        parse_residents(content, str(file))
        return content.decode("utf-8-sig")
    except BadResidents as error:
        if as_json:
            show_json({"file": str(file), "problems": list(error.problems)})
            raise typer.Exit(Exit.BAD_DATA) from None
        shown = list(error.problems[:PROBLEMS_SHOWN])
        if len(error.problems) > PROBLEMS_SHOWN:
            shown.append(f"{file}: and {len(error.problems) - PROBLEMS_SHOWN} more")
        raise CommandFailed(Exit.BAD_DATA, *shown, f"{file}: nothing was changed") from None
    except OSError as error:
        why = (error.strerror or "cannot be read").lower()
        raise CommandFailed(Exit.IO, f"{file}: {why}") from error


def _agreed(plan: Difference) -> bool:
    """Ask, where somebody is there to answer; otherwise the order itself says what is missing."""
    if not sys.stdin.isatty():
        return False
    note("\n".join(f"moves out  {one['unit']}  {one['name']}" for one in plan["moved_out"]))
    return typer.confirm(f"More than a third ({len(plan['moved_out'])}) would move out. Go on?", err=True)


def _show(found: Difference, *, as_json: bool, in_full: bool = False) -> None:
    if as_json:
        show_json(found)
        return
    if in_full:
        sys.stdout.writelines(f"{line}\n" for line in _lines(found))
    counts = ", ".join(
        f"{len(listed)} {word}"
        for word, listed in (
            ("added", found["added"]),
            ("changed", found["changed"]),
            ("moved out", found["moved_out"]),
            ("new units", found["units_added"]),
            ("units with another mode", found["units_changed"]),
        )
        if listed
    )
    state = "done" if found["is_done"] else "nothing was changed yet; it would be"
    print(f"{state}: {counts}" if counts else "the list says nothing new")
    if found["needs_confirmation"] and not found["is_done"]:
        print("more than a third would move out: without --dry-run it needs --yes")


def _lines(found: Difference) -> Iterable[str]:
    yield from (f"new unit   {label}" for label in found["units_added"])
    yield from (f"mode       {label}" for label in found["units_changed"])
    for word, people in (
        ("added", found["added"]),
        ("changed", found["changed"]),
        ("moves out", found["moved_out"]),
    ):
        yield from (f"{word:<9}  {one['unit']}  {one['name']}" for one in people)


def export_residents(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A new file, for you only; without it, the screen."),
    ] = None,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Write who lives here now as CSV that can be imported again. The file can be read by you only."""
    place = find_place(config, base)
    if file is None:
        _to_screen(place, as_json=as_json)
        return
    from kiosk.service.secret_files import write_secret

    if not file.absolute().parent.is_dir():
        raise CommandFailed(Exit.IO, f"{file.parent}: no such folder")
    answer = order(place, "export_residents")
    try:
        write_secret(file.absolute(), str(answer["text"]).encode("utf-8"))
    except FileExistsError:
        raise CommandFailed(Exit.IO, f"{file}: is there already; choose another name") from None
    except OSError as error:
        why = (error.strerror or "cannot be written").lower()
        raise CommandFailed(Exit.IO, f"{file}: {why}") from error
    if as_json:
        show_json({"file": str(file), "residents": answer["residents"]})
    else:
        print(f"{file}: {answer['residents']} residents")


def _to_screen(place: Place, *, as_json: bool) -> None:
    answer = order(place, "export_residents")
    if as_json:
        show_json(answer)
    else:
        sys.stdout.write(str(answer["text"]))


def list_residents(
    unit: Annotated[str | None, typer.Argument(metavar="[UNIT]", help="Only of this unit.")] = None,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show everybody who lives here, and those who moved out and are not forgotten yet."""
    known = cast("list[ResidentRow]", order(find_place(config, base), "list_residents")["residents"])
    rows = [row for row in known if unit is None or is_unit(unit, row["unit"])]
    if as_json:
        show_json(rows)
        return
    columns = ("Unit", "Mode", "Name", "Language", "Contact", "Low door", "Moved out")
    show_table(columns, map(_row, rows), nothing=f"Nobody lives in unit {unit}." if known else NOBODY)


def _row(row: ResidentRow) -> tuple[object, ...]:
    moved_out = (row["moved_out_at"] or "")[:10]
    low = "yes" if row["accessible"] else ""
    return row["unit"], row["mode"], row["name"], row["language"], row["contact"], low, moved_out


def forget_resident(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit that the person lived in.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name as the list has it.")],
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Forget somebody who moved out: name, contact, messages, and what the log keeps apart about them."""
    answer = order(find_place(config, base), "forget_resident", unit=unit.strip(), name=name.strip())
    if as_json:
        show_json(answer)
    else:
        print("forgotten; the log stays whole, and calls the person by a number from now on")
