"""From settings to banks: one bus a port, supplies shared, and every family in its three places."""

import asyncio
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import pytest

from config.settings import CHANNELS, BankSettings, KerongSettings, Settings
from drivers.catalogue import FAMILIES, build_banks, build_bench, open_link
from drivers.memory_link import MemoryLink
from drivers.serial_link import SerialLink
from drivers.tcp_link import TcpLink
from hal.errors import WiringError
from sim.boards.bench import Bench, most_at_once
from sim.boards.catalogue import DIALECTS as SIMULATED_DIALECTS
from sim.boards.catalogue import FAMILIES as SIMULATED_FAMILIES
from sim.boards.kerong import Bus, Cu48Board
from sim.boards.line import Line
from tests.drivers.rig import EVERY, PULSE_S, QUIET_S, now, opened

ROOT = Path(__file__).parents[2]


def option_models() -> list[type[KerongSettings]]:
    """The models of the union that the settings take for a bank."""
    return list(get_args(BankSettings)) or [BankSettings]


def words_in_settings() -> set[str]:
    return {word for model in option_models() for word in get_args(model.model_fields["driver"].annotation)}


def dialects_in_settings() -> set[str]:
    return {word for model in option_models() for word in get_args(model.model_fields["dialect"].annotation)}


def test_a_family_is_one_word_in_every_place() -> None:
    assert set(FAMILIES) == set(SIMULATED_FAMILIES) == words_in_settings()
    for word in FAMILIES:
        assert find_spec(f"drivers.{word}.lock_bank")
        assert find_spec(f"drivers.{word}.frames")
        assert find_spec(f"sim.boards.{word}")


def test_every_dialect_of_the_settings_can_be_emulated() -> None:
    emulated = {dialect for dialects in SIMULATED_FAMILIES.values() for dialect in dialects}
    assert emulated == set(SIMULATED_DIALECTS) == dialects_in_settings() == set(CHANNELS)


def bank(name: str, port: str, address: int, *, baud: int = 19200, **other: object) -> dict[str, object]:
    return {"id": name, "driver": "kerong", "port": port, "address": address, "baud": baud, **other}


def settings(*banks: dict[str, object], lock: str = "solenoid", **other: object) -> Settings:
    return Settings.model_validate(
        {
            "config_version": 1,
            "kiosk": {
                "site": "s", "id": "k", "name": "n", "data_folder": "d", "screen_column": 1, "screen_row": 2,
            },
            "bank": banks,
            "compartment": [
                {
                    "id": f"c{place}", "label": str(place), "bank": made["id"], "channel": channel,
                    "column": place, "row": 1, "size": "M", "lock": lock, "opening_height_mm": 1000, **other,
                }
                for place, (made, channel) in enumerate(
                    ((made, channel) for made in banks for channel in (1, 2)), 1
                )
            ],
            "size": {"M": {"width_mm": 400, "height_mm": 300, "depth_mm": 500}},
        }
    )  # fmt: skip


class Wires:
    """Memory links by port, each with two boards behind it."""

    def __init__(self) -> None:
        self.made: dict[str, MemoryLink] = {}
        self.benches: list[Bench] = []

    def __call__(self, port: str, baud: int) -> MemoryLink:
        assert port not in self.made, "one port was opened twice"
        benches = [Bench(now, locked=EVERY) for _ in range(2)]
        self.benches += benches
        boards = Bus([Cu48Board(address, bench) for address, bench in enumerate(benches)])
        self.made[port] = MemoryLink(port, Line(boards, baud=baud).receive)
        return self.made[port]


async def test_banks_on_one_port_share_its_only_link() -> None:
    wires = Wires()
    banks = build_banks(settings(bank("a", "p", 0), bank("b", "p", 1), bank("c", "q", 0)), wires)
    assert list(banks) == ["a", "b", "c"]
    assert list(wires.made) == ["p", "q"]


async def test_one_supply_feeds_one_coil_at_a_time_across_banks_and_ports() -> None:
    wires = Wires()
    banks = build_banks(settings(bank("a", "p", 0), bank("b", "q", 1)), wires)
    for each in banks.values():
        await each.connect()
    async with asyncio.TaskGroup() as unlocks:
        for name, channel in (("a", 1), ("b", 1), ("a", 2), ("b", 2)):
            unlocks.create_task(banks[name].unlock(channel, not_after=now() + 60))
    pulses = [pulse for bench in wires.benches for pulse in bench.pulses]
    assert len(pulses) == 4
    assert most_at_once(pulses) == 1


async def test_a_contact_that_is_wired_otherwise_is_turned_for_its_lock_alone() -> None:
    wires = Wires()
    banks = build_banks(settings(bank("a", "p", 0), closed_bit=0), wires)
    assert opened(await banks["a"].connect()) == [1, 2]
    banks["a"].close()
    bench = build_bench(KerongSettings.model_validate(bank("a", "q", 0)), wires, turned=(48,))
    assert opened(await bench.connect()) == [48]
    bench.close()


async def test_the_longest_pause_of_a_port_holds_for_all_of_it() -> None:
    banks = build_banks(settings(bank("a", "p", 0, pause_ms=300), bank("b", "p", 1)), Wires())
    begun = now()
    for each in banks.values():
        await each.connect()
    assert now() - begun >= 3 * 0.3


async def test_a_motor_lock_holds_its_supply_longer() -> None:
    wires = Wires()
    banks = build_banks(settings(bank("a", "p", 0), lock="motor"), wires)
    await banks["a"].connect()
    await asyncio.sleep(2 * QUIET_S)
    begun = now()
    for channel in (1, 2):
        await banks["a"].unlock(channel, not_after=now() + 60)
    assert now() - begun >= 2 * PULSE_S + 0.2


async def test_a_channel_without_a_compartment_is_never_pulsed() -> None:
    banks = build_banks(settings(bank("a", "p", 0)), Wires())
    await banks["a"].connect()
    with pytest.raises(WiringError, match="channel 3 has no lock in the settings"):
        await banks["a"].unlock(3, not_after=now() + 60)


def test_two_speeds_on_one_port_are_a_wiring_error() -> None:
    both = [
        KerongSettings.model_validate(bank(name, "p", address, baud=baud))
        for name, address, baud in (("a", 0, 19200), ("b", 1, 9600))
    ]
    mixed = settings(bank("a", "p", 0)).model_copy(update={"bank": tuple(both)})
    with pytest.raises(WiringError, match="p: bank b has 9600 baud, another bank 19200; expected one speed"):
        build_banks(mixed, Wires())


async def test_a_bench_board_has_every_channel_and_careful_limits() -> None:
    wires = Wires()
    bench = build_bench(KerongSettings.model_validate(bank("a", "p", 0)), wires)
    await bench.connect()
    begun = now()
    await bench.unlock(48, not_after=now() + 8)
    assert [pulse.channel for pulse in wires.benches[0].pulses] == [48]
    assert now() - begun >= 2.5


def test_a_port_is_a_device_or_a_gateway() -> None:
    assert isinstance(open_link("/dev/ttyUSB0", 19200), SerialLink)
    assert isinstance(open_link("socket://192.0.2.1:4001", 19200), TcpLink)
    with pytest.raises(WiringError, match="expected a device path or socket://HOST:PORT"):
        open_link("loop://", 19200)
