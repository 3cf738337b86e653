"""Browsers and their forms: a form works once, for one browser, where it was given, and not for ever."""

import pytest

from kiosk.domain.model.session import Step
from kiosk.web.panels import FORMS_A_PANEL, NOTICE_MS, PANELS, Claim, Panels, Place
from tests.web.rig import Watch

HOME: Place = (Step.HOME, None, None)
CODE: Place = (Step.CODE, None, None)


@pytest.fixture
def watch() -> Watch:
    """The clock that the notices go by."""
    return Watch()


@pytest.fixture
def panels(watch: Watch) -> Panels:
    """No browser has been here."""
    return Panels(watch)


def test_a_form_is_worth_something_once(panels: Panels) -> None:
    panel = panels.of(None)
    token = panels.new_form(panel, HOME)
    assert panels.claim(panel, token, HOME) is Claim.FRESH
    assert panels.claim(panel, token, HOME) is Claim.REPEATED


def test_a_form_used_at_the_wrong_place_is_not_good_later(panels: Panels) -> None:
    panel = panels.of(None)
    token = panels.new_form(panel, HOME)
    assert panels.claim(panel, token, CODE) is Claim.STALE
    assert panels.claim(panel, token, HOME) is Claim.REPEATED
    assert panel.forms[token].done.is_set(), "whoever posts it again is answered at once"


def test_a_form_is_worth_nothing_to_another_browser(panels: Panels) -> None:
    token = panels.new_form(panels.of(None), HOME)
    assert panels.claim(panels.of(None), token, HOME) is Claim.STALE


def test_old_forms_and_old_browsers_are_forgotten(panels: Panels) -> None:
    panel = panels.of(None)
    first = panels.new_form(panel, HOME)
    for _ in range(FORMS_A_PANEL):
        panels.new_form(panel, HOME)
    assert panels.claim(panel, first, HOME) is Claim.STALE
    for _ in range(PANELS):
        panels.of(None)
    assert panels.of(panel.id) is not panel


def test_a_cookie_that_is_not_ours_is_not_taken_over(panels: Panels) -> None:
    assert panels.of("me").id != "me"
    ours = panels.of(None)
    assert panels.of(ours.id) is ours


def test_a_sentence_ends_with_its_time_or_its_place(panels: Panels, watch: Watch) -> None:
    panel = panels.of(None)
    panels.say(panel, "malformed", HOME)
    assert panels.notice_of(panel, HOME) == "malformed"
    assert panels.notice_of(panel, CODE) == ""
    watch.ahead_ms = NOTICE_MS
    assert panels.notice_of(panel, HOME) == ""
