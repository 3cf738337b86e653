"""What the part that sends messages says of them."""

from dataclasses import dataclass

from kiosk.domain.model.ids import DeliveryId, MessageId, ResidentId


@dataclass(frozen=True, slots=True)
class MessageStuck:
    """A message does not reach its person, as things are or for long; said as long as it is so."""

    message: MessageId
    delivery: DeliveryId
    resident: ResidentId


@dataclass(frozen=True, slots=True)
class MessageUnstuck:
    """A message that was stuck has left, or is not worth sending any more."""

    message: MessageId


@dataclass(frozen=True, slots=True)
class MessagesHeldUp:
    """No way takes messages now, since when (UTC milliseconds); or they leave again."""

    since_at_ms: int | None


MessageNews = MessageStuck | MessageUnstuck | MessagesHeldUp
