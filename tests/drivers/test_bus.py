"""One exchange at a time, quiet between them, unlocks first, and nothing old is taken for an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from drivers.bus import IN_VAIN, Bus
from drivers.memory_link import MemoryLink, Peer
from hal.errors import BadFrame, LinkLost, NoReply, NotSent
from tests.drivers.rig import BAUD, now

CHARACTER_S = 10 / BAUD
QUIET_S = 3.5 * CHARACTER_S + 0.001
FOR_EVER = 1e9


def silent(_: bytes) -> list[tuple[float, bytes]]:
    return []


def answering(*sendings: tuple[float, bytes]) -> Peer:
    return lambda _: sendings


def upper_case(chunk: bytes) -> Sequence[bytes]:
    """An answer is any capital letter."""
    return [bytes((byte,)) for byte in chunk if 65 <= byte <= 90]


class Watched:
    """A bus on a memory link, and when which bytes went out."""

    def __init__(self, peer: Peer) -> None:
        self.sent: list[tuple[float, bytes]] = []
        self.link = MemoryLink("wire", self._noting(peer))
        self.bus = Bus(self.link, baud=BAUD)

    def _noting(self, peer: Peer) -> Peer:
        def note(chunk: bytes) -> list[tuple[float, bytes]]:
            self.sent.append((now(), chunk))
            return list(peer(chunk))

        return note

    async def ask(
        self, question: bytes = b"ask", *, within_s: float = 0.2, listen_on_s: float = 0.0
    ) -> bytes:
        answers = await self.bus.ask(question, upper_case, within_s=within_s, listen_on_s=listen_on_s)
        return b"".join(answers)

    def replug(self, peer: Peer) -> None:
        self.link.plug(self._noting(peer))


async def joined(peer: Peer) -> Watched:
    wire = Watched(peer)
    await wire.bus.join("me")
    return wire


async def test_a_question_gets_its_answer() -> None:
    wire = await joined(answering((0.01, b"A")))
    assert await wire.ask() == b"A"


async def test_there_is_a_quiet_gap_between_an_answer_and_the_next_question() -> None:
    wire = await joined(answering((0.01, b"A")))
    await wire.ask()
    answered = now()
    await wire.ask()
    assert wire.sent[1][0] - answered == pytest.approx(QUIET_S)


async def test_a_gateway_gets_the_pause_that_it_needs() -> None:
    wire = await joined(answering((0.01, b"A")))
    slow = Bus(wire.link, baud=BAUD, pause_s=0.3)
    await slow.join("me")
    for _ in range(2):
        await slow.ask(b"ask", upper_case, within_s=0.2)
    assert wire.sent[1][0] - wire.sent[0][0] == pytest.approx(0.31)


async def test_there_is_a_quiet_gap_after_an_order_has_left() -> None:
    wire = await joined(answering((0.01, b"A")))
    await wire.bus.tell(b"order", not_after=FOR_EVER)
    await wire.ask()
    assert wire.sent[1][0] - wire.sent[0][0] == pytest.approx(5 * CHARACTER_S + QUIET_S)


async def test_a_question_without_answer_ends_in_time() -> None:
    wire = await joined(silent)
    begun = now()
    with pytest.raises(NoReply, match="wire: no reply"):
        await wire.ask(within_s=0.2)
    assert now() - begun == pytest.approx(0.2 + 3 * CHARACTER_S)


async def test_bytes_without_a_frame_are_told_as_they_were() -> None:
    wire = await joined(answering((0.01, b"\xfa\xfd")))
    with pytest.raises(BadFrame, match="2 bytes and no frame in them: fa fd"):
        await wire.ask()


async def test_a_line_that_babbles_for_ever_does_not_hold_the_bus() -> None:
    wire = await joined(answering(*((at / 1000, b"x" * 50) for at in range(1, 5000))))
    with pytest.raises(BadFrame, match=r" \.\.\."):
        await wire.ask(within_s=0.2)
    assert now() < 0.5


class Babbler(MemoryLink):
    """A line on which there is always something more to read."""

    async def receive(self, until: float) -> bytes:
        await asyncio.sleep(0.001)
        return b"x"


async def test_a_line_with_never_a_pause_does_not_hold_the_bus_either() -> None:
    bus = Bus(Babbler("wire", silent), baud=BAUD)
    await bus.join("me")
    with pytest.raises(BadFrame):
        await bus.ask(b"ask", upper_case, within_s=0.2)
    assert now() == pytest.approx(1.2, abs=0.02)


async def test_stale_bytes_are_not_an_answer() -> None:
    wire = await joined(answering((0.01, b"B")))
    wire.link.arrive(b"A")
    assert await wire.ask() == b"B"


async def test_a_line_is_drained_when_it_is_opened() -> None:
    wire = Watched(silent)
    async with asyncio.TaskGroup() as opening:
        opening.create_task(wire.bus.join("me"))
        await asyncio.sleep(0.02)
        wire.link.arrive(b"A")
        await asyncio.sleep(0.04)
        wire.link.arrive(b"A")
    assert now() == pytest.approx(0.06 + 0.05)


async def test_a_second_answer_is_heard_only_if_listened_for() -> None:
    wire = await joined(answering((0.01, b"A"), (0.02, b"B")))
    assert await wire.ask() == b"A"
    await asyncio.sleep(1)
    assert await wire.ask(listen_on_s=0.03) == b"AB"


async def test_an_order_goes_before_every_waiting_question() -> None:
    wire = await joined(answering((0.01, b"A")))
    async with asyncio.TaskGroup() as users:
        for _ in range(5):
            users.create_task(wire.ask())
        await asyncio.sleep(0)
        users.create_task(wire.bus.tell(b"order", not_after=FOR_EVER))
    assert [chunk for _, chunk in wire.sent] == [b"ask", b"order", b"ask", b"ask", b"ask", b"ask"]


async def test_an_order_waits_for_one_question_at_most() -> None:
    wire = await joined(silent)
    async with asyncio.TaskGroup() as users:
        for _ in range(5):
            users.create_task(expect(NoReply, wire.ask))
        await asyncio.sleep(0)
        begun = now()
        await wire.bus.tell(b"order", not_after=FOR_EVER)
        assert now() - begun < 0.2 + 3 * CHARACTER_S + 2 * QUIET_S + 6 * CHARACTER_S


async def test_an_order_that_is_late_is_not_sent() -> None:
    wire = await joined(silent)
    with pytest.raises(NotSent, match="too late"):
        await wire.bus.tell(b"order", not_after=now() - 0.001)
    assert not wire.sent


async def test_an_order_that_became_late_while_it_waited_is_not_sent() -> None:
    wire = await joined(silent)
    async with asyncio.TaskGroup() as users:
        users.create_task(expect(NoReply, wire.ask))
        await asyncio.sleep(0)
        with pytest.raises(NotSent, match="not free in time"):
            await wire.bus.tell(b"order", not_after=now() + 0.1)
    assert [chunk for _, chunk in wire.sent] == [b"ask"]


async def test_the_quiet_gap_can_make_an_order_late() -> None:
    wire = await joined(answering((0.01, b"A")))
    await wire.ask()
    with pytest.raises(NotSent, match="2 ms too late"):
        await wire.bus.tell(b"order", not_after=now() + QUIET_S - 0.002)
    assert len(wire.sent) == 1


async def test_an_order_on_a_port_that_is_away_is_not_sent() -> None:
    wire = await joined(silent)
    wire.link.unplug()
    with pytest.raises(NotSent, match="not open"):
        await wire.bus.tell(b"order", not_after=FOR_EVER)


async def test_a_cancelled_question_frees_the_bus() -> None:
    wire = await joined(answering((0.1, b"A")))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await wire.ask()
    assert await wire.ask() == b"A"


@pytest.mark.parametrize("heard", [b"ask", b"sk", b"as"])
async def test_an_echo_is_taken_out_and_remembered(heard: bytes) -> None:
    wire = await joined(answering((0.001, heard), (0.01, b"A")))
    assert await wire.ask() == b"A"
    assert wire.bus.has_echo


@pytest.mark.parametrize("heard", [b"ASK", b"SK", b"AS"])
async def test_an_echo_alone_is_no_board(heard: bytes) -> None:
    wire = await joined(answering((0.001, heard)))
    with pytest.raises(NoReply, match="the adapter echoes, and no board answers"):
        await wire.ask(b"ASK")


async def test_the_last_to_leave_closes_the_port() -> None:
    wire = await joined(silent)
    await wire.bus.join("you")
    wire.bus.leave("me")
    wire.bus.leave("me")
    assert wire.link.is_open
    wire.bus.leave("you")
    assert not wire.link.is_open


async def test_leaving_ends_a_question_in_progress() -> None:
    wire = await joined(silent)
    async with asyncio.TaskGroup() as users:
        users.create_task(expect(LinkLost, wire.ask))
        await asyncio.sleep(0.01)
        wire.bus.leave("me")


async def test_a_port_that_is_missing_is_told_to_whoever_joins() -> None:
    wire = Watched(silent)
    wire.link.unplug()
    with pytest.raises(LinkLost, match="no such port"):
        await wire.bus.join("me")
    wire.replug(silent)
    await wire.bus.join("me")
    assert wire.link.is_open


async def test_a_port_that_hangs_is_opened_anew_though_somebody_else_has_not_noticed() -> None:
    wire = await joined(silent)
    await wire.bus.join("you")
    first = wire.bus.opened_at
    for _ in range(IN_VAIN):
        await expect(NoReply, wire.ask)
    wire.bus.leave("me")
    await wire.bus.join("me")
    assert wire.bus.opened_at > first


async def test_one_mute_board_does_not_close_the_port_of_the_others() -> None:
    wire = await joined(lambda chunk: [(0.01, b"A")] if chunk == b"ask" else [])
    await wire.bus.join("you")
    first = wire.bus.opened_at
    for _ in range(IN_VAIN):
        await expect(NoReply, lambda: wire.ask(b"mute"))
        await wire.ask()
    wire.bus.leave("me")
    await wire.bus.join("me")
    assert wire.bus.opened_at == first


async def expect(kind: type[Exception], action: Callable[[], Awaitable[object]]) -> None:
    with pytest.raises(kind):
        await action()
