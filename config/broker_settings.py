"""The `[broker]` table: where events go and commands come from. Without it the kiosk keeps to itself."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from config.parts import Line, Name, Part, WrittenPath

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class BrokerSettings(Part):
    """One MQTT broker."""

    host: Line = Field(min_length=1, max_length=253, description="name or address of the broker")
    port: int = Field(default=8883, ge=1, le=65535, description="its port; 8883 is MQTT over TLS")
    tls: bool = Field(
        default=True, description="whether the line is encrypted; may be off towards this machine only"
    )
    ca_file: WrittenPath | None = Field(
        default=None, description="certificates that vouch for the broker; without it the system's own"
    )
    certificate_file: WrittenPath | None = Field(
        default=None, description="the kiosk's own certificate, shown to the broker"
    )
    key_file: WrittenPath | None = Field(
        default=None, description="its private key, mode 0600 and without a passphrase"
    )
    username: Line | None = Field(default=None, max_length=128, description="name to sign in with")
    password_file: WrittenPath | None = Field(
        default=None, description="file that holds the password, mode 0600"
    )
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] | None = Field(
        default=None, description="how the broker knows the kiosk; without it SITE-KIOSK"
    )
    version: Literal["5", "3.1.1"] = Field(default="5", description="version of MQTT: 5 or 3.1.1")
    keepalive_s: int = Field(
        default=15, ge=5, le=300, description="a silent line is noticed after twice this time"
    )
    custody: Literal["broker", "consumer"] = Field(
        default="broker", description="whose word counts for an event's arrival"
    )
    consumer: Name | None = Field(
        default=None, description="who may confirm events; needed where custody is the consumer's"
    )
    discovery_prefix: Name | None = Field(
        default=None, description="where Home Assistant looks for devices; without it none is announced"
    )
    blocked_after_s: int = Field(
        default=300, ge=10, le=86_400, description="staff are told when nothing has left for so long"
    )


def broker_problems(broker: BrokerSettings) -> Iterator[tuple[str, str]]:
    """What does not fit together: key, and what is wrong."""
    if not broker.tls and broker.host not in LOOPBACK:
        yield "tls", "off for another machine, expected true: passwords and commands would travel in the open"
    for key in ("ca_file", "certificate_file"):
        if not broker.tls and (broker.ca_file if key == "ca_file" else broker.certificate_file):
            yield key, "given although tls is off"
    if (broker.certificate_file is None) != (broker.key_file is None):
        yield "certificate_file", "expected together with key_file, or neither"
    if broker.password_file and not broker.username:
        yield "password_file", "given without username"
    if broker.custody == "consumer" and not broker.consumer:
        yield "consumer", 'missing, expected the name of the consumer where custody is "consumer"'
