"""S37: each code that is made can be typed with the keys that its page shows."""

from dataclasses import replace

import pytest

from kiosk.domain.model.screen import ScreenKind
from kiosk.service.codes import draw_digits, draw_fair
from kiosk.web.touchscreen.pages import Issue, Pages, View
from tests.web.gallery import NoClock, OneReceipt
from tests.web.samples import layout, screens
from tests.web.test_pages import Reader

MADE = {"code": 8, "code-twelve": 12, "carrier-code": 6, "staff-sign-in": 8}
"""Page and how many digits it asks for."""


def keys(name: str, language: str) -> set[str]:
    """What the keys of a page type."""
    pages = Pages(OneReceipt(), NoClock(), "UTC", "test")
    screen = replace(screens()[name], language=language)
    page = Reader(pages.part(View(screen, layout()), Issue("token", 1, "boot")))
    return {str(one.attributes["data-key"]) for one in page.named("button") if "data-key" in one.attributes}


@pytest.mark.parametrize("language", ["en", "es", "zh", "ar"])
@pytest.mark.parametrize("name", MADE)
def test_s37_every_sign_of_a_code_has_a_key(name: str, language: str) -> None:
    asked = MADE[name]
    shown = keys(name, language)
    assert {"clear", "delete"} <= shown
    for _ in range(200):
        made = draw_digits() if name.startswith("code") else draw_fair(asked)
        assert set(made) <= shown
        assert len(made) >= asked
    assert screens()[name].kind in (ScreenKind.CODE, ScreenKind.CARRIER_CODE, ScreenKind.STAFF_SIGN_IN)
