"""The harness judges as it says: medians, goals with their tolerance, exit codes, one results file."""

import asyncio
import fcntl
import json
import math
from pathlib import Path

import pytest
from rich.console import Console

from tests.benchmarks import __main__ as command
from tests.benchmarks import catalogue
from tests.benchmarks.bench import Bench, LineBroken
from tests.benchmarks.catalogue import Measure
from tests.benchmarks.instruments.child import ChildFailed, running
from tests.benchmarks.instruments.http import until_it_answers
from tests.benchmarks.instruments.noise import Noise
from tests.benchmarks.report import table
from tests.benchmarks.row import Kind, Row, Samples, Verdict, percentile


@pytest.mark.parametrize(
    ("product", "verdict"),
    [
        (2.0, Verdict.HOLDS),
        (2.4, Verdict.WITHIN_TOLERANCE),
        (2.5, Verdict.WITHIN_TOLERANCE),
        (2.51, Verdict.MISSED),
    ],
)
def test_a_ratio_is_judged_with_a_quarter_of_tolerance(product: float, verdict: Verdict) -> None:
    assert Row("line", "ms", [1.0], [product], 2.0).verdict is verdict


def test_one_bad_round_does_not_decide() -> None:
    row = Row("line", "ms", [1.0, 1.0, 9.0, 1.0, 1.0], [2.0, 2.0, 2.0, 50.0, 2.0], 2.0)
    assert (row.ratio, row.verdict) == (2.0, Verdict.HOLDS)


def test_a_limit_is_judged_in_its_own_unit() -> None:
    row = Row("line", "MiB", [25.0], [61.0], 60.0, kind=Kind.LIMIT, tolerance=0.0)
    assert row.verdict is Verdict.MISSED
    assert Row("line", "bytes", [], [0.0], 0.0, kind=Kind.LIMIT, tolerance=0.0).verdict is Verdict.HOLDS


def test_a_floor_of_nothing_cannot_be_beaten() -> None:
    assert Row("line", "ms", [0.0], [1.0], 2.0).ratio == math.inf


def test_a_tail_is_reported_and_never_judged() -> None:
    row = Row("line", "ms", [1.0], [1.0], 2.0, p99=(1.0, 999.0))
    assert row.verdict is Verdict.HOLDS
    assert row.as_json()["p99"] == {"floor": 1.0, "product": 999.0}


def test_percentiles_are_samples_that_were_measured() -> None:
    hundred = [float(number) for number in range(1, 101)]
    assert (percentile(hundred, 0.5), percentile(hundred, 0.99), percentile([7.0], 0.99)) == (50.0, 99.0, 7.0)
    samples = Samples([[1.0, 3.0, 2.0], [10.0]])
    assert (samples.medians, samples.worst) == ([2.0, 10.0], 10.0)


async def test_rounds_are_interleaved_and_sides_take_turns_at_going_first(tmp_path: Path) -> None:
    ran: list[str] = []

    async def floor() -> None:
        ran.append("floor")

    async def product() -> None:
        ran.append("product")

    await Bench(tmp_path, lambda _: None, rounds=3).interleave("line", floor, product)
    assert ran == ["floor", "product", "product", "floor", "floor", "product"]


async def test_a_program_that_ends_is_named_with_its_last_words() -> None:
    async with running("the absent program", ["tests.benchmarks.no_such_program"]) as child:
        with pytest.raises(ChildFailed, match=r"the absent program ended with 1:\n.*no_such_program"):
            await until_it_answers("127.0.0.1:9", child)


def test_an_unknown_line_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["nonsense"]) == 2
    said = capsys.readouterr().err
    assert "nonsense" in said
    assert all(name in said for name in catalogue.LINES)


@pytest.fixture
def fixed_lines(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    async def good(bench: Bench) -> list[Row]:
        await asyncio.sleep(0)
        return [Row("good", "ms", [1.0] * bench.rounds, [1.5] * bench.rounds, 2.0, notes=("a note",))]

    async def bad(bench: Bench) -> list[Row]:
        return [Row("bad", "KiB", [1.0], [9.0], 2.0)]

    async def broken(bench: Bench) -> list[Row]:
        raise ExceptionGroup("a task group's", [LineBroken("the kiosk ended with 69"), TimeoutError()])

    async def mistaken(bench: Bench) -> list[Row]:
        raise ExceptionGroup("a task group's", [LineBroken("the kiosk ended with 69"), KeyError("typo")])

    lines: dict[str, Measure] = {"broken": broken, "good": good, "bad": bad, "mistaken": mistaken}
    monkeypatch.setattr(command, "LINES", lines)
    return lines


@pytest.mark.usefixtures("fixed_lines")
@pytest.mark.parametrize(("line", "code"), [("good", 0), ("bad", 1), ("broken", 1)])
def test_the_exit_code_says_whether_every_goal_holds(tmp_path: Path, line: str, code: int) -> None:
    assert command.main([line, "--folder", str(tmp_path)]) == code


def test_a_line_that_breaks_is_named_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fixed_lines: dict[str, Measure]
) -> None:
    del fixed_lines["mistaken"]
    assert command.main(["--folder", str(tmp_path)]) == 1
    assert "broken could not be measured: the kiosk ended with 69" in capsys.readouterr().err
    found = json.loads((tmp_path / "results.json").read_text())
    assert [line["name"] for line in found["lines"]] == ["good", "bad"]


@pytest.mark.usefixtures("fixed_lines")
def test_a_mistake_of_our_own_is_not_taken_for_a_slow_program(tmp_path: Path) -> None:
    with pytest.raises(ExceptionGroup):
        command.main(["mistaken", "--folder", str(tmp_path)])


@pytest.mark.usefixtures("fixed_lines")
def test_two_at_a_time_do_not_measure_one_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert command.main(["good", "--folder", str(tmp_path)]) == 1
    assert "another benchmark is running" in capsys.readouterr().err


@pytest.mark.usefixtures("fixed_lines")
def test_the_results_file_holds_every_round(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["good", "--rounds", "7", "--folder", str(tmp_path / "new")])
    found = json.loads((tmp_path / "new" / "results.json").read_text())
    (line,) = found["lines"]
    assert (line["name"], line["ratio"], line["verdict"]) == ("good", 1.5, "holds")
    assert (len(line["floor"]), len(line["product"])) == (7, 7)
    assert found["noise"]["spread"] >= 1.0
    printed = capsys.readouterr().out
    assert "good" in printed
    assert "good: a note" in printed
    assert "machine" in printed


@pytest.mark.parametrize("rounds", ["0", "-1", "many"])
def test_rounds_are_counted_from_one(rounds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        command.main(["unlock", "--rounds", rounds])
    assert refused.value.code == 2
    assert "expected" in capsys.readouterr().err


def test_a_row_without_a_floor_has_no_ratio_in_the_table() -> None:
    console = Console(width=160, record=True)
    console.print(table([Row("limit", "MiB", [], [50.0], 60.0, kind=Kind.LIMIT)]))
    assert "50.0" in console.export_text()


def test_noise_is_told_from_quiet() -> None:
    steady = Noise(spins=[10.0] * 20, syncs=[0.5], loads=[0.1, 0.1])
    shaken = Noise(spins=[10.0] * 10 + [17.0] * 10, syncs=[0.5], loads=[0.1, 4.0])
    assert (steady.word, shaken.word) == ("quiet", "very noisy")
    assert "load 0.1 -> 4.0" in shaken.sentence()
