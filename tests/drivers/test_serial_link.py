"""A real pty under the serial link: missing, forbidden, busy, unplugged, and back under another name."""

import asyncio
import os
from pathlib import Path

import pytest

from drivers.serial_link import SerialLink
from hal.errors import LinkLost, WiringError
from tests.drivers.adapter import Adapter
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
LONG_S = 5.0


async def received(link: SerialLink, count: int) -> bytes:
    loop = asyncio.get_running_loop()
    got = b""
    while len(got) < count:
        chunk = await link.receive(loop.time() + LONG_S)
        assert chunk, f"only {got!r} came"
        got += chunk
    return got


async def test_every_byte_goes_through_unchanged_both_ways(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    every_byte = bytes(range(256))
    await link.send(every_byte)
    assert adapter.hear(256) == every_byte
    adapter.say(every_byte)
    assert await received(link, 256) == every_byte
    link.close()


async def test_what_waits_in_the_kernel_is_discarded_too(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    adapter.say(b"stale")
    assert link.discard() == 5
    adapter.say(b"fresh")
    assert await received(link, 5) == b"fresh"
    link.close()


async def test_bytes_discarded_under_a_waiting_reader_are_no_hang_up(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    loop = asyncio.get_running_loop()
    adapter.say(b"stale")
    # Both the loop's reader and this call are due in the same turn; the call empties the port first.
    loop.call_soon(link.discard)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert link.is_open
    adapter.say(b"fresh")
    assert await received(link, 5) == b"fresh"
    link.close()


async def test_s5_a_missing_port_is_lost_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LinkLost, match="no-such: no such port; plug the adapter in, or correct the port"):
        await SerialLink(str(tmp_path / "no-such"), 19200).open()


async def test_a_folder_or_file_is_no_port(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file"):
        with pytest.raises(WiringError, match="is no serial port"):
            await SerialLink(str(path), 19200).open()


async def test_s20_s21_a_port_is_held_by_one(adapter: Adapter) -> None:
    first, second = adapter.link(), adapter.link()
    await first.open()
    with pytest.raises(LinkLost, match="held by another process, expected this one alone"):
        await second.open()
    first.close()
    await second.open()
    second.close()


async def test_opening_twice_is_opening_once(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    await link.open()
    assert link.is_open
    link.close()
    link.close()
    assert not link.is_open


async def test_unplugging_ends_a_receive_with_what_happened(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    loop = asyncio.get_running_loop()
    loop.call_soon(adapter.unplug)
    with pytest.raises(LinkLost, match="ttyLocks: the device"):
        await link.receive(loop.time() + LONG_S)
    assert not link.is_open


async def test_sending_to_an_unplugged_port_is_lost(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    adapter.unplug()
    with pytest.raises(LinkLost, match="ttyLocks"):
        await link.send(b"frame")
    with pytest.raises(LinkLost):
        await link.send(b"frame")
    assert not link.is_open


async def test_s4_the_port_comes_back_as_another_device(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    before = os.ttyname(adapter.slave)
    keeps_the_number = os.open(before, os.O_RDWR | os.O_NOCTTY)
    adapter.unplug()
    with pytest.raises(LinkLost):
        await link.send(b"frame")
    with pytest.raises(LinkLost, match="no such port"):
        await link.open()
    adapter.plug()
    assert os.ttyname(adapter.slave) != before
    await link.open()
    await link.send(b"frame")
    assert adapter.hear(5) == b"frame"
    link.close()
    os.close(keeps_the_number)


async def test_a_port_that_takes_no_bytes_is_lost_in_a_second(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    with pytest.raises(LinkLost, match="takes no bytes; is the adapter hanging"):
        await link.send(b"x" * 200_000)
    link.close()


async def test_a_long_frame_goes_out_in_parts_to_a_slow_reader(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    loop = asyncio.get_running_loop()
    got, is_whole = bytearray(), asyncio.Event()

    def read_some() -> None:
        got.extend(os.read(adapter.master, 4096))
        if len(got) >= 100_000:
            is_whole.set()

    loop.add_reader(adapter.master, read_some)
    await link.send(b"x" * 100_000)
    async with asyncio.timeout(LONG_S):
        await is_whole.wait()
    loop.remove_reader(adapter.master)
    assert got == b"x" * 100_000
    link.close()


async def test_closing_ends_a_receive(adapter: Adapter) -> None:
    link = adapter.link()
    await link.open()
    loop = asyncio.get_running_loop()
    loop.call_soon(link.close)
    with pytest.raises(LinkLost, match="closed"):
        await link.receive(loop.time() + LONG_S)
