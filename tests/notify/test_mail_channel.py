"""Mail through a real server on this machine: what arrives, what is tried again, what never can be."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from config.mail import MailSettings
from kiosk.domain.model.directory import Resident
from kiosk.domain.model.ids import MessageId, ResidentId, UnitId
from kiosk.notify.channels import Channels
from kiosk.notify.mail_channel import MailChannel
from kiosk.ports import NotDeliverable, OutgoingMessage
from tests.certificates import Authority
from tests.notify.rig import LoopClock
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME

SALMA = Resident(ResidentId("r9"), UnitId("u412"), "سلمى البستاني", "ar", "salma@example.org")
PASSWORD = "a password of this test"


class Server:
    """What the mail server is to say, and what it took."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer_to_recipient = "250 OK"
        self.answer_to_content = "250 taken"
        self.users: list[bytes] = []

    async def handle_RCPT(  # noqa: N802 - named by the protocol's word
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer_to_content.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append(message_from_bytes(content, policy=policy.default))
        return self.answer_to_content

    def sign_in(
        self, server: object, session: Session, envelope: object, kind: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.users.append(given.login)
        return AuthResult(success=given.password == PASSWORD.encode(), handled=False)


@pytest.fixture
def server() -> Server:
    return Server()


@asynccontextmanager
async def listening(server: Server, **options: Any) -> AsyncIterator[int]:
    """A server at work in this loop, on a port of its own."""
    loop = asyncio.get_running_loop()
    made: list[SMTP] = []

    def protocol() -> SMTP:
        made.append(SMTP(server, loop=loop, **options))
        return made[-1]

    listener = await loop.create_server(protocol, "127.0.0.1", 0)
    yield listener.sockets[0].getsockname()[1]
    listener.close()
    await listener.wait_closed()


@pytest.fixture
async def plain(server: Server) -> AsyncIterator[MailSettings]:
    """Settings for a server without encryption."""
    async with listening(server) as port:
        yield settings_for(port, security="none")


@pytest.fixture
async def guarded(server: Server, tmp_path: Path) -> AsyncIterator[MailSettings]:
    """Settings for a server that wants STARTTLS and a password."""
    authority = Authority(tmp_path)
    own = authority.vouch_for("mail")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(own.certificate, own.key)
    password = tmp_path / "password"
    password.write_text(f"{PASSWORD}\n", encoding="utf-8")
    password.chmod(0o600)
    async with listening(
        server, tls_context=context, require_starttls=True, authenticator=server.sign_in, auth_required=True
    ) as port:
        yield settings_for(
            port,
            security="starttls",
            user="kiosk",
            password_file=password,
            ca_file=authority.file,
        )


def settings_for(port: int, **chosen: Any) -> MailSettings:
    known: dict[str, Any] = {"host": "127.0.0.1", "port": port, "sender": "parcels@example.org"}
    return MailSettings(**known | chosen)


def message(name: str = "01976e2c.3", contact: str = SALMA.contact) -> OutgoingMessage:
    return OutgoingMessage(
        MessageId(name), replace(SALMA, contact=contact), "طرد بانتظاركم", "الرمز: 4821 7736"
    )


def channel(settings: MailSettings) -> MailChannel:
    return MailChannel(settings, "Maple Court", LoopClock())


async def send(settings: MailSettings, *messages: OutgoingMessage) -> None:
    for one in messages or (message(),):
        await Channels([channel(settings)]).send(one)


async def test_a_message_arrives_in_its_own_language(plain: MailSettings, server: Server) -> None:
    await send(plain)
    (mail,) = server.taken
    assert mail["To"] == "salma@example.org"
    assert mail["From"] == "Maple Court <parcels@example.org>"
    assert mail["Subject"] == "طرد بانتظاركم"
    assert mail.get_content().strip() == "الرمز: 4821 7736"
    assert mail["Content-Language"] == "ar"
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_one_message_sent_twice_is_known_as_the_same(plain: MailSettings, server: Server) -> None:
    await send(plain, message("a.1"), message("a.1"), message("a.2"))
    assert [mail["Message-ID"] for mail in server.taken] == [
        "<a.1@example.org>", "<a.1@example.org>", "<a.2@example.org>",
    ]  # fmt: skip


async def test_a_password_goes_only_over_an_encrypted_line(guarded: MailSettings, server: Server) -> None:
    await send(guarded)
    assert len(server.taken) == 1
    assert server.users == [b"kiosk"]


async def test_a_server_that_nobody_vouches_for_gets_nothing(guarded: MailSettings, server: Server) -> None:
    with pytest.raises(OSError, match="certificate"):
        await send(guarded.model_copy(update={"ca_file": None}))
    assert not server.users
    assert not server.taken


async def test_a_wrong_password_is_tried_again_and_its_text_stays_out(
    guarded: MailSettings, server: Server, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("guess", encoding="utf-8")
    wrong.chmod(0o600)
    with pytest.raises(OSError, match="535") as refused:
        await send(guarded.model_copy(update={"password_file": wrong}))
    assert "guess" not in str(refused.value)


async def test_a_password_that_others_can_read_is_not_used(guarded: MailSettings, server: Server) -> None:
    assert guarded.password_file is not None
    guarded.password_file.chmod(0o644)
    with pytest.raises(OSError, match=r"mail\.password_file.*chmod 600"):
        await send(guarded)
    assert not server.users


async def test_encryption_that_the_server_does_not_offer_is_not_done_without(
    plain: MailSettings, server: Server
) -> None:
    with pytest.raises(OSError, match="STARTTLS"):
        await send(plain.model_copy(update={"security": "starttls"}))
    assert not server.taken


@pytest.mark.parametrize("answer", ["451 try later", "452 full"])
async def test_a_refusal_for_now_is_tried_again(plain: MailSettings, server: Server, answer: str) -> None:
    server.answer_to_recipient = answer
    with pytest.raises(OSError, match=answer):
        await send(plain)


async def test_an_address_that_does_not_exist_needs_a_person(plain: MailSettings, server: Server) -> None:
    server.answer_to_recipient = "550 no such person"
    with pytest.raises(NotDeliverable, match="550 no such person"):
        await send(plain)


async def test_a_content_that_is_refused_is_not_taken_for_sent(plain: MailSettings, server: Server) -> None:
    server.answer_to_content = "554 not today"
    with pytest.raises(OSError, match="554 not today"):
        await send(plain)


async def test_a_server_that_is_away_is_tried_again(plain: MailSettings, server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        await send(plain.model_copy(update={"port": port}))


async def test_the_second_contact_is_used_where_the_first_is_refused() -> None:
    class Refusing(Server):
        async def handle_RCPT(  # noqa: N802
            self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
        ) -> str:
            self.answer_to_recipient = "550 gone" if address.startswith("old") else "250 OK"
            return await super().handle_RCPT(server, session, envelope, address, options)

    other = Refusing()
    async with listening(other) as port:
        await send(settings_for(port, security="none"), message(contact="old@example.org new@example.org"))
    assert [mail["To"] for mail in other.taken] == ["new@example.org"]


async def test_a_contact_that_is_no_address_needs_a_person(plain: MailSettings) -> None:
    with pytest.raises(NotDeliverable, match="no contact"):
        await send(plain, message(contact="knock at the door"))


async def test_several_at_once_all_arrive(plain: MailSettings, server: Server) -> None:
    async with asyncio.TaskGroup() as sending:
        for number in range(8):
            sending.create_task(send(plain, message(f"m.{number}")))
    assert sorted(mail["Message-ID"] for mail in server.taken) == [f"<m.{n}@example.org>" for n in range(8)]
