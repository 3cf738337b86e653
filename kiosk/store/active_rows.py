"""Compartments, deliveries and their holdings, sessions, incidents and buckets as rows."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.model.compartment import CompartmentStatus, Condition, SizeClass
from kiosk.domain.model.credential import Bucket
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.ids import CompartmentId, DeliveryId, IncidentId, RecipientId, SessionId
from kiosk.domain.model.incident import Incident, IncidentKind, Severity
from kiosk.domain.model.session import Session, SessionKind, SessionState
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.state import State
from kiosk.store.tables import Row, SqlValue, Table


def _compartment(row: Row) -> tuple[CompartmentId, CompartmentStatus]:
    key, vacancy, condition, uses, may_stand_open, is_unexplained = row
    status = CompartmentStatus(key, Vacancy(vacancy), Condition(condition), uses)
    return key, replace(status, may_stand_open=bool(may_stand_open), is_unexplained=bool(is_unexplained))


COMPARTMENTS: Table[CompartmentId, CompartmentStatus] = Table(
    name="compartment",
    select="""SELECT id, vacancy, condition, uses, may_stand_open, is_unexplained FROM compartment
        ORDER BY id""",
    upsert="""INSERT INTO compartment (id, vacancy, condition, uses, may_stand_open, is_unexplained)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET vacancy = excluded.vacancy, condition = excluded.condition,
        uses = excluded.uses, may_stand_open = excluded.may_stand_open,
        is_unexplained = excluded.is_unexplained""",
    delete="DELETE FROM compartment WHERE id = ?",
    to_row=lambda key, status: (
        key,
        status.vacancy.value,
        status.condition.value,
        status.uses,
        status.may_stand_open,
        status.is_unexplained,
    ),
    from_row=_compartment,
)


def _delivery_row(key: DeliveryId, delivery: Delivery) -> tuple[SqlValue, ...]:
    return (
        key,
        delivery.state.value,
        delivery.compartment if delivery.has_door else None,
        delivery.unit,
        delivery.recipient,
        delivery.carrier,
        delivery.carrier_code,
        delivery.session,
        delivery.size.value,
        delivery.reserved_at_ms,
        delivery.stored_at_ms,
        delivery.due_at_ms,
        delivery.proof,
        delivery.has_code,
        json.dumps(sorted(flag.value for flag in delivery.flags)),
        json.dumps(delivery.tried),
        None if delivery.has_door else delivery.compartment,
        delivery.stored_boot,
        delivery.stored_mono_ms,
        delivery.reminded,
        delivery.held_until_ms,
        delivery.disposal_from_ms,
        json.dumps(delivery.sent_again_at_ms),
    )


def _delivery(row: Row) -> tuple[DeliveryId, Delivery]:
    key, state, *persons, size, reserved_at, stored_at, due_at, proof, has_code, flags, tried = row[:-7]
    place, stored_boot, stored_mono_ms, reminded, held, disposal, again = row[-7:]
    compartment, unit, recipient, carrier, carrier_code, session = persons
    return key, Delivery(
        id=key,
        state=DeliveryState(state),
        compartment=compartment or place,
        unit=unit,
        recipient=recipient,
        carrier=carrier,
        carrier_code=carrier_code,
        session=session,
        size=SizeClass(size),
        reserved_at_ms=reserved_at,
        stored_at_ms=stored_at,
        due_at_ms=due_at,
        proof=proof,
        has_code=bool(has_code),
        flags=frozenset(map(DeliveryFlag, json.loads(flags))),
        tried=tuple(json.loads(tried)),
        stored_boot=stored_boot,
        stored_mono_ms=stored_mono_ms,
        reminded=reminded,
        held_until_ms=held,
        disposal_from_ms=disposal,
        sent_again_at_ms=tuple(json.loads(again)),
    )


DELIVERIES: Table[DeliveryId, Delivery] = Table(
    name="delivery",
    select="""SELECT id, state, compartment, unit, recipient, carrier, carrier_code, session, size,
        reserved_at_ms, stored_at_ms, due_at_ms, proof, has_code, flags, tried, place, stored_boot,
        stored_mono_ms, reminded, held_until_ms, disposal_from_ms, sent_again_at_ms FROM delivery
        ORDER BY rowid""",
    upsert="""INSERT INTO delivery (id, state, compartment, unit, recipient, carrier, carrier_code, session,
        size, reserved_at_ms, stored_at_ms, due_at_ms, proof, has_code, flags, tried, place, stored_boot,
        stored_mono_ms, reminded, held_until_ms, disposal_from_ms, sent_again_at_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, compartment = excluded.compartment,
        unit = excluded.unit, recipient = excluded.recipient, session = excluded.session, size =
        excluded.size, stored_at_ms = excluded.stored_at_ms, due_at_ms = excluded.due_at_ms, proof =
        excluded.proof, has_code = excluded.has_code, flags = excluded.flags, tried =
        excluded.tried, place = excluded.place, stored_boot = excluded.stored_boot, stored_mono_ms =
        excluded.stored_mono_ms, reminded = excluded.reminded, held_until_ms = excluded.held_until_ms,
        disposal_from_ms = excluded.disposal_from_ms, sent_again_at_ms = excluded.sent_again_at_ms""",
    delete="DELETE FROM delivery WHERE id = ?",
    to_row=_delivery_row,
    from_row=_delivery,
)


def _session(row: Row) -> tuple[SessionId, Session]:
    key, kind, actor, state, started_at, *who = row
    carrier, carrier_code, staff, delivery = who
    session = Session(key, SessionKind(kind), actor, SessionState(state), started_at)
    return key, replace(session, carrier=carrier, carrier_code=carrier_code, staff=staff, delivery=delivery)


SESSIONS: Table[SessionId, Session] = Table(
    name="session",
    select="""SELECT id, kind, actor, state, started_at_ms, carrier, carrier_code, staff, delivery
        FROM session ORDER BY started_at_ms, id""",
    upsert="""INSERT INTO session
        (id, kind, actor, state, started_at_ms, carrier, carrier_code, staff, delivery)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state""",
    delete="DELETE FROM session WHERE id = ?",
    to_row=lambda key, session: (
        key,
        session.kind.value,
        session.actor,
        session.state.value,
        session.started_at_ms,
        session.carrier,
        session.carrier_code,
        session.staff,
        session.delivery,
    ),
    from_row=_session,
)


def _incident(row: Row) -> tuple[IncidentId, Incident]:
    key, kind, severity, raised_at, bank, compartment, delivery, since_pulse_ms, message, resident = row
    return key, Incident(
        key,
        IncidentKind(kind),
        Severity(severity),
        raised_at,
        bank=bank,
        compartment=compartment,
        delivery=delivery,
        message=message,
        resident=resident,
        since_pulse_ms=since_pulse_ms,
    )


INCIDENTS: Table[IncidentId, Incident] = Table(
    name="incident",
    select="""SELECT id, kind, severity, raised_at_ms, bank, compartment, delivery, since_pulse_ms, message,
        resident FROM incident ORDER BY raised_at_ms, id""",
    upsert="""INSERT INTO incident
        (id, kind, severity, raised_at_ms, bank, compartment, delivery, since_pulse_ms, message, resident)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET severity = excluded.severity""",
    delete="DELETE FROM incident WHERE id = ?",
    to_row=lambda key, incident: (
        key,
        incident.kind.value,
        incident.severity.value,
        incident.raised_at_ms,
        incident.bank,
        incident.compartment,
        incident.delivery,
        incident.since_pulse_ms,
        incident.message,
        incident.resident,
    ),
    from_row=_incident,
)


def _bucket(row: Row) -> tuple[str, Bucket]:
    name, left, boot, mono_ms = row
    return name, Bucket(left, boot, mono_ms)


BUCKETS: Table[str, Bucket] = Table(
    name="bucket",
    select="SELECT name, left_over, boot, mono_ms FROM bucket",
    upsert="""INSERT INTO bucket (name, left_over, boot, mono_ms) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE
        SET left_over = excluded.left_over, boot = excluded.boot, mono_ms = excluded.mono_ms""",
    delete="DELETE FROM bucket WHERE name = ?",
    to_row=lambda name, bucket: (name, bucket.left, bucket.boot, bucket.mono_ms),
    from_row=_bucket,
)


def load_active(connection: sqlite3.Connection, empty: State) -> State:
    """`empty` with everything that is folded from the log."""
    return replace(
        empty,
        compartments=COMPARTMENTS.load(connection),
        deliveries=DELIVERIES.load(connection),
        sessions=SESSIONS.load(connection),
        incidents=INCIDENTS.load(connection),
        buckets=BUCKETS.load(connection),
    )


def save_active(connection: sqlite3.Connection, before: State, after: State) -> None:
    """Write what changed from one state to the next."""
    COMPARTMENTS.save(connection, before.compartments, after.compartments)
    _save_holdings(connection, before.deliveries, after.deliveries)
    DELIVERIES.save(connection, before.deliveries, after.deliveries)
    SESSIONS.save(connection, before.sessions, after.sessions)
    INCIDENTS.save(connection, before.incidents, after.incidents)
    BUCKETS.save(connection, before.buckets, after.buckets)


def _save_holdings(
    connection: sqlite3.Connection,
    before: Mapping[DeliveryId, Delivery],
    after: Mapping[DeliveryId, Delivery],
) -> None:
    """Two recipients in one compartment do not fit into this table."""
    if before is after:
        return
    held, holds = holdings_of(before), holdings_of(after)
    for gone in held - holds:
        connection.execute("DELETE FROM holding WHERE compartment = ? AND recipient = ?", gone)
    for new in holds - held:
        connection.execute("INSERT INTO holding (compartment, recipient) VALUES (?, ?)", new)


def holdings_of(deliveries: Mapping[DeliveryId, Delivery]) -> set[tuple[CompartmentId, RecipientId]]:
    """Who holds which compartment; shelves and the desk are shared."""
    return {(one.compartment, one.recipient) for one in deliveries.values() if one.has_door}
