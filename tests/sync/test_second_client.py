"""Events as another maker's client reads them at Mosquitto: `mosquitto_sub`, also with a certificate."""

import asyncio
import contextlib
import json
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kiosk.sync.mqtt_link import MqttLink
from tests.certificates import Authority
from tests.sync.mosquitto import Mosquitto, mosquitto
from tests.sync.rig import TOPICS, kiosk_at, log_of, order, until
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
PROGRAM = "mosquitto_sub"
RIGHTS = "pattern readwrite latchwork/v1/maple-court/%u/#\nuser ledger\ntopic read latchwork/#\n"


class Subscriber:
    """One `mosquitto_sub`, whose lines are read as they come."""

    def __init__(self, port: int, version: str, options: Sequence[str]) -> None:
        plain = ["-h", "127.0.0.1", "-p", str(port), "-V", version, "-q", "1", "-t", "latchwork/#"]
        self._popen = subprocess.Popen(
            ["stdbuf", "-oL", PROGRAM, *plain, "-i", "ledger", "-d", "-F", "%j", *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        self._is_subscribed = threading.Event()
        self.heard: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._read, name=PROGRAM)
        self._thread.start()

    def _read(self) -> None:
        assert self._popen.stdout is not None
        with self._popen.stdout as lines:
            for line in lines:
                if line.startswith("{"):
                    self.heard.append(json.loads(line))
                elif line.startswith("Subscribed"):
                    self._is_subscribed.set()

    def wait(self) -> None:
        """Return when the broker has agreed."""
        assert self._is_subscribed.wait(20)

    def under(self, part: str) -> list[dict[str, Any]]:
        """Payloads of every message so far whose topic holds this."""
        return [json.loads(one["payload"]) for one in tuple(self.heard) if part in one["topic"]]

    def end(self) -> None:
        """Stop it."""
        self._popen.terminate()
        self._popen.wait(10)
        self._thread.join(10)


@contextlib.contextmanager
def subscribed(port: int, version: str, *options: str) -> Iterator[Subscriber]:
    """Until the context is left."""
    subscriber = Subscriber(port, version, options)
    try:
        subscriber.wait()
        yield subscriber
    finally:
        subscriber.end()


async def plays_a_while(path: Path, link: MqttLink, subscriber: Subscriber) -> int:
    """A parcel comes, a door swings; every event is out. The number of the last one."""
    async with kiosk_at(path, link) as kiosk:
        await kiosk.start()
        await kiosk.store()
        await kiosk.swing(40)
        head = await kiosk.until_published()
        await until(lambda: len(subscriber.under("/event/")) >= head, "the other client has every event")
    return head


def is_whole(subscriber: Subscriber, path: Path) -> bool:
    """Whether it has the log: in order, each once, with its identity."""
    events = subscriber.under("/event/")
    ids = [event["id"] for event in events]
    told = [(event["seq"], event["type"]) for event in events]
    return told == log_of(path) and ids == [f"lobby/1/{seq}" for seq, _ in told]


@pytest.mark.parametrize(("version", "theirs"), [("5", "mqttv5"), ("3.1.1", "mqttv311"), ("5", "mqttv311")])
async def test_another_client_reads_the_log_as_it_is(
    broker: Mosquitto, tmp_path: Path, version: str, theirs: str
) -> None:
    path, link = tmp_path / "kiosk.db", MqttLink(broker.settings(version=version), "lobby")
    with subscribed(broker.port, theirs) as subscriber:
        await plays_a_while(path, link, subscriber)
        await until(lambda: subscriber.under("/status")[-1].get("why") == "shutdown", "the end is told")
    assert is_whole(subscriber, path)
    assert {one["qos"] for one in subscriber.heard} == {1}


async def test_it_reads_them_over_tls_with_certificates_on_every_side(tmp_path: Path, free_port: int) -> None:
    authority = Authority(tmp_path)
    own, ledger, lobby = (authority.vouch_for(name) for name in ("broker", "ledger", "lobby"))
    lines = [f"cafile {authority.file}", f"certfile {own.certificate}", f"keyfile {own.key}"]
    lines += ["require_certificate true", "use_identity_as_username true"]
    shown = ["--cafile", str(authority.file), "--cert", str(ledger.certificate), "--key", str(ledger.key)]
    path = tmp_path / "kiosk.db"
    with (
        mosquitto(tmp_path, free_port, lines=lines, acl=RIGHTS) as broker,
        subscribed(free_port, "mqttv5", *shown) as subscriber,
    ):
        settings = broker.settings(
            tls=True, ca_file=authority.file, certificate_file=lobby.certificate, key_file=lobby.key
        )
        await plays_a_while(path, MqttLink(settings, "lobby"), subscriber)
    assert is_whole(subscriber, path)


async def test_a_command_of_another_client_is_answered_to_it(broker: Mosquitto, tmp_path: Path) -> None:
    link = MqttLink(broker.settings(), "lobby")
    with subscribed(broker.port, "mqttv5") as subscriber:
        async with kiosk_at(tmp_path / "kiosk.db", link) as kiosk:
            await kiosk.start()
            await kiosk.until_published()
            content = json.dumps(order("1"))
            topic = f"{TOPICS.source}/command/status"
            where = ["-h", "127.0.0.1", "-p", str(broker.port)]
            command = ["mosquitto_pub", *where, "-q", "1", "-t", topic, "-m", content]
            publishing = await asyncio.create_subprocess_exec(*command)
            assert await publishing.wait() == 0
            await until(lambda: subscriber.under("/answer/"), "the answer arrives")
    (answer,) = subscriber.under("/answer/")
    assert answer["result"] == "done"
