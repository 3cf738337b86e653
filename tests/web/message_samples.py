"""Pages where messages wait for the network, are sent again or carry a new code; made from the others."""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.model.screen import Action, Offer, Screen
from kiosk.domain.model.session import Saying

HELD_MS = 1_795_500_000_000
"""A day and a half before the clock of the pictures: the longest that is said of it."""


def message_screens(known: Mapping[str, Screen]) -> dict[str, Screen]:
    """Name of a picture -> the screen on it."""
    held = {
        f"{name}-held": replace(known[name], messages_held_since_ms=HELD_MS)
        for name in ("home-troubled", "stored", "proof", "staff-list")
    }
    help_page, cases = known["help-case"], known["staff-cases"]
    help_code = replace(help_page, offers=(*help_page.offers, Offer(Action.NEW_CODE, "0.1")))
    return {
        **held,
        "home-held": replace(known["home"], lost_banks=("upper",), messages_held_since_ms=HELD_MS),
        "help-code": help_code,
        "help-code-new": replace(help_code, saying=Saying.NEW_CODE),
        "staff-cases-again": replace(
            cases,
            cases=tuple(replace(one, again="0.1") for one in cases.cases),
            offers=(*cases.offers, Offer(Action.SEND_AGAIN, "0.1")),
            saying=Saying.SENT_AGAIN,
        ),
    }
