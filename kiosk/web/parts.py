"""What the pages and the local interface need from the rest of the shell."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from config.settings import PanelSettings
from kiosk.directory_orders import DirectoryOrders
from kiosk.ports import CodeMaker, EventRow, Inbox, KeptProof, Receipts, StaffPins
from kiosk.service.clock import Clock
from kiosk.web.beats import Beats


@dataclass(frozen=True, slots=True)
class WebParts:
    """The parts both servers are made of."""

    inbox: Inbox
    codes: CodeMaker
    staff_pins: StaffPins
    receipts: Receipts
    public_key: str
    """What proofs of delivery are checked with."""
    orders: DirectoryOrders
    clock: Clock
    beats: Beats
    panel: PanelSettings
    timezone: str
    version: str
    read_events: Callable[[int, int], Awaitable[Sequence[EventRow]]]
    """Events after a number, oldest first, so many at most."""
    read_proofs: Callable[[str], Awaitable[Sequence[KeptProof]]]
    """Proofs of delivery with these six characters, newest first."""
    log_head: Callable[[], tuple[int, int]]
    """Epoch and number of the last event on disk."""
