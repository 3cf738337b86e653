"""A courier: signs in, answers about earlier parcels, brings one after another, reacts to every page."""

import asyncio
import random
from collections.abc import Sequence

from config.sample import sample_carrier_code
from sim.cabinet import DoorId
from sim.doors import Parcel
from sim.people.bundle import Bundle, Where
from sim.people.deposit import Deposit
from sim.people.doorways import inside, is_shut, label_of, press, shut
from sim.people.finger import Finger
from sim.people.names import letters_of, name_of, which
from sim.people.pages import Pages
from sim.people.place import Place
from sim.people.places import Porter
from sim.people.seen import Seen, offers
from sim.people.standing import End, Next, Patience, stand, tidy_up
from sim.scenario.script import CourierVisit, Mishap

SIZES = ("S", "M", "L", "XL")
NO_SUCH_UNIT = "9999"
SIGN_INS_AT_MOST = 6
"""In one stay."""
COMES_AT_MOST = 4
"""Besides the times when somebody walked off with parcels left."""
ASIDE_S = 0.5
"""Long enough for whoever is next in line to step up."""
BACK_SOONEST_S, BACK_LATEST_S = 300.0, 1500.0
PAUSE_S = 30.0
REFUSALS_AT_MOST = 3
QUESTION_TRIES = 3
TIRES_AT_MOST = 12
LEAVES_BY_FORCE = 3
"""So often a page may stay as it is before a courier looks for another way on."""
_NOT_HERE = ("unknown_unit", "unit_needs_desk")
_OWN_PAGES = ("home", "carrier_code", "first_time", "help")


async def bring(visit: CourierVisit, place: Place) -> None:
    """The whole visit, with as many ways back as it takes; what is left over is taken along."""
    courier = Courier(visit, place)
    patience = Patience(
        queue_s=courier.dice.uniform(120, 3600),
        stay_s=600 + len(visit.loads) * (60 + visit.open_s),
        dark_s=180,
    )
    walks = sum(load.mishap.startswith("walks_off") for load in visit.loads)
    for _ in range(COMES_AT_MOST + walks):
        end = await stand(place, patience, courier)
        courier.let_go()
        if courier.stepped_aside:
            await asyncio.sleep(ASIDE_S)
            end = await stand(place, patience, courier)
            courier.let_go()
        if not courier.has_more() or (end is End.LEFT and not courier.walked_off):
            break
        await asyncio.sleep(courier.dice.uniform(BACK_SOONEST_S, BACK_LATEST_S))
    place.memory.kept += courier.left_over()


def _beside(unit: str, labels: Sequence[str]) -> str:
    """The unit before it on the list: what a tired eye may read instead."""
    return labels[labels.index(unit) - 1] if unit in labels else ""


class Courier:
    """One courier with the parcels of one visit."""

    def __init__(self, visit: CourierVisit, place: Place) -> None:
        self.name = f"courier {visit.carrier} {visit.at_s:g}"
        self.kiosk = place.kiosk(self.name)
        self.dice: random.Random = place.dice(self.name)
        self.walked_off = self.stepped_aside = False
        self.proofs: list[str] = []
        self._place = place
        self._hands = place.hands(self.name)
        self._finger = Finger(self.kiosk, self.dice)
        self._carrier = visit.carrier
        self._deposit = Deposit(self._hands, self._finger, place.memory, visit.carrier, visit.open_s)
        self._porter = Porter(self._hands, self._finger, self.dice, visit.carrier)
        self._bundles = [
            Bundle(load, self._hands.new_parcel(label_of(load.unit, visit.carrier)), load.mishap)
            for load in visit.loads
        ]
        self._is_signed_in = False
        self._sign_ins = self._refused = 0
        self._leans_on: DoorId | None = None
        self._at_door: Bundle | None = None
        """What the door at hand was asked for, in this sign-in."""
        reactions = {
            "home": self._home,
            "carrier_code": self._carrier_code,
            "question": self._question,
            "unit": self._unit,
            "find_name": self._find_name,
            "matches": self._matches,
            "size": self._size,
            "parcels": self._parcels,
            "opening": self._opening,
            "jammed": self._jammed,
            "put_in": self._put_in,
            "needs_person": lambda _: self._porter.needs_person(self._in_hand()),
            "overflow": lambda seen: self._porter.choose(seen, self._in_hand()),
            "put_at_place": self._carry,
            "placed": self._stored,
            "kept": self._kept,
            "place_question": self._porter.answer,
            "stored": self._stored,
            "proof": self._proof,
        }
        self._pages = Pages(self._finger, self._hands, reactions, _OWN_PAGES, TIRES_AT_MOST)
        reactions |= {"first_time": self._pages.back, "help": self._pages.back}

    # What is left to do

    def _in_hand(self) -> Bundle | None:
        return next((one for one in self._bundles if one.where is Where.IN_HAND), None)

    def has_more(self) -> bool:
        """Whether a parcel is still to be brought."""
        return self._in_hand() is not None

    def left_over(self) -> list[Parcel]:
        """Parcels that go back."""
        return [one.parcel for one in self._bundles if one.where in (Where.IN_HAND, Where.KEPT)]

    def let_go(self) -> None:
        """Whoever walks away leans on nothing, and needs a new sign-in."""
        self._is_signed_in = False
        self._stop_leaning()

    def _stop_leaning(self) -> None:
        if self._leans_on is not None:
            self._hands.let_go(self._leans_on)
            self._leans_on = None

    def _walk_off(self) -> Next:
        self.walked_off = True
        return Next.LEAVE

    # Page after page

    def arrive(self) -> None:
        """Nothing is known yet but what stands open."""
        self.walked_off = False
        self._is_signed_in, self.stepped_aside = self.stepped_aside, False
        self._sign_ins = self._refused = self._pages.tired = 0
        tidy_up(self._place, self.name, self._hands)

    async def react(self, seen: Seen) -> Next:
        """Do what the page asks."""
        bundle = self._in_hand()
        self._finger.is_doubled = bundle is not None and bundle.mishap is Mishap.PRESSES_TWICE
        return await self._pages.react(seen, is_signed_in=self._is_signed_in)

    async def tire(self, seen: Seen) -> Next:
        """Push the door once more, then look for another way on, then walk away."""
        if not self._pages.push_on(seen):
            return self._walk_off()
        if not self._is_signed_in:
            return Next.WAIT
        if self._pages.tired >= LEAVES_BY_FORCE:
            onward = ("next", "finish") if self.has_more() else ("finish", "next")
            return await self._finger.touch_any(seen, *onward) or Next.WAIT
        return await self._finger.touch_any(seen, "stay") or Next.WAIT

    # Signing in

    async def _home(self, seen: Seen) -> Next:
        self._is_signed_in = False
        is_unsure = any(one.where is Where.INSIDE for one in self._bundles)
        if not self.has_more() and not is_unsure:
            return Next.LEAVE
        self._sign_ins += 1
        if self._sign_ins > SIGN_INS_AT_MOST or not offers(seen, "deliver"):
            return Next.LEAVE
        return await self._finger.touch("deliver")

    async def _carrier_code(self, seen: Seen) -> Next:
        if seen.notice:
            self._refused += 1
            await asyncio.sleep(PAUSE_S)
        if self._refused > REFUSALS_AT_MOST:
            await self._finger.touch("back")
            return Next.LEAVE
        self._at_door = None
        await self._finger.touch("carrier_code", sample_carrier_code(self._carrier))
        self._is_signed_in = self.kiosk.seen().kind != "carrier_code"
        return Next.LOOK

    async def _question(self, seen: Seen) -> Next:
        """The truth, as any courier of the carrier knows it; a door that stands open is looked into."""
        door = self._hands.door_labelled(seen.door)
        found = inside(self._hands, door)
        is_left = self._place.memory.is_left(self._carrier, door, seen.unit)
        if found:
            is_left = any(parcel.what == label_of(seen.unit, self._carrier) for parcel in found)
        shut(self._hands, door)
        if not is_left and not found and offers(seen, "reopen"):
            self._stop_leaning()
            return await self._finger.touch("reopen")
        if not is_left and not found and offers(seen, "inside_no"):
            return await self._finger.touch("inside_no")
        if is_left and offers(seen, "inside_yes"):
            return await self._finger.touch("inside_yes")
        self._refused += 1
        if self._refused % QUESTION_TRIES:
            return Next.WAIT
        return await self._finger.touch_any(seen, "next", "finish") or Next.WAIT

    # A parcel

    async def _unit(self, seen: Seen) -> Next:
        if seen.door:
            return await self._put_right(seen)
        self._at_door = None
        self._confirm_shut()
        bundle = self._in_hand()
        if bundle is not None and seen.notice in _NOT_HERE:
            is_true = bundle.is_named
            bundle.typed = ""
            if is_true:
                bundle.where = Where.KEPT
                bundle = self._in_hand()
        if bundle is None:
            return await self._finger.touch("finish")
        return await self._name_unit(bundle, seen)

    def _confirm_shut(self) -> None:
        for one in self._bundles:
            if one.where is Where.INSIDE and one.door is not None and is_shut(self._hands, one.door):
                self._confirm(one)

    async def _name_unit(self, bundle: Bundle, seen: Seen) -> Next:
        if bundle.has(Mishap.TYPES_WRONG_UNIT):
            return await self._finger.touch("unit", NO_SUCH_UNIT)
        if not bundle.try_again():
            return Next.LOOK
        if offers(seen, "quick_pickup") and bundle.has(Mishap.STEPS_ASIDE):
            await self._finger.touch("quick_pickup")
            self.stepped_aside = self.kiosk.seen().kind == "code"
            return Next.LEAVE if self.stepped_aside else Next.LOOK
        if offers(seen, "no_unit") and bundle.has(Mishap.NO_UNIT_ON_LABEL):
            return await self._finger.touch("no_unit")
        if bundle.has(Mishap.MISREADS_UNIT):
            bundle.typed = _beside(bundle.load.unit, seen.unit_labels)
        bundle.is_named = not bundle.typed
        return await self._finger.touch("unit", bundle.unit)

    async def _put_right(self, seen: Seen) -> Next:
        """The page asks for the right unit of a parcel behind a shut door."""
        door = self._hands.door_labelled(seen.door)
        wrong = next((one for one in self._bundles if one.door == door and one.typed), None)
        if wrong is None or seen.notice:
            return await self._finger.touch("back") if wrong is None else self._walk_off()
        memory = self._place.memory
        memory.forget_drop(self._carrier, door, wrong.typed)
        memory.note_drop(self._carrier, door, wrong.load.unit, is_inside=True)
        wrong.typed = ""
        self._at_door = wrong
        return await self._finger.touch("unit", wrong.load.unit)

    async def _parcels(self, seen: Seen) -> Next:
        """Shut what is open; with the last door the visit is over by itself."""
        still_open = [one.door for one in seen.parcels if one.is_open]
        for label in still_open:
            shut(self._hands, self._hands.door_labelled(label))
        return Next.WAIT if still_open else await self._finger.touch("finish")

    async def _find_name(self, seen: Seen) -> Next:
        """Letters once; where they lead nowhere, somebody is asked for the unit."""
        bundle = self._in_hand()
        name = name_of(bundle.load.unit) if bundle else ""
        if seen.notice or not name:
            return await self._finger.touch("back")
        return await self._finger.touch("name", letters_of(name))

    async def _matches(self, seen: Seen) -> Next:
        bundle = self._in_hand()
        chosen = which(seen.matches, name_of(bundle.load.unit)) if bundle else None
        return await (
            self._finger.touch("back") if chosen is None else self._finger.touch("match", str(chosen))
        )

    async def _size(self, seen: Seen) -> Next:
        bundle = self._in_hand()
        if bundle is None or seen.unit != bundle.unit:
            return await self._finger.touch("back")
        if offers(seen, "add_to") and bundle.has(Mishap.SHARES_DOOR):
            bundle.is_added, self._at_door = True, bundle
            return await self._finger.touch("add_to")
        bundle.is_added = False
        fitting = SIZES[SIZES.index(bundle.load.size) :]
        if elsewhere := await self._porter.at_sizes(seen, bundle):
            self._at_door = bundle
            return elsewhere
        chosen = next((size for size in fitting if offers(seen, "size", size)), None)
        if chosen is None or not bundle.try_again():
            bundle.where = Where.KEPT
            return await self._finger.touch("back")
        await self._finger.touch("size", chosen)
        self._at_door = bundle
        if bundle.has(Mishap.WALKS_OFF_BEFORE_OPEN):
            bundle.where = Where.KEPT
            return self._walk_off()
        return Next.LOOK

    def _meant(self, seen: Seen) -> Bundle | None:
        """Which of the parcels the page at a door is about; none where it is about an earlier one."""
        if self._at_door is not None and self._at_door.unit == seen.unit:
            return self._at_door
        door = self._hands.door_labelled(seen.door)
        for one in self._bundles:
            if one.where is Where.INSIDE and one.door == door:
                return one
        bundle = self._in_hand()
        return bundle if bundle is not None and bundle.unit == seen.unit else None

    async def _opening(self, seen: Seen) -> Next:
        door = self._hands.door_labelled(seen.door)
        bundle = self._meant(seen)
        if bundle is not None and bundle.where is Where.IN_HAND:
            bundle.door = door
            self._place.memory.note_drop(self._carrier, door, seen.unit, is_inside=False)
            if bundle.has(Mishap.LEANS_ON_DOOR):
                self._hands.hold_door(door)
                self._leans_on = door
        if not offers(seen, "push_again"):
            return Next.WAIT
        self._stop_leaning()
        press(self._hands, door)
        return await self._finger.touch("push_again")

    async def _jammed(self, seen: Seen) -> Next:
        bundle = self._in_hand()
        if seen.door:
            shut(self._hands, self._hands.door_labelled(seen.door))
        if bundle is not None and bundle.try_again() and offers(seen, "another_door"):
            return await self._finger.touch("another_door")
        return await self._finger.touch_any(seen, "finish", "next") or Next.WAIT

    async def _put_in(self, seen: Seen) -> Next:
        then = await self._deposit.at_open_door(seen, self._meant(seen))
        return self._walk_off() if then is Next.LEAVE else then

    async def _stored(self, seen: Seen) -> Next:
        bundle = self._meant(seen)
        if bundle is not None and bundle.typed and offers(seen, "wrong_unit"):
            return await self._finger.touch("wrong_unit")
        if bundle is not None and bundle.where is Where.INSIDE:
            self._confirm(bundle)
        if bundle is not None and bundle.where is Where.IN_HAND and bundle.try_again():
            return await self._not_yet()
        return await self._finger.touch("next" if self.has_more() else "finish")

    async def _not_yet(self) -> Next:
        """The screen thanks for a parcel that is still in hand: the door was open for a blink only."""
        self._stop_leaning()
        return await self._finger.touch("reopen")

    async def _carry(self, seen: Seen) -> Next:
        then = await self._porter.carry(seen, self._meant(seen))
        return self._walk_off() if then is Next.LEAVE else then

    async def _kept(self, seen: Seen) -> Next:
        """No place here takes it."""
        bundle = self._meant(seen)
        if bundle is not None and bundle.where is Where.IN_HAND:
            bundle.where = Where.KEPT
        return await self._finger.touch("next" if self.has_more() else "finish")

    def _confirm(self, bundle: Bundle) -> None:
        bundle.where = Where.BEHIND
        if bundle.door is not None:
            self._place.memory.forget_drop(self._carrier, bundle.door, bundle.unit)

    async def _proof(self, seen: Seen) -> Next:
        self.proofs += [one.proof for one in seen.proofs]
        self._is_signed_in = False
        return await self._finger.touch("finish")
