"""The verbs `sim soak` and `sim replay`: drawn days and written scenarios, every promise judged."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.failure import CommandFailed
from kiosk.cli.places import JsonOption
from kiosk.cli.show import note, show_json, show_table
from kiosk.service.exits import Exit
from sim.scenario.rates import Level

if TYPE_CHECKING:
    from kiosk.rehearsal.figures import Figures
    from kiosk.rehearsal.outcome import Outcome, Sum
    from kiosk.rehearsal.soak import Soak, Weekends
    from sim.scenario.script import Script

FINDINGS = Path("var") / "sim" / "findings"
SHRINK_RUNS = 150
TEXTS_TOLD = 20


def soak(  # noqa: PLR0913 - one argument an option
    *,
    days: Annotated[int, typer.Option("--days", min=1, help="Simulated days of each seed.")] = 7,
    seed: Annotated[int, typer.Option("--seed", help="The first seed.")] = 1,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How many seeds.")] = 1,
    faults: Annotated[Level, typer.Option("--faults", help="Nothing, 3 a day, or 30 a day.")] = Level.USUAL,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Processes; one a core.")] = None,
    findings: Annotated[
        Path, typer.Option("--findings", metavar="DIR", help="Where the shortest failing scenarios go.")
    ] = FINDINGS,
    shrink_runs: Annotated[
        int, typer.Option("--shrink-runs", min=0, help="Most tries to shorten a failing scenario.")
    ] = SHRINK_RUNS,
    weekend: Annotated[
        bool,
        typer.Option("--weekend", help="Each seed one weekend without staff and faults, 24 and 48 doors."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Play simulated days in virtual time and judge every promise; 1 if one was broken."""
    from kiosk.rehearsal.soak import Soak, Weekends, keep_quiet, work_folder

    keep_quiet()
    wanted = Weekends(seed, seeds) if weekend else Soak(days, seed, seeds, faults)
    if not as_json:
        _show_rates(wanted)
    with work_folder() as folder:
        result, took_s = _play_all(wanted, folder, jobs or os.cpu_count() or 1)
        written = tuple(_write_findings(result, folder, findings, shrink_runs))
    figures = _figures(result) if weekend else {}
    if as_json:
        found = {"findings": [str(path) for path in written], "figures": _figures_as_json(figures)}
        show_json({**_as_json(result, took_s), **found})
    else:
        _show(result, took_s)
        _show_figures(figures)
        for path in written:
            print(f"shortest failing scenario: {path}\nonce more: kiosk sim replay {path}")
    if result.failures or any(one.missed() for one in figures.values()):
        raise typer.Exit(Exit.FAILED)


def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario; see the guide to the soak.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Play one scenario file in virtual time; 1 if a promise or an expectation was broken."""
    script = _read(file)
    from kiosk.rehearsal.outcome import Sum
    from kiosk.rehearsal.soak import keep_quiet, play, work_folder

    keep_quiet()
    with work_folder() as folder:
        outcome = play(script, folder)
    result = Sum()
    result.add(outcome)
    if as_json:
        show_json({**_as_json(result, None), "head": outcome.head})
    else:
        _show(result, None)
        print(f"head {outcome.head}")
    if outcome.broken:
        raise typer.Exit(Exit.FAILED)


def _read(file: Path) -> "Script":
    from kiosk.rehearsal.cabinets import NoSuchCabinet, settings_for
    from kiosk.rehearsal.town import town_of, wrong_names
    from sim.scenario.toml_file import BadScript, read_script

    try:
        script = read_script(file)
        problems = wrong_names(script, town_of(settings_for(script.given.doors, Path())))
    except BadScript as error:
        problems = error.problems
    except OSError as error:
        raise CommandFailed(Exit.IO, f"{file}: {error.strerror}, expected a scenario file") from error
    except NoSuchCabinet as error:
        problems = (f"given: doors: {error}",)
    else:
        if not problems:
            return script
    raise CommandFailed(Exit.BAD_DATA, *problems)


# Playing


def _play_all(wanted: "Soak | Weekends", folder: Path, jobs: int) -> "tuple[Sum, float]":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from kiosk.rehearsal.outcome import Sum
    from kiosk.rehearsal.soak import played

    result, acts = Sum(), wanted.acts()
    columns = (
        TextColumn("{task.completed:.0f} of {task.total:.0f} kiosk-days"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[broken]} broken"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=sum(act.days for act in acts), broken=0)
        for outcome in played(acts, folder, jobs):
            result.add(outcome)
            progress.update(bar, completed=result.days, broken=len(result.failures))
        return result, progress.tasks[bar].elapsed or 0.0


def _write_findings(result: "Sum", folder: Path, findings: Path, runs: int) -> Iterator[Path]:
    """The shortest scenario found for the first failure of each promise."""
    from kiosk.rehearsal.soak import shortest
    from sim.scenario.toml_file import write_script

    for promise in sorted(result.broken):
        outcome = next(one for one in result.failures if promise in one.promises)
        note(f"shortening a scenario that breaks {promise} ...")
        script = shortest(outcome, promise, folder, runs)
        findings.mkdir(parents=True, exist_ok=True)
        path = findings / f"{_word(promise)}-{script.given.seed}.toml"
        write_script(path, script)
        yield path


def _word(promise: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in promise).strip("-")


# Telling


def _show_rates(wanted: "Soak | Weekends") -> None:
    from kiosk.rehearsal.soak import drawn

    first = wanted.acts()[0]
    print(f"drawn for seed {first.seed}, faults {first.level}:")
    for line in drawn(first).rates.lines():
        print(f"  {line}")


def _figures(result: "Sum") -> "dict[int, Figures]":
    """By the number of doors."""
    from kiosk.rehearsal.figures import figures_of

    sizes = sorted({doors for doors, _ in result.each})
    return {size: figures_of([one for doors, one in result.each if doors == size]) for size in sizes}


def _show_figures(figures: "Mapping[int, Figures]") -> None:
    for doors, found in figures.items():
        print(f"{doors} doors:")
        for line in (*found.lines(), *(f"MISSED {missed}" for missed in found.missed())):
            print(f"  {line}")


def _figures_as_json(figures: "Mapping[int, Figures]") -> dict[str, object]:
    return {
        str(doors): {
            "weekends": len(found.shares),
            "unknown_mean": found.mean,
            "unknown_in_95_of_100": found.nearly_all,
            "drop_offs": found.drop_offs,
            "turned_away_in_vain": found.turned_away,
            "turned_away_beside_empty": found.beside_empty,
            "missed": list(found.missed()),
        }
        for doors, found in figures.items()
    }


def _show(result: "Sum", took_s: float | None) -> None:
    promises = sorted({*result.judged, *result.broken})
    show_table(
        ["PROMISE", "JUDGED", "PERFORMANCES THAT BROKE IT"],
        [(name, result.judged[name], result.broken[name]) for name in promises],
        nothing="no promise was judged",
    )
    kinds = sorted(result.ordered)
    print()
    show_table(
        ["FAULT", "ORDERED", "STRUCK"],
        [(kind, result.ordered[kind], result.struck[kind]) for kind in kinds],
        nothing="no faults",
    )
    print()
    show_table(["REACHED", "TIMES"], sorted(result.reached.items()), nothing="nothing was reached")
    print()
    show_table(["MEASURE", "SUM"], sorted(result.measures.items()), nothing="nothing was measured")
    print()
    for outcome in result.failures[:TEXTS_TOLD]:
        _show_failure(outcome)
    pace = f", {result.days / took_s:.1f} kiosk-days a second" if took_s else ""
    verdict = f"{len(result.failures)} of them broken" if result.failures else "every promise held"
    print(f"{result.days:g} kiosk-days in {result.performances} performances{pace}: {verdict}")


def _show_failure(outcome: "Outcome") -> None:
    print(f"{outcome.script.name}, starting from seed {outcome.script.given.seed}:")
    for broken in outcome.broken[:TEXTS_TOLD]:
        print(f"  {broken.promise}, at {broken.at_ms / 1000:g} s: {broken.text}")


def _as_json(result: "Sum", took_s: float | None) -> dict[str, object]:
    return {
        "kiosk_days": result.days,
        "took_s": took_s,
        "promises": _both(result.judged, result.broken, "judged", "broken"),
        "faults": _both(result.ordered, result.struck, "ordered", "struck"),
        "reached": dict(sorted(result.reached.items())),
        "measures": dict(sorted(result.measures.items())),
        "failures": [
            {
                "script": outcome.script.name,
                "seed": outcome.script.given.seed,
                "broken": [
                    {"promise": one.promise, "text": one.text, "at_ms": one.at_ms} for one in outcome.broken
                ],
            }
            for outcome in result.failures
        ],
    }


def _both(
    one: Mapping[str, int], other: Mapping[str, int], first: str, second: str
) -> dict[str, dict[str, int]]:
    names = sorted({*one, *other})
    return {name: {first: one.get(name, 0), second: other.get(name, 0)} for name in names}
