"""The `[messages]` and `[[apprise]]` tables: which way messages leave, and the services that carry them."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from config.parts import Name, Part, WrittenPath

MAIL = "mail"
"""The name of the mail server among the channels."""


Hours = Annotated[int, Field(ge=1, le=720)]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class AppriseSettings(Part):
    """One messaging service that Apprise knows."""

    id: Name = Field(description="name of the service in this file")
    url_file: WrittenPath = Field(
        description="file with one Apprise URL that holds {contact}, readable by its owner only"
    )
    takes: Literal["named", "phone", "mail"] = Field(
        default="named",
        description="contacts it takes: those that begin with its id and a colon, phone or mail",
    )


class MessageSettings(Part):
    """What holds for all messages to residents."""

    channels: tuple[Name, ...] = Field(
        default=(), description="mail and ids of [[apprise]], tried in this order; mail first where empty"
    )
    reminder_hours: Annotated[tuple[Hours, ...], Field(max_length=10)] = Field(
        default=(24, 72), description="hours after the drop-off when its recipient is reminded"
    )
    last_reminder_hours: Hours = Field(
        default=12, description="hours before the end of the pickup time for the last reminder"
    )
    undelivered_after_hours: Hours = Field(
        default=4, description="hours that a message may wait for a way to leave until staff hear of it"
    )
    quiet_from: TimeOfDay = Field(
        default="21:00", description="from this time of day nobody is reminded, in the building's time zone"
    )
    quiet_until: TimeOfDay = Field(
        default="08:00", description="until this time of day; the same as quiet_from for no quiet hours"
    )


def channel_problems(
    chosen: Sequence[str], services: Sequence[str], *, has_mail: bool
) -> Iterator[tuple[str, str]]:
    """What does not fit together between the names of channels: key, and what is wrong."""
    known = [*([MAIL] if has_mail else []), *services]
    for name in chosen:
        if name not in known:
            yield "channels", f"{name} is not in the settings, expected {' or '.join(known) or 'a channel'}"
    for name in known if chosen else ():
        if name not in chosen:
            yield "channels", f"{name} is missing, expected every channel once"
    if len(set(chosen)) < len(chosen):
        yield "channels", "expected each channel once"


def in_order(chosen: Sequence[str], services: Sequence[str], *, has_mail: bool) -> tuple[str, ...]:
    """The names of the channels as they are tried."""
    return tuple(chosen) or (*([MAIL] if has_mail else []), *services)
