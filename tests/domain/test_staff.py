"""Staff: open, look, settle; what they open is told, and what nobody answers stays in doubt."""

from dataclasses import replace

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import Compartment, Condition, Layout
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId, DeliveryId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.session import Visit
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import OPENED_BY_STAFF, PARCEL_NOT_FOUND
from tests.domain.rig import BANKS, Rig, digest


def in_doubt() -> tuple[Rig, Delivery]:
    """A parcel whose pickup nobody saw the end of."""
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.open(delivery.compartment)
    rig.restart()
    return rig, rig.state.deliveries[delivery.id]


def uncertain() -> tuple[Rig, DeliveryId]:
    """A drop-off whose end nobody saw."""
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.restart()
    return rig, rig.state.deliveries_in(compartment)[0].id


def tasks(rig: Rig) -> list[tuple[str, str]]:
    return [(task.door, task.why) for task in rig.screen().tasks]


def test_the_list_names_every_door_that_only_a_look_can_settle() -> None:
    rig, _ = uncertain()
    rig.sign_in_staff()
    assert tasks(rig) == [("1", "drop_off_uncertain")]


def test_an_uncertain_drop_off_that_is_there_is_stored_and_its_code_goes_out() -> None:
    rig, delivery = uncertain()
    rig.sign_in_staff()
    rig.look("c1", i.Found.PARCEL)
    assert rig.state.deliveries[delivery].state is DeliveryState.STORED
    assert rig.vacancy("c1") is Vacancy.OCCUPIED
    assert len(rig.messages()) == 1
    assert not rig.incidents()
    assert tasks(rig) == []


@pytest.mark.parametrize(
    ("found", "vacancy", "incidents"),
    [
        (i.Found.EMPTY, Vacancy.VERIFIED, set()),
        (i.Found.FOREIGN, Vacancy.UNKNOWN, {IncidentKind.FOREIGN_PARCEL}),
    ],
)
def test_an_uncertain_drop_off_that_is_not_there_is_cancelled(
    found: i.Found, vacancy: Vacancy, incidents: set[IncidentKind]
) -> None:
    rig, delivery = uncertain()
    rig.sign_in_staff()
    rig.look("c1", found)
    assert delivery not in rig.state.deliveries
    assert rig.vacancy("c1") is vacancy
    assert rig.incidents() == incidents
    assert not rig.messages()


def test_a_parcel_in_doubt_that_is_there_is_in_doubt_no_more() -> None:
    rig, delivery = in_doubt()
    rig.sign_in_staff()
    rig.look("c1", i.Found.PARCEL)
    assert not rig.state.deliveries[delivery.id].is_in_doubt
    assert [(message.kind, message.detail) for message in rig.messages()][1:] == [(OPENED_BY_STAFF, "Jo")]
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_parcel_in_doubt_that_is_gone_is_removed_and_its_recipient_asked() -> None:
    rig, delivery = in_doubt()
    rig.sign_in_staff()
    rig.look("c1", i.Found.EMPTY)
    assert not rig.state.deliveries
    assert rig.vacancy("c1") is Vacancy.VERIFIED
    assert rig.state.spent[rig.code_of(delivery)].why is SpentWhy.REMOVED
    assert [message.kind for message in rig.messages()][1:] == [OPENED_BY_STAFF, PARCEL_NOT_FOUND]
    assert IncidentKind.PARCEL_MISSING in rig.incidents()
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_REMOVED


def test_a_look_without_an_answer_leaves_the_parcel_stored_in_doubt() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.jam()
    rig.do(i.Finish())
    rig.sign_in_staff()
    assert tasks(rig) == [("1", "door_jammed")]
    rig.do(i.StaffOpen(delivery.compartment))
    rig.pulse()
    rig.open(delivery.compartment)
    rig.close(delivery.compartment)
    rig.wait(201)
    assert rig.screen().kind is ScreenKind.HOME
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)


def test_a_jammed_door_is_on_the_list_and_serves_again_after_a_look() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.jam()
    rig.do(i.Finish())
    rig.sign_in_staff()
    assert tasks(rig) == [("1", "door_jammed")]
    rig.look(compartment, i.Found.EMPTY)
    assert rig.condition(compartment) is Condition.SERVICEABLE
    assert rig.vacancy(compartment) is Vacancy.VERIFIED
    assert not rig.incidents()


def test_a_vacant_compartment_that_staff_opened_and_left_unanswered_is_unknown() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.jam()
    rig.do(i.Finish())
    rig.sign_in_staff()
    rig.do(i.StaffOpen(compartment))
    rig.pulse()
    rig.open(compartment)
    rig.close(compartment)
    rig.wait(201)
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN


def test_a_jam_under_the_hands_of_staff_leads_back_to_the_list() -> None:
    rig, _ = uncertain()
    rig.sign_in_staff()
    rig.do(i.StaffOpen(CompartmentId("c1")))
    rig.jam()
    assert rig.screen().kind is ScreenKind.JAMMED
    assert rig.screen().offers_action(Action.BACK)
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.STAFF_LIST


def test_only_doors_on_the_list_open() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.sign_in_staff()
    before = len(rig.unlocks())
    for door in (delivery.compartment, CompartmentId("c5"), CompartmentId("nowhere")):
        assert rig.do(i.StaffOpen(door)).refusal is Refusal.NOT_NOW
    assert len(rig.unlocks()) == before


def test_a_door_that_somebody_is_at_is_refused_and_said_so() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    jammed = replace(rig.state.compartments[compartment], condition=Condition.JAMMED)
    compartments = {**rig.state.compartments, compartment: jammed}
    rig.state = replace(rig.state, compartments=compartments, visit=Visit())  # as at a second panel
    rig.sign_in_staff()
    assert [(task.door, task.is_in_use) for task in rig.screen().tasks] == [("1", True)]
    assert not rig.screen().offers_action(Action.STAFF_OPEN)
    assert rig.do(i.StaffOpen(compartment)).refusal is Refusal.DOOR_IN_USE


def test_an_observation_belongs_to_the_last_unlock_of_that_door() -> None:
    """A code keyed while an unlock of staff who left waits for the same door takes the door over."""
    rig, delivery = in_doubt()
    rig.sign_in_staff()
    rig.do(i.StaffOpen(delivery.compartment))
    rig.pulse()
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    rig.see_bank(BANKS[0])
    rig.do(i.GoBack())
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None
    rig.pulse()
    rig.open(delivery.compartment)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.COLLECTING
    assert rig.screen().kind is ScreenKind.TAKE_OUT


def test_nothing_is_settled_behind_a_door_that_was_not_seen_open_and_closed() -> None:
    rig, _ = uncertain()
    rig.sign_in_staff()
    assert rig.do(i.StaffSettle(i.Found.EMPTY)).refusal is Refusal.NOT_NOW
    rig.do(i.StaffOpen(CompartmentId("c1")))
    rig.pulse()
    assert rig.do(i.StaffSettle(i.Found.EMPTY)).refusal is Refusal.NOT_NOW
    rig.open("c1")
    assert rig.do(i.StaffSettle(i.Found.EMPTY)).refusal is Refusal.NOT_NOW
    assert rig.do(i.GoBack()).refusal is Refusal.CLOSE_THE_DOOR_FIRST


def test_a_wrong_pin_drains_the_bucket_of_that_account_only() -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(i.Flow.STAFF))
    for _ in range(5):
        assert rig.do(i.PresentStaffPin("1", None)).refusal is Refusal.WRONG_STAFF_PIN
    assert rig.do(i.PresentStaffPin("1", None)).refusal is Refusal.STAFF_PIN_PAUSED
    assert rig.do(i.PresentStaffPin("nobody", None)).refusal is Refusal.WRONG_STAFF_PIN
    assert set(rig.state.buckets) == {"staff:1"}


def test_a_foreign_parcel_stays_on_the_list_until_the_compartment_is_empty() -> None:
    rig, _ = uncertain()
    rig.sign_in_staff()
    rig.look("c1", i.Found.FOREIGN)
    assert tasks(rig) == [("1", "vacancy_unknown")]
    rig.look("c1", i.Found.EMPTY)
    assert tasks(rig) == []
    assert not rig.incidents()


def test_the_next_courier_never_gets_a_compartment_with_something_foreign() -> None:
    rig, _ = uncertain()
    rig.sign_in_staff()
    rig.look("c1", i.Found.FOREIGN)
    rig.do(i.Finish())
    rig.do(i.ChooseFlow(i.Flow.DELIVER))
    rig.do(i.PresentCarrierCode(digest("222222")))
    assert rig.reserve() != "c1"


def test_a_door_that_nobody_can_see_is_listed_and_not_offered() -> None:
    rig, delivery = in_doubt()
    kept = {key: place for key, place in rig.state.layout.compartments.items() if key != delivery.compartment}
    layout = replace_layout(rig.state.layout, kept)
    rig.state = replace(rig.state, layout=layout)
    rig.restart()
    rig.sign_in_staff()
    (task,) = rig.screen().tasks
    assert (task.why, task.is_out_of_sight) == ("compartment_left_out", True)
    assert not rig.screen().offers_action(Action.STAFF_OPEN)


def replace_layout(layout: Layout, compartments: dict[CompartmentId, Compartment]) -> Layout:
    return Layout(compartments, layout.sizes, layout.screen_column, layout.screen_row)
