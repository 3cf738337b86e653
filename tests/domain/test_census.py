"""A new list over an old directory: who comes, who goes, who comes back; and who is forgotten."""

from dataclasses import replace

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.census import (
    forget_person,
    households_of,
    parcel_of,
    recipients_forgotten,
    take_over,
)
from kiosk.domain.changes import DirectoryReplaced
from kiosk.domain.events import DirectoryChanged
from kiosk.domain.model.directory import Directory, Resident, UnitMode
from kiosk.domain.model.household import Household, Listed
from kiosk.domain.model.ids import ResidentId, UnitId
from kiosk.domain.model.screen import ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.rig import START_MS, Rig

HOME, ALONE = UnitMode.HOUSEHOLD, UnitMode.SEPARATE
U412 = UnitId("u412")


def home(label: str, *names: str, mode: UnitMode = HOME) -> Household:
    return Household(label, mode, tuple(map(Listed, names)))


def taken(before: Directory, *homes: Household, at_ms: int = 1, is_whole: bool = True) -> Directory:
    return take_over(before, homes, at_ms=at_ms, language="en", is_whole=is_whole).directory


def called(directory: Directory, name: str) -> Resident:
    (found,) = (who for who in directory.residents.values() if who.name == name)
    return found


FIRST = taken(Directory(), home("412", "Ana", "Ben"), home("9 b", "Cy"))


def test_a_first_list_names_units_and_people_after_the_labels() -> None:
    assert list(FIRST.residents) == ["r412-1", "r412-2", "r9 b-1"]
    assert list(FIRST.units) == ["u412", "u9 b"]
    assert {who.language for who in FIRST.residents.values()} == {"en"}


def test_the_same_list_again_says_nothing_new() -> None:
    again = take_over(FIRST, households_of(FIRST), at_ms=9, language="xx", is_whole=True)
    assert again.is_idle
    assert again.directory == FIRST


def test_a_list_that_is_not_whole_moves_nobody_out() -> None:
    census = take_over(FIRST, [home("412", "Dee")], at_ms=1, language="en", is_whole=False)
    assert (census.added, census.moved_out) == ((("412", "Dee"),), ())
    assert census.directory.residents[ResidentId("r412-3")].name == "Dee"


def test_who_is_gone_from_a_whole_list_has_moved_out_once() -> None:
    census = take_over(FIRST, [home("412", "Ana")], at_ms=7, language="en", is_whole=True)
    assert census.moved_out == (("412", "Ben"), ("9 b", "Cy"))
    assert called(census.directory, "Ben").moved_out_at_ms == 7
    later = take_over(census.directory, [home("412", "Ana")], at_ms=8, language="en", is_whole=True)
    assert later.is_idle


def test_who_comes_back_is_the_same_person() -> None:
    gone = taken(FIRST, home("412", "Ana"), at_ms=7)
    census = take_over(gone, [home("412", "Ana", "BEN")], at_ms=9, language="en", is_whole=True)
    assert census.changed == (("412", "BEN"),)
    back = called(census.directory, "BEN")
    assert (back.id, back.moved_out_at_ms) == ("r412-2", None)


def test_an_identity_is_never_used_again() -> None:
    gone = taken(FIRST, home("412", "Ana"), at_ms=7)
    forgotten = forget_person(gone, called(gone, "Ben"))
    after = taken(forgotten, home("412", "Ana", "Ben"))
    assert called(after, "Ben").id == "r412-3"
    assert after.residents[ResidentId("r412-2")].name == ""


def test_what_a_list_leaves_out_stays_as_it_was() -> None:
    listed = Listed("Ana", "es", "ana@example.org", is_accessible=True)
    known = taken(Directory(), Household("412", HOME, (listed,)))
    said_less = taken(known, Household("412", None, (Listed("Ana"),)))
    assert said_less == known
    no_more = taken(known, Household("412", HOME, (Listed("Ana", is_accessible=False),)))
    assert not called(no_more, "Ana").is_accessible


def test_a_list_without_modes_turns_no_unit_into_a_household() -> None:
    before = taken(Directory(), home("412", "Ana", mode=ALONE))
    after = taken(before, Household("412", None, (Listed("Ana"),)), Household("9", None, ()))
    assert {unit.label: unit.mode for unit in after.units.values()} == {"412": ALONE, "9": HOME}


def test_labels_that_look_alike_only_in_small_letters_are_two_units() -> None:
    after = taken(Directory(), home("\u03f4", "Ana"), home("\u0398", "Ben"))
    assert len(after.units) == 2
    assert called(after, "Ana").unit != called(after, "Ben").unit


def test_households_of_leaves_out_who_moved_out() -> None:
    gone = taken(FIRST, home("412", "Ana"))
    assert [(one.label, [who.name for who in one.members]) for one in households_of(gone)] == [
        ("412", ["Ana"]),
        ("9 b", []),
    ]


def test_a_list_of_ten_thousand_people_is_compared_person_by_person_once() -> None:
    """Each name is looked up, not searched for: otherwise this would take minutes."""
    homes = [home(str(number), f"A{number}", f"B{number}") for number in range(5000)]
    once = taken(Directory(), *homes)
    assert take_over(once, homes, at_ms=1, language="en", is_whole=True).is_idle


# With parcels


def changed(rig: Rig, *homes: Household, is_whole: bool = True) -> None:
    census = take_over(
        rig.state.directory, homes, at_ms=START_MS + rig.mono_ms, language="en", is_whole=is_whole
    )
    fact = i.ChangeDirectory(
        census.directory, "residents", len(census.added), len(census.changed), len(census.moved_out)
    )
    rig.do(fact)


def lived_in(mode: UnitMode, *names: str) -> Rig:
    rig = Rig().start()
    changed(rig, home("412", *names, mode=mode))
    return rig


def test_a_household_that_becomes_separate_while_a_parcel_waits_still_collects_it() -> None:
    rig = lived_in(HOME, "Ana", "Ben")
    delivery = rig.deliver()
    changed(rig, home("412", "Ana", "Ben", mode=ALONE))
    assert rig.state.directory.units[U412].mode is ALONE
    rig.pick_up(delivery)
    rig.answer()
    assert not rig.state.deliveries
    rig.do(i.Finish())
    rig.sign_in_courier()
    assert rig.do(i.ChooseUnit("412")).refusal is Refusal.UNIT_NEEDS_DESK


def test_a_separate_unit_that_becomes_a_household_keeps_whose_parcel_it_is() -> None:
    rig = lived_in(ALONE, "Ana")
    delivery = rig.deliver()
    changed(rig, home("412", "Ana", "Ben"))
    assert rig.state.deliveries[delivery.id].recipient == "resident:r412-1"
    rig.pick_up(delivery)
    rig.answer()
    assert not rig.state.deliveries


def test_who_moved_out_collects_what_waits_and_gets_nothing_new() -> None:
    rig = lived_in(ALONE, "Ana")
    delivery = rig.deliver()
    changed(rig, home("412", "Ben", mode=ALONE))
    second = rig.deliver()
    assert second.recipient != delivery.recipient
    rig.pick_up(delivery)
    rig.answer()
    assert delivery.id not in rig.state.deliveries


# Forgetting


@pytest.mark.parametrize("mode", UnitMode)
def test_nobody_is_forgotten_while_a_parcel_waits(mode: UnitMode) -> None:
    rig = lived_in(mode, "Ana")
    delivery = rig.deliver()
    rig.wait(60)
    changed(rig, home("101", "Cy"))
    ana = called(rig.state.directory, "Ana")
    assert parcel_of(rig.state, ana) == rig.state.deliveries[delivery.id]
    rig.pick_up(delivery)
    rig.answer()
    assert parcel_of(rig.state, ana) is None


def test_a_parcel_for_who_lives_there_now_is_not_theirs_who_left_before() -> None:
    rig = lived_in(HOME, "Ana", "Ben")
    changed(rig, home("412", "Ben"))
    rig.wait(60)
    rig.deliver()
    assert parcel_of(rig.state, called(rig.state.directory, "Ana")) is None


def test_who_is_forgotten_leaves_an_identity_and_nothing_else() -> None:
    listed = Listed("Ana", "es", "ana@example.org", is_accessible=True)
    gone = taken(taken(Directory(), Household("412", HOME, (listed,))), home("101", "Cy"), at_ms=7)
    after = forget_person(gone, called(gone, "Ana"))
    assert after.residents[ResidentId("r412-1")] == Resident(
        ResidentId("r412-1"), U412, "", "", "", moved_out_at_ms=7
    )
    assert after.residents.keys() == gone.residents.keys()


def test_a_households_parcels_are_forgotten_with_the_last_of_its_people() -> None:
    gone = taken(FIRST, home("9 b", "Cy"), at_ms=7)
    ana, ben = called(gone, "Ana"), called(gone, "Ben")
    first = forget_person(gone, ana)
    assert recipients_forgotten(first, ana) == ("resident:r412-1",)
    both = forget_person(first, ben)
    assert recipients_forgotten(both, ben) == ("resident:r412-2", "unit:u412")


# The decision


CHANGES = {
    "a first directory": i.ChangeDirectory(FIRST, "residents", added=3),
    "nobody": i.ChangeDirectory(Directory(), "residents", moved_out=3),
    "a new PIN": i.ChangeDirectory(FIRST, "staff", changed=1, pin_hashes=()),
    "somebody forgotten": i.ChangeDirectory(FIRST, "forgotten", changed=1, forgotten=(ResidentId("r9"),)),
}


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("is_trusted", [True, False])
def test_every_change_is_one_event_with_counts_and_one_snapshot(case: str, is_trusted: bool) -> None:
    fact = CHANGES[case]
    rig = replace(Rig(), is_trusted=is_trusted).start()
    outcome = rig.do(fact)
    assert (outcome.refusal, outcome.actor, outcome.effects) == (None, "command:local", ())
    assert outcome.changes == (
        DirectoryChanged(fact.what, fact.added, fact.changed, fact.moved_out),
        DirectoryReplaced(fact.directory, fact.pin_hashes, fact.forgotten, fact.recipients),
    )
    assert rig.state.directory == fact.directory


def test_a_change_during_a_visit_leaves_the_visit_alone() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    visit = rig.state.visit
    outcome = rig.do(i.ChangeDirectory(rig.state.directory, "residents", changed=1))
    assert outcome.actor == "command:local"
    assert rig.state.visit == visit


def without_staff(directory: Directory) -> Directory:
    return Directory(directory.units, directory.residents, directory.carriers, directory.carrier_codes)


def test_staff_who_are_removed_open_no_more_doors() -> None:
    rig = Rig().start()
    rig.sign_in_staff()
    outcome = rig.do(i.ChangeDirectory(without_staff(rig.state.directory), "staff", changed=1))
    assert (rig.screen().kind, rig.state.active_session, outcome.actor) == (
        ScreenKind.HOME,
        None,
        "command:local",
    )


def test_a_door_that_removed_staff_left_open_is_looked_into_before_it_is_offered() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.restart(compartment)
    rig.close(compartment)
    rig.sign_in_staff()
    rig.do(i.StaffOpen(compartment))
    rig.pulse()
    rig.open(compartment)
    rig.do(i.ChangeDirectory(without_staff(rig.state.directory), "staff", changed=1))
    assert rig.screen().kind is ScreenKind.HOME
    rig.close(compartment)
    assert rig.vacancy(compartment) not in (Vacancy.VERIFIED, Vacancy.PRESUMED)


# Nobody yet


def test_a_kiosk_that_knows_nobody_says_so_instead_of_asking_for_a_code() -> None:
    rig = Rig().start()
    everybody = rig.state.directory
    for missing in (Directory(), replace_units(everybody), Directory(everybody.units)):
        rig.do(i.ChangeDirectory(missing))
        assert rig.do(i.ChooseFlow(i.Flow.DELIVER)).refusal is Refusal.NOT_SET_UP
        assert (rig.screen().kind, rig.screen().notice) == (ScreenKind.HOME, Refusal.NOT_SET_UP)
        assert rig.do(i.ChooseFlow(i.Flow.PICK_UP)).refusal is None
        assert rig.screen().notice is None
        rig.do(i.GoBack())
    rig.do(i.ChangeDirectory(everybody))
    assert rig.sign_in_courier().refusal is None


def replace_units(directory: Directory) -> Directory:
    """Carriers with codes, and no unit."""
    return Directory(carriers=directory.carriers, carrier_codes=directory.carrier_codes)
