"""The verbs about messages to residents: test."""

import asyncio
from typing import Annotated

import typer

from config.settings import Settings
from kiosk.cli.failure import CommandFailed
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, find_place
from kiosk.cli.show import show_json
from kiosk.domain.model.directory import Resident
from kiosk.domain.model.ids import MessageId, ResidentId, UnitId
from kiosk.ports import MessageChannel, NotDeliverable, OutgoingMessage
from kiosk.service.clock import Clock, SystemClock
from kiosk.service.exits import Exit
from kiosk.service.uuid7 import uuid7

SUBJECT = "Test message"
TEXT = "This is a test of the parcel lockers. Nothing waits for you, and nothing has to be done."


def try_message(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where to, as in a resident's contact.")],
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Send a test message the way that residents get theirs, and say what became of it."""
    place = find_place(config, base)
    trust = place.settings.kiosk.clock_trust
    clock = SystemClock(trust.source, trust.path)
    channel = _channel(place.settings, clock)
    if channel is None:
        raise CommandFailed(
            Exit.BAD_SETTINGS,
            f"{place.config}: the settings name no way to send messages; add the table [mail] or [[apprise]]",
        )
    code, said = asyncio.run(_send(channel, _message(place.settings, address.strip(), clock)))
    if as_json:
        show_json({"address": address, "is_sent": code is Exit.OK, "text": said})
        if code is not Exit.OK:
            raise typer.Exit(code)
    elif code is Exit.OK:
        print(f"{address}: {said}")
    else:
        raise CommandFailed(code, f"{address}: {said}")


def _channel(settings: Settings, clock: Clock) -> MessageChannel | None:
    from kiosk.notify.channels import message_channels
    from kiosk.notify.file_channel import open_file_channel

    if settings.file_channel:
        return open_file_channel(settings.file_channel.folder, clock)
    return message_channels(settings, clock)


def _message(settings: Settings, address: str, clock: Clock) -> OutgoingMessage:
    person = Resident(ResidentId("test"), UnitId("test"), "Test", settings.kiosk.languages[0], address)
    identity = MessageId(f"test.{uuid7(clock.now().at_ms)}")
    return OutgoingMessage(identity, person, f"{settings.kiosk.name}: {SUBJECT}", TEXT)


async def _send(channel: MessageChannel, message: OutgoingMessage) -> tuple[Exit, str]:
    try:
        await channel.send(message)
    except NotDeliverable as error:
        return Exit.FAILED, f"refused: {error}"
    except OSError as error:
        return Exit.UNAVAILABLE, f"not sent: {error}; the kiosk would try again by itself"
    return Exit.OK, "handed over; look whether it arrives"
