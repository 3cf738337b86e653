"""Promise 2: a resident's code opens that recipient's doors; a carrier's vacant ones and those it filled."""

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.screen import ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.hands import answered
from tests.domain.rig import Rig


def opened(rig: Rig, since: int) -> list[str]:
    return [unlock.compartment for unlock in rig.unlocks()[since:]]


def test_a_shared_carrier_code_opens_only_vacant_compartments() -> None:
    rig = Rig().start()
    taken = {rig.deliver("101").compartment, rig.deliver("102").compartment}
    rig.sign_in_courier()
    since = len(rig.unlocks())
    while rig.do(i.ChooseUnit("412")).refusal is None:
        free = [one.size for one in rig.screen().sizes if one.free]
        if not free:
            break
        rig.do(i.ChooseSize(free[0]))
        door = rig.last_unlock().compartment
        assert rig.vacancy(door) in (Vacancy.VERIFIED, Vacancy.PRESUMED)
        rig.pulse()
        rig.open(door)
        rig.close(door)
        rig.do(i.NextParcel())
    assert taken.isdisjoint(opened(rig, since))
    assert len(opened(rig, since)) == 6


def test_a_door_filled_in_an_earlier_sign_in_is_not_reopened_by_the_carrier() -> None:
    rig = Rig().start()
    rig.deliver()
    rig.sign_in_courier()
    assert rig.do(i.Reopen()).refusal is Refusal.NOT_NOW
    assert rig.screen().kind is ScreenKind.UNIT


def test_a_door_filled_in_this_sign_in_is_reopened() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off()
    assert rig.do(i.Reopen()).refusal is None
    assert rig.last_unlock().compartment == delivery.compartment


def test_a_parcel_that_was_settled_by_a_word_is_not_reopened_by_the_carrier() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.restart()
    rig.sign_in_courier()
    (delivery,) = rig.state.deliveries_in(compartment)
    rig.do(i.AnswerQuestion(delivery.id, is_inside=True))
    since = len(rig.unlocks())
    assert rig.do(i.Reopen()).refusal is Refusal.NOT_NOW
    assert not opened(rig, since)


def test_a_residents_touches_open_nothing_but_that_residents_doors() -> None:
    rig = Rig().start()
    mine = rig.deliver("412")
    rig.deliver("101")
    rig.present(rig.code_of(mine))
    since = len(rig.unlocks()) - 1
    for touch in (
        i.ChooseSize(SizeClass.S),
        i.UseAnotherDoor(),
        i.DoesNotFit(),
        i.NotDeposited(),
        i.StaffOpen(rig.stored()[1].compartment),
        i.NextParcel(),
    ):
        assert rig.do(touch).refusal is Refusal.NOT_NOW
    rig.pulse()
    rig.open(mine.compartment)
    rig.close(mine.compartment)
    rig.answer()
    assert opened(rig, since) == [mine.compartment]


def test_a_code_is_dead_after_pickup_but_for_the_reopening_of_that_door() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Finish())
    rig.present(rig.code_of(delivery))
    assert rig.of_type(e.UnlockAuthorised)[-1].compartment == delivery.compartment
    rig.pulse()
    rig.open(delivery.compartment)
    rig.close(delivery.compartment)
    rig.do(i.Finish())
    rig.wait(31 * 60)
    since = len(rig.unlocks())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_COLLECTED
    assert not opened(rig, since)


def test_no_touch_without_a_sign_in_opens_anything() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    since = len(rig.unlocks())
    for touch in (
        i.ChooseUnit("412"),
        i.ChooseSize(SizeClass.S),
        i.Reopen(),
        i.PushAgain(),
        i.UseAnotherDoor(),
        i.StaffOpen(delivery.compartment),
        i.AnswerPickup(i.PickupAnswer.STILL_INSIDE),
    ):
        assert rig.do(touch).refusal is Refusal.NOT_NOW
    assert not opened(rig, since)


def test_staff_open_one_door_at_a_time_and_only_from_their_list() -> None:
    rig = Rig().start()
    for door in ("c2", "c3"):
        rig.open(door)
        rig.close(door)
    rig.sign_in_staff()
    for door in ("c2", "c3"):
        rig.do(answered(door, "not_me"))
    first, second = (task.compartment for task in rig.screen().tasks)
    rig.do(i.StaffOpen(first))
    assert rig.do(i.StaffOpen(second)).refusal is Refusal.NOT_NOW
    assert [unlock.compartment for unlock in rig.state.unlocks.values()] == [first]
