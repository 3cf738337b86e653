"""A year of the standard kiosk with faults, in pieces: people from seeds, every promise judged."""

import logging
from collections.abc import Callable

import pytest

from kiosk.rehearsal.outcome import Outcome
from kiosk.rehearsal.soak import Soak, play_act, work_folder
from sim.scenario.draw import Order
from sim.scenario.rates import Level

USUAL = Soak(days=301, seed=412, level=Level.USUAL)
HEAVY = Soak(days=70, seed=413, level=Level.HEAVY)
ACTS = USUAL.acts() + HEAVY.acts()


def named(order: Order) -> str:
    return f"{order.level}-{order.seed.replace('/', '-day-')}{'-polled' * order.is_polled}"


def demand_kept(outcome: Outcome) -> None:
    """Every promise held; otherwise say which did not, and from where to start again."""
    lines = [f"{one.promise} at {one.at_ms} ms: {one.text}" for one in outcome.broken]
    assert not lines, "\n".join([outcome.script.name, *lines])


def test_a_year_is_played_and_some_of_it_at_the_true_period() -> None:
    assert sum(act.days for act in ACTS) >= 365
    assert sum(act.days for act in ACTS if act.is_polled) >= 3


@pytest.mark.parametrize("order", ACTS, ids=named)
def test_days_in_which_every_promise_holds(
    order: Order, caplog: pytest.LogCaptureFixture, record_property: Callable[[str, object], None]
) -> None:
    caplog.set_level(logging.CRITICAL)
    with work_folder() as folder:
        outcome = play_act(order, folder)
    record_property("kiosk-days", order.days)
    demand_kept(outcome)
    assert outcome.head
    assert outcome.reached["event DeliveryCollected"] > 10 * order.days


def test_work_folders_are_gone_afterwards() -> None:
    with work_folder() as folder:
        (folder / "life-1").mkdir()
        assert folder.is_dir()
    assert not folder.exists()


def test_seeds_and_days_are_cut_into_acts() -> None:
    acts = Soak(days=120, seed=5, seeds=2).acts()
    assert sum(act.days for act in acts) == 240
    assert {act.seed.partition("/")[0] for act in acts} == {"5", "6"}
    assert [act.seed for act in acts if act.is_polled] == ["5/50", "6/50"]
    assert len({act.seed for act in acts}) == len(acts)
    assert max(act.days for act in acts) == 7
