"""The ways to a person keep the same promises: files of the simulation, mail, services behind Apprise."""

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest

from config.messages import AppriseSettings
from kiosk.data_folder import DataFolder
from kiosk.notify.apprise_channel import AppriseChannel
from kiosk.notify.channels import Channels
from kiosk.notify.file_channel import open_file_channel
from kiosk.notify.mail_channel import MailChannel
from kiosk.rehearsal.crash import Process
from kiosk.rehearsal.diary import Diary
from kiosk.rehearsal.phones import MemoryChannel, Phones
from sim.phones import Phones as PhonesFolder
from tests.notify.channel_suite import SALMA, Arrived, Far, MessageChannelContract
from tests.notify.rig import LoopClock
from tests.notify.test_mail_channel import Server, listening, settings_for
from tests.notify.web_server import MESSAGE_HEADER, WebService
from tests.virtual import REAL_TIME


class TestFiles(MessageChannelContract):
    """The phones of the simulation."""

    @pytest.fixture
    def far(self, tmp_path: Path) -> Far:
        folder = tmp_path / "phones"
        phones = PhonesFolder(folder)
        phones.mark()

        @contextlib.contextmanager
        def away() -> Iterator[None]:
            folder.rename(tmp_path / "elsewhere")
            folder.write_text("a file where the folder was", encoding="utf-8")
            try:
                yield
            finally:
                folder.unlink()
                (tmp_path / "elsewhere").rename(folder)

        def arrived() -> Sequence[Arrived]:
            return [Arrived(one.id, one.subject, one.text) for one in phones.look().messages]

        return Far(open_file_channel(folder, LoopClock()), arrived, away)


class TestMemory(MessageChannelContract):
    """The phones of the rehearsal."""

    @pytest.fixture
    def far(self, tmp_path: Path) -> Far:
        phones = Phones(Diary())

        @contextlib.contextmanager
        def away() -> Iterator[None]:
            phones.trouble = "the phones are silent"
            try:
                yield
            finally:
                phones.trouble = ""

        def arrived() -> Sequence[Arrived]:
            return [Arrived(one.id, one.subject, one.text) for one in phones.inbox(SALMA.id)]

        return Far(
            MemoryChannel(phones, Process(DataFolder(tmp_path), DataFolder(tmp_path), lambda _: False)),
            arrived,
            away,
        )


@REAL_TIME
class TestMail(MessageChannelContract):
    """A real mail server on this machine."""

    @pytest.fixture
    async def far(self) -> AsyncIterator[Far]:
        server = Server()

        @contextlib.contextmanager
        def away() -> Iterator[None]:
            server.answer_to_recipient = "451 try later"
            try:
                yield
            finally:
                server.answer_to_recipient = "250 OK"

        def arrived() -> Sequence[Arrived]:
            return [Arrived(one["Message-ID"], one["Subject"], one.get_content()) for one in server.taken]

        async with listening(server) as port:
            channel = MailChannel(settings_for(port, security="none"), "Maple Court", LoopClock())
            yield Far(Channels([channel]), arrived, away)


@REAL_TIME
class TestApprise(MessageChannelContract):
    """A real web server on this machine."""

    @pytest.fixture
    def far(self, tmp_path: Path) -> Iterator[Far]:
        with WebService().listening() as service:
            url = tmp_path / "app.url"
            query = f"?+{MESSAGE_HEADER}={{message}}"
            url.write_text(f"json://127.0.0.1:{service.port}/to/{{contact}}{query}\n", encoding="utf-8")
            url.chmod(0o600)

            def arrived() -> Sequence[Arrived]:
                return [Arrived(name, said["title"], said["message"]) for _, name, said in service.taken]

            channel = AppriseChannel(AppriseSettings(id="app", url_file=url))
            yield Far(Channels([channel]), arrived, service.away)
