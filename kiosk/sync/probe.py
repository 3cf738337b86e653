"""Tries a broker step by step, as the kiosk would use it, and says how far it got."""

import asyncio
import ssl
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

from config.broker_settings import BrokerSettings
from kiosk.ports import BrokerAway, BrokerRefused, BrokerSession, Greeting, Publication
from kiosk.service.secret_files import SecretExposed
from kiosk.sync.mqtt_client import tls_context
from kiosk.sync.mqtt_link import MqttLink
from kiosk.sync.topics import Topics

WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One step; `is_absent`: the broker could not be reached at all, so it is no matter of rights."""

    step: str
    is_good: bool
    text: str
    is_absent: bool = False


async def probe(settings: BrokerSettings, topics: Topics, client_id: str) -> AsyncIterator[Finding]:
    """Host, TLS, publish, round trip; ends at the first step that fails."""
    for step in (_host, _tls):
        finding = await step(settings)
        yield finding
        if not finding.is_good:
            return
    topic = topics.probe(uuid.uuid4().hex)
    link = MqttLink(settings, f"{client_id}-test", is_lasting=False)
    is_published = False
    try:
        async with link.connected(Greeting((topic,), Publication(topic, b"lost"))) as session:
            await session.publish(Publication(topic, b"test"))
            is_published = True
            yield Finding("publish", True, f"acknowledged, MQTT {settings.version}")
            yield await _round_trip(session, topic)
    except (BrokerAway, BrokerRefused) as error:
        yield Finding("round trip" if is_published else "publish", False, str(error))


async def _host(settings: BrokerSettings) -> Finding:
    where = f"{settings.host}:{settings.port}"
    try:
        async with asyncio.timeout(WITHIN_S):
            _, writer = await asyncio.open_connection(settings.host, settings.port)
    except (OSError, TimeoutError) as error:
        return Finding("host", False, f"{where}: {str(error) or 'no answer'}", is_absent=True)
    address = writer.get_extra_info("peername")[0]
    writer.close()
    return Finding("host", True, f"{where} answers at {address}")


async def _tls(settings: BrokerSettings) -> Finding:
    if not settings.tls:
        return Finding("TLS", True, "off; only towards this machine")
    try:
        context = tls_context(settings)
        async with asyncio.timeout(WITHIN_S):
            _, writer = await asyncio.open_connection(settings.host, settings.port, ssl=context)
    except (OSError, TimeoutError, SecretExposed, ValueError) as error:
        return Finding("TLS", False, str(error) or "no answer", is_absent=True)
    line = writer.get_extra_info("ssl_object")
    until = _until(line)
    writer.transport.abort()
    return Finding("TLS", True, f"{line.version()}, the broker's certificate is good until {until}")


def _until(line: ssl.SSLObject) -> str:
    certificate = line.getpeercert() or {}
    return str(certificate.get("notAfter", "an unknown day"))


async def _round_trip(session: BrokerSession, topic: str) -> Finding:
    try:
        async with asyncio.timeout(WITHIN_S):
            while (await session.receive()).topic != topic:
                pass
    except TimeoutError:
        return Finding("round trip", False, f"nothing came back; may the kiosk read {topic}?")
    return Finding("round trip", True, "what was published came back")
