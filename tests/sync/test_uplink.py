"""The uplink over a broker in memory, in virtual time: how it waits, comes back, tells staff and ends."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

from kiosk.domain.model.incident import IncidentKind
from kiosk.ports import Greeting, JournalBroken, Publication
from kiosk.rehearsal.memory_broker import MemoryBroker, MemoryLink, MemorySession
from kiosk.store.cursors import Cursors
from kiosk.sync.publisher import IN_FLIGHT
from kiosk.sync.uplink import LONGEST_PAUSE_S
from tests.sync.rig import BLOCKED_AFTER_S, TOPICS, Kiosk, kiosk_at, log_of, order


def events(broker: MemoryBroker) -> list[int]:
    return [json.loads(one.payload)["seq"] for one in broker.taken if "/event/" in one.topic]


def states(broker: MemoryBroker, thing: str) -> list[dict[str, object]]:
    topic = TOPICS.state(thing)
    return [json.loads(one.payload) for one in broker.taken if one.topic == topic]


def is_told(kiosk: Kiosk) -> bool:
    return IncidentKind.SYNC_BLOCKED in {one.kind for one in kiosk.engine.state.incidents.values()}


class Counting(MemoryLink):
    """Counts connects, and when each was tried."""

    def __init__(self, broker: MemoryBroker) -> None:
        super().__init__(broker, "lobby")
        self.tried_at: list[float] = []

    @contextlib.asynccontextmanager
    async def connected(self, greeting: Greeting) -> AsyncIterator[MemorySession]:
        self.tried_at.append(asyncio.get_running_loop().time())
        async with super().connected(greeting) as session:
            yield session


async def test_a_broker_that_is_away_is_tried_more_and_more_seldom_for_ever(tmp_path: Path) -> None:
    broker = MemoryBroker()
    broker.is_up = False
    link = Counting(broker)
    async with kiosk_at(tmp_path / "kiosk.db", link) as kiosk:
        await kiosk.start()
        await asyncio.sleep(24 * 3600)
        gaps = [after - before for before, after in zip(link.tried_at, link.tried_at[1:], strict=False)]
        assert gaps[0] <= 1.0
        assert max(gaps) <= LONGEST_PAUSE_S
        assert len(set(gaps[10:40])) > 20, "a whole fleet must not come back at one instant"
        assert 24 * 60 <= len(gaps) <= 24 * 120 + 20
        broker.come_back()
        await asyncio.sleep(LONGEST_PAUSE_S)
        assert events(broker) == [seq for seq, _ in log_of(tmp_path / "kiosk.db")]


async def test_staff_are_told_after_a_while_and_again_when_events_leave(tmp_path: Path) -> None:
    broker = MemoryBroker()
    async with kiosk_at(tmp_path / "kiosk.db", MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        await asyncio.sleep(10)
        for _ in range(5):
            broker.go_away()
            await asyncio.sleep(BLOCKED_AFTER_S / 2)
            broker.come_back()
            await asyncio.sleep(LONGEST_PAUSE_S + 1)
        assert not is_told(kiosk)
        broker.go_away()
        await asyncio.sleep(BLOCKED_AFTER_S - 1)
        assert not is_told(kiosk)
        await asyncio.sleep(2)
        assert is_told(kiosk)
        broker.come_back()
        await asyncio.sleep(LONGEST_PAUSE_S + 1)
        assert not is_told(kiosk)
    kinds = [kind for _, kind in log_of(tmp_path / "kiosk.db") if kind.startswith("Incident")]
    assert kinds == ["IncidentRaised", "IncidentSettled"]


async def test_an_incident_of_an_earlier_life_ends_with_the_first_connection(tmp_path: Path) -> None:
    broker = MemoryBroker()
    broker.is_up = False
    async with kiosk_at(tmp_path / "kiosk.db", MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        await asyncio.sleep(BLOCKED_AFTER_S + 1)
        assert kiosk.engine.state.incidents
    broker.come_back()
    async with kiosk_at(tmp_path / "kiosk.db", MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        await asyncio.sleep(1)
        assert not kiosk.engine.state.incidents


async def test_a_refused_event_waits_and_none_is_passed_over(tmp_path: Path) -> None:
    broker = MemoryBroker()
    async with kiosk_at(tmp_path / "kiosk.db", MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        before = await kiosk.until_published()
        broker.refused = (TOPICS.event("DoorOpened"),)
        await kiosk.swing(3)
        await asyncio.sleep(BLOCKED_AFTER_S + LONGEST_PAUSE_S)
        assert await kiosk.published() == before
        assert is_told(kiosk)
        broker.refused = ()
        await asyncio.sleep(LONGEST_PAUSE_S + 1)
        head = await kiosk.until_published()
        assert set(events(broker)) == set(range(1, head + 1))
        await asyncio.sleep(1)
        assert not is_told(kiosk)


async def test_several_events_are_on_their_way_at_once_and_not_all(tmp_path: Path) -> None:
    broker = MemoryBroker()
    broker.is_up = False
    async with kiosk_at(tmp_path / "kiosk.db", MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        await kiosk.swing(60)
        broker.come_back()
        broker.is_stalled = True
        await asyncio.sleep(2)
        at_once = broker.unanswered
        broker.is_stalled = False
        await kiosk.until_published()
    assert at_once == IN_FLIGHT + 1, "and the status of the kiosk itself"


async def test_states_are_told_again_to_a_broker_that_has_forgotten(tmp_path: Path) -> None:
    broker = MemoryBroker()
    async with kiosk_at(tmp_path / "kiosk.db", MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        await asyncio.sleep(5)
        broker.go_away()
        broker.come_back(has_forgotten=True)
        await asyncio.sleep(5)
        assert {TOPICS.state(thing) for thing in ("identity", "kiosk", "banks", "doors")} <= set(
            broker.retained
        )
        assert json.loads(broker.retained[TOPICS.status].payload)["status"] == "online"
        command = json.dumps(order("1")).encode()
        broker.publish(Publication(f"{TOPICS.source}/command/status", command))
        await asyncio.sleep(5)
        assert any("/answer/" in one.topic for one in broker.taken)


async def test_a_state_is_told_when_it_changes_and_not_otherwise(tmp_path: Path) -> None:
    broker = MemoryBroker()
    async with kiosk_at(tmp_path / "kiosk.db", MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        await asyncio.sleep(5)
        told = len(broker.taken)
        await asyncio.sleep(3600)
        assert len(broker.taken) == told
        await kiosk.store()
        await asyncio.sleep(5)
        newest = states(broker, "kiosk")[-1]
        assert newest["parcels"] == 1
        assert states(broker, "doors")[-1]["vacancy"]["occupied"] == 1  # type: ignore[index]


async def test_nothing_personal_and_no_code_leaves(tmp_path: Path) -> None:
    broker = MemoryBroker()
    async with kiosk_at(tmp_path / "kiosk.db", MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        await kiosk.store("412")
        await kiosk.until_published()
        digests = [digest.hex() for digest in kiosk.engine.state.credentials]
    everything = b"\n".join(one.payload for one in broker.taken).decode()
    assert "unit_label" not in everything
    assert "Mara Lind" not in everything
    assert not [digest for digest in digests if digest in everything]


async def test_an_idle_kiosk_writes_nothing_for_its_cursors(tmp_path: Path) -> None:
    broker, path = MemoryBroker(), tmp_path / "kiosk.db"
    async with kiosk_at(path, MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        await kiosk.until_published()
        await asyncio.sleep(10)
        wal = path.with_name("kiosk.db-wal")
        before = (path.read_bytes(), wal.read_bytes())
        await asyncio.sleep(3600)
        assert (path.read_bytes(), wal.read_bytes()) == before


async def test_a_cursor_that_cannot_be_written_holds_no_event_back(tmp_path: Path) -> None:
    class Failing(Cursors):
        async def advance(self, name: str, seq: int, mono_ms: int) -> None:
            raise JournalBroken("the disk is gone")

    broker, path = MemoryBroker(), tmp_path / "kiosk.db"
    async with kiosk_at(path, MemoryLink(broker, "lobby"), make_cursors=Failing) as kiosk:
        await kiosk.start()
        await kiosk.swing(40)
        await asyncio.sleep(5)
    assert sorted(set(events(broker))) == [seq for seq, _ in log_of(path)]


async def test_a_stop_while_the_broker_is_silent_is_done_soon(tmp_path: Path) -> None:
    broker = MemoryBroker()
    loop = asyncio.get_running_loop()
    async with kiosk_at(tmp_path / "kiosk.db", MemoryLink(broker, "lobby")) as kiosk:
        await kiosk.start()
        await kiosk.until_published()
        broker.is_silent = True
        asked = loop.time()
    assert loop.time() - asked <= 3.0


async def test_a_link_that_never_answers_is_no_error_of_the_kiosk(tmp_path: Path) -> None:
    class Never(MemoryLink):
        @contextlib.asynccontextmanager
        async def connected(self, greeting: Greeting) -> AsyncIterator[MemorySession]:
            await asyncio.sleep(10)
            async with super().connected(greeting) as session:
                yield session

    broker = MemoryBroker()
    broker.is_up = False
    async with kiosk_at(tmp_path / "kiosk.db", Never(broker, "lobby")) as kiosk:
        await kiosk.start()
        await asyncio.sleep(600)
        await kiosk.swing(1)
        assert "away" in kiosk.uplink.blockage.why
