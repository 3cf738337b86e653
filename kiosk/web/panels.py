"""Browsers and the forms they were given. A form acts once, for one browser, and only where it was shown."""

import asyncio
import enum
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from kiosk.domain.model.ids import CompartmentId, DeliveryId
from kiosk.domain.model.session import Step, Visit
from kiosk.service.clock import Clock
from kiosk.service.uuid7 import uuid7

COOKIE = "kiosk-panel"
PANELS = 64
NOTICE_MS = 20_000
"""A sentence for one browser alone is shown this long at most."""
FORMS_A_PANEL = 32
TRIES = 30
"""Posts in one go at most; a person at the screen makes one or two a second."""
TRIES_A_SECOND = 10

_ID = re.compile(r"[A-Za-z0-9_-]{32}")

Place = tuple[Step, DeliveryId | None, CompartmentId | None]
"""Where the screen stands: a touch meant for one place does nothing at another."""


def place_of(visit: Visit) -> Place:
    """Where a visit stands."""
    return visit.step, visit.delivery, visit.compartment


class Claim(enum.Enum):
    """What a posted token is worth."""

    FRESH = "fresh"
    REPEATED = "repeated"
    STALE = "stale"


@dataclass(slots=True)
class Form:
    """A page as it was given out."""

    place: Place
    is_used: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Panel:
    """One browser: its forms, how much it may post, and a sentence that only it is shown."""

    id: str
    forms: OrderedDict[str, Form] = field(default_factory=OrderedDict)
    tries: float = TRIES
    counted_ms: int = 0
    notice: str = ""
    notice_place: Place | None = None
    notice_until_ms: int = 0


class Panels:
    """Knows browsers by their cookie; the longest unseen are forgotten first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._panels: OrderedDict[str, Panel] = OrderedDict()

    def of(self, cookie: str | None) -> Panel:
        """The browser with this cookie. After a restart a browser is known again by the one it has."""
        wanted = cookie if cookie and _ID.fullmatch(cookie) else secrets.token_urlsafe(24)
        if wanted not in self._panels:
            self._panels[wanted] = Panel(wanted, counted_ms=self._clock.now().mono_ms)
        self._panels.move_to_end(wanted)
        while len(self._panels) > PANELS:
            self._panels.popitem(last=False)
        return self._panels[wanted]

    def say(self, panel: Panel, notice: str, place: Place) -> None:
        """Tell one browser something, for a while and for as long as the screen stands there."""
        panel.notice, panel.notice_place = notice, place
        panel.notice_until_ms = self._clock.now().mono_ms + NOTICE_MS

    def notice_of(self, panel: Panel, place: Place) -> str:
        """What a browser is told now."""
        is_over = self._clock.now().mono_ms >= panel.notice_until_ms
        return "" if is_over or place != panel.notice_place else panel.notice

    def may_post(self, panel: Panel) -> bool:
        """Whether a browser may post once more; ten thousand touches in ten seconds are nobody's."""
        now_ms = self._clock.now().mono_ms
        back = (now_ms - panel.counted_ms) * TRIES_A_SECOND / 1000
        panel.tries, panel.counted_ms = min(TRIES, panel.tries + back), now_ms
        if panel.tries < 1:
            return False
        panel.tries -= 1
        return True

    def new_form(self, panel: Panel, place: Place) -> str:
        """A token for one page; it becomes the intent of whatever is touched there."""
        token = uuid7(self._clock.now().at_ms)
        panel.forms[token] = Form(place)
        while len(panel.forms) > FORMS_A_PANEL:
            panel.forms.popitem(last=False)
        return token

    def claim(self, panel: Panel, token: str, place: Place) -> Claim:
        """Use a token. It is worth something once, and only while the screen stands where it was given."""
        form = panel.forms.get(token)
        if form is None:
            return Claim.STALE
        if form.is_used:
            return Claim.REPEATED
        form.is_used = True
        if form.place == place:
            return Claim.FRESH
        form.done.set()
        return Claim.STALE
