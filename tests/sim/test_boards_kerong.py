"""Emulated CU48 boards, byte for byte; what they are wired to is a bench."""

import pytest

from drivers.kerong.polarity import Polarity
from sim.boards.bench import Bench, most_at_once
from sim.boards.kerong import Bus, Cu48Board

EVERY = range(1, 49)


class HandClock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


def test_a_board_answers_as_the_manual_says(clock: HandClock) -> None:
    bus = Bus([Cu48Board(0, Bench(clock, locked=(1, 2, 3, 47, 48)))])
    assert bus.receive(raw("02 00 00 50 03 55")) == [raw("02 00 00 65 07 00 00 00 00 c0 03 31")]


def test_the_other_polarity_says_the_opposite(clock: HandClock) -> None:
    bus = Bus([Cu48Board(0, Bench(clock, locked=(1,)), polarity=Polarity(0))])
    assert bus.receive(raw("02 00 00 50 03 55")) == [raw("02 00 00 65 fe ff ff ff ff ff 03 63")]


def test_every_board_answers_in_turn_to_the_question_for_all(clock: HandClock) -> None:
    bus = Bus([Cu48Board(address, Bench(clock)) for address in (0, 1)])
    assert [answer[1] for answer in bus.receive(raw("02 0a 00 50 03 5f"))] == [0, 1]


def test_an_unlock_has_no_answer_and_opens_after_the_delay_of_the_lock(clock: HandClock) -> None:
    bench = Bench(clock, locked=EVERY)
    assert Bus([Cu48Board(0, bench, pulse_ms=500)]).receive(raw("02 00 2f 51 03 85")) == []
    assert [(pulse.channel, pulse.end_s) for pulse in bench.pulses] == [(48, 0.5)]
    assert bench.is_hooked(48)
    clock.now = 0.051
    assert not bench.is_hooked(48)
    assert bench.is_hooked(47)
    bench.close(48)
    assert bench.is_hooked(48)


def test_a_pulse_that_is_too_short_moves_nothing(clock: HandClock) -> None:
    bench = Bench(clock, locked=EVERY, open_delay_ms=550)
    bench.energise(1, 500)
    clock.now = 10
    assert bench.is_hooked(1)


def test_a_jammed_lock_takes_the_pulse_and_stays(clock: HandClock) -> None:
    bench = Bench(clock, locked=EVERY)
    bench.jammed.add(1)
    bench.energise(1, 500)
    clock.now = 10
    assert bench.is_hooked(1)
    assert len(bench.pulses) == 1


def test_a_board_obeys_its_own_address_only(clock: HandClock) -> None:
    benches = [Bench(clock, locked=EVERY) for _ in range(2)]
    bus = Bus([Cu48Board(address, bench) for address, bench in enumerate(benches)])
    bus.receive(raw("02 01 00 51 03 57"))
    assert [len(bench.pulses) for bench in benches] == [0, 1]


def test_a_dead_board_hears_nothing(clock: HandClock) -> None:
    bench = Bench(clock, locked=EVERY)
    board = Cu48Board(0, bench)
    board.is_dead = True
    assert Bus([board]).receive(raw("02 00 00 50 03 55 02 00 00 51 03 56")) == []
    assert not bench.pulses


@pytest.mark.parametrize(
    ("frame", "pulsed"),
    [
        ("02 00 30 51 03 86", {0: 48, 1: 0}),
        ("02 0a 30 51 03 90", {0: 48, 1: 48}),
        ("02 0a 04 51 03 64", {0: 1, 1: 1}),
    ],
    ids=["all of one board", "all of all boards", "one lock of all boards"],
)
def test_several_locks_at_once_are_obeyed_and_counted(
    clock: HandClock, frame: str, pulsed: dict[int, int]
) -> None:
    benches = {address: Bench(clock, locked=EVERY) for address in (0, 1)}
    bus = Bus([Cu48Board(address, bench) for address, bench in benches.items()])
    bus.receive(raw(frame))
    assert {address: len(bench.pulses) for address, bench in benches.items()} == pulsed
    assert bus.mass_unlocks == 1


def test_the_test_button_fires_every_lock_in_turn(clock: HandClock) -> None:
    bench = Bench(clock, locked=EVERY)
    for channel in Cu48Board(0, bench).press_test():
        clock.now += 1.0
        assert len(bench.pulses) == channel
    assert [pulse.channel for pulse in bench.pulses] == list(EVERY)
    assert most_at_once(bench.pulses) == 1


def test_garbage_and_frames_in_pieces_are_survived(clock: HandClock) -> None:
    bus = Bus([Cu48Board(0, Bench(clock, locked=(1,)))])
    stream = raw("fa fd 02 00 00 75 02 00 00 50 03 54 02 00 00 50 03 55")
    answers = [answer for byte in stream for answer in bus.receive(bytes((byte,)))]
    assert [answer.hex(" ") for answer in answers] == ["02 00 00 65 01 00 00 00 00 00 03 6b"]


def test_an_address_that_no_board_can_have_is_refused(clock: HandClock) -> None:
    with pytest.raises(ValueError, match="address 10, expected 0 to 9"):
        Cu48Board(10, Bench(clock))
