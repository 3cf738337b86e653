"""Guessing codes: the chance added up over every try that the kiosk answers, and real openings beside it."""

import asyncio
import functools
import math
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import ParamSpec

import pytest

from kiosk.rehearsal.cabinets import settings_for
from kiosk.rehearsal.diary import Answered
from kiosk.rehearsal.place import StagePlace
from kiosk.rehearsal.stage import Play, Stage, raised, state_of
from kiosk.rehearsal.town import town_of
from kiosk.rehearsal.virtual_loop import run_virtually
from sim.people.announcements import announced, residents_of
from sim.people.cast import play_visit
from sim.scenario.script import CourierVisit, Load

P = ParamSpec("P")
CHANCE_A_DAY = 1 / 10_000
"""That a stranger opens any door with a parcel."""
TRIES = 4000
"""Of which about twenty hit where four digits count."""
MOST_LIVE = 180
"""With more live codes than this new ones get a ninth digit."""
DEPTH, BACK_S = 10, 45 * 60
LONG_EVERY_S = 5.0
DAY_S = 86_400


def virtually(story: Callable[P, Coroutine[object, object, None]]) -> Callable[P, None]:
    """A test on a loop without the checks that cost a try ten times its time: there are many."""

    @functools.wraps(story)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        run_virtually(story(*args, **kwargs))

    return told


@dataclass
class Attacker:
    """Types codes for ever, and adds up how likely each answered try was to hit."""

    stage: Stage
    digits: int = 8
    dice: Random = field(default_factory=lambda: Random("attacker"))
    answered: int = 0
    answered_long: int = 0
    chance: float = 0.0
    openings: int = 0

    async def guess(self) -> str:
        """One try of eight digits; the refusal, or nothing where a door opens."""
        live = self.live()
        refusal = await self.type("".join(self.dice.choices("0123456789", k=8)))
        if refusal != "code_needs_more":
            self.answered += 1
            self.chance += live / 10**self.digits
        return refusal

    async def guess_long(self) -> str:
        """One try of twelve digits."""
        live = self.live()
        refusal = await self.type("".join(self.dice.choices("0123456789", k=12)))
        if refusal != "code_too_soon":
            self.answered_long += 1
            self.chance += live / 10 ** (self.digits + 4)
        return refusal

    async def guess_all(self) -> None:
        """Try until the kiosk asks for more."""
        while True:
            if await self.guess() == "code_needs_more":
                return
            await asyncio.sleep(1)

    async def type(self, digits: str) -> str:
        """Type at the page for codes, wherever the screen is; whoever opens a door so shuts it at once."""
        kiosk = self.stage.kiosk("attacker")
        while kiosk.seen().kind != "code":
            if kiosk.seen().kind == "home":
                await kiosk.touch("pick_up")
            else:
                await kiosk.changed(120_000)
        await kiosk.touch("code", digits)
        last = next(one for one in reversed(self.stage.diary.entries) if isinstance(one, Answered))
        if not last.refusal and kiosk.seen().kind != "code":
            self.openings += 1
            await self._shut_again()
        return last.refusal or (kiosk.seen().notice or "")

    async def _shut_again(self) -> None:
        hands = self.stage.hands("attacker")
        await asyncio.sleep(1.2)
        for door in hands.open_doors():
            hands.push_door(door)
        await asyncio.sleep(300)

    def live(self) -> int:
        """How many codes open a door now."""
        state = state_of(self.stage)
        assert state is not None
        return len(state.credentials)


@asynccontextmanager
async def full_kiosk(folder: Path, doors: int = 24, digits: int = 8) -> AsyncIterator[Stage]:
    """Every compartment holds a parcel, each with its live code."""
    settings = settings_for(doors, folder)
    async with raised(Play(settings, folder, seed=7, code_digits=digits)) as stage:
        place, units = StagePlace(stage), town_of(settings).units
        await asyncio.sleep(10)
        loads = [Load(units[n % len(units)], one.size) for n, one in enumerate(settings.compartment)]
        for first in range(0, doors, 8):
            await play_visit(CourierVisit(first, "halvorn", tuple(loads[first : first + 8])), place)
            await asyncio.sleep(300)
        assert sum(bool(one.door.parcels) for one in stage.room.world.view().doors) == doors
        yield stage


@virtually
async def test_whoever_uses_every_try_for_days_stays_below_the_promised_chance(tmp_path: Path) -> None:
    days = 2
    async with full_kiosk(tmp_path) as stage:
        attacker = Attacker(stage)
        assert attacker.live() == 24
        over_s = asyncio.get_running_loop().time() + days * DAY_S
        while asyncio.get_running_loop().time() < over_s:
            await attacker.guess_all()
            for _ in range(round(BACK_S / LONG_EVERY_S)):
                await asyncio.sleep(LONG_EVERY_S)
                assert await attacker.guess_long() in ("wrong_code", "code_too_soon")
    assert attacker.answered <= DEPTH + days * DAY_S / BACK_S + 1
    assert attacker.answered >= days * DAY_S / BACK_S
    assert attacker.answered_long > 0.9 * days * DAY_S / LONG_EVERY_S
    assert attacker.openings == 0
    first_day = DEPTH + DAY_S / BACK_S
    assert attacker.chance / days < CHANCE_A_DAY / 4
    assert (first_day / 10**8 + DAY_S / LONG_EVERY_S / 10**12) * MOST_LIVE < CHANCE_A_DAY


@pytest.mark.parametrize("part", range(2))
@virtually
async def test_with_four_digits_real_openings_agree_with_the_sum(tmp_path: Path, part: int) -> None:
    async with full_kiosk(tmp_path, doors=48, digits=4) as stage:
        attacker = Attacker(stage, digits=4, dice=Random(f"part {part}"))
        for _ in range(TRIES):
            await attacker.guess()
            await asyncio.sleep(BACK_S)
    assert attacker.answered >= TRIES
    assert attacker.chance > 12
    assert abs(attacker.openings - attacker.chance) <= 3 * math.sqrt(attacker.chance)
    assert attacker.openings


@virtually
async def test_ten_tries_and_then_one_every_45_minutes_whatever_the_clock_says(tmp_path: Path) -> None:
    async with full_kiosk(tmp_path) as stage:
        attacker = Attacker(stage)
        await attacker.guess_all()
        assert attacker.answered == DEPTH
        stage.clock.jump(400 * DAY_S * 1000)
        await asyncio.sleep(BACK_S - 120)
        assert await attacker.guess() == "code_needs_more"
        await asyncio.sleep(120)
        await attacker.guess_all()
        assert attacker.answered == DEPTH + 1
        await asyncio.sleep(20 * BACK_S)
        await attacker.guess_all()
        assert attacker.answered == 2 * DEPTH + 1


@pytest.mark.parametrize("is_power_cut", [False, True])
@virtually
async def test_a_restart_credits_nothing(tmp_path: Path, *, is_power_cut: bool) -> None:
    async with full_kiosk(tmp_path) as stage:
        attacker = Attacker(stage)
        await attacker.guess_all()
        for _ in range(5):
            await asyncio.sleep(BACK_S / 10)
            stage.keeper.kill("test", is_power_cut=is_power_cut)
            await stage.keeper.up()
            assert await attacker.guess() == "code_needs_more"
        assert attacker.answered == DEPTH
        await asyncio.sleep(BACK_S)
        await attacker.guess_all()
        assert attacker.answered == DEPTH + 1


@virtually
async def test_hours_without_power_credit_nothing(tmp_path: Path) -> None:
    async with full_kiosk(tmp_path) as stage:
        attacker = Attacker(stage)
        await attacker.guess_all()
        stage.keeper.down_ms = 12 * BACK_S * 1000
        stage.keeper.kill("test", is_power_cut=True)
        await asyncio.sleep(1)
        await stage.keeper.up()
        assert await attacker.guess() == "code_needs_more"


@virtually
async def test_residents_get_in_with_twelve_digits_while_somebody_guesses(tmp_path: Path) -> None:
    async with full_kiosk(tmp_path) as stage:
        attacker = Attacker(stage)
        await attacker.guess_all()
        unit = town_of(stage.play.settings).units[0]
        code = next(announced(stage.phone(residents_of(unit)[0])))
        assert await attacker.type(code.digits(8)) == "code_needs_more"
        await asyncio.sleep(LONG_EVERY_S)
        assert await attacker.type(code.digits(8) + str(int(code.more) + 1).zfill(4)[-4:]) == "wrong_code"
        assert await attacker.type(code.digits(12)) == "code_too_soon"
        await asyncio.sleep(LONG_EVERY_S)
        assert await attacker.type(code.digits(12)) == ""
        assert attacker.openings == 1
        last = stage.room.world.pulses_after(0)[-1].door
        assert last is not None
        assert stage.room.world.cabinet.doors[last].label == code.door
