"""Messages through the services that Apprise knows: text messages, chats, a building's own app.

The library is large, so it is loaded with the first message; it blocks, so it works on a thread.
"""

import asyncio
import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from config.messages import AppriseSettings
from kiosk.notify.mail_channel import mail_address
from kiosk.ports import NotDeliverable, OutgoingMessage
from kiosk.service.secret_files import SecretExposed, read_password

if TYPE_CHECKING:
    from apprise.result import AppriseResult

CONTACT, MESSAGE = "{contact}", "{message}"
"""What a URL holds in the place of the person's contact, and of the message's id where a service knows it."""
TURN_S = 20.0
"""How long a message waits for the one before it, which may hang although the library bounds each answer."""
ABOUT_THE_CONTACT = frozenset({"400", "404", "410", "422"})
"""Answers (RFC 9110 section 15.5) that say that the contact is wrong, not that the service is away."""
_ADDRESS = re.compile(r"(?!\.+$)[A-Za-z0-9._@+=~-]{1,200}")
"""Nothing that leads elsewhere in a URL, however often it is unquoted on the way."""
_PHONE = re.compile(r"(?:tel:|sms:)?(\+[0-9]{6,15})")
_ANSWER = re.compile(r"error=(\d{3})")
_TURN = threading.Lock()
"""One message at a time: the library keeps its log by the logger, not by the call."""


def phone_number(contact: str) -> str:
    """The phone number in a contact, with its country; empty where the contact is none."""
    found = _PHONE.fullmatch(contact)
    return found[1] if found else ""


class AppriseChannel:
    """Hands messages to one service, which vouches for them from then on."""

    def __init__(self, settings: AppriseSettings) -> None:
        self._settings = settings

    def reaches(self, contact: str) -> bool:
        """Whether a contact is of the kind that this service takes."""
        return bool(self._address(contact))

    def _address(self, contact: str) -> str:
        address = self._of_my_kind(contact)
        return address if _ADDRESS.fullmatch(address) else ""

    def _of_my_kind(self, contact: str) -> str:
        match self._settings.takes:
            case "mail":
                return mail_address(contact)
            case "phone":
                return phone_number(contact)
            case "named":
                name, _, address = contact.partition(":")
                return address if name == self._settings.id else ""

    async def send(self, message: OutgoingMessage, contact: str) -> None:
        """Hand a message over; OSError to try again later, NotDeliverable where the contact is refused."""
        await asyncio.to_thread(self._hand_over, message, self._address(contact))

    def _hand_over(self, message: OutgoingMessage, address: str) -> None:
        name = self._settings.id
        if not _TURN.acquire(timeout=TURN_S):
            raise OSError(f"apprise {name}: another message is still being handed over")
        try:
            _raise_for(name, _sent(name, self._url(address, message.id), message))
        finally:
            _TURN.release()

    def _url(self, address: str, message: str) -> str:
        written = _read_url(self._settings.id, self._settings.url_file)
        return written.replace(CONTACT, quote(address, safe="")).replace(MESSAGE, quote(message, safe=""))


def _read_url(name: str, path: Path) -> str:
    """Read at each message, so that a renewed token needs no restart."""
    try:
        url = read_password(path).strip()
    except (SecretExposed, UnicodeDecodeError) as error:
        raise OSError(f"apprise {name}: url_file: {error}") from error
    if CONTACT not in url:
        raise OSError(f"apprise {name}: url_file: no {CONTACT} in it, so everybody would get every message")
    return url


def _sent(name: str, url: str, message: OutgoingMessage) -> "AppriseResult":
    import apprise

    logging.getLogger("apprise").propagate = False  # its lines may name contacts and hosts
    asset = apprise.AppriseAsset(
        app_id="Latchwork",
        app_desc="Parcel lockers",
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        service_timeout=0,  # another thread would keep it, and the notifier gives up by itself
        result_log_disk_size=0,
    )
    service = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        raise NotDeliverable(f"apprise {name}: the URL with this contact is none that Apprise understands")
    one = apprise.Apprise(asset=asset)
    one.add(service)
    return one.notify(body=message.text, title=message.subject, body_format=apprise.NotifyFormat.TEXT)


def _raise_for(name: str, result: "AppriseResult") -> None:
    if result:
        return
    answers = list(_answers(result))
    if answers and set(answers) <= ABOUT_THE_CONTACT:
        raise NotDeliverable(f"apprise {name}: the service answered {answers[0]} for this contact")
    said = f"answered {answers[0]}" if answers else "cannot be reached, or refuses"
    raise OSError(f"apprise {name}: the service {said}")


def _answers(result: "AppriseResult") -> Iterator[str]:
    """The numbers of HTTP answers, from lines that are otherwise not kept: they may hold more than that."""
    for service in result.results:
        for line in service.logs():
            yield from _ANSWER.findall(line.message)
