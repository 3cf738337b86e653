"""Events at a real Mosquitto, read back by a client of another make: in order, no gaps, come what may."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.domain.model.incident import IncidentKind
from kiosk.sync.mqtt_link import MqttLink
from tests.sync.bare_client import BareClient, bare_client
from tests.sync.mosquitto import Mosquitto, Proxy
from tests.sync.rig import LEDGERS, TOPICS, kiosk_at, log_of, order, until
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
EVERYTHING = f"{TOPICS.source}/#"


def link_to(broker: Mosquitto, **more: object) -> MqttLink:
    return MqttLink(broker.settings(**more), "lobby", answer_s=2.0)


def numbers(client: BareClient) -> list[int]:
    return [heard.json["seq"] for heard in client.under("/event/")]


def without_repeats(seqs: list[int]) -> list[int]:
    return list(dict.fromkeys(seqs))


@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_every_event_arrives_in_order_with_its_identity(
    broker: Mosquitto, tmp_path: Path, version: str
) -> None:
    path = tmp_path / "kiosk.db"
    link = link_to(broker, version=version)
    async with bare_client(broker.port, EVERYTHING) as client, kiosk_at(path, link) as kiosk:
        await kiosk.start()
        await kiosk.store()
        await kiosk.swing(40)
        head = await kiosk.until_published()
        events = await client.until_count(head, "/event/")
    assert [(event.json["seq"], event.last) for event in events] == log_of(path)
    for event in events:
        content = event.json
        assert content["id"] == f"lobby/1/{content['seq']}"
        assert (content["kiosk"], content["epoch"], content["type"]) == ("lobby", 1, event.last)
        assert content["time"].endswith("Z")
        assert len(content["head"]) == 64
        assert "unit_label" not in content["data"]


async def test_states_are_retained_and_the_end_is_told(broker: Mosquitto, tmp_path: Path) -> None:
    path, link = tmp_path / "kiosk.db", link_to(broker)
    async with bare_client(broker.port, EVERYTHING) as client, kiosk_at(path, link) as kiosk:
        await kiosk.start()
        await client.until_count(4, "/state/")
    async with bare_client(broker.port, EVERYTHING) as late:
        states = {heard.last: heard.json for heard in await late.until_count(4, "/state/")}
        status = await late.until_count(1, "/status")
    assert set(states) == {"identity", "kiosk", "banks", "doors"}
    assert states["identity"]["public_key"] == "PUBLICKEY"
    assert status[0].is_retained
    assert (status[0].json["status"], status[0].json["why"]) == ("offline", "shutdown")


async def test_a_kiosk_that_is_lost_is_told_by_its_will(broker: Mosquitto, tmp_path: Path) -> None:
    proxy = Proxy(broker.port + 1 if broker.port < 65000 else broker.port - 1, broker.port)
    async with proxy.running(), bare_client(broker.port, TOPICS.status) as client:
        link = MqttLink(broker.settings(port=proxy.port), "lobby")
        async with kiosk_at(tmp_path / "kiosk.db", link) as kiosk:
            await kiosk.start()
            assert (await client.next()).json["status"] == "online"
            proxy.fall_silent()
            lost = await client.next()
            await until(lambda: kiosk.uplink.blockage.why, "silence is noticed, though nothing is sent")
            proxy.flow()
    assert (lost.json["status"], lost.json["why"]) == ("offline", "lost")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_a_broker_that_ends_and_comes_back_gets_everything(
    broker: Mosquitto, tmp_path: Path, number: signal.Signals
) -> None:
    path = tmp_path / "kiosk.db"
    async with kiosk_at(path, link_to(broker)) as kiosk:
        await kiosk.start()
        before = await kiosk.until_published()
        broker.stop(number)
        await kiosk.swing(30)
        broker.start()
        async with bare_client(broker.port, EVERYTHING) as client:
            head = await kiosk.until_published()
            states = await client.until_count(4, "/state/")
            await client.publish(TOPICS.source + "/command/status", order("1"))
            answer = await client.next_at("/answer/" + str(order("1")["id"]))
    assert head > before
    assert states
    assert answer.json["result"] == "done"
    assert log_of(path)[-1][0] == head


async def test_a_stopped_broker_is_noticed_and_nothing_is_lost(broker: Mosquitto, tmp_path: Path) -> None:
    """SIGSTOP: connections stand, nothing is answered."""
    path = tmp_path / "kiosk.db"
    async with kiosk_at(path, link_to(broker)) as kiosk, bare_client(broker.port, EVERYTHING) as client:
        await kiosk.start()
        await kiosk.until_published()
        broker.send(signal.SIGSTOP)
        await kiosk.swing(20)
        await until(lambda: kiosk.uplink.blockage.why, "the silence is noticed")
        broker.send(signal.SIGCONT)
        head = await kiosk.until_published()
        await client.until_count(head, "/event/")
        assert without_repeats(numbers(client)) == list(range(1, head + 1))


async def test_a_line_that_stands_and_carries_nothing_is_given_up(
    broker: Mosquitto, tmp_path: Path, new_port: Callable[[], int]
) -> None:
    proxy = Proxy(new_port(), broker.port)
    link = link_to(broker, port=proxy.port)
    async with (
        proxy.running(),
        bare_client(broker.port, EVERYTHING) as client,
        kiosk_at(tmp_path / "kiosk.db", link) as kiosk,
    ):
        await kiosk.start()
        await kiosk.until_published()
        proxy.fall_silent()
        await kiosk.swing(10)
        await until(lambda: kiosk.uplink.blockage.why, "the silence is noticed")
        proxy.flow()
        head = await kiosk.until_published()
        await client.until_count(head, "/event/")
        assert without_repeats(numbers(client)) == list(range(1, head + 1))
    assert proxy.connections > 1


async def test_events_that_the_broker_refuses_wait_until_it_takes_them(
    broker: Mosquitto, tmp_path: Path
) -> None:
    broker.change_rights(f"topic readwrite #\ntopic deny {TOPICS.source}/event/DoorOpened\n")
    async with bare_client(broker.port, EVERYTHING) as client:
        async with kiosk_at(tmp_path / "kiosk.db", link_to(broker)) as kiosk:
            await kiosk.start()
            before = await kiosk.until_published()
            await kiosk.swing(5)
            await until(lambda: "refused" in kiosk.uplink.blockage.why, "the refusal is noticed")
            assert await kiosk.published() == before
            broker.change_rights("topic readwrite #\n")
            head = await kiosk.until_published()
            await client.until_count(head, "/event/")
        assert sorted(set(numbers(client))) == list(range(1, head + 1))


async def test_a_restart_goes_on_where_the_cursor_was_saved(broker: Mosquitto, tmp_path: Path) -> None:
    path, heads = tmp_path / "kiosk.db", []
    async with bare_client(broker.port, EVERYTHING) as client:
        for _ in range(3):
            async with kiosk_at(path, link_to(broker)) as kiosk:
                await kiosk.start()
                await kiosk.swing(60)
                heads.append(await kiosk.until_published())
        await client.until_count(heads[-1], "/event/")
        seqs = numbers(client)
    assert without_repeats(seqs) == list(range(1, heads[-1] + 1))
    assert len(seqs) < heads[-1] + 250, "a saved cursor spares most of the log"


async def test_the_consumer_confirms_and_nothing_else_does(broker: Mosquitto, tmp_path: Path) -> None:
    path, link = tmp_path / "kiosk.db", link_to(broker)
    async with bare_client(broker.port, EVERYTHING) as client, kiosk_at(path, link, custody=LEDGERS) as kiosk:
        await kiosk.start()
        head = await kiosk.until_published()
        event = (await client.until_count(head, "/event/"))[2].json
        wrong: list[dict[str, object]] = [
            {"consumer": "stranger", "epoch": 1, "seq": 3},
            {"consumer": "ledger", "epoch": 2, "seq": 3},
            {"consumer": "ledger", "epoch": 1, "seq": head + 100},
            {"consumer": "ledger", "epoch": 1, "seq": 3, "head": "0" * 64},
            {"consumer": "ledger", "epoch": 1, "seq": -1},
        ]
        for message in wrong:
            await client.publish(TOPICS.confirm, message)
        await client.publish(f"{TOPICS.source}/command/status", order("1"))
        await client.next_at(f"/answer/{order('1')['id']}")
        assert await kiosk.confirmed() == 0
        right = {"consumer": "ledger", "epoch": 1, "seq": 3, "head": event["head"]}
        await client.publish(TOPICS.confirm, right)
        await client.publish(f"{TOPICS.source}/command/status", order("2"))
        await client.next_at(f"/answer/{order('2')['id']}")
        assert await kiosk.confirmed() == 3


async def test_what_the_consumer_has_not_confirmed_comes_again_after_a_reconnect(
    broker: Mosquitto, tmp_path: Path
) -> None:
    async with kiosk_at(tmp_path / "kiosk.db", link_to(broker), custody=LEDGERS) as kiosk:
        await kiosk.start()
        head = await kiosk.until_published()
        broker.stop(signal.SIGKILL)
        broker.start()
        async with bare_client(broker.port, EVERYTHING) as client:
            await client.until_count(head, "/event/")
            assert without_repeats(numbers(client))[0] == 1


async def test_events_are_replayed_on_request(broker: Mosquitto, tmp_path: Path) -> None:
    async with kiosk_at(tmp_path / "kiosk.db", link_to(broker)) as kiosk:
        await kiosk.start()
        await kiosk.swing(50)
        head = await kiosk.until_published()
        async with bare_client(broker.port, EVERYTHING) as client:
            await client.publish(TOPICS.replay, {"from": head + 1000})
            await client.publish(TOPICS.replay, {"from": 5})
            await client.until_count(head - 4, "/event/")
            assert numbers(client) == list(range(5, head + 1))
            await kiosk.swing(1)
            newest = await kiosk.until_published()
            await client.until_count(newest - 4, "/event/")
            assert numbers(client) == list(range(5, newest + 1))


async def test_staff_hear_of_a_broker_that_stays_away_only_once(broker: Mosquitto, tmp_path: Path) -> None:
    async with kiosk_at(tmp_path / "kiosk.db", link_to(broker)) as kiosk:
        await kiosk.start()
        await kiosk.until_published()
        kinds = {incident.kind for incident in kiosk.engine.state.incidents.values()}
    assert IncidentKind.SYNC_BLOCKED not in kinds
