"""The log: one line a record, no code in it whatever was logged, and no flood."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from kiosk.service.logs import SAID_AT_MOST, WINDOW_S, Repetitions, log_handler, set_up_logs, without_codes

UUID = "01976e2c-1111-7abc-8def-012345678901"


class Journal:
    """A logger of its own with the house's handler, writing to memory."""

    def __init__(self, *, as_json: bool = False, to_journal: bool = False) -> None:
        self.stream = io.StringIO()
        self.log = logging.Logger("kiosk.test")  # noqa: LOG001 - of this test alone, without parents
        self.log.addHandler(log_handler(self.stream, as_json=as_json, to_journal=to_journal))

    @property
    def lines(self) -> list[str]:
        """What was written."""
        return self.stream.getvalue().splitlines()


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("490692", id="a carrier code"),
        pytest.param("54083510", id="a staff PIN or pickup code"),
        pytest.param("540835104499", id="all twelve digits"),
        pytest.param("5408 3510", id="four and four"),
        pytest.param("5408\u00a03510", id="four and four that stay together"),
        pytest.param("5408-3510", id="four and four with a dash"),
        pytest.param("5408 3510 4499", id="three times four"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "code {}.", "pin={},", "({})", "a{}b", "\u2066{}\u2069"])
def test_digits_that_could_be_a_code_are_blacked_out(secret: str, around: str) -> None:
    assert without_codes(around.format(secret)) == around.format("[digits]")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("door 17 of bank a, channel 48", id="door and channel"),
        pytest.param("process 12345", id="a process"),
        pytest.param("127.0.0.1:8080", id="an address"),
        pytest.param("2026-09-21T14:13:20.250Z", id="an instant"),
        pytest.param(f"message {UUID}.3", id="an identity"),
        pytest.param("/dev/serial/by-id/usb-FTDI_USB_Serial_00000014-if00", id="a serial port"),
        pytest.param("1790000000250", id="milliseconds"),
        pytest.param("02 00 30 03 35", id="bytes of a frame"),
    ],
)
def test_what_a_technician_needs_stays(text: str) -> None:
    assert without_codes(text) == text


def test_codes_go_from_message_arguments_and_traceback_alike() -> None:
    journal = Journal()
    try:
        raise ValueError("no delivery has 5408 3510")
    except ValueError:
        journal.log.exception("keyed in: %s for 54083510", "490692")
    (line,) = journal.lines
    assert "ValueError: no delivery has [digits]" in line
    assert "keyed in: [digits] for [digits]" in line
    for secret in ("5408", "3510", "490692"):
        assert secret not in line


@pytest.mark.parametrize("as_json", [False, True])
def test_whatever_is_logged_is_one_line(as_json: bool) -> None:
    journal = Journal(as_json=as_json)
    try:
        raise ValueError("two\nlines")
    except ValueError:
        journal.log.exception("a\r\nb\u2028c")
    assert len(journal.stream.getvalue().removesuffix("\n").split("\n")) == 1


def test_a_plain_line_says_how_bad_who_and_what() -> None:
    journal = Journal()
    journal.log.warning("bank %s does not answer", "a")
    assert journal.lines == ["warning kiosk.test: bank a does not answer"]


def test_the_journal_is_told_the_priority() -> None:
    journal = Journal(to_journal=True)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        journal.log.log(level, "x")
    assert [line[:3] for line in journal.lines] == ["<7>", "<6>", "<4>", "<3>", "<2>"]


def test_a_json_line_is_an_object_with_an_instant_and_no_code() -> None:
    journal = Journal(as_json=True)
    try:
        raise ValueError("490692")
    except ValueError:
        journal.log.exception('key "%s" بان', "54083510")
    written = json.loads(journal.lines[0])
    assert written["level"] == "error"
    assert written["logger"] == "kiosk.test"
    assert written["message"] == 'key "[digits]" بان'
    assert written["traceback"].endswith("ValueError: [digits]")
    assert written["at"].endswith("Z")


def test_a_log_call_with_wrong_arguments_is_written_and_stops_nobody() -> None:
    journal = Journal()
    journal.log.error("bank %d of %d", "a")  # noqa: PLE1206 - the mistake is the case
    assert "bank %d of %d" in journal.lines[0]


def test_the_same_line_is_said_a_few_times_and_others_go_on() -> None:
    journal = Journal()
    for _ in range(100):
        journal.log.warning("bank a does not answer")
    journal.log.warning("bank b does not answer")
    assert len(journal.lines) == SAID_AT_MOST + 1
    assert journal.lines[-1].endswith("bank b does not answer")


def record(created_s: float, message: str = "again") -> logging.LogRecord:
    made = logging.LogRecord("kiosk.test", logging.WARNING, "", 0, message, None, None)
    made.created = created_s
    return made


def test_what_was_left_out_is_counted_in_the_next_line() -> None:
    repetitions = Repetitions()
    for _ in range(100):
        repetitions.filter(record(1000.0))
    later = record(1000.0 + WINDOW_S)
    assert repetitions.filter(later)
    assert later.getMessage() == f"again (and {100 - SAID_AT_MOST} times more before)"


def test_a_rare_line_is_never_left_out() -> None:
    repetitions = Repetitions()
    for number in range(50):
        assert repetitions.filter(record(1000.0 + number * WINDOW_S))


def test_a_clock_set_back_silences_nothing_for_long() -> None:
    repetitions = Repetitions()
    for _ in range(20):
        repetitions.filter(record(9_000_000.0))
    assert repetitions.filter(record(1000.0))


def test_many_different_lines_take_no_more_memory() -> None:
    repetitions = Repetitions()
    for _ in range(20):
        repetitions.filter(record(1000.0, "line 0"))
    assert not repetitions.filter(record(1000.0, "line 0"))
    for number in range(1, 10_000):
        assert repetitions.filter(record(1000.0, f"line {number}"))
    assert repetitions.filter(record(1000.0, "line 0")), "one that was long ago is forgotten"


@pytest.fixture
def root_restored() -> Iterator[logging.Logger]:
    """The root logger, as it was before once the test is over."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def test_after_setting_up_every_logger_writes_to_the_error_stream_alone(
    root_restored: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs()
    logging.getLogger("some.library").warning("PIN 54083510")
    logging.getLogger("some.library").debug("chatter")
    shown = capsys.readouterr()
    assert shown.err == "warning some.library: PIN [digits]\n"
    assert shown.out == ""
