"""The last frames that passed on one port, decoded, for somebody who watches the wire."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from drivers.kerong.dialects import CU48, Dialect
from drivers.kerong.frames import Frame, GetStatus, MassUnlock, StatusReply, Unlock, describe
from drivers.kerong.polarity import Polarity

FRAMES_KEPT = 1000
JOIN_MS = 20
"""Pieces of one sender closer than this, where the first is no frame, are one chopped frame."""
Sender = Literal["kiosk", "board"]


@dataclass(frozen=True, slots=True)
class SeenFrame:
    """One piece on the wire. `gap_ms`: since the piece before. `is_sound`: framing and checksum hold."""

    number: int
    at_ms: int
    gap_ms: int
    sender: Sender
    raw: bytes
    text: str
    is_sound: bool
    addresses: tuple[int, ...]
    is_news: bool
    """An unlock, garbage, or a status that differs from the one before; the rest is the usual asking."""


class FrameRing:
    """A thousand frames of one port; the oldest go first."""

    def __init__(
        self,
        now_ms: Callable[[], int],
        polarities: Mapping[int, Polarity],
        tell: Callable[[], None],
        dialect: Dialect = CU48,
    ) -> None:
        self._now_ms = now_ms
        self._polarities = polarities
        self._dialect = dialect
        self._tell = tell
        self._frames: deque[SeenFrame] = deque(maxlen=FRAMES_KEPT)
        self._last_status: dict[int, int] = {}
        self.count = 0
        """Frames since the start, those forgotten included."""

    def note(self, sender: str, chunk: bytes) -> None:
        """A piece passed now."""
        now_ms = self._now_ms()
        last = self._frames[-1] if self._frames else None
        if last and _goes_on(last, sender, now_ms):
            self._frames.pop()
            seen = self._read(replace(last, raw=last.raw + chunk))
        else:
            self.count += 1
            gap_ms = now_ms - last.at_ms if last else 0
            whose: Sender = "kiosk" if sender == "kiosk" else "board"
            seen = self._read(SeenFrame(self.count, now_ms, gap_ms, whose, chunk, "", False, (), True))
        self._frames.append(seen)
        if seen.is_news:
            self._tell()

    def _read(self, piece: SeenFrame) -> SeenFrame:
        reader = self._dialect.reader()
        frames = reader.feed(piece.raw)
        is_sound = bool(frames) and not reader.skipped and not reader.pending
        addresses = tuple(dict.fromkeys(frame.address for frame in frames))
        polarity = self._polarities.get(addresses[0], Polarity()) if addresses else Polarity()
        news = [self._is_news(frame) for frame in frames]
        return replace(
            piece,
            text=describe(piece.raw, polarity=polarity, reading=self._dialect.reader),
            is_sound=is_sound,
            addresses=addresses,
            is_news=not is_sound or any(news),
        )

    def _is_news(self, frame: Frame) -> bool:
        match frame:
            case GetStatus():
                return False
            case StatusReply(address=address, bits=bits):
                is_new = self._last_status.get(address) != bits
                self._last_status[address] = bits
                return is_new
            case Unlock() | MassUnlock():
                return True

    def frames(self, *, address: int | None = None, news_only: bool = False) -> list[SeenFrame]:
        """The frames kept, oldest first; garbage belongs to every board."""
        return [
            frame
            for frame in self._frames
            if (address is None or not frame.addresses or address in frame.addresses)
            and (frame.is_news or not news_only)
        ]

    def as_text(self) -> str:
        """Every frame kept, one a line, for a file or a mail."""
        return "".join(f"{_line(frame)}\n" for frame in self._frames)


def _goes_on(last: SeenFrame, sender: str, now_ms: int) -> bool:
    return last.sender == sender and not last.is_sound and now_ms - last.at_ms <= JOIN_MS


def _line(frame: SeenFrame) -> str:
    way = "kiosk > board" if frame.sender == "kiosk" else "board > kiosk"
    sound = "ok " if frame.is_sound else "BAD"
    return f"{clock(frame.at_ms)}  +{frame.gap_ms:>6} ms  {way}  {sound}  {frame.raw.hex(' ')}  {frame.text}"


def clock(at_ms: int) -> str:
    """Milliseconds since the world began as hours, minutes, seconds."""
    seconds, ms = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"
