"""Orders over single parcels: which one is meant, and why nothing was done."""

from dataclasses import dataclass

import pytest

from kiosk.delivery_orders import DeliveryOrders
from kiosk.domain import inputs as i
from kiosk.domain.model.ids import IntentId
from kiosk.domain.state import State
from kiosk.order_forms import DeliveriesOrder, OrderFailed, RenewCode, SendAgain
from kiosk.ports import Answer
from kiosk.service.clock import Now
from tests.domain.rig import Rig


@dataclass
class Office:
    """The rules as an inbox, and the clock."""

    rig: Rig
    revision: int = 1
    boot: str = "boot-1"

    @property
    def state(self) -> State:
        """What is believed now."""
        return self.rig.state

    def now(self) -> Now:
        """The rig's clocks."""
        return Now(self.rig.wall_ms + self.rig.mono_ms, self.rig.mono_ms, is_trusted=True)

    async def submit(self, fact: i.Fact, *, intent: IntentId | None = None) -> Answer:
        """Decide."""
        return Answer(self.rig.do(fact).refusal, None)

    async def changed(self, after: int) -> int:
        """Nobody waits here."""
        raise NotImplementedError


def again(parcel: str) -> SendAgain:
    return SendAgain(order="send_again", parcel=parcel)


def renewed(parcel: str) -> RenewCode:
    return RenewCode(order="renew_code", parcel=parcel, reason="lost phone")


async def obey(rig: Rig, order: DeliveriesOrder) -> dict[str, object]:
    office = Office(rig)
    return await DeliveryOrders(office, office).obey(order)


@pytest.mark.parametrize("by", ["id", "proof", "door"])
async def test_a_parcel_is_named_by_its_door_its_proof_or_its_id(by: str) -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    called = {"id": delivery.id, "proof": delivery.proof or "", "door": "1"}[by]
    assert await obey(rig, again(called)) == {"delivery": delivery.id, "door": "1"}
    assert len(rig.messages()) == 2
    old = rig.code_of(delivery)
    await obey(rig, renewed(called))
    assert rig.code_of(delivery) != old


async def test_a_door_with_several_parcels_asks_for_the_proof() -> None:
    rig = Rig().start()
    rig.deliver()
    rig.deliver("101")
    with pytest.raises(OrderFailed, match="ABC234: several parcels are there"):
        await obey(rig, again("ABC234"))
    assert len(rig.messages()) == 2


async def test_what_is_not_here_is_said_so() -> None:
    with pytest.raises(OrderFailed, match="no parcel 17 is here"):
        await obey(Rig().start(), renewed("17"))


async def test_why_nothing_was_done_is_said_in_words() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    await obey(rig, again("1"))
    with pytest.raises(OrderFailed, match="sent again a short while ago"):
        await obey(rig, again("1"))
    rig.present(rig.code_of(delivery))
    rig.open(rig.pulse())
    with pytest.raises(OrderFailed, match="somebody is at its door now"):
        await obey(rig, renewed("1"))
