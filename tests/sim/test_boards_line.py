"""Faults of the wire are data: each does what it says, as often as it is told, and is counted."""

import pytest

from drivers.kerong.frames import GetStatus, StatusReply, Unlock
from sim.boards.bench import Bench
from sim.boards.kerong import Bus, Cu48Board
from sim.boards.line import JUNK, Fault, Line, Switch

ASK = GetStatus(0).to_bytes()
CLOSED = StatusReply(0, 0b111).to_bytes()
CHARACTER_S = 10 / 19200


@pytest.fixture
def bench() -> Bench:
    return Bench(lambda: 0.0, locked=(1, 2, 3))


@pytest.fixture
def line(bench: Bench) -> Line:
    return Line(Bus([Cu48Board(0, bench)]), baud=19200)


def answers(line: Line, request: bytes = ASK) -> list[bytes]:
    return [sending.chunk for sending in line.receive(request)]


def test_a_sound_line_takes_the_time_of_question_and_answer(line: Line) -> None:
    ((after_s, answer),) = line.receive(ASK)
    assert answer == CLOSED
    assert after_s == pytest.approx(18 * CHARACTER_S)


def test_a_slower_line_takes_longer(bench: Bench) -> None:
    slow = Line(Bus([Cu48Board(0, bench)]), baud=9600)
    assert slow.receive(ASK)[0].after_s == pytest.approx(36 * CHARACTER_S)


@pytest.mark.parametrize(
    ("fault", "switch", "expected"),
    [
        (Fault.ECHO, Switch(), [ASK, CLOSED]),
        (Fault.ECHO_SHORT, Switch(), [ASK[1:], CLOSED]),
        (Fault.ECHO_CUT, Switch(), [ASK[:-1], CLOSED]),
        (Fault.MUTE, Switch(), []),
        (Fault.DROP_REQUEST, Switch(), []),
        (Fault.DROP_REPLY, Switch(), []),
        (Fault.JUNK, Switch(), [JUNK + CLOSED]),
        (Fault.JUNK, Switch(amount=2), [JUNK[:2] + CLOSED]),
        (Fault.WRONG_ADDRESS, Switch(), [StatusReply(1, 0b111).to_bytes()]),
        (Fault.DUPLICATE, Switch(), [CLOSED + StatusReply(0, 0).to_bytes()]),
        (Fault.CHOP, Switch(), [bytes((byte,)) for byte in CLOSED]),
    ],
)
def test_a_fault_does_what_it_says(line: Line, fault: Fault, switch: Switch, expected: list[bytes]) -> None:
    line.set(fault, switch)
    assert answers(line) == expected
    assert line.counts[fault] == 1
    line.set(fault, None)
    assert answers(line) == [CLOSED]


def test_a_late_answer_comes_later_by_what_was_said(line: Line) -> None:
    line.set(Fault.LATE, Switch(amount=250))
    assert line.receive(ASK)[0].after_s == pytest.approx(0.25 + 18 * CHARACTER_S)


def test_a_garbled_answer_differs_in_one_bit(line: Line) -> None:
    line.set(Fault.GARBLE, Switch())
    for _ in range(50):
        (answer,) = answers(line)
        assert (int.from_bytes(answer) ^ int.from_bytes(CLOSED)).bit_count() == 1


def test_a_fault_strikes_so_many_times_and_is_over(line: Line) -> None:
    line.set(Fault.DROP_REPLY, Switch(times=2))
    assert [answers(line) for _ in range(3)] == [[], [], [CLOSED]]
    assert Fault.DROP_REPLY not in line.switches


def test_a_chance_is_drawn_from_the_seed(bench: Bench) -> None:
    def pattern(seed: int) -> list[int]:
        line = Line(Bus([Cu48Board(0, bench)]), seed=seed)
        line.set(Fault.DROP_REPLY, Switch(chance=0.5))
        return [len(answers(line)) for _ in range(50)]

    assert pattern(1) == pattern(1)
    assert pattern(1) != pattern(2)
    assert 10 < sum(pattern(1)) < 40


@pytest.mark.parametrize("fault", [Fault.MUTE, Fault.DROP_REQUEST])
def test_a_board_that_did_not_hear_does_not_move(line: Line, bench: Bench, fault: Fault) -> None:
    line.set(fault, Switch())
    answers(line, Unlock(0, 1).to_bytes())
    assert not bench.pulses


def test_a_lost_answer_does_not_undo_what_was_asked(line: Line, bench: Bench) -> None:
    line.set(Fault.DROP_REPLY, Switch())
    answers(line, Unlock(0, 1).to_bytes())
    assert [pulse.channel for pulse in bench.pulses] == [1]


def test_several_faults_at_once_each_do_their_part(line: Line) -> None:
    line.set(Fault.ECHO, Switch())
    line.set(Fault.JUNK, Switch(amount=1))
    line.set(Fault.CHOP, Switch())
    sendings = line.receive(ASK)
    assert b"".join(sending.chunk for sending in sendings) == ASK + JUNK[:1] + CLOSED
    times = [sending.after_s for sending in sendings]
    assert times == sorted(times)
