"""Boards are asked when no daemon runs: what is silent, garbled, doubled, or elsewhere, and what to try."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from config.load import load
from config.settings import Settings
from drivers.memory_link import MemoryLink, Peer
from hal.byte_link import ByteLink
from hal.errors import HalError, NotAPort, PortBusy, PortForbidden
from kiosk.cli.places import simulation_config
from kiosk.doctor.boards import asked_here, told_by_daemon
from kiosk.doctor.findings import Finding
from sim.boards.bench import Bench
from sim.boards.kerong import Bus as BoardBus
from sim.boards.kerong import Cu48Board
from sim.boards.line import Line


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Two boards, at the addresses 0 and 1 of one port."""
    return load(simulation_config(), tmp_path)


def peer(*addresses: int) -> Peer:
    """Boards on a line that speaks 19200 baud."""
    boards = [Cu48Board(address, Bench(now, locked=range(1, 49))) for address in addresses]
    return Line(BoardBus(boards), baud=19200).receive


def now() -> float:
    return asyncio.get_running_loop().time()


def at(speed: int, far: Peer) -> Callable[[str, int], ByteLink]:
    """A port whose boards hear only one speed."""
    return lambda port, baud: MemoryLink(port, far if baud == speed else lambda _chunk: [])


async def found(settings: Settings, far: Peer | None, *, speed: int | None = None) -> dict[str, Finding]:
    links = at(speed, far) if speed and far else lambda port, _baud: MemoryLink(port, far)
    return {one.subject: one for one in await asked_here(settings, links)}


async def test_boards_that_answer_are_well(settings: Settings) -> None:
    lines = await found(settings, peer(0, 1))
    assert set(lines) == {"port lockers", "bank a", "bank b"}
    assert all(one.is_well for one in lines.values())


async def test_a_port_that_is_not_there_is_named_once_and_its_banks_point_to_it(settings: Settings) -> None:
    lines = await found(settings, None)
    assert lines["port lockers"].fault == lines["bank a"].fault == "LW-L001"
    assert lines["bank b"].next_step == "what stands at the port"


async def test_a_silent_board_is_mute_and_the_other_well(settings: Settings) -> None:
    lines = await found(settings, peer(0))
    assert lines["port lockers"].is_well
    assert lines["bank a"].is_well
    assert (lines["bank b"].fault, lines["bank b"].is_well) == ("LW-B001", False)
    assert "check power" in lines["bank b"].next_step


async def test_a_board_at_another_address_is_found(settings: Settings) -> None:
    line = (await found(settings, peer(0, 4)))["bank b"]
    assert line.fault == "LW-B009"
    assert line.text == "nothing answers to address 1, but a board does to 4"


async def test_boards_at_another_speed_are_found(settings: Settings) -> None:
    lines = await found(settings, peer(0, 1), speed=9600)
    assert [lines[name].fault for name in ("bank a", "bank b")] == ["LW-B008"] * 2
    assert lines["bank a"].next_step.startswith("set baud = 9600")


async def test_two_boards_on_one_address_are_told(settings: Settings) -> None:
    far = peer(1)

    def doubled(chunk: bytes) -> list[tuple[float, bytes]]:
        answers = list(far(chunk))
        return answers + [(after_s + 0.01, frame) for after_s, frame in answers]

    assert (await found(settings, doubled))["bank b"].fault == "LW-B003"


async def test_noise_is_garbling(settings: Settings) -> None:
    assert (await found(settings, lambda _chunk: [(0.01, b"\x55\xaa\x55")]))["bank a"].fault == "LW-B002"


async def test_an_adapter_that_only_hears_itself_is_told(settings: Settings) -> None:
    assert (await found(settings, lambda chunk: [(0.001, chunk)]))["bank a"].fault == "LW-L006"


@pytest.mark.parametrize(
    ("error", "number"), [(PortBusy, "LW-L002"), (PortForbidden, "LW-L003"), (NotAPort, "LW-L005")]
)
async def test_a_port_that_does_not_open_says_why(
    settings: Settings, error: type[HalError], number: str
) -> None:
    class Barred(MemoryLink):
        async def open(self) -> None:
            raise error("port x: a reason")

    lines = {one.subject: one for one in await asked_here(settings, lambda port, _: Barred(port, None))}
    assert [one.fault for one in lines.values()] == [number] * 3
    assert lines["port lockers"].text == "port x: a reason"


def test_a_running_daemon_is_believed(settings: Settings) -> None:
    banks = {"a": "up", "b": "lost: LW-B001 bank b, board 1: no reply"}
    port, a, b = told_by_daemon(settings, banks)
    assert port.is_well
    assert a.is_well
    assert (b.fault, b.text) == ("LW-B001", "bank b, board 1: no reply")


def test_a_lost_port_is_told_by_the_daemon_too(settings: Settings) -> None:
    why = "lost: LW-L002 held by another process"
    lines = list(told_by_daemon(settings, {"a": why, "b": why}))
    assert [one.fault for one in lines] == ["LW-L002"] * 3


def test_a_bank_that_was_never_read_is_not_well(settings: Settings) -> None:
    *_, bank = told_by_daemon(settings, {"a": "up", "b": "not yet"})
    assert (bank.fault, bank.text) == ("LW-B006", "not yet: no door of it was read so far")
