"""Which contacts are whose, what becomes of them in a URL, and that no library is loaded before its time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.messages import AppriseSettings
from kiosk.notify.apprise_channel import AppriseChannel, phone_number
from kiosk.notify.mail_channel import mail_address

LATE = """
import asyncio, sys
from pathlib import Path
from config.messages import AppriseSettings
from kiosk.notify.apprise_channel import AppriseChannel
import kiosk.wiring
channel = AppriseChannel(AppriseSettings(id="app", url_file=Path("/nowhere")))
channel.reaches("app:ana")
assert "apprise" not in sys.modules
"""


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("mara@example.org", "mara@example.org"),
        ("mailto:mara@example.org", "mara@example.org"),
        ("mara", ""),
        ("", ""),
        ("tgram://token@chat", ""),
        ("mara@example.org\r\nBcc: all@example.org", ""),
        ("a@b,c@d", ""),
    ],
)
def test_what_counts_as_a_mail_address(contact: str, address: str) -> None:
    assert mail_address(contact) == address


@pytest.mark.parametrize(
    ("contact", "number"),
    [
        ("+15550142", "+15550142"),
        ("tel:+15550142", "+15550142"),
        ("sms:+15550142", "+15550142"),
        ("15550142", ""),
        ("+1555014x", ""),
        ("app:+15550142", ""),
        ("", ""),
    ],
)
def test_what_counts_as_a_phone_number(contact: str, number: str) -> None:
    assert phone_number(contact) == number


@pytest.mark.parametrize("address", ["../all", "..", "a/b", "a?b=c", "a#b", "a%2Fb", "a b", "{message}", ""])
def test_a_contact_that_could_lead_elsewhere_is_none(address: str) -> None:
    channel = AppriseChannel(AppriseSettings(id="app", url_file=Path("/nowhere")))
    assert not channel.reaches(f"app:{address}")
    assert channel.reaches("app:salma.b-9@example.org")


def test_the_library_is_loaded_with_the_first_message_only() -> None:
    repository = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", LATE],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
