"""The types of Kerong boards: how each one says what all of them mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from drivers.kerong import cu16_frames, frames
from drivers.kerong.frames import Frame, FrameReader, GetStatus, StatusReply, Unlock


@dataclass(frozen=True, slots=True)
class Dialect:
    """One type of board: its name on the print, its locks, and its frames."""

    title: str
    channels: int
    get_status: Callable[[int], GetStatus]
    unlock: Callable[[int, int], Unlock]
    status_reply: Callable[[int, int], StatusReply]
    """From address and bits."""
    from_bytes: Callable[[bytes], Frame]
    reader: Callable[[], FrameReader]
    """Reads whatever passes on the wire."""
    kiosk_reader: Callable[[], FrameReader]
    """Reads what boards say, at the kiosk's end."""
    board_reader: Callable[[], FrameReader]
    """Reads what the kiosk says, at a board's end."""


CU48 = Dialect(
    title="CU48",
    channels=frames.CHANNELS,
    get_status=frames.GetStatus,
    unlock=frames.Unlock,
    status_reply=frames.StatusReply,
    from_bytes=frames.from_bytes,
    reader=frames.FrameReader,
    kiosk_reader=lambda: frames.FrameReader(frames.REPLIES),
    board_reader=lambda: frames.FrameReader(frames.REQUESTS),
)
CU16 = Dialect(
    title="CU16",
    channels=cu16_frames.CHANNELS,
    get_status=cu16_frames.GetStatus,
    unlock=cu16_frames.Unlock,
    status_reply=cu16_frames.StatusReply,
    from_bytes=cu16_frames.from_bytes,
    reader=cu16_frames.FrameReader,
    kiosk_reader=lambda: cu16_frames.FrameReader(cu16_frames.REPLIES),
    board_reader=lambda: cu16_frames.FrameReader(cu16_frames.REQUESTS),
)
DIALECTS: Mapping[str, Dialect] = MappingProxyType({"cu48": CU48, "cu16": CU16})
"""By the word of the settings."""
