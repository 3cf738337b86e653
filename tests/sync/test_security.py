"""Who may connect: certificates on both sides, a password from a file, and rights by the kiosk's name."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.ports import BrokerAway, BrokerRefused, Greeting, Publication
from kiosk.sync.mqtt_link import MqttLink
from tests.certificates import Authority, Pair
from tests.sync.mosquitto import Mosquitto, mosquitto
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
GREETING = Greeting(("latchwork/v1/a/lobby/command/+",), Publication("latchwork/v1/a/lobby/status", b"lost"))
MINE, ANOTHERS = "latchwork/v1/a/lobby/event/x", "latchwork/v1/a/garage/event/x"
RIGHTS = "pattern readwrite latchwork/v1/a/%u/#\n"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def strict(tmp_path: Path, free_port: int, authority: Authority) -> Iterator[Mosquitto]:
    """A broker that wants certificates and gives rights by the name in them."""
    own = authority.vouch_for("broker")
    lines = [
        f"cafile {authority.file}",
        f"certfile {own.certificate}",
        f"keyfile {own.key}",
        "require_certificate true",
        "use_identity_as_username true",
    ]
    with mosquitto(tmp_path, free_port, lines=lines, acl=RIGHTS) as broker:
        yield broker


def secured(broker: Mosquitto, authority: Authority, own: Pair | None, **more: object) -> MqttLink:
    files: dict[str, Any] = {"tls": True, "ca_file": authority.file}
    if own:
        files |= {"certificate_file": own.certificate, "key_file": own.key}
    return MqttLink(broker.settings(**files, **more), "lobby", answer_s=3.0)


async def publish(link: MqttLink, topic: str = MINE) -> None:
    async with link.connected(GREETING) as session:
        await session.publish(Publication(topic, b"x"))


@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_a_kiosk_with_a_certificate_is_let_in(
    strict: Mosquitto, authority: Authority, version: str
) -> None:
    await publish(secured(strict, authority, authority.vouch_for("lobby"), version=version))


async def test_a_kiosk_cannot_publish_as_another(strict: Mosquitto, authority: Authority) -> None:
    with pytest.raises(BrokerRefused):
        await publish(secured(strict, authority, authority.vouch_for("lobby")), ANOTHERS)


async def test_without_a_certificate_there_is_no_session(strict: Mosquitto, authority: Authority) -> None:
    with pytest.raises((BrokerAway, BrokerRefused)):
        await publish(secured(strict, authority, None))


async def test_a_certificate_of_somebody_elses_is_worth_nothing(
    strict: Mosquitto, authority: Authority, tmp_path: Path
) -> None:
    with pytest.raises((BrokerAway, BrokerRefused)):
        await publish(secured(strict, authority, Authority(tmp_path, "forger").vouch_for("lobby")))


async def test_a_broker_that_nobody_vouches_for_is_not_spoken_to(
    strict: Mosquitto, authority: Authority, tmp_path: Path
) -> None:
    with pytest.raises(BrokerAway, match=r"(?i)certificate"):
        await publish(secured(strict, Authority(tmp_path, "other"), authority.vouch_for("lobby")))


@pytest.mark.parametrize("key", ["certificate_file", "ca_file"])
async def test_a_file_that_is_missing_is_told(
    strict: Mosquitto, authority: Authority, tmp_path: Path, key: str
) -> None:
    own = authority.vouch_for("lobby")
    files = {"ca_file": authority.file, "certificate_file": own.certificate, "key_file": own.key}
    settings = strict.settings(tls=True, **files | {key: tmp_path / "missing.pem"})
    with pytest.raises(BrokerAway, match=r"\[broker\]"):
        await publish(MqttLink(settings, "lobby"))


async def test_a_key_that_others_can_read_is_not_used(strict: Mosquitto, authority: Authority) -> None:
    own = authority.vouch_for("lobby")
    own.key.chmod(0o644)
    with pytest.raises(BrokerAway, match="0644"):
        await publish(secured(strict, authority, own))


def password_line(name: str, password: str) -> str:
    """As the broker keeps it (type 7): PBKDF2 with SHA-512, 101 rounds, 12 bytes of salt."""
    salt = bytes(range(12))
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101)
    return f"{name}:$7$101${b64encode(salt).decode()}${b64encode(digest).decode()}\n"


@pytest.fixture
def with_password(tmp_path: Path, free_port: int) -> Iterator[Mosquitto]:
    """A broker that wants a name and a password."""
    passwords = tmp_path / "passwords"
    passwords.write_text(password_line("lobby", "open sesame"))
    passwords.chmod(0o600)
    lines = ["allow_anonymous false", f"password_file {passwords}"]
    with mosquitto(tmp_path, free_port, lines=lines, acl=RIGHTS) as broker:
        yield broker


@pytest.mark.parametrize(("password", "is_right"), [("open sesame\n", True), ("open says me", False)])
async def test_the_password_comes_from_a_file(
    with_password: Mosquitto, tmp_path: Path, password: str, *, is_right: bool
) -> None:
    file = tmp_path / "password"
    file.write_text(password)
    file.chmod(0o600)
    link = MqttLink(with_password.settings(username="lobby", password_file=file), "lobby")
    if is_right:
        await publish(link)
        return
    with pytest.raises(BrokerRefused, match=r"(?i)not authori[sz]ed|bad user"):
        await publish(link)
