"""Which contacts are mail addresses."""

import pytest

from kiosk.notify.mail_channel import mail_address


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
