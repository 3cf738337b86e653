"""The made-up world: doors, latches, springs, parcels, coils, supplies. Pure; time comes with each call."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sim import doors as hand
from sim.agenda import Agenda
from sim.cabinet import Cabinet, DoorId, DoorPlan
from sim.coils import Coils, Pulse
from sim.doors import Door, NotPossible, Parcel, Position
from sim.faults import DoorFaults, Power
from sim.sights import Sight, WorldView
from sim.truth import DoorTruth, Truth


class World:
    """One cabinet of doors. Whoever calls says what time it is; nothing moves between two calls.

    Hands: `pull_door`, `push_door`, `put_in`, `take_out`, `use_key`. Boards: `hooked`, `energise`.
    Each does the thing or raises NotPossible. `tick` lets what is due happen, `next_moment` says when to
    call it.

    Does not simulate: presence sensors, temperature, wear, hot coils, a door's swing (it is where it is at
    once), boards that reset when their supply sags.
    """

    def __init__(self, cabinet: Cabinet, now_ms: int, truth: Truth | None = None) -> None:
        kept = truth or Truth()
        self.cabinet = cabinet
        self._now_ms = now_ms
        self._revision = 0
        self._hooked: dict[str, frozenset[int]] = {}
        self._coils = Coils()
        self._agenda = Agenda()
        self._parcels_made = kept.parcels_made
        self._places = dict(kept.places)
        self._doors = {name: kept.doors.get(name, DoorTruth()).door for name in cabinet.doors}
        self._elsewhere = {name: door for name, door in kept.doors.items() if name not in cabinet.doors}
        self._supplies = {name: kept.supplies.get(name, Power.FULL) for name in cabinet.supplies}
        for name, plan in cabinet.doors.items():
            self._come_to_rest(name, plan)
        self._bouncing = self._that_bounce()

    def _come_to_rest(self, name: DoorId, plan: DoorPlan) -> None:
        if plan.lock == "solenoid":
            self._let_catch(name)
        else:
            self._doors[name] = hand.sprung(self._doors[name])

    # ------------------------------------------------------------ time
    @property
    def now_ms(self) -> int:
        """The latest moment this world has heard of."""
        return self._now_ms

    @property
    def revision(self) -> int:
        """Grows with everything that somebody could see."""
        return self._revision

    def tick(self, now_ms: int) -> None:
        """Let everything happen that is due by now, in order of time."""
        if now_ms < self._now_ms:
            raise ValueError(f"time goes backwards: {now_ms} ms after {self._now_ms} ms")
        chatter = self._next_chatter()
        if chatter is not None and chatter <= now_ms:
            self._revision += 1
            self._hooked.clear()
        while due := self._agenda.pop_due(now_ms):
            self._now_ms, happen = due
            happen()
        self._now_ms = now_ms

    def next_moment(self) -> int | None:
        """When something will change by itself, or nothing will."""
        planned, chatter = self._agenda.next_ms, self._next_chatter()
        if planned is None or chatter is None:
            return chatter if planned is None else planned
        return min(planned, chatter)

    def _next_chatter(self) -> int | None:
        if not self._bouncing:
            return None
        bouncing = (self._doors[name].next_chatter(self._now_ms) for name in self._bouncing)
        return min((moment for moment in bouncing if moment is not None), default=None)

    def _that_bounce(self) -> list[DoorId]:
        return [name for name, door in self._doors.items() if door.faults.bounce_ms]

    # ------------------------------------------------------------ boards
    def is_hooked(self, bank: str, channel: int) -> bool:
        """What the latch feedback of a channel says; nothing is hooked where no lock hangs."""
        return channel in self.hooked(bank)

    def hooked(self, bank: str) -> frozenset[int]:
        """Every channel of a bank whose latch feedback says hooked."""
        if bank not in self._hooked:
            wired = [plan for plan in self.cabinet.doors.values() if plan.bank == bank]
            self._hooked[bank] = frozenset(
                plan.channel for plan in wired if self._doors[plan.id].feedback(self._now_ms)
            )
        return self._hooked[bank]

    def energise(self, bank: str, channel: int, pulse_ms: int) -> None:
        """Put current on a coil for a while. Two coils on one supply sag it, and neither moves its latch."""
        plan = self.cabinet.wired_to(bank, channel)
        asked = Pulse(
            number=0,
            bank=bank,
            channel=channel,
            door=plan.id if plan else None,
            supply=plan.supply if plan else None,
            start_ms=self._now_ms,
            end_ms=self._now_ms + pulse_ms,
            power=self._supplies[plan.supply] if plan else Power.NONE,
        )
        self._share_supply(asked)
        pulse = self._coils.start(replace(asked, power=self._power_for(asked)))
        self._agenda.plan(pulse.end_ms, partial(self._coil_ends, pulse))
        if plan and pulse.moves_latch:
            self._pull_latch(plan, pulse)
        self._revision += 1

    def _beside(self, asked: Pulse) -> list[Pulse]:
        if asked.supply is None:
            return []
        running = self._coils.running
        return [pulse for pulse in running if pulse.supply == asked.supply and pulse.door != asked.door]

    def _share_supply(self, asked: Pulse) -> None:
        for other in self._beside(asked):
            if other.power is Power.FULL:
                self._coils.weaken(other)

    def _power_for(self, asked: Pulse) -> Power:
        return Power.WEAK if asked.power is Power.FULL and self._beside(asked) else asked.power

    def _pull_latch(self, plan: DoorPlan, pulse: Pulse) -> None:
        self._doors[plan.id], comes_free = hand.pulsed(self._doors[plan.id])
        if comes_free:
            free_ms = self._now_ms + self._doors[plan.id].faults.open_delay_ms
            self._agenda.plan(free_ms, partial(self._latch_comes_free, plan, pulse))

    def _latch_comes_free(self, plan: DoorPlan, pulse: Pulse) -> None:
        door = self._doors[plan.id]
        if not door.is_latched or door.faults.jammed or not self._coils.latest(pulse).moves_latch:
            return
        after = hand.freed(door, self._now_ms)
        is_over = self._coils.on(plan.bank, plan.channel) is None
        if is_over and after.position is Position.CLOSED and plan.lock == "solenoid":
            return  # held shut, and the coil let the latch go again before it was clear
        self._set(plan.id, after)

    def _coil_ends(self, pulse: Pulse) -> None:
        running = self._coils.on(pulse.bank, pulse.channel)
        if running is None or running.number != pulse.number:
            return
        self._coils.stop(pulse.bank, pulse.channel, self._now_ms)
        self._revision += 1
        plan = self.cabinet.wired_to(pulse.bank, pulse.channel)
        if plan and plan.lock == "solenoid":
            self._let_catch(plan.id)

    def _let_catch(self, name: DoorId) -> None:
        door = self._doors[name]
        if door.position is Position.CLOSED and not door.is_latched:
            self._set(name, hand.caught(door, self._now_ms))

    def set_supply(self, supply: str, power: Power) -> None:
        """Make a lock supply strong, weak or dead; a dead one lets every coil on it go."""
        if supply not in self._supplies:
            raise NotPossible(f"there is no supply {supply}, expected one of: {', '.join(self._supplies)}")
        self._supplies[supply] = power
        for pulse in self._coils.running:
            if pulse.supply == supply and power is Power.NONE:
                self._coil_ends(pulse)
            elif pulse.supply == supply and power is Power.WEAK:
                self._coils.weaken(pulse)
        self._revision += 1

    # ------------------------------------------------------------ hands
    def pull_door(self, name: DoorId) -> None:
        """Swing a door wide open; it must be ajar or its latch free."""
        self._by_hand(name, hand.pulled)

    def push_door(self, name: DoorId) -> None:
        """Push a door shut, or press a shut one, which eases a sticky latch for one pulse."""
        self._by_hand(name, hand.pressed)
        plan = self.cabinet.doors[name]
        pulling = self._coils.on(plan.bank, plan.channel)
        is_pulled_back = pulling is not None and pulling.moves_latch and not self._doors[name].faults.jammed
        if plan.lock == "motor" or not is_pulled_back:
            self._let_catch(name)

    def use_key(self, name: DoorId) -> None:
        """Turn the mechanical key; even a jammed latch lets go."""
        self._by_hand(name, lambda door: hand.keyed(door, self._now_ms))

    def new_parcel(self, what: str) -> Parcel:
        """A parcel that has not been behind any door yet."""
        self._parcels_made += 1
        return Parcel(f"p{self._parcels_made}", what)

    def put_in(self, name: DoorId, parcel: Parcel) -> None:
        """Put a parcel behind an open door; one that is ajar swings wide for it."""
        for plan in self.cabinet.doors.values():
            if any(inside.id == parcel.id for inside in self._doors[plan.id].parcels):
                raise NotPossible(f"parcel {parcel.id} is behind door {plan.label} already")
        self._by_hand(name, lambda door: hand.filled(door, parcel))

    def take_out(self, name: DoorId, parcel_id: str | None = None) -> Parcel:
        """Take out the parcel named, or the one put in last."""
        before = self.door(name).parcels
        self._by_hand(name, lambda door: hand.emptied(door, parcel_id))
        return next(parcel for parcel in before if parcel not in self._doors[name].parcels)

    def put_at(self, place: str, parcel: Parcel) -> None:
        """Put a parcel on a shelf (`shelf R-12`), or give it to the `desk`; nothing is in the way there."""
        self._places[place] = (*self.at_place(place), parcel)
        self._revision += 1

    def take_from(self, place: str, parcel_id: str) -> Parcel:
        """Take a parcel from such a place."""
        found = next((parcel for parcel in self.at_place(place) if parcel.id == parcel_id), None)
        if found is None:
            raise NotPossible(f"parcel {parcel_id} is not at {place}")
        self._places[place] = tuple(parcel for parcel in self._places[place] if parcel != found)
        self._revision += 1
        return found

    def set_faults(self, name: DoorId, faults: DoorFaults) -> None:
        """Break or mend a door. No longer held, a door whose latch is free springs open."""
        self._by_hand(name, lambda door: hand.sprung(replace(door, faults=faults)))
        self._bouncing = self._that_bounce()

    def _by_hand(self, name: DoorId, act: Callable[[Door], Door]) -> None:
        door = self.door(name)
        try:
            self._set(name, act(door))
        except NotPossible as error:
            raise NotPossible(f"door {self.cabinet.doors[name].label}: {error}") from error

    def _set(self, name: DoorId, door: Door) -> None:
        self._doors[name] = door
        self._hooked.pop(self.cabinet.doors[name].bank, None)
        self._revision += 1

    # ------------------------------------------------------------ eyes
    def door(self, name: DoorId) -> Door:
        """One door as it is; NotPossible when there is none of that id."""
        if name not in self._doors:
            raise NotPossible(f"there is no door {name} in this cabinet")
        return self._doors[name]

    def at_place(self, place: str) -> tuple[Parcel, ...]:
        """What lies on a shelf or at the desk."""
        return self._places.get(place, ())

    def pulses_after(self, number: int) -> tuple[Pulse, ...]:
        """Every energised interval with a greater number, oldest first."""
        return self._coils.after(number)

    def view(self) -> WorldView:
        """Everything there is to see."""
        energised = {(pulse.bank, pulse.channel) for pulse in self._coils.running}
        sights = tuple(
            Sight(plan, door, door.feedback(self._now_ms), (plan.bank, plan.channel) in energised)
            for plan, door in zip(self.cabinet.doors.values(), self._doors.values(), strict=True)
        )
        elsewhere = tuple(parcel for door in self._elsewhere.values() for parcel in door.parcels)
        return WorldView(
            self._now_ms, self._revision, sights, dict(self._supplies), elsewhere, dict(self._places)
        )

    def truth(self) -> Truth:
        """What of all this outlives the night."""
        doors = {name: DoorTruth.of(door) for name, door in self._doors.items()}
        return Truth(
            doors={**self._elsewhere, **doors},
            supplies=dict(self._supplies),
            parcels_made=self._parcels_made,
            places={place: parcels for place, parcels in self._places.items() if parcels},
        )
