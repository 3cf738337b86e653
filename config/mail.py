"""The `[mail]` table: the mail server that takes messages to residents."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config.parts import Part

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""RFC 6409 (587) and RFC 8314 (465) for submission, RFC 5321 (25)."""


def _is_address(text: str) -> str:
    name, _, host = text.rpartition("@")
    if not name or not host or any(one.isspace() or not one.isprintable() for one in text):
        raise ValueError("expected a mail address, such as parcels@example.org")
    return text


Address = Annotated[str, Field(max_length=254), AfterValidator(_is_address)]


class MailSettings(Part):
    """How mail leaves."""

    host: str = Field(min_length=1, max_length=253, description="name or address of the mail server")
    port: int | None = Field(
        default=None, ge=1, le=65535, description="its port; by default 587, 465 or 25 after `security`"
    )
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls from the first byte, or none"
    )
    sender: Address = Field(description="address that messages come from")
    user: str = Field(default="", max_length=254, description="account at the server; empty for none")
    password_file: Path | None = Field(
        default=None, description="file with the account's password, readable by its owner only"
    )
    ca_file: Path | None = Field(
        default=None, description="certificates to trust instead of the system's, as PEM"
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.user) is not bool(self.password_file):
            raise ValueError("expected both user and password_file, or neither")
        if self.user and self.security == "none" and not _is_here(self.host):
            raise ValueError('expected security "starttls" or "tls" where a password crosses the network')
        return self

    @property
    def port_in_use(self) -> int:
        """The port that is connected to."""
        return self.port or PORTS[self.security]


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
