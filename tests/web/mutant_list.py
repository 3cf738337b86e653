"""What must never become true of the pages without a test that fails."""

from tests.mutants.mutant import Mutant


def _mutant(name: str, path: str, right: str, wrong: str, *tests: str) -> Mutant:
    return Mutant(name, f"kiosk/web/{path}", right, wrong, tuple(f"tests/web/{test}" for test in tests))


ELSEWHERE = "test_guard.py::test_a_touch_from_elsewhere_is_turned_away_and_nothing_is_done"
READ_ELSEWHERE = "test_guard.py::test_a_page_from_elsewhere_reads_nothing"
HEADERS = "test_guard.py::test_pages_cannot_be_framed_cached_or_given_foreign_script"
DIGITS = "test_touches.py::test_digits_are_neither_logged_nor_shown_again"

WEB_MUTANTS = (
    _mutant(
        "another site's form is taken for the kiosk's own",
        "guard.py", '[[own]] if is_write', '[[own], headers.getlist("origin")] if is_write', ELSEWHERE,
    ),
    _mutant(
        "a page that hides its origin may write",
        "guard.py", "[[own]] if is_write", '[[own], [], ["null"]] if is_write', ELSEWHERE,
    ),
    _mutant(
        "another port of the machine is the same site",
        "guard.py", '_SAME = ("same-origin", "none")', '_SAME = ("same-origin", "same-site", "none")',
        ELSEWHERE,
    ),
    _mutant(
        "any name may point at the kiosk",
        "guard.py", 'if headers.getlist("host") != [address]:', 'if not headers.getlist("host"):', ELSEWHERE,
    ),
    _mutant(
        "any name may point at the live feed",
        "guard.py", '!= [address]:', '!= [address] and scope["path"] != "/live":', READ_ELSEWHERE,
    ),
    _mutant(
        "any origin may follow the live feed",
        "guard.py", "else [[], [own]]", 'else [headers.getlist("origin")]', READ_ELSEWHERE,
    ),
    _mutant(
        "the page may stand inside another page",
        "guard.py", '        and headers.get("sec-fetch-dest") == "document"\n', "", READ_ELSEWHERE,
    ),
    _mutant(
        "a body that only looks like a form is read",
        "guard.py", "_judge_body(headers) if is_write else None", "None", ELSEWHERE,
    ),
    _mutant(
        "a body is read however large it is",
        "guard.py", "if len(body) > BODY_LIMIT:", "if len(body) > 64 * BODY_LIMIT:",
        "test_guard.py::test_a_body_that_is_too_large_is_refused",
    ),
    _mutant("foreign script may run", "guard.py", "default-src 'self'", "default-src *", HEADERS),
    _mutant("the page may be framed", "guard.py", "frame-ancestors 'none'", "frame-ancestors *", HEADERS),
    _mutant(
        "pages stay in caches",
        "guard.py", '"cache-control", "no-store"', '"cache-control", "private"', HEADERS,
    ),
    _mutant(
        "script can read the cookie",
        "app.py", 'headers=headers)\n        response.set_cookie(COOKIE, caller.panel.id, httponly=True',
        'headers=headers)\n        response.set_cookie(COOKIE, caller.panel.id, httponly=False',
        "test_guard.py::test_the_cookie_is_out_of_reach_of_script_and_of_other_sites",
    ),
    _mutant(
        "a form works twice",
        "panels.py", "        form.is_used = True\n", "",
        "test_panels.py::test_a_form_is_worth_something_once",
    ),
    _mutant(
        "a form of a page that has gone still acts",
        "panels.py", "if form.place == place:", "if form.place:",
        "test_touches.py::test_a_touch_on_a_page_that_has_gone_does_nothing_even_where_it_could",
    ),
    _mutant(
        "a token that nobody was given is taken",
        "panels.py", "form = panel.forms.get(token)", "form = panel.forms.setdefault(token, Form(place))",
        "test_touches.py::test_a_token_that_nobody_was_given_does_nothing",
    ),
    _mutant(
        "a token of another browser is taken",
        "panels.py", "cookie if cookie and _ID.fullmatch(cookie) else secrets.token_urlsafe(24)", '"A" * 32',
        "test_touches.py::test_a_token_of_another_browser_does_nothing",
    ),
    _mutant(
        "posts are not counted",
        "panels.py", "        panel.tries -= 1\n", "", "test_burst.py",
    ),
    _mutant(
        "a page that does not have the seat acts",
        "app.py", "if post.action == CHANGE_LOOK or not self._may_act(caller, state):",
        "if post.action == CHANGE_LOOK:",
        "test_two_browsers.py::test_the_other_page_shows_nothing_of_the_visit_and_cannot_act",
    ),
    _mutant(
        "a page that does not have the seat shows the visit",
        "app.py", "is_elsewhere=not self._may_act(caller, state)", "is_elsewhere=False",
        "test_two_browsers.py::test_the_other_page_shows_nothing_of_the_visit_and_cannot_act",
    ),
    _mutant(
        "two tabs of one browser act at once",
        "app.py", 'return f"{self.panel.id}/{self.tab}"', "return self.panel.id",
        "test_two_browsers.py::test_a_second_tab_of_one_browser_is_another_page",
    ),
    _mutant(
        "a page that has gone keeps the seat",
        "seat.py", "self._sitter in (None, page) or self._sitter not in self._present",
        "self._sitter in (None, page)", "test_seat.py",
    ),
    _mutant(
        "a staff PIN is tried where nobody asked for one",
        "app.py", "asked = state.visit.step is Step.STAFF_SIGN_IN", "asked = True",
        "test_touches.py::test_a_pin_is_tried_only_where_the_screen_asks_for_one",
    ),
    _mutant(
        "typed digits are logged",
        "app.py", "        wanted = touch_of(",
        '        __import__("logging").info(post.value)\n        wanted = touch_of(',
        DIGITS,
    ),
    _mutant(
        "typed digits stand in the page",
        "static/keypad.js", 'replace("#", typed.length)', 'replace("#", typed)',
        "test_browser.py::test_a_code_sends_itself_at_the_last_digit_and_leaves_no_trace",
    ),
    _mutant(
        "typed digits stand in a traceback",
        "touchscreen/actions.py", 'value: str = field(default="", repr=False)', 'value: str = ""',
        "test_touches.py::test_what_was_typed_is_not_in_a_traceback",
    ),
    _mutant(
        "a name is taken for markup",
        "touchscreen/pages.py", "autoescape=True", "autoescape=False",
        "test_pages.py::test_names_are_not_taken_for_markup",
    ),
    _mutant(
        "the feed tells more than that there is something newer",
        "live.py", "{'rev': rev, 'boot': boot}", "{'rev': rev, 'boot': boot, 'door': 'c1'}",
        "test_live.py::test_a_change_is_told_as_a_number_and_nothing_else",
    ),
    _mutant(
        "the health page answers everybody",
        "app.py", "if not _is_near(request):", "if request.client is None:",
        "test_live.py::test_another_machine_learns_nothing_from_the_health_page",
    ),
)  # fmt: skip
