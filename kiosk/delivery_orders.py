"""Orders over parcels that wait: their code once more, or another one. They come with the directory's."""

from kiosk.domain.code_touches import OrderNewCode, OrderSendAgain
from kiosk.domain.model.command import CommandRefusal
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.rules.code_copies import why_no_copy, why_not_again
from kiosk.order_forms import DeliveriesOrder, Failure, OrderFailed, RenewCode
from kiosk.ports import Inbox
from kiosk.service.clock import Clock

_R = CommandRefusal
_WHY = {
    _R.DELIVERY_IN_HAND: "somebody is at its door now; try again in a minute",
    _R.DELIVERY_UNCERTAIN: "nobody is sure of it; look behind its door first, at the screen",
    _R.NO_CODE_YET: "its first code has not gone out; it will by itself",
    _R.SENT_LATELY: "its message was sent again a short while ago; wait a while",
}


class DeliveryOrders:
    """Carries out orders over single parcels."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self._inbox = inbox
        self._clock = clock

    async def obey(self, order: DeliveriesOrder) -> dict[str, object]:
        """What came of it; OrderFailed says why nothing did."""
        delivery = self._found(order.parcel)
        if isinstance(order, RenewCode):
            why = why_no_copy(delivery)
            fact: OrderNewCode | OrderSendAgain = OrderNewCode(delivery.id, order.reason)
        else:
            now = self._clock.now()
            at_ms = now.at_ms if now.is_trusted else None
            why = why_not_again(self._inbox.state, delivery.id, now.mono_ms, at_ms)
            fact = OrderSendAgain(delivery.id)
        if why is not None:
            raise OrderFailed(Failure.REFUSED, f"parcel {order.parcel}: {_WHY.get(why, why.value)}")
        answer = await self._inbox.submit(fact)
        if answer.refusal is not None:
            raise OrderFailed(Failure.NOT_WRITTEN, f"nothing was done ({answer.refusal}); try again")
        return {"delivery": delivery.id, "door": self._inbox.state.label_of(delivery.compartment)}

    def _found(self, called: str) -> Delivery:
        """A parcel by its id, its proof or its door."""
        state = self._inbox.state
        found = [
            one
            for one in state.deliveries.values()
            if called in (one.id, one.proof) or called.upper() == state.label_of(one.compartment).upper()
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            raise OrderFailed(Failure.REFUSED, f"no parcel {called} is here; `kiosk deliveries` lists them")
        proofs = ", ".join(one.proof or one.id for one in found)
        raise OrderFailed(
            Failure.REFUSED, f"{called}: several parcels are there; name one by proof: {proofs}"
        )
