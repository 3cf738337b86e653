"""The visit: language, help, idle time, steps back, and what the screen forgets."""

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.refusals import Refusal
from tests.domain.rig import BANKS, Rig, digest


def test_a_language_holds_for_the_visit_and_goes_with_it() -> None:
    rig = Rig().start()
    rig.do(i.ChooseLanguage("es"))
    rig.sign_in_courier()
    assert rig.screen().language == "es"
    rig.drop_off()
    rig.do(i.Finish())
    assert (rig.screen().kind, rig.screen().language) == (ScreenKind.PROOF, "es")
    rig.do(i.Finish())
    assert (rig.screen().kind, rig.screen().language) == (ScreenKind.HOME, "en")


def test_a_language_chosen_on_the_home_page_is_forgotten_when_nobody_goes_on() -> None:
    rig = Rig().start()
    rig.do(i.ChooseLanguage("es"))
    rig.wait(59)
    assert rig.screen().language == "es"
    rig.wait(2)
    assert rig.screen().language == "en"


def test_a_language_that_the_building_does_not_speak_is_refused() -> None:
    rig = Rig().start()
    assert rig.do(i.ChooseLanguage("fr")).refusal is Refusal.NOT_NOW


def test_help_is_on_every_page_and_leads_back() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    assert rig.screen().offers_action(Action.HELP)
    rig.do(i.AskHelp())
    rig.do(i.AskHelp())
    assert rig.screen().kind is ScreenKind.HELP
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.SIZE


def test_the_help_page_does_not_open_a_second_visit_over_a_session() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.AskHelp())
    assert rig.do(i.ChooseFlow(i.Flow.PICK_UP)).refusal is Refusal.NOT_NOW
    assert rig.state.active_session is not None


def test_an_idle_courier_at_a_closed_door_is_signed_out_at_eighty_seconds() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.wait(59)
    assert rig.screen().warning_s is None
    rig.wait(2)
    assert rig.screen().warning_s == 20
    assert rig.screen().offers_action(Action.STAY)
    rig.wait(20)
    assert rig.screen().kind is ScreenKind.HOME
    assert not rig.state.sessions


@pytest.mark.parametrize(
    ("flow", "seconds"), [(i.Flow.PICK_UP, 60), (i.Flow.DELIVER, 80), (i.Flow.STAFF, 200)]
)
def test_each_kind_of_visit_has_its_own_patience(flow: i.Flow, seconds: int) -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(flow))
    rig.wait(seconds - 1)
    assert rig.screen().kind is not ScreenKind.HOME
    rig.wait(2)
    assert rig.screen().kind is ScreenKind.HOME


def test_a_touch_restarts_the_clock() -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(i.Flow.PICK_UP))
    for _ in range(5):
        rig.wait(50)
        rig.do(i.StayHere())
    assert rig.screen().kind is ScreenKind.CODE


def test_the_clock_starts_anew_when_a_door_closes() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    first = rig.reserve()
    rig.pulse()
    rig.open(first)
    rig.do(i.NextParcel())
    rig.close(first, after_s=100)
    rig.wait(59)
    assert rig.screen().kind is ScreenKind.UNIT
    assert rig.screen().warning_s is None


def test_steps_back_lead_to_the_page_before() -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(i.Flow.DELIVER))
    rig.do(i.FirstTime())
    assert rig.screen().kind is ScreenKind.FIRST_TIME
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.CARRIER_CODE
    rig.do(i.PresentCarrierCode(digest("111111")))
    rig.do(i.ChooseUnit("412"))
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.UNIT
    assert rig.screen().unit == ""
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.HOME
    assert not rig.state.sessions


def test_nobody_steps_back_from_a_door() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.pulse()
    assert rig.do(i.GoBack()).refusal is Refusal.CLOSE_THE_DOOR_FIRST


def test_no_free_size_is_said_on_the_page_with_a_way_back() -> None:
    rig = Rig().start()
    for bank in BANKS:
        rig.do(i.BankGone(bank, "unplugged"))
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    assert rig.screen().notice is Refusal.NOTHING_FREE
    ways_on = {Action.SIZE, Action.FITS_NOWHERE, Action.NEEDS_PERSON}
    assert {offer.action for offer in rig.screen().offers} == {*ways_on, Action.BACK, Action.HELP}
    assert rig.do(i.ChooseSize(SizeClass.S)).refusal is Refusal.NOTHING_FREE


def test_a_sentence_stands_until_the_next_touch() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("999"))
    assert rig.screen().notice is Refusal.UNKNOWN_UNIT
    rig.do(i.ChooseUnit("412"))
    assert rig.screen().notice is None


def test_next_on_the_proof_page_asks_for_the_carrier_code_again() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off()
    rig.do(i.Finish())
    rig.do(i.NextParcel())
    assert rig.screen().kind is ScreenKind.CARRIER_CODE
    assert rig.screen().proofs == ()


def test_the_proof_page_closes_by_itself() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off()
    rig.do(i.Finish())
    rig.wait(61)
    assert rig.screen().kind is ScreenKind.HOME


def test_a_courier_sees_an_initial_and_never_a_name() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    assert rig.screen().initial == "M."
    assert "Mara" not in repr(rig.screen())
    assert "Lind" not in repr(rig.screen())
