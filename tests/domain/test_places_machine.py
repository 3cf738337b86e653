"""Random days in a building with shelves and a desk: every rule of doors holds, and some of places."""

import itertools
import random
from collections import Counter
from typing import ClassVar

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.draft import Outcome
from kiosk.domain.event import OfDelivery
from kiosk.domain.model.delivery import DeliveryRefusal, DeliveryState
from kiosk.domain.model.place import DESK, PlaceKind, kind_of
from kiosk.domain.model.place_stay import PLACE_TABLE, PlaceTrigger
from kiosk.domain.model.screen import Action, Offer
from tests.domain.building import Building
from tests.domain.place_rig import OVERFLOW
from tests.domain.test_machine import choices

STEPS = 250
TO_PLACES = (
    Action.FITS_NOWHERE,
    Action.OUTLET,
    Action.PLACED,
    Action.PLACES,
    Action.PLACED_PARCEL,
    Action.IS_HERE,
    Action.HAND_OVER,
)
BY_DOOR = {DeliveryState.DEPOSITING, DeliveryState.COLLECTING, DeliveryState.MOVING, DeliveryState.REMOVING}


class PlacesDay(Building):
    """The same with places; each outcome is watched for whose word counts."""

    overflow = OVERFLOW
    reached: ClassVar[Counter[str]] = Counter()

    def do(self, fact: i.Fact) -> Outcome:
        before = self.rig.state.deliveries
        outcome = super().do(fact)
        for change in outcome.changes:
            if isinstance(change, e.DeliveryStored | e.DeliveryCollected | e.DeliveryMoved | e.HandedToDesk):
                self._watch_word(change, outcome, before[change.delivery].compartment)
        for shelf in self.overflow.shelves:
            assert len(self.rig.state.deliveries_in(shelf.place)) <= shelf.capacity
        assert not any(one.state in BY_DOOR for one in self.rig.state.deliveries.values() if not one.has_door)
        return outcome

    def _usual_offer(self, pick: int) -> Offer:
        """People often go where this file wants to look."""
        is_due = any(one.compartment == DESK for one in self.rig.state.deliveries.values())
        where = (*TO_PLACES, Action.STAFF, Action.STAFF_PIN) if is_due else TO_PLACES
        wanted = [offer for offer in self.rig.screen().offers if offer.action in where]
        return wanted[pick % len(wanted)] if wanted and pick % 3 else super()._usual_offer(pick)

    def _watch_word(self, change: OfDelivery, outcome: Outcome, place: str) -> None:
        kind = kind_of(type(DESK)(place))
        self.reached[f"{type(change).__name__} {kind}"] += 1
        if kind is PlaceKind.DESK and not isinstance(change, e.HandedToDesk):
            assert outcome.actor.startswith("staff:")


def test_the_table_has_every_cell_and_nothing_leaves_an_end() -> None:
    assert set(PLACE_TABLE) == set(itertools.product(DeliveryState, PlaceTrigger))
    for (state, _), after in PLACE_TABLE.items():
        assert not state.is_final or after is DeliveryRefusal.HAS_ENDED
        assert after not in BY_DOOR


@pytest.mark.parametrize("seed", range(12))
def test_long_walks_keep_every_rule(seed: int) -> None:
    dice, day = random.Random(seed), PlacesDay()
    day.start()
    for _ in range(STEPS):
        weights, steps = zip(*choices(day, dice), strict=True)
        dice.choices(steps, weights)[0]()
        day.look()
    day.teardown()


def test_walks_reach_shelves_and_the_desk() -> None:
    PlacesDay.reached.clear()
    for seed in range(12, 20):
        test_long_walks_keep_every_rule(seed)
    wanted = ("DeliveryStored shelf", "HandedToDesk desk", "DeliveryCollected shelf")
    assert [one for one in wanted if not PlacesDay.reached[one]] == []
