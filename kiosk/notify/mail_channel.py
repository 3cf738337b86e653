"""Messages by mail, over SMTP. One connection a message: a kiosk sends a few dozen a day."""

import asyncio
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

from config.mail import MailSettings
from kiosk.ports import NotDeliverable, OutgoingMessage
from kiosk.service.clock import Clock
from kiosk.service.secret_files import SecretExposed, read_password

TIMEOUT_S = 20.0
"""For each answer of the server; the notifier gives a message 30 s."""
PERMANENT = 500
"""RFC 5321 section 4.2.1: a reply of 5yz is not to be tried again as it is."""
_SCHEME = "mailto:"


def mail_address(contact: str) -> str:
    """The mail address in a contact; empty where the contact is none."""
    address = contact.removeprefix(_SCHEME)
    name, _, host = address.rpartition("@")
    is_one = bool(name and host) and not any(one in address for one in " ,;<>\r\n") and "://" not in address
    return address if is_one else ""


class MailChannel:
    """Hands messages to one mail server, which vouches for them from then on."""

    def __init__(self, settings: MailSettings, site: str, clock: Clock) -> None:
        self._settings = settings
        self._site = site
        self._clock = clock

    def reaches(self, contact: str) -> bool:
        """Whether a contact is a mail address."""
        return bool(mail_address(contact))

    async def send(self, message: OutgoingMessage, contact: str) -> None:
        """Hand a message over; OSError to try again later, NotDeliverable where the address is refused."""
        mail = self._written(message, contact)
        await asyncio.to_thread(self._hand_over, mail)

    def _written(self, message: OutgoingMessage, contact: str) -> EmailMessage:
        """Its id follows from the message's, so that one sent twice is known as the same."""
        mail = EmailMessage()
        mail["From"] = Address(self._site, addr_spec=self._settings.sender)
        mail["To"] = Address(addr_spec=mail_address(contact))
        mail["Subject"] = message.subject
        mail["Date"] = formatdate(self._clock.now().at_ms / 1000, usegmt=True)
        mail["Message-ID"] = f"<{message.id}@{self._settings.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice answers a kiosk
        mail.set_content(message.text, charset="utf-8", cte="quoted-printable")
        mail["Content-Language"] = message.resident.language
        return mail

    def _hand_over(self, mail: EmailMessage) -> None:
        try:
            with self._connected() as server:
                self._agree(server)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, reason),) = error.recipients.values()
            _raise_for(code, reason)
        except smtplib.SMTPResponseException as error:
            raise OSError(f"the mail server answered {error.smtp_code} {_text(error.smtp_error)}") from error

    def _connected(self) -> smtplib.SMTP:
        chosen = self._settings
        if chosen.security == "tls":
            trust = self._trust()
            return smtplib.SMTP_SSL(chosen.host, chosen.port_in_use, timeout=TIMEOUT_S, context=trust)
        return smtplib.SMTP(chosen.host, chosen.port_in_use, timeout=TIMEOUT_S)

    def _trust(self) -> ssl.SSLContext:
        chosen = self._settings.ca_file
        return ssl.create_default_context(cafile=str(chosen) if chosen else None)

    def _agree(self, server: smtplib.SMTP) -> None:
        """Encrypt the line and sign in, as far as the settings ask for it."""
        chosen = self._settings
        if chosen.security == "starttls":
            server.starttls(context=self._trust())
        if chosen.password_file is not None:
            server.login(chosen.user, _password(chosen.password_file))


def _password(path: Path) -> str:
    try:
        return read_password(path)
    except (SecretExposed, UnicodeDecodeError) as error:
        raise OSError(f"mail.password_file: {error}") from error


def _raise_for(code: int, reason: bytes) -> None:
    why = f"the mail server answered {code} {_text(reason)}"
    if code >= PERMANENT:
        raise NotDeliverable(why)
    raise OSError(why)


def _text(reason: bytes | str) -> str:
    return reason if isinstance(reason, str) else reason.decode("ascii", "replace")
