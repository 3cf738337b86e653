"""The channels of the settings fit together."""

from pathlib import Path

import pytest

from config.load import BadSettings, load
from config.messages import in_order
from config.settings import Settings
from tests.config.toml import Raw, dump, example

MAIL = {"host": "mail.example.org", "sender": "parcels@example.org"}
SMS = {"id": "sms", "url_file": "sms.url", "takes": "phone"}
APP = {"id": "app", "url_file": "/etc/app.url"}


def read(folder: Path, more: Raw) -> Settings:
    path = folder / "kiosk.toml"
    path.write_text(dump({**example(), **more}), encoding="utf-8")
    return load(path, Path("/srv/kiosk"))


def problems(folder: Path, more: Raw) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        read(folder, more)
    return refused.value.problems


def order(settings: Settings) -> tuple[str, ...]:
    services = [one.id for one in settings.apprise]
    return in_order(settings.messages.channels, services, has_mail=settings.mail is not None)


def test_channels_are_tried_in_the_order_that_is_asked_for(tmp_path: Path) -> None:
    more = {"mail": MAIL, "apprise": [SMS, APP], "messages": {"channels": ["app", "mail", "sms"]}}
    assert order(read(tmp_path, more)) == ("app", "mail", "sms")


def test_without_a_wish_mail_comes_first(tmp_path: Path) -> None:
    assert order(read(tmp_path, {"mail": MAIL, "apprise": [SMS, APP]})) == ("mail", "sms", "app")
    assert order(read(tmp_path, {})) == ()


def test_paths_start_at_the_base_folder(tmp_path: Path) -> None:
    found = read(tmp_path, {"apprise": [SMS, APP]}).apprise
    assert [str(one.url_file) for one in found] == ["/srv/kiosk/sms.url", "/etc/app.url"]


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        (["sms", "pigeon"], "messages.channels: pigeon is not in the settings, expected mail or sms"),
        (["sms"], "messages.channels: mail is missing, expected every channel once"),
        (["sms", "mail", "sms"], "messages.channels: expected each channel once"),
    ],
)
def test_an_order_names_every_channel_once(tmp_path: Path, channels: list[str], said: str) -> None:
    found = problems(tmp_path, {"mail": MAIL, "apprise": [SMS], "messages": {"channels": channels}})
    assert any(said in problem for problem in found)


def test_names_of_channels_are_each_for_one(tmp_path: Path) -> None:
    found = problems(tmp_path, {"apprise": [SMS, {**APP, "id": "sms"}]})
    assert any("apprise[1].id" in problem for problem in found)
    found = problems(tmp_path, {"apprise": [{**SMS, "id": "mail"}]})
    assert any("apprise[0].id: id mail, expected another" in problem for problem in found)
