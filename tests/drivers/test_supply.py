"""One coil at a time on a supply, a pause between two, a rest for each; late means that nothing was sent."""

import asyncio

import pytest

from drivers.supply import Supply
from hal.errors import LinkLost, NotSent
from tests.drivers.rig import GAP_S, PULSE_S, REST_S, now

FOR_EVER = 1e9


def supply() -> Supply:
    return Supply("main", gap_s=GAP_S, rest_s=REST_S)


async def pulse(feed: Supply, coil: str, *, pulse_s: float = PULSE_S, not_after: float = FOR_EVER) -> float:
    """When the pulse was sent."""
    async with feed.turn(coil, pulse_s=pulse_s, not_after=not_after):
        return now()


async def test_a_free_supply_is_given_at_once() -> None:
    assert await pulse(supply(), "a") == 0


async def test_the_next_coil_waits_for_the_whole_pulse_and_the_gap() -> None:
    feed = supply()
    await pulse(feed, "a", pulse_s=1.0)
    assert await pulse(feed, "b") == pytest.approx(1.0 + GAP_S)


async def test_the_same_coil_rests_after_its_pulse() -> None:
    feed = supply()
    await pulse(feed, "a")
    assert await pulse(feed, "a") == pytest.approx(PULSE_S + REST_S)


async def test_turns_come_in_order_of_asking() -> None:
    feed, order = supply(), list[str]()

    async def want(coil: str) -> None:
        await pulse(feed, coil)
        order.append(coil)

    async with asyncio.TaskGroup() as wants:
        for coil in "dacb":
            wants.create_task(want(coil))
    assert order == ["d", "a", "c", "b"]
    assert now() == pytest.approx(3 * (PULSE_S + GAP_S))


async def test_a_resting_coil_holds_nobody_up() -> None:
    feed = supply()
    await pulse(feed, "a")
    async with asyncio.TaskGroup() as wants:
        again = wants.create_task(pulse(feed, "a"))
        other = wants.create_task(pulse(feed, "b"))
    assert other.result() == pytest.approx(PULSE_S + GAP_S)
    assert again.result() == pytest.approx(PULSE_S + REST_S)


async def test_two_supplies_do_not_wait_for_one_another() -> None:
    await pulse(supply(), "a")
    assert await pulse(supply(), "b") == 0


async def test_a_turn_that_cannot_come_in_time_is_refused_at_once() -> None:
    feed = supply()
    await pulse(feed, "a")
    with pytest.raises(NotSent, match="supply main: no turn for a in time"):
        await pulse(feed, "a", not_after=PULSE_S + REST_S - 0.01)
    assert now() == 0


async def test_a_turn_that_others_took_is_refused_when_its_time_is_over() -> None:
    feed = supply()
    await pulse(feed, "a")
    async with asyncio.TaskGroup() as wants:
        wants.create_task(pulse(feed, "b"))
        await asyncio.sleep(0)
        with pytest.raises(NotSent):
            await pulse(feed, "c", not_after=1.0)
    assert now() <= 1.0


async def test_an_order_that_was_not_sent_leaves_the_supply_free() -> None:
    feed = supply()
    with pytest.raises(NotSent):
        async with feed.turn("a", pulse_s=PULSE_S, not_after=FOR_EVER):
            raise NotSent("too late")
    assert await pulse(feed, "a") == 0


async def test_an_order_that_nobody_knows_of_counts_as_sent() -> None:
    feed = supply()
    with pytest.raises(LinkLost):
        async with feed.turn("a", pulse_s=PULSE_S, not_after=FOR_EVER):
            raise LinkLost("unplugged while sending")
    assert await pulse(feed, "b") == pytest.approx(PULSE_S + GAP_S)
    assert await pulse(feed, "a") == pytest.approx(PULSE_S + REST_S)


async def test_nobody_has_a_turn_while_an_order_is_on_its_way() -> None:
    feed = supply()

    async def send_slowly() -> None:
        async with feed.turn("a", pulse_s=PULSE_S, not_after=FOR_EVER):
            await asyncio.sleep(3)

    async with asyncio.TaskGroup() as wants:
        wants.create_task(send_slowly())
        await asyncio.sleep(0)
        assert await pulse(feed, "b") == pytest.approx(3 + PULSE_S + GAP_S)


async def test_quiet_time_holds_even_when_it_begins_while_an_order_is_on_its_way() -> None:
    feed = supply()
    async with feed.turn("a", pulse_s=PULSE_S, not_after=FOR_EVER):
        feed.keep_quiet(10)
    assert await pulse(feed, "b") == pytest.approx(10)


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    feed = supply()
    await pulse(feed, "a")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await pulse(feed, "b")
    assert await pulse(feed, "c") == pytest.approx(PULSE_S + GAP_S)
