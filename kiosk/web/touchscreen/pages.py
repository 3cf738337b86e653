"""Draws a screen as a page: one template a kind, every text through the catalogue of its language."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kiosk.domain.model.compartment import Layout
from kiosk.domain.model.screen import Action, Offer, Screen, ScreenKind
from kiosk.domain.refusals import Refusal
from kiosk.ports import Receipts
from kiosk.service.clock import Clock
from kiosk.service.incident_faults import fault_of_incident
from kiosk.web.touchscreen import sentences
from kiosk.web.touchscreen.cabinet import draw, spot_of
from kiosk.web.touchscreen.translate import Catalogue, Catalogues, Language, is_known, language_of

TEMPLATES = Path(__file__).parent / "templates"
ELSEWHERE = "elsewhere"
"""The page of everybody but the one who acts."""
_AT_OPEN_DOORS = frozenset(
    {
        ScreenKind.PUT_IN,
        ScreenKind.TAKE_OUT,
        ScreenKind.STAFF_LOOK,
        ScreenKind.STAFF_TAKE,
        ScreenKind.STAFF_PUT,
    }
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Look:
    """How one browser wants to see the pages; kept in its cookie for this visit."""

    has_contrast: bool = False
    is_large: bool = False

    @classmethod
    def parse(cls, cookie: str) -> "Look":
        """`contrast`, `large`, or both with a hyphen."""
        words = cookie.split("-")
        return cls("contrast" in words, "large" in words)

    def __str__(self) -> str:
        words = [word for word, is_on in (("contrast", self.has_contrast), ("large", self.is_large)) if is_on]
        return "-".join(words)


@dataclass(frozen=True, slots=True)
class View:
    """One screen for one browser."""

    screen: Screen
    layout: Layout
    look: Look = Look()
    notice: str = ""
    is_elsewhere: bool = False
    is_starting: bool = False
    """No door has been seen yet."""

    @property
    def kind(self) -> str:
        """Which template draws it."""
        return ELSEWHERE if self.is_elsewhere else self.screen.kind.value

    @property
    def etag(self) -> str:
        """The same for as long as a person would see no difference."""
        seen = (self.kind, self.screen, str(self.look), self.notice, self.is_starting)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Issue:
    """What makes one copy of a page: its token, and the revision it shows."""

    token: str
    rev: int
    boot: str


class Pages:
    """Renders views."""

    def __init__(self, receipts: Receipts, clock: Clock, timezone: str, version: str) -> None:
        self._receipts = receipts
        self._clock = clock
        self._zone = ZoneInfo(timezone)
        self._timezone = timezone
        self._version = version
        self._catalogues = Catalogues()
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def part(self, view: View, issue: Issue) -> str:
        """The main part of a page, as an open page swaps it in."""
        catalogue = self._catalogues.of(view.screen.language)
        template = self._templates.get_template(f"{view.kind}.html")
        return template.render(
            s=view.screen,
            view=view,
            issue=issue,
            version=self._version,
            language=catalogue.language,
            languages=_others(view.screen, catalogue.language),
            notice=self._notice(view, catalogue),
            clock=self._time(self._clock.now().at_ms),
            held_since=self._since(view.screen.messages_held_since_ms),
            qr=self._qr(view),
            drawing=draw(view.screen.cabinet, view.layout.sizes) if view.screen.cabinet else None,
            is_ajar=_is_ajar(view.screen),
            spot=spot_of(view.screen.cabinet),
            unit_labels=json.dumps(view.screen.unit_labels, ensure_ascii=False),
            said=sentences,
            fault_of=fault_of_incident,
            day=self._day,
            is_main=lambda action: Offer(Action(action), is_main=True) in view.screen.offers,
            takes=lambda action, value: Offer(Action(action), value) in view.screen.offers,
            can=lambda action: view.screen.offers_action(Action(action)),
            _=catalogue.text,
        )

    def full(self, view: View, issue: Issue) -> str:
        """A whole page."""
        catalogue = self._catalogues.of(view.screen.language)
        return self._templates.get_template("page.html").render(
            s=view.screen,
            view=view,
            language=catalogue.language,
            timezone=self._timezone,
            part=Markup(self.part(view, issue)),  # noqa: S704 - rendered by our own templates a line above
        )

    def _notice(self, view: View, catalogue: Catalogue) -> str:
        key, saying = view.screen.notice or view.notice, view.screen.saying
        if key:
            return catalogue.text(sentences.NOTICES[key])
        return catalogue.text(sentences.SAYINGS[saying]) if saying else ""

    def _day(self, at_ms: int) -> str:
        """The day of an instant where the kiosk stands, the same in every language."""
        return f"\u2066{self._local(at_ms).date().isoformat()}\u2069"

    def _local(self, at_ms: int) -> datetime:
        return (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(self._zone)

    def _time(self, at_ms: int) -> str:
        return self._local(at_ms).strftime("%H:%M")

    def _since(self, at_ms: int | None) -> str:
        """The time of day, with the day where it was not today; kept together in every script."""
        if at_ms is None:
            return ""
        is_today = self._local(at_ms).date() == self._local(self._clock.now().at_ms).date()
        day = "" if is_today else f"{self._local(at_ms).date().isoformat()} "
        return f"\u2068{day}{self._time(at_ms)}\u2069"

    def _qr(self, view: View) -> Markup | None:
        if view.screen.kind is not ScreenKind.PROOF:
            return None
        text = self._receipts.session_text([proof.delivery for proof in view.screen.proofs])
        return _qr_drawing(text) if text else None


def _is_ajar(screen: Screen) -> bool:
    """Whether the door at hand stands open, as far as anybody can see; only then is it drawn so."""
    if screen.kind in _AT_OPEN_DOORS:
        return screen.notice is not Refusal.DOOR_UNREACHABLE
    return screen.notice is Refusal.CLOSE_THE_DOOR_FIRST


def _qr_drawing(text: str) -> Markup:
    import segno  # loaded late: only the last page of a drop-off needs it

    code = segno.make(text, error="l", micro=False)
    drawing = code.svg_inline(border=4, omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    return Markup(drawing)  # noqa: S704 - the text stands in the drawing as squares only


def _others(screen: Screen, language: Language) -> tuple[Language, ...]:
    """The languages to switch to, each in its own name."""
    known = (language_of(tag) for tag in screen.languages if is_known(tag))
    return tuple(one for one in known if one != language)
