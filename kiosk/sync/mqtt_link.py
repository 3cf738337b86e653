"""The real link to a broker: MQTT 5 or 3.1.1 over TCP or TLS. Each connection has a client of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Sequence

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from config.broker_settings import BrokerSettings
from kiosk.ports import Arrival, BrokerAway, BrokerRefused, Greeting, Publication
from kiosk.service.secret_files import SecretExposed
from kiosk.sync.mqtt_client import ANSWER_S, QOS, OneConnection

CLOSE_S = 1.0
"""For the last words to a broker that may not listen any more."""


class MqttLink:
    """The way to the broker of the settings. Certificates and the password are read at every connect.

    A lasting one is known to the broker while it is away: commands wait there for a day.
    """

    def __init__(
        self,
        settings: BrokerSettings,
        client_id: str,
        *,
        is_lasting: bool = True,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._settings = settings
        self._client_id = client_id
        self._is_lasting = is_lasting
        self._answer_s = answer_s

    @contextlib.asynccontextmanager
    async def connected(self, greeting: Greeting) -> AsyncIterator["MqttSession"]:
        """One connection; BrokerAway, BrokerRefused. Left in order, the broker does not speak our will."""
        client = self._client(greeting.will)
        try:
            await _open(client, f"{self._settings.host}:{self._settings.port}")
            await _subscribe(client, greeting.subscriptions, is_v5=self._settings.version == "5")
            yield MqttSession(client)
            await _close(client)
        except asyncio.CancelledError:
            await _close(client)
            raise
        finally:
            client.drop()

    def _client(self, will: Publication) -> OneConnection:
        try:
            client = OneConnection(self._settings, self._client_id, will, is_lasting=self._is_lasting)
        except (OSError, ValueError, SecretExposed) as error:
            raise BrokerAway(f"the files of [broker] cannot be used: {error}") from error
        client.timeout = self._answer_s
        return client


class MqttSession:
    """One connection, subscribed."""

    def __init__(self, client: OneConnection) -> None:
        self._client = client

    def publish(self, publication: Publication) -> Awaitable[None]:
        """Queue it now, in order; await it for the broker's acknowledgement: BrokerAway, BrokerRefused."""
        return self._client.send(publication)

    async def receive(self) -> Arrival:
        """The next message, from the moment of connecting on; BrokerAway when the connection has ended."""
        while not self._client.arrived:
            if self._client.has_gone:
                raise BrokerAway(self._client.why)
            self._client.bell.clear()
            await self._client.bell.wait()
        return self._client.arrived.popleft()

    def waiting(self) -> Sequence[Arrival]:
        """Messages that have come and were not received; they are taken out."""
        found = tuple(self._client.arrived)
        self._client.arrived.clear()
        return found


async def _open(client: OneConnection, where: str) -> None:
    try:
        await client.__aenter__()
    except MqttConnectError as error:
        raise BrokerRefused(f"{where}: the broker refused the connection: {error}") from error
    except (aiomqtt.MqttError, OSError, ValueError) as error:
        raise BrokerAway(f"{where}: {error}") from error
    client.watch_end()


async def _subscribe(client: OneConnection, topics: Sequence[str], *, is_v5: bool) -> None:
    """Every code is looked at. With MQTT 5 a retained command is known as one however it arrives."""
    wanted: list[tuple[str, int]] | list[tuple[str, SubscribeOptions]]
    if is_v5:
        wanted = [(topic, SubscribeOptions(qos=QOS, retainAsPublished=True)) for topic in topics]
    else:
        wanted = [(topic, QOS) for topic in topics]
    try:
        codes = await client.subscribe(wanted) if topics else []
    except aiomqtt.MqttError as error:
        raise BrokerAway(f"no answer to the subscription: {error}") from error
    for topic, code in zip(topics, codes, strict=True):
        if isinstance(code, ReasonCode) and code.is_failure:
            raise BrokerRefused(f"subscribe to {topic}: {code}")


async def _close(client: OneConnection) -> None:
    """Say goodbye, so that the broker does not speak our will; a broker that has gone is left as it is."""
    client.timeout = CLOSE_S
    with contextlib.suppress(aiomqtt.MqttError, OSError):
        await client.__aexit__(None, None, None)
