"""S38: a refused opening is in the audit log with the reason."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.model.command import CommandRefusal, Order
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig, digest


def refusals(rig: Rig) -> list[tuple[str, str]]:
    """Bucket and reason of every refused code."""
    return [(one.bucket, one.why) for one in rig.of_type(e.CodeRefused)]


@pytest.mark.parametrize(
    ("flow", "fact", "recorded"),
    [
        (i.Flow.PICK_UP, i.PresentCode(digest("x"), is_long=False), ("code", Refusal.WRONG_CODE.value)),
        (
            i.Flow.DELIVER,
            i.PresentCarrierCode(digest("x")),
            ("carrier", Refusal.WRONG_CARRIER_CODE.value),
        ),
        (i.Flow.STAFF, i.PresentStaffPin("1", None), ("staff:1", Refusal.WRONG_STAFF_PIN.value)),
    ],
)
def test_s38_a_wrong_code_is_on_record(flow: i.Flow, fact: i.PanelTouch, recorded: tuple[str, str]) -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(flow))
    assert rig.do(fact).refusal is not None
    assert refusals(rig) == [recorded]


def test_s38_a_code_that_was_revoked_is_on_record_with_the_reason() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.NOT_MINE)
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_DISPUTED
    assert refusals(rig) == [("code", Refusal.CODE_DISPUTED.value)]


def test_s38_a_command_that_is_refused_is_on_record_with_the_reason() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.do(i.ReissueCode(Order("desk", 0), delivery.id))
    assert [one.why for one in rig.of_type(e.CommandRefused)] == [CommandRefusal.COMMAND_EXPIRED]
