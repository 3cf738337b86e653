"""Staff: sign in, open what the list names, look and say what is there; shut doors; carry parcels by key."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable

from config.sample import sample_staff_pin
from sim.cabinet import DoorId
from sim.doors import NotPossible, Parcel
from sim.people.doorways import inside, is_for, is_shut, open_wide, put, shut, take
from sim.people.finger import Finger
from sim.people.kiosk import Hands
from sim.people.pages import Pages, Reaction
from sim.people.place import Place
from sim.people.places import DESK, Warden
from sim.people.seen import Seen, SeenTask, offers
from sim.people.standing import End, Next, Patience, stand
from sim.scenario.script import StaffVisit, StaffWork

COMES_AT_MOST = 4
BACK_S = 600.0
PAUSED_S = 3000.0
"""After too many wrong PINs of a stranger the account is paused for a while."""
LOOKS_S = 5.0
LOOKS_AT_MOST = 3
"""So often one door is looked behind in one visit: found foreign, taken along, found empty."""
REFUSALS_AT_MOST = 3
PAUSE_S = 10.0
TIRES_AT_MOST = 12
KEYS_AT_MOST = 6
_OWN_PAGES = ("home", "staff_sign_in", "help")


async def work(visit: StaffVisit, place: Place) -> None:
    """The whole visit."""
    name = f"staff {visit.account} {visit.at_s:g}"
    match visit.work:
        case StaffWork.SETTLE:
            await _settle(Settler(visit, name, place), place)
        case StaffWork.GIVE_BACK | StaffWork.TO_DESK | StaffWork.MOVE:
            await _settle(Carrier(visit, name, place), place)
        case StaffWork.CLOSE_DOORS:
            await _with_turn(place, lambda: _close_doors(place.hands(name)))
        case StaffWork.KEY_MOVE:
            await _with_turn(place, lambda: _key_move(place, name, visit.account))


async def _settle(person: "Settler", place: Place) -> None:
    patience = Patience(queue_s=3600, stay_s=3600, dark_s=180)
    for _ in range(COMES_AT_MOST):
        end = await stand(place, patience, person)
        if end is End.LEFT and not person.is_paused:
            return
        await asyncio.sleep(PAUSED_S if person.is_paused else BACK_S)


async def _with_turn(place: Place, do: Callable[[], Awaitable[None]]) -> None:
    """Wait until nobody stands before the kiosk, and work meanwhile in their stead."""
    try:
        async with asyncio.timeout(3600):
            await place.turn.acquire()
    except TimeoutError:
        return
    try:
        await do()
    finally:
        place.turn.release()


async def _close_doors(hands: Hands) -> None:
    for door in hands.open_doors():
        await asyncio.sleep(1)
        shut(hands, door)


async def _key_move(place: Place, name: str, account: str) -> None:
    """Carry everything behind one door to a door with nothing behind it, and remember the doors."""
    hands, dice, memory = place.hands(name), place.dice(name), place.memory
    filled = [door for door in memory.behind if is_shut(hands, door)]
    if not filled:
        return
    source = dice.choice(filled)
    if not _by_key(hands, source):
        return
    memory.keys_used[source] = account
    await asyncio.sleep(LOOKS_S)
    target = await _empty_door(place, hands, dice, source)
    if target is not None:
        memory.keys_used[target] = account
    for parcel in inside(hands, source):
        if target is not None and take(hands, memory, source, parcel):
            put(hands, memory, target, parcel)
    await asyncio.sleep(LOOKS_S)
    for door in (source, target):
        if door is not None:
            shut(hands, door)


async def _empty_door(place: Place, hands: Hands, dice: random.Random, source: DoorId) -> DoorId | None:
    """Another door with nothing behind it, open now."""
    others = [door for door in hands.doors() if door not in place.memory.behind and door != source]
    for door in dice.sample(others, min(KEYS_AT_MOST, len(others))):
        if _by_key(hands, door) and not inside(hands, door):
            return door
        shut(hands, door)
        await asyncio.sleep(LOOKS_S)
    return None


def _by_key(hands: Hands, door: DoorId) -> bool:
    if is_shut(hands, door):
        with contextlib.suppress(NotPossible):
            hands.use_key(door)
    return open_wide(hands, door)


class Settler:
    """Somebody of the staff before the screen."""

    def __init__(self, visit: StaffVisit, name: str, place: Place) -> None:
        self.kiosk = place.kiosk(name)
        self.is_paused = False
        self._account = visit.account
        self._place = place
        self._hands = place.hands(name)
        self._finger = Finger(self.kiosk, place.dice(name))
        self._is_signed_in = self._is_over = False
        self._refused = 0
        self._looks: Counter[str] = Counter()
        self._seen_inside = "found_empty"
        self._expected = 0
        """Parcels behind the door that belong there, and that the kiosk has not heard of yet."""
        self._warden = Warden(self._hands, self._finger, place.memory)
        reactions = {
            "home": self._home,
            "staff_sign_in": self._sign_in,
            "staff_list": self._list,
            "opening": self._opening,
            "jammed": self._jammed,
            "staff_key": self._say_who,
            "staff_look": self._look,
            "staff_settle": self._say,
            "staff_places": self._warden.at_list,
            "staff_placed": self._warden.at_parcel,
            "staff_cases": self._cases,
            **self._more(),
        }
        self._pages = Pages(self._finger, self._hands, reactions, _OWN_PAGES, TIRES_AT_MOST)
        reactions["help"] = self._pages.back

    def _more(self) -> dict[str, Reaction]:
        """Pages beside those of a look."""
        return {}

    def arrive(self) -> None:
        """Back at the list."""
        self._is_signed_in = self.is_paused = False
        self._refused = self._pages.tired = 0

    async def react(self, seen: Seen) -> Next:
        """Do what the page asks."""
        return await self._pages.react(seen, is_signed_in=self._is_signed_in)

    async def tire(self, seen: Seen) -> Next:
        """Push the door once more, then give it up."""
        if not self._pages.push_on(seen):
            return Next.LEAVE
        if not self._is_signed_in:
            return Next.WAIT
        return await self._finger.touch_any(seen, "back", "stay") or Next.WAIT

    # Signing in

    async def _home(self, seen: Seen) -> Next:
        self._is_signed_in = False
        if self._is_over or self._refused > REFUSALS_AT_MOST:
            return Next.LEAVE
        self._refused += 1
        return await self._finger.touch("staff")

    async def _sign_in(self, seen: Seen) -> Next:
        if seen.notice:
            self._refused += 1
            await asyncio.sleep(PAUSE_S)
        self.is_paused = seen.notice == "staff_pin_paused"
        if self.is_paused or self._refused > REFUSALS_AT_MOST:
            await self._finger.touch("back")
            return Next.LEAVE
        await self._finger.touch("staff_pin", sample_staff_pin(self._account), self._account)
        self._is_signed_in = self.kiosk.seen().kind not in _OWN_PAGES
        return Next.LOOK

    # From the list to a door and back

    async def _list(self, seen: Seen) -> Next:
        self._refused = 0
        task = next((one for one in seen.tasks if self._is_to_do(one)), None)
        if task is None:
            if seen.placed and not self._warden.is_done and offers(seen, "places"):
                return await self._finger.touch("places")
            if seen.cases:
                return await self._finger.touch("cases")
            self._is_over = True
            return await self._finger.touch("finish")
        self._looks[task.compartment] += 1
        return await self._finger.touch("staff_open", task.compartment)

    async def _say_who(self, seen: Seen) -> Next:
        """Own up to the key; who did not use it, or has forgotten the door, says so too."""
        door = self._hands.door_labelled(seen.door)
        is_mine = self._place.memory.keys_used.get(door) == self._account
        answer = "searched" if is_mine else "not_me"
        if is_mine:
            del self._place.memory.keys_used[door]
        offered = (one.value for one in seen.offers if one.action == "key_answer")
        return await self._finger.touch("key_answer", next(one for one in offered if one.endswith(answer)))

    def _is_to_do(self, task: SeenTask) -> bool:
        return not task.is_in_use and self._looks[task.compartment] < LOOKS_AT_MOST

    async def _opening(self, seen: Seen) -> Next:
        return await self._finger.touch_any(seen, "push_again") or Next.WAIT

    async def _jammed(self, seen: Seen) -> Next:
        if seen.door:
            shut(self._hands, self._hands.door_labelled(seen.door))
        return await self._finger.touch("back")

    async def _look(self, seen: Seen) -> Next:
        """Look behind the door; what does not belong there is taken to the desk."""
        door = self._hands.door_labelled(seen.door)
        if open_wide(self._hands, door):
            self._seen_inside = self._found(door, seen.unit)
            await asyncio.sleep(LOOKS_S)
            shut(self._hands, door)
        return Next.WAIT

    def _found(self, door: DoorId, unit: str) -> str:
        found = inside(self._hands, door)
        expected = [parcel for parcel in found if unit and is_for(parcel, unit)]
        memory = self._place.memory
        for parcel in found:
            if parcel not in expected and take(self._hands, memory, door, parcel):
                memory.at_desk.append(parcel)
        self._expected = len(expected)
        if expected:
            return "found_parcel"
        return "found_foreign" if found else "found_empty"

    async def _cases(self, seen: Seen) -> Next:
        """See to one after the other, and say so."""
        if not seen.cases:
            return await self._finger.touch("back")
        return await self._finger.touch("case_done", seen.cases[0].incident)

    async def _say(self, seen: Seen) -> Next:
        """Of several parcels each is asked about; what is not there, nothing is found of."""
        if self._seen_inside != "found_parcel":
            return await self._finger.touch(self._seen_inside)
        self._expected -= 1
        return await self._finger.touch("found_empty" if self._expected < 0 else "found_parcel")


class Carrier(Settler):
    """Somebody of the staff who takes one parcel out, after whatever the list names."""

    def __init__(self, visit: StaffVisit, name: str, place: Place) -> None:
        super().__init__(visit, name, place)
        self._work = visit.work
        self._parcel: Parcel | None = None
        self._has_tried = False

    def _more(self) -> dict[str, Reaction]:
        return {
            "staff_parcels": self._parcels,
            "staff_parcel": self._parcel_page,
            "staff_take": self._take,
            "staff_taken": self._taken,
            "staff_put": self._put,
        }

    async def _list(self, seen: Seen) -> Next:
        if not self._has_tried and offers(seen, "all_parcels"):
            return await self._finger.touch("all_parcels")
        return await super()._list(seen)

    async def _parcels(self, seen: Seen) -> Next:
        """The first of the list, once."""
        if self._has_tried or not seen.stored:
            self._has_tried = True
            return await self._finger.touch("back")
        return await self._finger.touch("parcel", seen.stored[0].delivery)

    async def _parcel_page(self, seen: Seen) -> Next:
        if self._has_tried or not offers(seen, "take_out", "to_desk"):
            self._has_tried = True
            return await self._finger.touch("back")
        self._has_tried = True
        if self._work is StaffWork.MOVE:
            return await self._finger.touch("move")
        way = "to_desk" if self._work is StaffWork.TO_DESK else "to_carrier"
        return await self._finger.touch("take_out", way)

    async def _jammed(self, seen: Seen) -> Next:
        """With the parcel in hand: another door once, then the desk."""
        if self._parcel is None:
            return await super()._jammed(seen)
        if self._pages.tired == 0 and offers(seen, "another_door"):
            self._pages.tired += 1
            return await self._finger.touch("another_door")
        return await self._keep_at_desk()

    async def _keep_at_desk(self) -> Next:
        if self._parcel is not None:
            self._hands.put_at(DESK, self._parcel)
            self._parcel = None
        return await self._finger.touch("take_out", "to_desk")

    async def _take(self, seen: Seen) -> Next:
        door = self._hands.door_labelled(seen.door)
        if open_wide(self._hands, door):
            mine = [one for one in inside(self._hands, door) if is_for(one, seen.unit)]
            if mine and self._parcel is None and take(self._hands, self._place.memory, door, mine[0]):
                self._parcel = mine[0]
            await asyncio.sleep(LOOKS_S)
            shut(self._hands, door)
        return Next.WAIT

    async def _taken(self, seen: Seen) -> Next:
        if offers(seen, "put_it_in"):
            return await self._finger.touch("reopen" if self._parcel else "put_it_in")
        if self._parcel is None:
            return await self._finger.touch("not_there")
        if seen.notice:
            return await self._keep_at_desk()
        if self._work is StaffWork.TO_DESK:
            self._hands.put_at(DESK, self._parcel)
            self._parcel = None
        elif self._work is StaffWork.GIVE_BACK:
            self._place.memory.at_desk.append(self._parcel)
            self._parcel = None
        return await self._finger.touch("took_it")

    async def _put(self, seen: Seen) -> Next:
        door = self._hands.door_labelled(seen.door)
        if open_wide(self._hands, door):
            if self._parcel is not None:
                put(self._hands, self._place.memory, door, self._parcel)
                self._parcel = None
            await asyncio.sleep(LOOKS_S)
            shut(self._hands, door)
        return Next.WAIT
