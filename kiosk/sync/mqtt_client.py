"""The client of one connection. With `kiosk.sync.mqtt_link` the only importer of aiomqtt.

aiomqtt 2.5 drops the broker's codes for publishes, may lose a message when its reader is cancelled, and
leaves the socket of a connection that was given up; so some of its callbacks are overridden here.
"""

import asyncio
import ssl
from collections import deque

import aiomqtt
from aiomqtt.types import PahoSocket
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY, MQTT_ERR_SUCCESS, Client, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from config.broker_settings import BrokerSettings
from kiosk.ports import Arrival, BrokerAway, BrokerRefused, Publication
from kiosk.service.secret_files import read_password, read_secret

CONNECT_S = 3.0
"""For the connection itself, on a thread that a stop waits for."""
ANSWER_S = 10.0
"""For every answer of the broker."""
IN_FLIGHT = 20
SESSION_S = 86_400
"""The broker keeps commands for a kiosk that is away so long; each says until when it is meant."""
QOS = 1


class _ClosedOnFailure(ssl.SSLSocket):
    """paho forgets a socket whose handshake failed."""

    def do_handshake(self, block: bool = False) -> None:
        """Agree on keys, or close."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def tls_context(settings: BrokerSettings) -> ssl.SSLContext:
    """Who is trusted, and who we are; OSError or SecretExposed where a file cannot be used."""
    context = ssl.create_default_context(cafile=settings.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _ClosedOnFailure
    if settings.certificate_file and settings.key_file:
        read_secret(settings.key_file)
        context.load_cert_chain(settings.certificate_file, settings.key_file, password="")
    return context


def _connect_properties(*, is_lasting: bool) -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    if is_lasting:
        properties.SessionExpiryInterval = SESSION_S
    return properties


class OneConnection(aiomqtt.Client):
    """Connects once. Keeps every message until it is asked for, and the broker's code of every publish."""

    def __init__(
        self, settings: BrokerSettings, client_id: str, will: Publication, *, is_lasting: bool
    ) -> None:
        is_v5 = settings.version == "5"
        super().__init__(
            settings.host,
            settings.port,
            identifier=client_id,
            username=settings.username,
            password=read_password(settings.password_file) if settings.password_file else None,
            protocol=aiomqtt.ProtocolVersion.V5 if is_v5 else aiomqtt.ProtocolVersion.V311,
            clean_session=None if is_v5 else not is_lasting,
            clean_start=not is_lasting if is_v5 else MQTT_CLEAN_START_FIRST_ONLY,
            properties=_connect_properties(is_lasting=is_lasting) if is_v5 else None,
            keepalive=settings.keepalive_s,
            timeout=ANSWER_S,
            will=aiomqtt.Will(will.topic, will.payload, QOS, will.is_retained),
            max_inflight_messages=IN_FLIGHT,
            tls_context=tls_context(settings) if settings.tls else None,
        )
        self._client.connect_timeout = CONNECT_S
        self.arrived: deque[Arrival] = deque()
        self.bell = asyncio.Event()
        """Rings when a message has come, and when the connection has ended."""
        self._acknowledgements: dict[int, asyncio.Future[None]] = {}
        self._is_given_up = False

    @property
    def has_gone(self) -> bool:
        """Whether the connection has ended."""
        return self._disconnected.done()

    @property
    def why(self) -> str:
        """What ended the connection."""
        error = self._disconnected.exception() if self._disconnected.done() else None
        return str(error or "the connection to the broker has ended")

    def watch_end(self) -> None:
        """From here on whoever waits is woken when the connection ends."""
        self._disconnected.add_done_callback(lambda _ended: self._let_go())

    def _let_go(self) -> None:
        self.bell.set()
        for waiting in tuple(self._acknowledgements.values()):
            _fail(waiting, BrokerAway(self.why))

    def send(self, publication: Publication) -> "asyncio.Future[None]":
        """Queue a message; done when the broker has acknowledged it, BrokerAway or BrokerRefused if not."""
        sent = self._client.publish(
            publication.topic, publication.payload, QOS, retain=publication.is_retained
        )
        loop = asyncio.get_running_loop()
        acknowledged: asyncio.Future[None] = loop.create_future()
        if sent.rc != MQTT_ERR_SUCCESS or self.has_gone:
            _fail(acknowledged, BrokerAway(self.why))
            return acknowledged
        late = loop.call_later(self.timeout, _fail, acknowledged, _no_answer(publication, self.timeout))
        self._acknowledgements[sent.mid] = acknowledged

        def done(_acknowledged: "asyncio.Future[None]") -> None:
            late.cancel()
            self._acknowledgements.pop(sent.mid, None)

        acknowledged.add_done_callback(done)
        return acknowledged

    def drop(self) -> None:
        """Let the socket go, in whatever state it is; after what the library has scheduled for it."""
        self._is_given_up = True
        asyncio.get_running_loop().call_soon(self._release)

    def _release(self) -> None:
        socket, loop = self._client.socket(), asyncio.get_running_loop()
        if socket is not None and socket.fileno() >= 0:
            loop.remove_reader(socket.fileno())
            loop.remove_writer(socket.fileno())
            socket.close()
        if self._misc_task is not None:
            self._misc_task.cancel()

    def _on_publish(
        self, client: Client, userdata: object, mid: int, reason_code: ReasonCode, properties: Properties
    ) -> None:
        waiting = self._acknowledgements.get(mid)
        if waiting is None or waiting.done():
            return
        if reason_code.is_failure:
            _fail(waiting, BrokerRefused(f"the broker refused a publish: {reason_code}"))
        else:
            waiting.set_result(None)

    def _on_message(self, client: Client, userdata: object, message: MQTTMessage) -> None:
        self.arrived.append(Arrival(message.topic, bytes(message.payload), bool(message.retain)))
        self.bell.set()

    def _on_socket_open(self, client: Client, userdata: object, sock: PahoSocket) -> None:
        """Called on the connecting thread: nobody may be waiting any more."""
        if self._is_given_up:
            sock.close()
            raise OSError("nobody waits for this connection any more")
        super()._on_socket_open(client, userdata, sock)


def _no_answer(publication: Publication, within_s: float) -> BrokerAway:
    return BrokerAway(f"no acknowledgement of {publication.topic} within {within_s:g} s")


def _fail(waiting: "asyncio.Future[None]", error: BrokerAway | BrokerRefused) -> None:
    """Whoever awaits it hears of it; where nobody does any more, nothing is said."""
    if not waiting.done():
        waiting.set_exception(error)
        waiting.exception()
