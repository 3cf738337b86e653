"""Puts the parts together from the settings: the only seam between life and rehearsal."""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config.load import quiet_hours_of
from config.settings import Settings, listen_address
from drivers.catalogue import build_banks, open_link
from hal.byte_link import ByteLink
from hal.lock_bank import LockBank
from kiosk.calendar import Calendar
from kiosk.data_folder import DataFolder
from kiosk.directory_orders import DirectoryOrders
from kiosk.domain.model.ids import BankId
from kiosk.door_watch import GAP_S, DoorWatch, PollCadence
from kiosk.effect_runner import EffectRunner, Wake
from kiosk.engine import Engine
from kiosk.fresh import Codes, Stamper
from kiosk.incident_log import IncidentLog
from kiosk.keys import Keys, open_keys
from kiosk.notify.channels import Channels, message_channels
from kiosk.notify.dispatcher import LOOK_AGAIN_S, Notifier
from kiosk.notify.file_channel import open_file_channel
from kiosk.ports import ActiveRows, BrokerLink, Cadence, Journal, MessageChannel, Written
from kiosk.receipts import SignedReceipts
from kiosk.service.clock import Clock, SystemClock, on_time
from kiosk.service.made_up import file_clock
from kiosk.service.random_bytes import RandomBytes
from kiosk.service.sockets import listen_local, listen_tcp
from kiosk.service.systemd_notify import SystemdNotifier
from kiosk.staff_sign_in import StaffSignIn
from kiosk.storage import empty_state, threaded_database
from kiosk.store.chained_rows import ChainedPages
from kiosk.store.cursors import Cursors
from kiosk.store.database import Database
from kiosk.store.directory_store import SqliteDirectory
from kiosk.store.journal import SALT_BYTES, SqliteJournal
from kiosk.store.message_queue import SqliteMessages
from kiosk.store.proof_rows import ProofShelf
from kiosk.store.reader import LogReader
from kiosk.sync.blockage import Blockage
from kiosk.sync.discovery import Discovery
from kiosk.sync.downlink import Downlink
from kiosk.sync.publisher import Custody, Publisher
from kiosk.sync.states import Identity, States
from kiosk.sync.topics import Topics
from kiosk.sync.uplink import Uplink
from kiosk.timers import Timers
from kiosk.version import VERSION
from kiosk.web.app import page_app
from kiosk.web.beats import Beats
from kiosk.web.local import local_app
from kiosk.web.parts import WebParts
from kiosk.web.server import WebApp


@dataclass(frozen=True, slots=True)
class Listeners:
    """The sockets of the page and of the local interface; taken before anything is written."""

    page: socket.socket
    local: socket.socket
    path: Path
    """Where the local one is."""

    def close(self) -> None:
        """Let both go, and leave no name behind that nobody answers at; safe to call twice."""
        self.page.close()
        self.local.close()
        self.path.unlink(missing_ok=True)


def no_broker(_settings: Settings) -> BrokerLink | None:
    """The kiosk keeps to itself."""
    return None


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything that differs between life and rehearsal."""

    links: Callable[[str, int], ByteLink]
    clock: Clock
    cadence: Cadence
    executor: Executor
    """One worker for slow hashes."""
    open_database: Callable[[Path], AbstractAsyncContextManager[Database]]
    channel: Callable[[Settings, Clock], MessageChannel | None]
    """How messages leave; without one they wait in their table."""
    keys: Callable[[DataFolder], Keys]
    serve_web: Callable[[DataFolder], Listeners] | None
    supervisor: SystemdNotifier
    broker: Callable[[Settings], BrokerLink | None] = no_broker
    """Where events go; without one they stay in the log."""
    draw: RandomBytes = os.urandom
    """What ids, proof texts and salts are drawn from; the keys draw the codes."""
    gap_s: float = GAP_S
    """How long a bank may go unread before its doors count as unseen."""
    messages_look_s: float = LOOK_AGAIN_S
    """How often messages are looked for although nobody said that there are any."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The kiosk, put together and not yet running."""

    engine: Engine
    journal: Journal
    banks: Mapping[BankId, LockBank]
    door_watch: DoorWatch
    timers: Timers
    calendar: Calendar
    effect_runner: EffectRunner
    notifier: Notifier | None
    uplink: Uplink | None
    page: WebApp
    local: WebApp
    receipts: SignedReceipts


class LogHead:
    """Where the log stands, as far as the engine has told."""

    def __init__(self, rows: ActiveRows) -> None:
        self._head = (rows.epoch, rows.seq)

    def take(self, written: Sequence[Written]) -> None:
        """A batch is on disk."""
        if written:
            self._head = (written[-1].epoch, written[-1].seq)

    def __call__(self) -> tuple[int, int]:
        """Epoch and number of the newest event."""
        return self._head


async def build(settings: Settings, outside: Outside, keys: Keys, database: Database) -> Parts:
    """Every part of one kiosk, over an open database."""
    codes = Codes(keys.codes)
    cursors = Cursors(database)
    proofs = ProofShelf(database)
    journal = SqliteJournal(
        database, cursors=cursors, proofs=proofs, salting=partial(outside.draw, SALT_BYTES)
    )
    rows = await journal.load(empty_state(settings))
    engine = Engine(rows.state, journal, Stamper(outside.clock, codes, outside.draw).stamp)
    banks = {BankId(name): bank for name, bank in build_banks(settings, outside.links).items()}
    notifier = _notifier(settings, outside, codes, database, engine)
    receipts = SignedReceipts(keys.receipts, settings.kiosk.id, lambda: engine.state, proofs.put)
    receipts.take(await proofs.unsigned())
    head = LogHead(rows)
    web = WebParts(
        inbox=engine,
        codes=codes,
        staff_pins=StaffSignIn(SqliteDirectory(database), outside.executor),
        receipts=receipts,
        public_key=receipts.public,
        orders=DirectoryOrders(
            engine, codes, clock=outside.clock, executor=outside.executor, draw=outside.draw
        ),
        clock=outside.clock,
        beats=Beats(outside.clock),
        panel=settings.kiosk.panel,
        timezone=settings.kiosk.timezone,
        version=VERSION,
        read_events=LogReader(database).read_events,
        read_proofs=proofs.by_code,
        log_head=head,
    )
    parts = Parts(
        engine=engine,
        journal=journal,
        banks=banks,
        door_watch=DoorWatch(banks, rows.state.layout, engine, outside.cadence, gap_s=outside.gap_s),
        timers=Timers(engine, outside.clock),
        calendar=Calendar(engine, outside.clock, quiet_hours_of(settings)),
        effect_runner=_effect_runner(outside, engine, banks, notifier),
        notifier=notifier,
        uplink=_uplink(settings, outside, _Log(engine, journal, database, cursors, rows.epoch, receipts)),
        page=page_app(web),
        local=local_app(web),
        receipts=receipts,
    )
    _connect(parts, head)
    return parts


def _connect(parts: Parts, head: LogHead) -> None:
    parts.engine.connect(parts.effect_runner.take)
    parts.engine.listen(head.take)
    parts.engine.listen(parts.receipts.take)
    parts.engine.listen(IncidentLog(lambda: parts.engine.state).take)
    parts.engine.on_doubt(parts.door_watch.forget)
    if uplink := parts.uplink:
        parts.engine.listen(lambda _written: uplink.publisher.wake())


class _NobodyToWake:
    """Stands where no channel is: messages wait in their table until one is set up."""

    def wake(self) -> None:
        """Nobody would send anything."""


def _effect_runner(
    outside: Outside, engine: Engine, banks: Mapping[BankId, LockBank], notifier: Wake | None
) -> EffectRunner:
    return EffectRunner(
        banks,
        engine,
        clock=outside.clock,
        cadence=outside.cadence,
        notifier=notifier or _NobodyToWake(),
    )


def _notifier(
    settings: Settings, outside: Outside, codes: Codes, database: Database, engine: Engine
) -> Notifier | None:
    channel = outside.channel(settings, outside.clock)
    if channel is None:
        return None
    return Notifier(
        queue=SqliteMessages(database),
        inbox=engine,
        codes=codes,
        channel=channel,
        clock=outside.clock,
        building=engine.state.building,
        pickup_days=settings.kiosk.pickup_days,
        look_again_s=outside.messages_look_s,
        stuck_after_s=settings.messages.undelivered_after_hours * 3600.0,
    )


@dataclass(frozen=True, slots=True)
class _Log:
    """What the uplink needs of the kiosk."""

    engine: Engine
    journal: SqliteJournal
    database: Database
    cursors: Cursors
    epoch: int
    receipts: SignedReceipts


def _uplink(settings: Settings, outside: Outside, log: _Log) -> Uplink | None:
    link, broker = outside.broker(settings), settings.broker
    if link is None or broker is None:
        return None
    kiosk, clock, pages = settings.kiosk, outside.clock, ChainedPages(log.database)
    topics = Topics(kiosk.site, kiosk.id)
    identity = Identity(kiosk.site, kiosk.id, log.receipts.public, log.epoch, VERSION)
    custody = Custody(broker.consumer, broker.custody == "consumer")
    prefix = broker.discovery_prefix
    discovery = Discovery(prefix, topics, kiosk.name, VERSION) if prefix else None
    return Uplink(
        link=link,
        topics=topics,
        publisher=Publisher(pages, log.cursors, topics=topics, clock=clock, custody=custody),
        downlink=Downlink(log.engine, log.journal, pages, topics=topics, clock=clock),
        states=States(log.engine, topics, identity, discovery=discovery),
        blockage=Blockage(log.engine, after_s=broker.blocked_after_s),
        clock=clock,
        draw=outside.draw,
    )


# Life


@contextmanager
def life(settings: Settings, listen: str) -> Iterator[Outside]:
    """The real outside of a running daemon: ports, threads, sockets, the machine's clock."""
    trust = settings.kiosk.clock_trust
    ahead_ms = file_clock(settings.file_clock.file) if settings.file_clock else on_time
    clock = SystemClock(trust.source, trust.path, ahead_ms=ahead_ms)
    with ThreadPoolExecutor(1, "staff-pins") as executor:
        yield Outside(
            links=open_link,
            clock=clock,
            cadence=PollCadence(),
            executor=executor,
            open_database=threaded_database,
            channel=_channel,
            keys=open_keys,
            serve_web=lambda folder: _listeners(folder, listen),
            supervisor=SystemdNotifier.from_environment(),
            broker=_broker,
        )


def _channel(settings: Settings, clock: Clock) -> MessageChannel | None:
    if settings.file_channel:
        return open_file_channel(settings.file_channel.folder, clock)
    return message_channels(settings, clock) or Channels(())


def _broker(settings: Settings) -> BrokerLink | None:
    """The library is loaded only where there is a broker."""
    if settings.broker is None:
        return None
    from kiosk.sync.mqtt_link import MqttLink

    return MqttLink(
        settings.broker, settings.broker.client_id or f"{settings.kiosk.site}-{settings.kiosk.id}"
    )


def _listeners(folder: DataFolder, listen: str) -> Listeners:
    with contextlib.ExitStack() as stack:
        page = listen_tcp(*listen_address(listen))
        stack.callback(page.close)
        local = listen_local(folder.socket)
        stack.pop_all()
        return Listeners(page, local, folder.socket)
