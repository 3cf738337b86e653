"""No unit on the label: a name leads to its unit, masked, and nobody can list who lives here."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.lookalikes import lookalikes
from kiosk.domain.model.directory import Directory, Resident, Unit, UnitMode
from kiosk.domain.model.ids import ResidentId, UnitId
from kiosk.domain.model.screen import Action, Offer, ScreenKind
from kiosk.domain.model.session import Step
from kiosk.domain.name_search import found_by, name_keys
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig

People = Mapping[str, tuple[UnitMode, tuple[str, ...]]]
PEOPLE: People = {
    "101": (UnitMode.HOUSEHOLD, ("Mara Lind", "Per Lind")),
    "102": (UnitMode.SEPARATE, ("Jo Lindqvist", "Ana García López")),
    "412": (UnitMode.HOUSEHOLD, ("Tang Zihan", "Ng Li")),
}


def directory(people: People = PEOPLE) -> Directory:
    units = {
        UnitId(f"u{label}"): Unit(UnitId(f"u{label}"), label, mode) for label, (mode, _) in people.items()
    }
    residents = {
        ResidentId(f"{label} {name}"): Resident(
            ResidentId(f"{label} {name}"), UnitId(f"u{label}"), name, "en", ""
        )
        for label, (_, names) in people.items()
        for name in names
    }
    return Directory(units, residents)


def courier_asks() -> Rig:
    """A courier on the page where letters are typed."""
    rig = Rig().start()
    known = rig.state.directory
    wanted = directory()
    rig.do(i.ChangeDirectory(replace(known, units=wanted.units, residents=wanted.residents)))
    rig.sign_in_courier()
    rig.do(i.FindByName())
    return rig


def shown(letters: str) -> list[str]:
    return [match.shown for match in found_by(directory(), letters)]


def test_a_name_is_masked_but_for_the_letters_typed() -> None:
    dot = "\N{MIDDLE DOT}"
    assert shown("LIN") == [f"M. Lin{dot}, P. Lin{dot}", f"J. Lin{dot * 6}"]
    assert shown("tan") == [f"Tan{dot} Z."]


@pytest.mark.parametrize("letters", ["GAR", "gar", "LOP", "LÓP"])
def test_any_word_of_a_name_is_found_whatever_its_case_and_accents(letters: str) -> None:
    assert [match.resident for match in found_by(directory(), letters)] == ["102 Ana García López"]


def test_a_short_name_is_typed_whole_and_two_letters_begin_no_other() -> None:
    assert len(found_by(directory(), "ng")) == 1
    assert [one.unit for one in found_by(directory(), "LI")] == ["u412"]
    assert found_by(directory(), "L") == found_by(directory(), "") == ()


def test_somebody_who_moved_out_is_not_found() -> None:
    known = directory()
    gone = replace(known.residents[ResidentId("412 Tang Zihan")], moved_out_at_ms=1)
    after = replace(known, residents={**known.residents, gone.id: gone})
    assert found_by(after, "TAN") == ()


def test_keys_are_the_letters_that_names_begin_with() -> None:
    assert set(name_keys(directory())) == set("MARLINPEJOGTZH")


def test_the_name_on_the_label_leads_to_the_size_with_unit_and_initial() -> None:
    rig = courier_asks()
    assert rig.do(i.TypeName("TAN")).refusal is None
    assert (rig.screen().kind, len(rig.screen().matches)) == (ScreenKind.MATCHES, 1)
    rig.do(i.ChooseMatch(0))
    assert (rig.screen().kind, rig.screen().unit, rig.screen().initial) == (ScreenKind.SIZE, "412", "N., T.")


def test_a_name_says_whose_parcel_it_is_where_the_unit_does_not() -> None:
    rig = courier_asks()
    rig.do(i.GoBack())
    assert rig.do(i.ChooseUnit("102")).refusal is Refusal.UNIT_NEEDS_DESK
    rig.do(i.FindByName())
    rig.do(i.TypeName("GAR"))
    rig.do(i.ChooseMatch(0))
    assert rig.screen().initial == "A."
    rig.do(i.ChooseSize(rig.screen().sizes[0].size))
    compartment = rig.pulse()
    rig.open(compartment)
    rig.close(compartment)
    assert rig.stored()[0].recipient == "resident:102 Ana García López"
    rig.do(i.NextParcel())
    assert [message.resident for message in rig.messages()] == ["102 Ana García López"]


def test_a_door_that_jams_keeps_the_person_for_the_next_one() -> None:
    rig = courier_asks()
    rig.do(i.TypeName("GAR"))
    rig.do(i.ChooseMatch(0))
    rig.do(i.ChooseSize(rig.screen().sizes[0].size))
    rig.jam()
    assert rig.screen().kind is ScreenKind.JAMMED
    assert rig.do(i.UseAnotherDoor()).refusal is None
    assert {one.recipient for one in rig.state.deliveries.values()} == {"resident:102 Ana García López"}


def test_the_person_found_for_one_parcel_is_not_that_of_the_next() -> None:
    rig = courier_asks()
    rig.do(i.TypeName("GAR"))
    rig.do(i.ChooseMatch(0))
    rig.do(i.GoBack())
    assert rig.state.visit.resident is None
    assert rig.do(i.ChooseUnit("102")).refusal is Refusal.UNIT_NEEDS_DESK


def test_no_name_too_many_names_and_names_that_look_the_same_are_refused() -> None:
    rig = courier_asks()
    assert rig.do(i.TypeName("XYZ")).refusal is Refusal.NAME_UNKNOWN
    crowd = {f"{n}": (UnitMode.HOUSEHOLD, (f"{letter} Stone",)) for n, letter in enumerate("ABCD", 501)}
    twins = {f"{n}": (UnitMode.HOUSEHOLD, ("Ada Stone",)) for n in (501, 502)}
    for people in (crowd, twins):
        known = rig.state.directory
        rig.do(
            i.ChangeDirectory(
                replace(known, units=directory(people).units, residents=directory(people).residents)
            )
        )
        assert rig.do(i.TypeName("STO")).refusal is Refusal.TOO_MANY_NAMES
        assert rig.screen().kind is ScreenKind.FIND_NAME


def test_tries_are_few_and_fill_again_slowly() -> None:
    rig = courier_asks()
    for _ in range(10):
        assert rig.do(i.TypeName("XYZ")).refusal is Refusal.NAME_UNKNOWN
    assert rig.do(i.TypeName("TAN")).refusal is Refusal.NAMES_PAUSED
    assert rig.screen().kind is ScreenKind.FIND_NAME
    rig.mono_ms += rig.state.limits.name_bucket_refill_ms
    assert rig.do(i.TypeName("TAN")).refusal is None


def test_a_look_that_finds_somebody_costs_as_much_and_a_restart_credits_nothing() -> None:
    rig = courier_asks()
    for _ in range(10):
        assert rig.do(i.TypeName("TAN")).refusal is None
        rig.do(i.GoBack())
        rig.do(i.FindByName())
    rig.restart()
    rig.sign_in_courier()
    rig.do(i.FindByName())
    assert rig.do(i.TypeName("TAN")).refusal is Refusal.NAMES_PAUSED


def test_the_log_says_that_somebody_looked_and_never_for_whom() -> None:
    rig = courier_asks()
    rig.do(i.TypeName("LIN"))
    looked = rig.of_type(e.NameLookedUp)[-1]
    assert (looked.found, looked.left) == (2, 9)
    assert "lin" not in repr(looked).lower().replace("namelookedup", "")


def test_nobody_but_a_courier_finds_names() -> None:
    rig = Rig().start()
    for flow in (i.Flow.PICK_UP, i.Flow.DELIVER, i.Flow.STAFF):
        rig.do(i.ChooseFlow(flow))
        assert not rig.screen().offers_action(Action.NO_UNIT)
        assert rig.do(i.FindByName()).refusal is Refusal.NOT_NOW
        assert rig.do(i.TypeName("LIN")).refusal is Refusal.NOT_NOW
        rig.do(i.GoBack())
    rig.sign_in_staff()
    assert rig.do(i.FindByName()).refusal is Refusal.NOT_NOW


def test_a_match_that_is_not_on_the_page_is_nobody() -> None:
    rig = courier_asks()
    assert rig.do(i.ChooseMatch(0)).refusal is Refusal.NOT_NOW
    rig.do(i.TypeName("TAN"))
    for number in (1, -1):
        assert rig.do(i.ChooseMatch(number)).refusal is Refusal.NOT_NOW
    assert rig.screen().offers[0] == Offer(Action.MATCH, "0")
    rig.do(i.GoBack())
    assert rig.state.visit.step is Step.UNIT
    assert rig.state.visit.matches == ()


def test_units_that_are_easily_mixed_up_are_named_for_comparison() -> None:
    labels = ("101", "110", "112", "121", "606", "608", "1O1", "B2", "82", "1012")
    assert lookalikes(labels, "606") == ("608",)
    assert lookalikes(labels, "112") == ("121",)
    assert lookalikes(labels, "101") == ("110", "1O1")
    assert lookalikes(labels, "b2") == ("82",)
    assert lookalikes(labels, "1012") == ()


def test_the_size_page_names_the_look_alike() -> None:
    rig = Rig().start()
    known = rig.state.directory
    twin = Unit(UnitId("u421"), "421")
    rig.do(i.ChangeDirectory(replace(known, units={**known.units, twin.id: twin})))
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    assert (rig.screen().lookalikes, rig.screen().initial) == (("421",), "M.")
