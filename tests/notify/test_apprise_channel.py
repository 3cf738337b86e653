"""Services behind Apprise: whom they reach, what they refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.mail import MailSettings
from config.messages import AppriseSettings
from kiosk.notify.apprise_channel import AppriseChannel
from kiosk.notify.channels import Channels
from kiosk.notify.mail_channel import MailChannel
from kiosk.ports import NotDeliverable
from tests.notify.channel_suite import message
from tests.notify.rig import LoopClock
from tests.notify.test_mail_channel import Server, listening, settings_for
from tests.notify.web_server import WebService
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME


@pytest.fixture
def service() -> Iterator[WebService]:
    with WebService().listening() as service:
        yield service


def written(folder: Path, url: str, mode: int = 0o600) -> Path:
    path = folder / "service.url"
    path.write_text(f"{url}\n", encoding="utf-8")
    path.chmod(mode)
    return path


def channel(folder: Path, service: WebService, takes: str = "named") -> AppriseChannel:
    url = written(folder, f"json://127.0.0.1:{service.port}/to/{{contact}}")
    return AppriseChannel(AppriseSettings.model_validate({"id": "app", "url_file": url, "takes": takes}))


@pytest.mark.parametrize(
    ("takes", "path"),
    [("named", "/to/salma"), ("phone", "/to/+15550142"), ("mail", "/to/salma@example.org")],
)
async def test_a_service_gets_the_contact_of_its_kind(
    tmp_path: Path, service: WebService, takes: str, path: str
) -> None:
    await Channels([channel(tmp_path, service, takes)]).send(message())
    assert [where for where, _, _ in service.taken] == [path]


@pytest.mark.parametrize("answer", [400, 404, 410, 422])
async def test_a_contact_that_the_service_does_not_know_needs_a_person(
    tmp_path: Path, service: WebService, answer: int
) -> None:
    service.answer = answer
    with pytest.raises(NotDeliverable, match=f"the service answered {answer} for this contact"):
        await channel(tmp_path, service).send(message(), "app:salma")


@pytest.mark.parametrize("answer", [401, 403, 429, 500, 503])
async def test_a_service_that_is_in_trouble_is_tried_again(
    tmp_path: Path, service: WebService, answer: int
) -> None:
    service.answer = answer
    with pytest.raises(OSError, match=f"the service answered {answer}"):
        await channel(tmp_path, service).send(message(), "app:salma")


async def test_a_url_that_is_none_needs_a_person(tmp_path: Path) -> None:
    url = written(tmp_path, "nonsense://{contact}")
    with pytest.raises(NotDeliverable, match="none that Apprise understands"):
        await AppriseChannel(AppriseSettings(id="app", url_file=url)).send(message(), "app:salma")


async def test_a_url_without_a_place_for_the_contact_sends_nobody_everything(
    tmp_path: Path, service: WebService
) -> None:
    url = written(tmp_path, f"json://127.0.0.1:{service.port}/all")
    with pytest.raises(OSError, match=r"no \{contact\} in it"):
        await AppriseChannel(AppriseSettings(id="app", url_file=url)).send(message(), "app:salma")
    assert not service.taken


@pytest.mark.parametrize("mode", [0o640, 0o604])
async def test_a_url_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    url = written(tmp_path, "json://127.0.0.1/{contact}", mode)
    with pytest.raises(OSError, match="expected 0600"):
        await AppriseChannel(AppriseSettings(id="app", url_file=url)).send(message(), "app:salma")


async def test_the_order_is_that_of_the_settings_not_of_the_contacts(
    tmp_path: Path, service: WebService
) -> None:
    server = Server()
    async with listening(server) as port:
        mail = MailChannel(_mail(port), "Maple Court", LoopClock())
        app = channel(tmp_path, service)
        await Channels([app, mail]).send(message())
        assert (len(service.taken), len(server.taken)) == (1, 0)
        await Channels([mail, app]).send(message())
        assert (len(service.taken), len(server.taken)) == (1, 1)


async def test_the_next_channel_is_used_where_the_first_is_away(tmp_path: Path, service: WebService) -> None:
    server = Server()
    async with listening(server) as port:
        mail = MailChannel(_mail(port), "Maple Court", LoopClock())
        with service.away():
            await Channels([channel(tmp_path, service), mail]).send(message())
    assert len(server.taken) == 1


def _mail(port: int) -> MailSettings:
    return settings_for(port, security="none")
