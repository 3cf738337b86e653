"""The pickup time: reminders while it lasts, a flag for staff when it is over. No parcel is released here.

How long a parcel has waited is told by monotonic time where the machine has not started anew since: a wall
clock that jumps makes nothing overdue. Several reminders that are due at once become one message.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiosk.domain import events as e
from kiosk.domain.changes import MessageQueued
from kiosk.domain.draft import Draft
from kiosk.domain.effects import SendMessages
from kiosk.domain.inputs import CalendarRead
from kiosk.domain.limits import DAY_MS, Limits
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.ids import BootId, CompartmentId, MessageId, RecipientId, UnitId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.rules.custody import (
    PARCEL_LAST_DAY,
    PARCEL_OVERDUE,
    PARCEL_REMINDER,
    end_overdue,
    waiting_kind,
)
from kiosk.domain.rules.incidents import raise_incident
from kiosk.domain.state import State


@dataclass(frozen=True, slots=True)
class Moment:
    """Both clocks at one instant."""

    at_ms: int
    mono_ms: int
    boot: BootId


def calendar_read(draft: Draft, fact: CalendarRead) -> None:
    """Judge what hangs on the calendar; while the clock is not believed, nothing does."""
    if not draft.stamp.is_trusted:
        return
    now = _now(draft)
    for delivery in tuple(draft.state.deliveries.values()):
        if delivery.due_at_ms is None and delivery.stored_at_ms is not None:
            _set_time(draft, delivery, now)
    for delivery in tuple(draft.state.deliveries.values()):
        if _is_judged(delivery) and _left_ms(delivery, now) <= 0:
            _flag(draft, delivery)
    if not fact.is_quiet:
        _remind(draft, now)


def next_due_ms(state: State, now: Moment, *, is_quiet: bool) -> int | None:
    """In how long something is due by the calendar, at the earliest; nothing where nothing ever will be."""
    waits = (one for parcel in state.deliveries.values() for one in _waits(state.limits, parcel, now))
    return min((wait for wait, is_reminder in waits if not (is_reminder and is_quiet)), default=None)


def _waits(limits: Limits, delivery: Delivery, now: Moment) -> Iterator[tuple[int, bool]]:
    """How long until each thing about a parcel is due, and whether it is a reminder."""
    if delivery.held_until_ms is not None:
        yield delivery.held_until_ms - now.at_ms, False
    if delivery.due_at_ms is None:
        if delivery.stored_at_ms is not None:
            yield 0, False
        return
    if _is_judged(delivery):
        yield _left_ms(delivery, now), False
    if _can_be_reminded(delivery):
        marks = _marks(limits, delivery)
        if delivery.reminded < len(marks):
            yield marks[delivery.reminded] - _waited_ms(delivery, now), True


def _now(draft: Draft) -> Moment:
    return Moment(draft.stamp.at_ms, draft.stamp.mono_ms, draft.stamp.boot)


# How long


def _waited_ms(delivery: Delivery, now: Moment) -> int:
    """Since the drop-off."""
    if delivery.stored_boot == now.boot:
        return now.mono_ms - delivery.stored_mono_ms
    return now.at_ms - (delivery.stored_at_ms or now.at_ms)


def _span_ms(delivery: Delivery) -> int:
    """The whole pickup time."""
    return (delivery.due_at_ms or 0) - (delivery.stored_at_ms or 0)


def _left_ms(delivery: Delivery, now: Moment) -> int:
    return _span_ms(delivery) - _waited_ms(delivery, now)


def _set_time(draft: Draft, delivery: Delivery, now: Moment) -> None:
    """Of a drop-off under a clock that nobody believed: from when it was, or else from now on."""
    is_known = delivery.stored_boot == now.boot
    stored_at_ms = now.at_ms - _waited_ms(delivery, now) if is_known else now.at_ms
    span_ms = draft.state.limits.pickup_days * DAY_MS
    draft.record(e.PickupTimeSet(delivery.id, stored_at_ms, stored_at_ms + span_ms))


def end_hold(draft: Draft, delivery: Delivery) -> None:
    """A parcel that was held is not overdue at once: its recipient has a day at least from here on."""
    if delivery.due_at_ms is None or delivery.stored_at_ms is None:
        return
    now, least_ms = _now(draft), draft.state.limits.after_hold_ms
    missing_ms = least_ms - _left_ms(delivery, now)
    if missing_ms > 0:
        due_at_ms = delivery.due_at_ms + missing_ms
        draft.record(e.PickupTimeSet(delivery.id, delivery.stored_at_ms, due_at_ms))


def begin_hold(draft: Draft, delivery: Delivery) -> None:
    """A parcel that its recipient will fetch later is no trouble of staff's."""
    end_overdue(draft, delivery)
    if DeliveryFlag.OVERDUE in delivery.flags:
        draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.OVERDUE, is_set=False))


# Over


def _is_judged(delivery: Delivery) -> bool:
    is_told = DeliveryFlag.OVERDUE in delivery.flags or DeliveryFlag.HELD in delivery.flags
    return delivery.state is DeliveryState.STORED and not is_told


def _flag(draft: Draft, delivery: Delivery) -> None:
    draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.OVERDUE, is_set=True))
    raise_incident(draft, IncidentKind.PARCEL_OVERDUE, compartment=delivery.compartment, delivery=delivery.id)


# Reminders


def _marks(limits: Limits, delivery: Delivery) -> Sequence[int]:
    """When to write to its recipient, from the drop-off on; the last time is when the time is over."""
    span_ms = _span_ms(delivery)
    last_ms = span_ms - limits.last_reminder_ms
    return (*(one for one in limits.reminders_ms if one < last_ms), last_ms, span_ms)


def _can_be_reminded(delivery: Delivery) -> bool:
    is_here = delivery.state is DeliveryState.STORED and delivery.has_code
    return is_here and DeliveryFlag.HELD not in delivery.flags


@dataclass(frozen=True, slots=True)
class _Due:
    delivery: Delivery
    reminded: int
    kind: str
    left_ms: int


def _remind(draft: Draft, now: Moment) -> None:
    """One message to a recipient, however many doors and moments it is about."""
    groups: dict[tuple[RecipientId, UnitId, CompartmentId | None], list[_Due]] = defaultdict(list)
    for delivery in draft.state.deliveries.values():
        if (due := _due(draft.state.limits, delivery, now)) is not None:
            elsewhere = None if delivery.has_door else delivery.compartment
            groups[delivery.recipient, delivery.unit, elsewhere].append(due)
    for group in groups.values():
        group.sort(key=lambda one: (one.left_ms, one.delivery.id))
        told = _write(draft, group)
        for due in group:
            draft.record(e.RecipientReminded(due.delivery.id, due.reminded, told, group[0].delivery.id))


def _due(limits: Limits, delivery: Delivery, now: Moment) -> _Due | None:
    if not _can_be_reminded(delivery) or delivery.due_at_ms is None:
        return None
    marks, waited_ms = _marks(limits, delivery), _waited_ms(delivery, now)
    reminded = sum(mark <= waited_ms for mark in marks)
    if reminded <= delivery.reminded:
        return None
    return _Due(delivery, reminded, _kind(delivery, len(marks) - reminded), _left_ms(delivery, now))


def _kind(delivery: Delivery, times_left: int) -> str:
    """A shelf or a desk is found by the first message, so that is what is said again."""
    if not delivery.has_door:
        return waiting_kind(delivery)
    return {0: PARCEL_OVERDUE, 1: PARCEL_LAST_DAY}.get(times_left, PARCEL_REMINDER)


def _write(draft: Draft, group: Sequence[_Due]) -> tuple[MessageId, ...]:
    """About the most urgent parcel, naming every door; any live code opens all doors of its recipient."""
    first = group[0]
    places = sorted((due.delivery.compartment for due in group), key=lambda one: _walk(draft.state, one))
    labels = dict.fromkeys(map(draft.state.label_of, places))
    days = max(1, -(-first.left_ms // DAY_MS))
    ids: list[MessageId] = []
    for person in draft.state.directory.recipients(first.delivery.recipient, first.delivery.unit):
        ids.append(MessageId(draft.new_id()))
        draft.record(
            MessageQueued(
                ids[-1], first.kind, first.delivery.id, person.id, draft.stamp.at_ms,
                door=", ".join(labels), detail=str(days),
            )
        )  # fmt: skip
    if ids:
        draft.move(SendMessages())
    return tuple(ids)


def _walk(state: State, compartment: CompartmentId) -> tuple[int, int, str]:
    place = state.place(compartment)
    return place.column, place.row, compartment
