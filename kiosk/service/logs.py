"""The log: one line a record on the error stream, codes blacked out, repetitions counted instead of said."""

import json
import logging
import re
import sys
from collections import OrderedDict
from dataclasses import dataclass
from typing import TextIO

from kiosk.service.instants import instant_text

SAID_AT_MOST = 5
"""The same line so often within WINDOW_S; what comes after is counted."""
WINDOW_S = 60.0
_LINES_KNOWN = 256
_BLACK = "[digits]"
_CODES = re.compile(
    r"(?P<kept>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|/dev/\S+)"
    r"|(?<!\d)(?:\d{4}[ \u00a0-]\d{4}(?:[ \u00a0-]\d{4})?|\d{12}|\d{8}|\d{6})(?!\d)",
    re.IGNORECASE,
)
_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))


def without_codes(text: str) -> str:
    """The text with every run of digits that could be a code or a PIN blacked out; UUIDs and devices stay."""
    return _CODES.sub(lambda found: found["kept"] or _BLACK, text)


class CodesBlackedOut(logging.Filter):
    """Takes codes out of a record before anything writes it, arguments and traceback included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it always passes."""
        record.msg, record.args = without_codes(_message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_codes(record.exc_text)
        return True


@dataclass(slots=True)
class _Said:
    since_s: float
    times: int = 0


class Repetitions(logging.Filter):
    """Lets the same line through a few times a minute, then counts, and says the count with the next one."""

    def __init__(self) -> None:
        super().__init__()
        self._said: OrderedDict[tuple[str, int, str], _Said] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        message = record.getMessage()
        said = self._remembered((record.name, record.levelno, message), record.created)
        if not 0 <= record.created - said.since_s < WINDOW_S:
            swallowed = said.times - SAID_AT_MOST
            if swallowed > 0:
                record.msg, record.args = f"{message} (and {swallowed} times more before)", None
            said.since_s, said.times = record.created, 0
        said.times += 1
        return said.times <= SAID_AT_MOST

    def _remembered(self, line: tuple[str, int, str], now_s: float) -> _Said:
        said = self._said.setdefault(line, _Said(now_s))
        self._said.move_to_end(line)
        while len(self._said) > _LINES_KNOWN:
            self._said.popitem(last=False)
        return said


class PlainLine(logging.Formatter):
    """`level logger: message`, for people; with the priority in front for the journal if asked."""

    def __init__(self, *, has_priority: bool = False) -> None:
        super().__init__()
        self._has_priority = has_priority

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message and the traceback hold."""
        priority = f"<{_priority(record.levelno)}>" if self._has_priority else ""
        text = f"{record.levelname.lower()} {record.name}: {record.getMessage()}"
        return priority + _one_line(f"{text} | {_traceback(record)}" if record.exc_info else text)


class JsonLine(logging.Formatter):
    """One JSON object a record, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        """Keys: at, level, logger, message, and traceback where there is one."""
        fields = {
            "at": instant_text(int(record.created * 1000)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["traceback"] = _traceback(record)
        return json.dumps(fields, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """The message; a log call with the wrong arguments must not stop whoever made it."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} (and arguments that do not fit)"


def _priority(level: int) -> int:
    return next((number for at_least, number in _PRIORITIES if level >= at_least), 7)


def _traceback(record: logging.LogRecord) -> str:
    return record.exc_text or (
        logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    )


def _one_line(text: str) -> str:
    return " | ".join(line.rstrip() for line in text.splitlines() if line.strip())


def log_handler(
    stream: TextIO = sys.stderr, *, as_json: bool = False, to_journal: bool = False
) -> logging.Handler:
    """A handler with everything above, not yet in use."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine() if as_json else PlainLine(has_priority=to_journal))
    handler.addFilter(CodesBlackedOut())
    handler.addFilter(Repetitions())
    return handler


def set_up_logs(*, as_json: bool = False, to_journal: bool = False, level: int = logging.INFO) -> None:
    """Send every logger's records to the error stream, and nowhere else."""
    root = logging.getLogger()
    root.handlers[:] = [log_handler(sys.stderr, as_json=as_json, to_journal=to_journal)]
    root.setLevel(level)
