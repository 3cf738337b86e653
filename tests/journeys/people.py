"""What people do with their fingers: at the touchscreen, and at the technician's panel."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

PATIENCE_MS = 20_000
BELIEVED_MS = 2500
"""A door that is open for less than two seconds is believed to be neither a pickup nor a drop-off."""

BETWEEN_KEYS_MS = 150
"""The same key again within 120 ms is a trembling finger, and does not count."""


@dataclass(frozen=True, slots=True)
class Touchscreen:
    """Somebody before the touchscreen."""

    page: Page

    def sees(self, kind: str) -> None:
        """Wait for a screen, and find it unchanged by a reload."""
        self.waits_for(kind)
        self.page.reload()
        self.waits_for(kind)

    def waits_for(self, kind: str) -> None:
        """Wait for a screen."""
        expect(self.page.locator("#screen")).to_have_attribute("data-kind", kind, timeout=PATIENCE_MS)

    def touches(self, action: str) -> None:
        """A finger on the button of an action."""
        self.page.locator(f'#screen button[value="{action}"]').first.click(timeout=PATIENCE_MS)

    def types(self, keys: Iterable[str]) -> None:
        """A finger on one key after another."""
        for key in keys:
            self.page.wait_for_timeout(BETWEEN_KEYS_MS)
            self.page.locator(f'#screen [data-key="{key}"]').first.click(timeout=PATIENCE_MS)

    def reads(self) -> str:
        """Everything that stands on the screen."""
        return self.page.locator("#screen").inner_text()

    @property
    def door(self) -> str:
        """The large door number."""
        return self.page.locator("#screen .door").first.inner_text().strip()


@dataclass(frozen=True, slots=True)
class Panel:
    """The technician, whose hands stand for everybody's."""

    page: Page

    def turns_to(self, label: str) -> None:
        """Choose a door in the drawing."""
        self.page.locator(f'#cabinet a[aria-label^="Door {label}:"]').click(timeout=PATIENCE_MS)
        expect(self.page.locator("#door h2")).to_contain_text(f"Door {label}", timeout=PATIENCE_MS)

    def puts_in(self, label: str, what: str) -> None:
        """Fill an open door."""
        self.turns_to(label)
        self.page.locator("#what").fill(what, timeout=PATIENCE_MS)
        self.page.locator("#hand-put").click(timeout=PATIENCE_MS)
        expect(self.page.locator("#door .inside")).to_contain_text(what, timeout=PATIENCE_MS)

    def takes_out(self, label: str) -> None:
        """Empty an open door of one parcel."""
        self.turns_to(label)
        self.page.locator('#door .inside button:has-text("Take out")').first.click(timeout=PATIENCE_MS)

    def pushes_shut(self, label: str) -> None:
        """Close a door."""
        self.turns_to(label)
        self.page.locator("#hand-push").click(timeout=PATIENCE_MS)

    def code_of_newest_message(self) -> str:
        """The first eight digits on the phone that got the newest message."""
        message = self.page.locator("#phones .phone").first
        message.wait_for(timeout=PATIENCE_MS)
        found = re.search(r"\b(\d{4})\s(\d{4})\b", message.inner_text())
        assert found is not None, message.inner_text()
        return found[1] + found[2]

    def daemon(self, ask: str) -> None:
        """Kill, stop or start the daemon."""
        self.page.locator(f"#daemon-{ask}").click(timeout=PATIENCE_MS)
