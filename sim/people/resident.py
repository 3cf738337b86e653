"""A resident: comes with the code on the phone, opens the doors one after another, and goes home."""

import asyncio
import dataclasses

from sim.people.announcements import Announcement, residents_of, waiting
from sim.people.doorways import is_shut, open_wide, press
from sim.people.errand import Errand
from sim.people.finger import Finger
from sim.people.pages import Pages
from sim.people.place import Place
from sim.people.places import DESK, place_of
from sim.people.seen import Seen, offers
from sim.people.standing import End, Next, Patience, stand, tidy_up
from sim.scenario.script import Pickup, ResidentVisit

COMES_AT_MOST = 3
BACK_S = 1800.0
SIGN_INS_AT_MOST = 4
REFUSALS_AT_MOST = 4
PAUSE_S = 6.0
"""Longer than the kiosk wants between two tries of a long code."""
TIRES_AT_MOST = 8
LOOKS_S = 4.0
NOTICES_SOONEST_S, NOTICES_LATEST_S = 300.0, 5400.0
_DEAD = (
    "code_collected",
    "code_removed",
    "code_revoked",
    "code_disputed",
    "code_withdrawn",
    "reopened_too_often",
)
_LEAVES_OPEN = (Pickup.LEAVES_DOOR, Pickup.LEAVES_BOTH, Pickup.ONLY_LOOKS)
_LEAVES_INSIDE = (
    Pickup.LEAVES_PARCEL,
    Pickup.LEAVES_PARCEL_SILENTLY,
    Pickup.LEAVES_BOTH,
    Pickup.NEW_CODE,
    Pickup.NOT_MINE,
    Pickup.DAMAGED_LEFT,
)
_WRONG = (Pickup.NOT_MINE, Pickup.DAMAGED_LEFT, Pickup.DAMAGED_TAKEN)
_SAYS_NOTHING = (Pickup.SAYS_NOTHING, Pickup.LEAVES_PARCEL_SILENTLY)
_OWN_PAGES = ("home", "code", "help")


async def fetch(visit: ResidentVisit, place: Place) -> None:
    """The whole visit; nobody comes where no phone announces anything."""
    residents = [one for one in residents_of(visit.unit) if waiting(place, one)]
    if not residents:
        return
    name = f"resident {visit.unit} {visit.at_s:g}"
    who = place.dice(f"{name} who").choice(residents)
    errand = Errand(
        place, visit.unit, (who, *(one for one in residents if one != who)), visit.pickup, visit.open_s
    )
    if visit.code_shared:
        await _share(errand, name, place)
    else:
        await _come(errand, place, [f"{name} {number}" for number in range(1, visit.together + 1)])


async def _share(errand: Errand, name: str, place: Place) -> None:
    """A friend comes with the code; later somebody who does not know of it."""
    code = errand.next_code()
    if code is None:
        return
    await _come(dataclasses.replace(errand, only=code), place, [f"{name} friend"])
    await asyncio.sleep(place.dice(f"{name} notices").uniform(NOTICES_SOONEST_S, NOTICES_LATEST_S))
    unaware = Errand(place, errand.unit, errand.residents, Pickup.ANSWERS, errand.open_s, only=code)
    await _come(unaware, place, [f"{name} unaware"])


async def _come(errand: Errand, place: Place, names: list[str]) -> None:
    people = [Resident(name, errand, place) for name in names]
    dice = people[0].dice
    for _ in range(COMES_AT_MOST):
        patience = Patience(queue_s=dice.uniform(60, 2400))
        end = await stand(place, patience, *people)
        errand.is_signed_in = False
        if errand.habit not in _LEAVES_OPEN:
            people[0].shut_own_doors()
        if errand.is_over or errand.next_code() is None:
            return
        await asyncio.sleep(BACK_S if end is not End.LEFT else dice.uniform(BACK_S, 2 * BACK_S))


class Resident:
    """One person of the unit before the screen."""

    def __init__(self, name: str, errand: Errand, place: Place) -> None:
        self.name = name
        self.kiosk = place.kiosk(name)
        self.dice = place.dice(name)
        self._errand = errand
        self._place = place
        self._hands = place.hands(name)
        self._finger = Finger(self.kiosk, self.dice)
        self._typed: Announcement | None = None
        reactions = {
            "home": self._home,
            "code": self._code,
            "opening": self._opening,
            "jammed": self._jammed,
            "take_out": self._take_out,
            "pickup_at_place": self._at_place,
            "got_everything": self._got_everything,
            "pickup_trouble": self._pickup_trouble,
            "pickup_done": self._pickup_done,
        }
        self._pages = Pages(self._finger, self._hands, reactions, _OWN_PAGES, TIRES_AT_MOST)
        reactions["help"] = self._help

    def shut_own_doors(self) -> None:
        """Nobody decent leaves a door open that they opened."""
        self._errand.shut_all(self._hands)

    def arrive(self) -> None:
        """Doors that stand open next to the screen may be pushed shut."""
        self._errand.sign_ins = self._errand.refused = self._pages.tired = 0
        self._typed = None
        tidy_up(self._place, self.name, self._hands)

    async def react(self, seen: Seen) -> Next:
        """Do what the page asks."""
        return await self._pages.react(seen, is_signed_in=self._errand.is_signed_in)

    async def tire(self, seen: Seen) -> Next:
        """Push the door once more, pass it by, or go home."""
        if not self._pages.push_on(seen):
            return Next.LEAVE
        if not self._errand.is_signed_in:
            return Next.WAIT
        return await self._finger.touch_any(seen, "next", "finish", "stay") or Next.WAIT

    # Signing in

    async def _home(self, seen: Seen) -> Next:
        errand = self._errand
        errand.is_signed_in = False
        if errand.is_over or errand.next_code() is None:
            return Next.LEAVE
        errand.sign_ins += 1
        if errand.sign_ins > SIGN_INS_AT_MOST:
            return Next.LEAVE
        return await self._finger.touch("pick_up")

    async def _code(self, seen: Seen) -> Next:
        errand = self._errand
        errand.is_signed_in = False
        if seen.notice and self._typed is not None:
            await self._take_refusal(seen, self._typed)
        code = errand.next_code()
        if code is None or errand.refused > REFUSALS_AT_MOST:
            await self._finger.touch("back")
            return Next.LEAVE
        self._typed = code
        await self._finger.touch("code", self._digits(code, seen.digits))
        errand.is_signed_in = self.kiosk.seen().kind not in _OWN_PAGES
        if errand.habit is Pickup.ONLY_LOOKS and errand.is_signed_in:
            errand.is_over = True
            return Next.LEAVE
        return Next.LOOK

    def _digits(self, code: Announcement, asked: int) -> str:
        digits = code.digits(asked)
        if self._errand.habit is not Pickup.MISTYPES or self._errand.has_mistyped:
            return digits
        self._errand.has_mistyped = True
        self._typed = None
        return digits[:-1] + str((int(digits[-1]) + 1) % 10)

    async def _take_refusal(self, seen: Seen, typed: Announcement) -> None:
        """What the screen says about the code that was typed last."""
        if seen.notice in _DEAD:
            self._errand.give_up_code(typed)
        elif seen.notice != "code_needs_more":
            self._errand.refused += 1
            await asyncio.sleep(PAUSE_S)

    # At a door

    async def _opening(self, seen: Seen) -> Next:
        if not offers(seen, "push_again"):
            return Next.WAIT
        press(self._hands, self._hands.door_labelled(seen.door))
        return await self._finger.touch("push_again")

    async def _take_out(self, seen: Seen) -> Next:
        errand, door = self._errand, self._hands.door_labelled(seen.door)
        if is_shut(self._hands, door) and offers(seen, "reopen"):
            return await self._finger.touch("reopen")
        is_first_look = door not in errand.doors
        if is_first_look and errand.habit is Pickup.ASKS_HELP and not errand.has_asked:
            errand.has_asked = True
            return await self._finger.touch("help")
        errand.doors[door] = None
        if not open_wide(self._hands, door):
            return Next.WAIT
        is_last = _is_last(seen)
        if not (is_last and errand.habit in _LEAVES_INSIDE):
            errand.fetch(self._hands, door, seen.door)
        await asyncio.sleep(errand.open_s if is_first_look else LOOKS_S)
        if is_last and errand.habit in _LEAVES_OPEN:
            errand.is_over = True
            return Next.LEAVE
        errand.close(self._hands, door)
        return Next.WAIT

    async def _jammed(self, seen: Seen) -> Next:
        """Whatever the screen says: a door that stands open is reached into."""
        errand, door = self._errand, self._hands.door_labelled(seen.door)
        if open_wide(self._hands, door):
            errand.fetch(self._hands, door, seen.door)
            await asyncio.sleep(errand.open_s)
            errand.close(self._hands, door)
        elif self._pages.tired == 0 and offers(seen, "reopen"):
            self._pages.tired += 1
            press(self._hands, door)
            return await self._finger.touch("reopen")
        return await self._finger.touch_any(seen, "next", "finish") or Next.WAIT

    async def _at_place(self, seen: Seen) -> Next:
        """Take it from the shelf and say so, or not; for the desk, go and ask there."""
        errand = self._errand
        if seen.place is None or seen.place.kind == DESK:
            self._place.memory.asked_at_desk.add(errand.unit)
            errand.is_over = errand.next_code() is None or not offers(seen, "next")
            return await self._finger.touch_any(seen, "next", "finish") or Next.WAIT
        await asyncio.sleep(errand.open_s)
        has_found = errand.fetch_from(self._hands, place_of(seen.place), seen.place.label)
        errand.is_over = not offers(seen, "next")
        if errand.is_over and errand.habit in _SAYS_NOTHING:
            return Next.LEAVE
        return await self._finger.touch("have_it" if has_found else "not_on_shelf")

    async def _got_everything(self, seen: Seen) -> Next:
        errand = self._errand
        if errand.habit is Pickup.COMES_BACK and not errand.has_looked_again and offers(seen, "reopen"):
            errand.has_looked_again = True
            return await self._finger.touch("reopen")
        if _is_last(seen) and errand.habit in _SAYS_NOTHING:
            errand.is_over = True
            return Next.LEAVE
        if _is_last(seen) and self._has_trouble():
            return await self._finger.touch("something_wrong")
        errand.is_over = _is_last(seen)
        return await self._finger.touch("still_inside" if errand.left_inside else "got_everything")

    async def _pickup_trouble(self, seen: Seen) -> Next:
        if not self._has_trouble():
            return await self._finger.touch("back")
        self._errand.is_over = True
        return await self._finger.touch(self._errand.habit.value)

    def _has_trouble(self) -> bool:
        """Whether something is wrong with a parcel that was seen, and it is where this person says."""
        habit, is_inside = self._errand.habit, self._errand.left_inside
        return habit in _WRONG and is_inside is (habit in _LEAVES_INSIDE)

    async def _help(self, seen: Seen) -> Next:
        errand = self._errand
        if errand.habit is Pickup.ASKS_HELP and not seen.case:
            return await self._finger.touch_any(seen, "call_staff") or Next.WAIT
        offered = next((one for one in seen.offers if one.action == "new_code"), None)
        if errand.habit is Pickup.NEW_CODE and not errand.has_asked:
            errand.has_asked = True
            if offered:
                return await self._finger.touch("new_code", offered.value)
        return await self._pages.back(seen)

    async def _pickup_done(self, seen: Seen) -> Next:
        wants_code = self._errand.habit is Pickup.NEW_CODE and not self._errand.has_asked
        if wants_code and self._errand.left_inside:
            return await self._finger.touch("help")
        return await self._finger.touch("finish")


def _is_last(seen: Seen) -> bool:
    return seen.place_of is None or seen.place_of[0] >= seen.place_of[1]
