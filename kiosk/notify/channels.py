"""The ways to a person, in the order of the settings: the first channel that takes a message has it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from config.messages import MAIL, in_order
from config.settings import Settings
from kiosk.ports import NotDeliverable, OutgoingMessage
from kiosk.service.clock import Clock


class Channel(Protocol):
    """One way to reach people."""

    def reaches(self, contact: str) -> bool:
        """Whether a contact is of its kind."""

    async def send(self, message: OutgoingMessage, contact: str) -> None:
        """Hand a message over; OSError to try again later, NotDeliverable where that cannot help."""


class Channels:
    """Every channel of the kiosk, as one."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        self._channels = channels

    async def send(self, message: OutgoingMessage) -> None:
        """Hand a message to the first channel that takes it.

        OSError when one may take it later, NotDeliverable when a person must correct the contacts.
        """
        troubles: list[Exception] = []
        for channel, contact in self._ways(message.resident.contact):
            try:
                return await channel.send(message, contact)
            except (OSError, NotDeliverable) as error:
                troubles.append(error)
        raise _worth_waiting_for(troubles) or NotDeliverable(
            "no contact that a channel of this kiosk reaches"
        )

    def _ways(self, contacts: str) -> Iterator[tuple[Channel, str]]:
        known = contacts.split()
        for channel in self._channels:
            for contact in known:
                if channel.reaches(contact):
                    yield channel, contact


def _worth_waiting_for(troubles: Sequence[Exception]) -> Exception | None:
    """The trouble to tell: one that may pass if there is any, otherwise the first."""
    passing = (one for one in troubles if isinstance(one, OSError))
    return next(passing, troubles[0] if troubles else None)


def message_channels(settings: Settings, clock: Clock) -> Channels | None:
    """The channels that the settings name; nothing where they name none."""
    services = [one.id for one in settings.apprise]
    names = in_order(settings.messages.channels, services, has_mail=settings.mail is not None)
    return Channels([_channel(settings, name, clock) for name in names]) if names else None


def _channel(settings: Settings, name: str, clock: Clock) -> Channel:
    """One channel. A kiosk that does not use it does without its libraries."""
    if name == MAIL and settings.mail is not None:
        from kiosk.notify.mail_channel import MailChannel

        return MailChannel(settings.mail, settings.kiosk.name, clock)
    from kiosk.notify.apprise_channel import AppriseChannel

    return AppriseChannel(next(one for one in settings.apprise if one.id == name))
