"""What the daemon believes beside what is true: where they part, for how long, and when nobody answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sim.cabinet import DoorPlan
from sim.doors import Door, Parcel, Position
from sim.live.belief import Belief, BelievedDoor, Quarrels, ask, difference
from sim.sights import Sight
from tests.sim.cabinets import ONE, cabinet

PARCEL = (Parcel("p1", "a hat"),)
STATUS = {
    "version": "0.1.0",
    "kiosk": "lobby",
    "boot": "b",
    "epoch": 1,
    "seq": 7,
    "banks": {"a": "up"},
    "sessions_active": 0,
    "incidents_open": 0,
}
ROW = {
    "compartment": "d1",
    "label": "1",
    "door": "closed",
    "vacancy": "occupied",
    "condition": "serviceable",
    "units": ["412"],
    "deliveries": [{"id": "x", "state": "stored"}],
}


def plan() -> DoorPlan:
    return cabinet().doors[ONE]


def sight(position: Position, parcels: tuple[Parcel, ...] = ()) -> Sight:
    door = Door(position, position is Position.CLOSED, parcels)
    return Sight(plan(), door, says_hooked=door.is_latched, is_energised=False)


def believed(door: str, vacancy: str = "verified") -> BelievedDoor:
    return BelievedDoor.model_validate({**ROW, "door": door, "vacancy": vacancy})


CLOSED, AJAR, OPEN = Position.CLOSED, Position.AJAR, Position.OPEN


@pytest.mark.parametrize(
    ("truth", "belief", "says"),
    [
        (sight(CLOSED), believed("closed"), ""),
        (sight(CLOSED), believed("open"), "the door is closed, believed open"),
        (sight(AJAR), believed("closed"), "the door is open, believed closed"),
        (sight(OPEN), believed("closed"), "the door is open, believed closed"),
        (sight(OPEN), believed("open"), ""),
        (sight(OPEN), believed("unknown"), ""),
        (sight(CLOSED, PARCEL), believed("closed", "verified"), "1 inside, believed empty"),
        (sight(CLOSED, PARCEL), believed("closed", "presumed"), "1 inside, believed empty"),
        (sight(CLOSED, PARCEL), believed("closed", "occupied"), ""),
        (sight(CLOSED, PARCEL), believed("closed", "unknown"), ""),
        (sight(CLOSED), believed("closed", "occupied"), "nothing inside, believed occupied"),
        (sight(CLOSED), believed("closed", "unknown"), ""),
        (sight(OPEN, PARCEL), believed("open", "verified"), ""),
        (sight(CLOSED, PARCEL), believed("unknown", "verified"), ""),
    ],
)
def test_truth_and_belief_part_where_the_daemon_is_wrong_not_where_it_does_not_know(
    truth: Sight, belief: BelievedDoor, says: str
) -> None:
    assert difference(truth, belief) == says


def test_a_difference_has_an_age_and_starts_anew_when_it_was_gone() -> None:
    quarrels = Quarrels()
    wrong, right = Belief({ONE: believed("open")}), Belief({ONE: believed("closed")})
    sights = [sight(CLOSED)]
    ages = [
        quarrels.compare(sights, belief, now_ms).get(ONE, ("", None))[1]
        for belief, now_ms in ((wrong, 100), (wrong, 4100), (right, 5000), (wrong, 9000), (wrong, 9500))
    ]
    assert ages == [0, 4000, None, 0, 500]


@asynccontextmanager
async def daemon(socket: Path, answers: dict[str, bytes]) -> AsyncIterator[None]:
    """Something that answers each target with bytes, and closes."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
        writer.write(answers[target])
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_unix_server(answer, socket)
    async with server:
        yield


def ok(body: object) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n" + json.dumps(body).encode()


async def test_the_daemon_is_asked_over_its_local_socket(tmp_path: Path) -> None:
    socket = tmp_path / "kiosk.sock"
    async with daemon(socket, {"/doors": ok([ROW]), "/status": ok(STATUS)}):
        belief = await ask(socket)
    assert belief.silence == ""
    assert belief.doors[ONE].units == ("412",)
    assert belief.status is not None
    assert belief.status.seq == 7


async def test_a_socket_far_down_in_the_folders_is_reached(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 20) / ("deeper" * 20)
    folder.mkdir(parents=True)
    short = tmp_path / "s"
    async with daemon(short, {"/doors": ok([ROW]), "/status": ok(STATUS)}):
        short.rename(folder / "kiosk.sock")
        assert (await ask(folder / "kiosk.sock")).doors[ONE].door == "closed"


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (ok("nonsense"), "cannot read"),
        (ok([{"compartment": "d1"}]), "cannot read"),
        (b"HTTP/1.1 200 OK\r\n\r\n{", "no JSON"),
        (b"HTTP/1.1 503 Busy\r\n\r\n", "expected 200"),
        (b"", "expected 200"),
    ],
)
async def test_an_answer_that_cannot_be_used_is_told(tmp_path: Path, answers: bytes, says: str) -> None:
    socket = tmp_path / "kiosk.sock"
    async with daemon(socket, {"/doors": answers, "/status": answers}):
        belief = await ask(socket)
    assert says in belief.silence
    assert belief.doors == {}


async def test_a_daemon_that_is_away_is_told(tmp_path: Path) -> None:
    assert (await ask(tmp_path / "no" / "kiosk.sock")).silence == "not running"
    left = tmp_path / "kiosk.sock"
    async with daemon(tmp_path / "s", {}):
        (tmp_path / "s").rename(left)
    assert "left its socket behind" in (await ask(left)).silence
