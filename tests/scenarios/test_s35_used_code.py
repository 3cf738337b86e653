"""S35: a used code keyed in again after a new parcel is in that compartment is refused, whatever ended it."""

from collections.abc import Callable

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.model.delivery import Delivery, RemovalWay
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig


def collected(rig: Rig, delivery: Delivery) -> None:
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Finish())


def given_back(rig: Rig, delivery: Delivery) -> None:
    rig.sign_in_staff()
    rig.do(i.ShowStored())
    rig.do(i.ChooseStored(delivery.id))
    rig.do(i.TakeOut(RemovalWay.TO_CARRIER))
    rig.open(rig.pulse())
    rig.close(delivery.compartment)
    rig.do(i.AnswerTaking(i.Taken.TOOK_IT))
    for _ in range(2):
        rig.do(i.GoBack())
    rig.do(i.Finish())


@pytest.mark.parametrize(
    ("end", "why"), [(collected, Refusal.CODE_COLLECTED), (given_back, Refusal.CODE_REMOVED)]
)
@pytest.mark.parametrize("unit", ["412", "101"])
def test_s35_a_used_code_opens_nothing_of_the_next_parcel(
    end: Callable[[Rig, Delivery], None], why: Refusal, unit: str
) -> None:
    rig = Rig().start()
    first = rig.deliver("412")
    end(rig, first)
    again = (rig.deliver(unit) for _ in range(4))
    second = next(one for one in again if one.compartment == first.compartment)
    assert rig.state.deliveries[second.id].has_code
    before = len(rig.unlocks())
    outcome = rig.present(rig.code_of(first))
    assert outcome.refusal is why
    assert len(rig.unlocks()) == before
    assert rig.of_type(e.CodeRefused)[-1].why == why.value
