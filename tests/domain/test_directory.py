"""People come and go during a visit, and settings may forget a compartment: nothing is guessed or lost."""

from dataclasses import replace

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import Layout
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.directory import Directory, Resident, Unit, UnitMode
from kiosk.domain.model.ids import CompartmentId, ResidentId, UnitId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import ScreenKind
from kiosk.domain.refusals import Refusal
from tests.domain.rig import BANKS, Rig, empty_state

U412 = UnitId("u412")


def with_people(*people: Resident, mode: UnitMode = UnitMode.HOUSEHOLD) -> Rig:
    """A kiosk whose unit 412 has exactly these residents."""
    rig = Rig().start()
    known = rig.state.directory
    others = {key: one for key, one in known.residents.items() if one.unit != U412}
    units = {**known.units, U412: Unit(U412, "412", mode)}
    rig.do(i.ChangeDirectory(replace(known, units=units, residents={**others, **{p.id: p for p in people}})))
    return rig


def person(name: str) -> Resident:
    return Resident(ResidentId(name), U412, name, "en", "")


def without_unit(directory: Directory, unit: UnitId) -> Directory:
    return replace(directory, units={key: one for key, one in directory.units.items() if key != unit})


def test_every_member_of_a_household_is_told() -> None:
    rig = with_people(person("Ana"), person("Ben"))
    rig.deliver()
    assert [message.resident for message in rig.messages()] == ["Ana", "Ben"]


def test_a_unit_with_nobody_in_it_is_served_and_staff_are_told() -> None:
    rig = with_people()
    delivery = rig.deliver()
    assert delivery.state is DeliveryState.STORED
    assert rig.code_of(delivery) in rig.state.credentials
    assert IncidentKind.NOBODY_TO_TELL in rig.incidents()


def test_the_only_resident_of_a_separate_unit_is_the_recipient() -> None:
    rig = with_people(person("Ana"), mode=UnitMode.SEPARATE)
    assert rig.deliver().recipient == "resident:Ana"


def test_whose_parcel_it_is_in_a_separate_unit_is_never_guessed() -> None:
    rig = with_people(person("Ana"), person("Ben"), mode=UnitMode.SEPARATE)
    rig.sign_in_courier()
    assert rig.do(i.ChooseUnit("412")).refusal is Refusal.UNIT_NEEDS_DESK
    assert (rig.screen().kind, rig.screen().notice) == (ScreenKind.UNIT, Refusal.UNIT_NEEDS_DESK)
    assert not rig.state.deliveries


def test_somebody_who_moves_into_a_separate_unit_hears_nothing_of_the_others_parcel() -> None:
    rig = with_people(person("Ana"), mode=UnitMode.SEPARATE)
    rig.sign_in_courier()
    rig.drop_off()
    known = rig.state.directory
    rig.do(i.ChangeDirectory(replace(known, residents={**known.residents, ResidentId("Ben"): person("Ben")})))
    rig.do(i.Finish())
    assert [message.resident for message in rig.messages()] == ["Ana"]


def test_somebody_who_moved_out_still_gets_the_code_of_a_parcel_that_waits() -> None:
    rig = with_people(person("Ana"), mode=UnitMode.SEPARATE)
    rig.sign_in_courier()
    rig.drop_off()
    known = rig.state.directory
    gone = replace(person("Ana"), moved_out_at_ms=1)
    rig.do(i.ChangeDirectory(replace(known, residents={**known.residents, gone.id: gone})))
    rig.do(i.Finish())
    assert [message.resident for message in rig.messages()] == ["Ana"]


def test_a_unit_that_vanishes_while_its_size_is_chosen_is_said() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    size = rig.screen().sizes[0].size
    rig.do(i.ChangeDirectory(without_unit(rig.state.directory, U412)))
    assert rig.do(i.ChooseSize(size)).refusal is Refusal.UNKNOWN_UNIT
    assert rig.screen().kind is ScreenKind.UNIT
    assert not rig.state.deliveries


def test_a_unit_that_vanishes_at_a_jammed_door_is_said() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.jam()
    rig.do(i.ChangeDirectory(without_unit(rig.state.directory, U412)))
    assert rig.do(i.UseAnotherDoor()).refusal is Refusal.UNKNOWN_UNIT


def test_an_empty_directory_loses_no_parcel() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.do(i.ChangeDirectory(Directory()))
    assert rig.screen().kind is ScreenKind.HOME
    rig.pick_up(delivery)
    rig.answer()
    assert not rig.state.deliveries


# A compartment that the settings forget


def shrunk(rig: Rig, compartment: CompartmentId) -> Rig:
    """The same kiosk after a start with settings that do not name a compartment any more."""
    built = rig.state.layout
    kept = {key: place for key, place in built.compartments.items() if key != compartment}
    rig.state = replace(rig.state, layout=Layout(kept, built.sizes, built.screen_column, built.screen_row))
    rig.restart()
    return rig


def test_a_parcel_behind_a_forgotten_door_stays_in_custody_and_staff_hear_of_it() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    shrunk(rig, delivery.compartment)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    assert IncidentKind.COMPARTMENT_LEFT_OUT in rig.incidents()
    rig.sign_in_staff()
    (task,) = rig.screen().tasks
    assert (task.door, task.why, task.unit) == ("c1", "compartment_left_out", "412")
    assert rig.do(i.StaffOpen(delivery.compartment)).refusal is Refusal.DOOR_UNREACHABLE


def test_the_code_of_a_parcel_behind_a_forgotten_door_is_answered_and_stays_live() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    shrunk(rig, delivery.compartment)
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.DOOR_UNREACHABLE
    assert rig.code_of(delivery) in rig.state.credentials


def test_a_forgotten_door_that_comes_back_opens_again() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    shrunk(rig, delivery.compartment)
    rig.state = replace(rig.state, layout=empty_state().layout)
    rig.restart()
    assert not rig.incidents()
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_drop_off_interrupted_before_its_door_was_forgotten_stays_known() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    shrunk(rig, compartment)
    (delivery,) = rig.state.deliveries_in(compartment)
    assert delivery.state is DeliveryState.UNCERTAIN
    assert not rig.state.sessions
    rig.sign_in_courier()
    assert (rig.screen().kind, rig.screen().notice) == (ScreenKind.QUESTION, Refusal.DOOR_UNREACHABLE)
    assert rig.do(i.Finish()).refusal is None
    assert delivery.id in rig.state.deliveries


def test_a_bank_that_the_settings_forget_is_simply_not_there() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    built = rig.state.layout
    kept = {key: place for key, place in built.compartments.items() if place.bank != BANKS[0]}
    rig.state = replace(rig.state, layout=Layout(kept, built.sizes, built.screen_column, built.screen_row))
    rig.crash()
    rig.do(i.BankSeen(BANKS[1], {}))
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.DOOR_UNREACHABLE
