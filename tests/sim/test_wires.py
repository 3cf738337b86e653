"""The wires of the made-up cabinet on real ptys: raw frames in, raw frames out, and what can go wrong."""

import asyncio
import errno
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest

from config.settings import Settings
from kiosk.rehearsal.virtual_loop import VirtualLoop
from sim.boards.line import Fault, Switch
from sim.cabinet import DoorId, cabinet_of
from sim.doors import NotPossible, Position
from sim.live.changes import Changes
from sim.live.live_world import LiveWorld
from sim.live.wires import PortInTheWay, Wires
from sim.truth import Truth
from sim.world_file import WorldFile
from tests.sim.panel_rig import sample_settings, until

ASK_A = bytes.fromhex("020000500355")
"""Status of board 0."""
ALL_SHUT_A = bytes.fromhex("02000065ff0f0000000003") + bytes([0x78])
"""Locks 1 to 12 hooked, 13 to 48 empty terminals."""
DOOR_3_OPEN = bytes.fromhex("02000065fb0f0000000003") + bytes([0x74])
UNLOCK_3 = bytes.fromhex("020002510358")


class Bench:
    """A made-up cabinet with its ports plugged in."""

    def __init__(self, base: Path, given: Settings | None = None) -> None:
        settings = given or sample_settings(base)
        file = WorldFile(base / "sim" / "world.json")
        self.live = LiveWorld(cabinet_of(settings), file, Truth(), Changes())
        self.wires = Wires(settings, self.live)
        self.link = base / "sim" / "lockers"
        self.port = str(self.link)


@asynccontextmanager
async def bench(base: Path, given: Settings | None = None) -> AsyncIterator[Bench]:
    made = Bench(base, given)
    with made.wires.plugged():
        yield made
    made.live.stop()


@contextmanager
def opened(link: Path) -> Iterator[int]:
    """The port as the daemon has it: opened by its link, never blocking."""
    descriptor = os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


async def talk(descriptor: int, request: bytes, expected: int) -> bytes:
    """Send, and wait until so many bytes have come back."""
    os.write(descriptor, request)
    got = bytearray()

    def is_there() -> bool:
        with suppress(BlockingIOError):
            got.extend(os.read(descriptor, 4096))
        return len(got) >= expected

    await until(is_there)
    return bytes(got)


def is_same_device(descriptor: int, link: Path) -> bool:
    return Path(f"/proc/self/fd/{descriptor}").samefile(link)


async def quiet(descriptor: int) -> bool:
    """Whether nothing comes back in the time in which everything would."""
    await asyncio.sleep(0.1)
    try:
        return os.read(descriptor, 4096) == b""
    except BlockingIOError:
        return True


def small_boards(base: Path) -> Settings:
    """The sample cabinet on two CU16, with the contact of its first door wired the other way round."""
    before = sample_settings(base)
    banks = tuple(bank.model_copy(update={"dialect": "cu16"}) for bank in before.bank)
    first, *others = before.compartment
    places = (first.model_copy(update={"closed_bit": 0}), *others)
    return before.model_copy(update={"bank": banks, "compartment": places})


async def test_the_boards_are_those_of_the_settings(tmp_path: Path) -> None:
    async with bench(tmp_path, small_boards(tmp_path)) as made:
        with opened(made.link) as port:
            answer = await talk(port, bytes.fromhex("02 00 30 03 35"), 9)
        assert answer.hex(" ") == "02 00 35 fe 0f 00 00 03 47"
        frames = made.wires.wire(made.port).frames.frames()
        assert [frame.text for frame in frames] == ["status asked of board 0", "status board 0: open 13-16"]


async def test_a_raw_status_request_gets_the_bytes_of_the_makers_protocol(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        with opened(made.link) as port:
            assert await talk(port, ASK_A, 12) == ALL_SHUT_A


async def test_a_raw_unlock_opens_that_door_and_no_other(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        with opened(made.link) as port:
            os.write(port, UNLOCK_3)
            await until(lambda: made.live.view().doors[2].door.position is Position.AJAR)
            assert await talk(port, ASK_A, 12) == DOOR_3_OPEN
        moved = [sight.plan.id for sight in made.live.view().doors if sight.door.position != "closed"]
        assert moved == ["c3"]


async def test_nothing_moves_when_a_port_is_opened_or_closed(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        for _ in range(3):
            with opened(made.link) as port:
                assert await quiet(port)
        assert made.live.do(lambda world: world.pulses_after(0)) == ()


async def test_a_dead_board_is_silent_and_the_other_one_answers(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        made.wires.mute("a", is_dead=True)
        with opened(made.link) as port:
            os.write(port, ASK_A + UNLOCK_3)
            assert await quiet(port)
            assert (await talk(port, bytes.fromhex("020100500356"), 12))[:2] == b"\x02\x01"
        assert made.live.view().doors[2].door.position is Position.CLOSED


async def test_an_unplugged_adapter_is_gone_for_its_user_and_comes_back_as_a_new_device(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as made:
        with opened(made.link) as port:
            made.wires.unplug(made.port)
            assert not made.link.is_symlink()
            with pytest.raises(OSError, match=r".") as gone:
                os.write(port, ASK_A)
            assert gone.value.errno == errno.EIO
            with pytest.raises(NotPossible, match="unplugged already"):
                made.wires.unplug(made.port)
            made.wires.plug(made.port)
            assert made.link.is_symlink()
            assert not is_same_device(port, made.link)
        with opened(made.link) as again:
            assert await talk(again, ASK_A, 12) == ALL_SHUT_A
        with pytest.raises(NotPossible, match="plugged in already"):
            made.wires.plug(made.port)


async def test_mending_plugs_everything_in_and_clears_every_wire(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        made.wires.set_fault(made.port, Fault.MUTE, Switch())
        made.wires.mute("a", is_dead=True)
        made.wires.unplug(made.port)
        made.wires.mend()
        with opened(made.link) as port:
            assert await talk(port, ASK_A, 12) == ALL_SHUT_A


def test_the_test_button_fires_one_lock_after_another(tmp_path: Path) -> None:
    async def press() -> list[tuple[int, int, int]]:
        made = Bench(tmp_path)
        start_ms = made.live.now_ms()
        made.wires.press_test("b")
        with pytest.raises(NotPossible, match="running its test already"):
            made.wires.press_test("b")
        await until(lambda: not made.wires.is_testing("b"), within_s=100)
        fired = made.live.do(lambda world: world.pulses_after(0))
        return [(pulse.channel, pulse.start_ms - start_ms, pulse.end_ms - start_ms) for pulse in fired]

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        fired = runner.run(press())
    assert fired == [(turn + 1, 1000 * turn, 1000 * turn + 500) for turn in range(48)]


async def test_a_board_without_power_has_no_test(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        made.wires.mute("b", is_dead=True)
        with pytest.raises(NotPossible, match="without power"):
            made.wires.press_test("b")


@pytest.mark.parametrize("what", ["file", "folder", "link"])
async def test_a_port_where_something_real_is_stays_untouched(tmp_path: Path, what: str) -> None:
    made = Bench(tmp_path)
    made.link.parent.mkdir()
    match what:
        case "file":
            made.link.write_text("real", encoding="utf-8")
        case "folder":
            made.link.mkdir()
        case _:
            made.link.symlink_to("/dev/null")
    before = made.link.lstat()
    with pytest.raises(PortInTheWay, match="something real is there"), made.wires.plugged():
        pass
    assert made.link.lstat() == before


async def test_a_link_that_a_killed_world_left_behind_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "lockers").symlink_to("/dev/pts/99999")
    async with bench(tmp_path) as made:
        with opened(made.link) as port:
            assert await talk(port, ASK_A, 12) == ALL_SHUT_A
    assert not (tmp_path / "sim" / "lockers").is_symlink()


async def test_a_port_that_is_no_path_is_refused_with_its_name(tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    elsewhere = tuple(bank.model_copy(update={"port": "socket://10.0.0.9:4001"}) for bank in settings.bank)
    made = Bench(tmp_path)
    with pytest.raises(PortInTheWay, match=re.escape("socket://10.0.0.9:4001")):
        Wires(settings.model_copy(update={"bank": elsewhere}), made.live)


async def test_what_passes_is_in_the_monitor_decoded(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        frames = made.wires.wires[0].frames
        with opened(made.link) as port:
            await talk(port, ASK_A, 12)
            os.write(port, UNLOCK_3)
            await until(lambda: made.live.do(lambda world: world.door(DoorId("c3"))).position == "ajar")
        seen = [(frame.sender, frame.text, frame.is_sound) for frame in frames.frames()]
        assert [sender for sender, _, _ in seen] == ["kiosk", "board", "kiosk"]
        assert seen[2] == ("kiosk", "unlock board 0 lock 3", True)
        assert all(is_sound for _, _, is_sound in seen)
