"""Virtual time: it jumps, it keeps order, and it notices when nothing can happen any more."""

import asyncio
import threading

import pytest

from kiosk.rehearsal.virtual_loop import NothingLeftToDo, TimeStandsStill, run_virtually


def test_a_day_of_sleep_takes_no_time() -> None:
    async def day() -> float:
        await asyncio.sleep(86_400)
        return asyncio.get_running_loop().time()

    assert run_virtually(day()) == pytest.approx(86_400)


def test_timers_fire_in_order() -> None:
    seen: list[int] = []

    async def note(after: int) -> None:
        await asyncio.sleep(after)
        seen.append(after)

    async def race() -> None:
        async with asyncio.TaskGroup() as group:
            for after in (30, 10, 20):
                group.create_task(note(after))

    run_virtually(race())
    assert seen == [10, 20, 30]


def test_waiting_for_nothing_is_a_failure() -> None:
    async def wait_for_ever() -> None:
        await asyncio.Event().wait()

    with pytest.raises(NothingLeftToDo):
        run_virtually(wait_for_ever())


def test_a_job_for_another_thread_runs_here_and_now() -> None:
    async def job() -> int:
        return await asyncio.get_running_loop().run_in_executor(None, threading.get_ident)

    assert run_virtually(job()) == threading.get_ident()


def test_what_a_job_raises_reaches_who_awaits_it() -> None:
    def fail() -> None:
        raise OSError("disk")

    async def job() -> None:
        await asyncio.get_running_loop().run_in_executor(None, fail)

    with pytest.raises(OSError, match="disk"):
        run_virtually(job())


def test_another_thread_cannot_reach_in() -> None:
    async def reach_in() -> list[str]:
        loop, refused = asyncio.get_running_loop(), list[str]()

        def call() -> None:
            try:
                loop.call_soon_threadsafe(refused.append, "called")
            except RuntimeError:
                refused.append("refused")

        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        return refused

    assert run_virtually(reach_in()) == ["refused"]


def test_tasks_that_wake_each_other_for_ever_are_noticed() -> None:
    async def restless() -> None:
        loop = asyncio.get_running_loop()

        def again() -> None:
            loop.call_soon(again)

        again()
        await asyncio.sleep(60)

    with pytest.raises(TimeStandsStill):
        run_virtually(restless())
