"""Emulated CU16 boards, byte for byte; what they are wired to is a bench."""

import pytest

from drivers.kerong.polarity import Polarity
from sim.boards.bench import Bench
from sim.boards.kerong import Bus, Cu16Board
from sim.boards.line import Fault, Line, Switch

EVERY = range(1, 17)


def still() -> float:
    return 0.0


def bench(*locked: int) -> Bench:
    return Bench(still, locked=locked or EVERY, channels=16)


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


def test_a_board_answers_as_published() -> None:
    bus = Bus([Cu16Board(0, bench(*range(1, 16)))])
    assert bus.receive(raw("02 00 30 03 35")) == [raw("02 00 35 ff 7f 00 00 03 b8")]


def test_two_boards_answer_the_question_to_all_back_to_back() -> None:
    bus = Bus([Cu16Board(0, bench()), Cu16Board(1, bench())])
    assert bus.receive(raw("02 f0 32 03 27")) == [
        raw("02 00 36 ff ff 00 00 03 39"),
        raw("02 10 36 ff ff 00 00 03 49"),
    ]


def test_the_other_polarity_says_the_opposite_and_one_turned_contact_its_own() -> None:
    bus = Bus([Cu16Board(0, bench(1), polarity=Polarity(0, (16,)))])
    assert bus.receive(raw("02 00 30 03 35")) == [raw("02 00 35 fe 7f 00 00 03 b7")]


def test_an_unlock_has_no_answer() -> None:
    locks = bench()
    assert Bus([Cu16Board(2, locks)]).receive(raw("02 2f 31 03 65")) == []
    assert [pulse.channel for pulse in locks.pulses] == [16]


@pytest.mark.parametrize("asked", ["02 00 37 03 3c", "02 00 37 00 37 03 73", "f5 b6 00 00 5f 0a"])
def test_an_older_board_answers_nothing_about_its_pulse_or_version(asked: str) -> None:
    locks = bench()
    bus = Bus([Cu16Board(0, locks)])
    assert bus.receive(raw(asked)) == []
    assert bus.receive(raw("02 00 30 03 35")) == [raw("02 00 35 ff ff 00 00 03 38")]
    assert not locks.pulses


@pytest.mark.parametrize(
    ("frame", "pulsed"),
    [("02 00 33 03 38", [16, 0]), ("02 f0 33 03 28", [16, 16]), ("02 f4 31 03 2a", [1, 1])],
    ids=["all of one board", "all of all boards", "one lock of all boards"],
)
def test_several_locks_at_once_are_obeyed_and_counted(frame: str, pulsed: list[int]) -> None:
    benches = [bench(), bench()]
    bus = Bus([Cu16Board(address, locks) for address, locks in enumerate(benches)])
    bus.receive(raw(frame))
    assert [len(locks.pulses) for locks in benches] == pulsed
    assert bus.mass_unlocks == 1


def test_the_test_button_fires_its_sixteen_locks() -> None:
    locks = bench()
    assert list(Cu16Board(0, locks).press_test()) == list(EVERY)


def test_a_bench_has_no_more_locks_than_its_board() -> None:
    with pytest.raises(ValueError, match="lock 17, expected 1 to 16"):
        bench().close(17)


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (Fault.WRONG_ADDRESS, "02 10 35 ff ff 00 00 03 48"),
        (Fault.DUPLICATE, "02 00 35 ff ff 00 00 03 38 02 00 35 00 00 00 00 03 3a"),
    ],
)
def test_faults_of_the_wire_keep_to_the_dialect(fault: Fault, answer: str) -> None:
    line = Line(Bus([Cu16Board(0, bench())]))
    line.set(fault, Switch())
    ((_, chunk),) = line.receive(raw("02 00 30 03 35"))
    assert chunk == raw(answer)
