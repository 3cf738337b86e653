"""One person in front of the screen: sees what the rules show, and touches as the page posts it."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from kiosk.domain.inputs import PanelTouch, PresentStaffPin
from kiosk.domain.model.ids import IntentId
from kiosk.domain.model.screen import Action, Screen
from kiosk.domain.model.session import Step
from kiosk.domain.screens import screen
from kiosk.domain.state import State
from kiosk.ports import CodeMaker, Inbox, StaffPins
from kiosk.rehearsal.crash import Boundary, Killed, Process
from kiosk.rehearsal.diary import Answered, Diary, Shown, Touched, code_mark
from kiosk.rehearsal.virtual_clock import loop_ms
from kiosk.service.clock import Clock
from kiosk.service.random_bytes import RandomBytes
from kiosk.service.uuid7 import uuid7
from kiosk.web.touchscreen.actions import Malformed, StaffPin, read_post, touch_of
from sim.people.kiosk import ScreenDark


@dataclass(frozen=True, slots=True)
class Front:
    """What of a running process a page needs."""

    process: Process
    inbox: Inbox
    codes: CodeMaker
    staff_pins: StaffPins


EYES_S = 0.15
"""Until a page that has changed is seen; what changes once more meanwhile is seen with it."""
_SECRET = frozenset({Action.CODE, Action.CARRIER_CODE, Action.STAFF_PIN})


class Panel(Protocol):
    """The screen on the wall: it is there even while nothing runs behind it."""

    @property
    def front(self) -> Front | None:
        """What runs behind it, if anything does."""

    async def news(self) -> None:
        """Wait until there may be another page."""


class Page:
    """The page of one state; made when somebody looks, and not twice."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._screen: Screen | None = None

    def of(self, state: State) -> Screen:
        """The page of a state."""
        if self._screen is None or state is not self._state:
            made = screen(state)
            self._screen = made if made != self._screen else self._screen
            self._state = state
        return self._screen


@dataclass(slots=True)
class _Form:
    """The form of the page before somebody: it acts once."""

    token: IntentId
    is_used: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Pen:
    """What a page is written with."""

    clock: Clock
    draw: RandomBytes
    page: Page
    diary: Diary


class AtKiosk:
    """The screen, for one person."""

    def __init__(self, person: str, panel: Panel, pen: Pen) -> None:
        self._person = person
        self._panel = panel
        self._pen = pen
        self._shown: Screen | None = None
        self._form: _Form | None = None

    def is_up(self) -> bool:
        """Whether the screen shows anything."""
        return self._panel.front is not None

    def seen(self) -> Screen:
        """What the screen shows now; ScreenDark."""
        shown = self._now(self._front())
        if shown is not self._shown:
            self._shown = shown
            self._pen.diary.add(Shown(loop_ms(), self._person, shown))
        return shown

    def _front(self) -> Front:
        front = self._panel.front
        if front is None:
            self._shown = None
            raise ScreenDark
        return front

    def _now(self, front: Front) -> Screen:
        return self._pen.page.of(front.inbox.state)

    async def changed(self, patience_ms: int) -> bool:
        """Wait for a page other than the one this person saw last; at a dark screen, for any page."""
        was_up = self.is_up()
        before = (self._shown or self._present()) if was_up else None
        try:
            async with asyncio.timeout(patience_ms / 1000):
                while self.is_up() is was_up and self._present() is before:
                    await self._panel.news()
                    await asyncio.sleep(EYES_S)
        except TimeoutError:
            return False
        return self.is_up()

    def _present(self) -> Screen | None:
        front = self._panel.front
        return self._now(front) if front else None

    async def touch(self, action: str, value: str = "", account: str = "") -> None:
        """Touch something; ScreenDark when nothing is there to touch, or it went dark under the finger."""
        front = self._front()
        is_offered = any(offer.action == action for offer in self._now(front).offers)
        if not is_offered:
            self._pen.diary.add(Touched(loop_ms(), self._person, action, is_offered))
            return
        form = self._form or self._new_form()
        self._note_touch(form, action, value)
        if form.is_used:
            await form.done.wait()
            return
        form.is_used = True
        try:
            await self._post(front, form, {"action": action, "value": value, "account": account})
        except Killed:
            raise ScreenDark from None
        finally:
            form.done.set()
            self._form = None

    def _note_touch(self, form: _Form, action: str, value: str) -> None:
        is_secret = action in _SECRET
        touched = Touched(
            loop_ms(),
            self._person,
            action,
            is_offered=True,
            value="" if is_secret else value,
            code=code_mark(value) if is_secret else "",
            intent=form.token,
        )
        self._pen.diary.add(touched)

    def _new_form(self) -> _Form:
        self._form = _Form(IntentId(uuid7(self._pen.clock.now().at_ms, self._pen.draw)))
        return self._form

    async def _post(self, front: Front, form: _Form, fields: dict[str, str]) -> None:
        post = read_post(urlencode({"token": form.token} | fields).encode("ascii"))
        with contextlib.suppress(Malformed):  # the page says so, and nothing happens
            wanted = touch_of(post, front.inbox.state, front.codes)
            answer = await front.inbox.submit(await _with_staff(front, wanted), intent=form.token)
            front.process.pass_by(Boundary.BEFORE_ANSWER)
            self._pen.diary.add(Answered(loop_ms(), self._person, form.token, answer.refusal or ""))
            front.process.pass_by(Boundary.AFTER_ANSWER)


async def _with_staff(front: Front, wanted: PanelTouch | StaffPin) -> PanelTouch:
    """A staff PIN is checked first, and only where the screen asks for one."""
    if not isinstance(wanted, StaffPin):
        return wanted
    asked = front.inbox.state.visit.step is Step.STAFF_SIGN_IN
    staff = await front.staff_pins.check(wanted.account, wanted.pin) if asked else None
    return PresentStaffPin(wanted.account, staff)
