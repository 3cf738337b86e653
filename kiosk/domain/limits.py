"""The numbers of the rules. Defaults are the decided ones; a building may choose some of them."""

from dataclasses import dataclass

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Limits:
    """Every time and count that a rule uses, in milliseconds unless named otherwise."""

    unlock_deadline_ms: int = 8 * SECOND_MS
    second_pulse_after_ms: int = 2 * SECOND_MS
    """After the end of the first pulse, if two reads say closed."""
    pulses_at_most: int = 3
    jam_verdict_after_ms: int = 10 * SECOND_MS
    """After the end of the last pulse."""
    explained_within_ms: int = 30 * SECOND_MS
    """So long after a door opened by itself the person with the key may say so."""
    left_open_first_ms: int = 20 * SECOND_MS
    left_open_again_ms: int = 60 * SECOND_MS
    left_open_incident_ms: int = 120 * SECOND_MS
    bounce_ms: int = 2 * SECOND_MS
    """A door at hand that springs open so soon after its close was never shut."""
    taken_after_open_ms: int = 2 * SECOND_MS
    """A pickup door open for less is not believed to be a pickup."""
    reopen_by_touch_ms: int = 120 * SECOND_MS
    reopen_by_code_ms: int = 30 * MINUTE_MS
    reopens_at_most: int = 3
    code_release_after_ms: int = 60 * SECOND_MS
    """A stored parcel's message leaves at the latest this long after the close."""
    question_within_ms: int = 2 * HOUR_MS
    idle_resident_ms: int = 40 * SECOND_MS
    idle_carrier_ms: int = 60 * SECOND_MS
    idle_on_the_way_ms: int = 300 * SECOND_MS
    """A courier carries a parcel to its shelf or to the desk, and comes back."""
    idle_staff_ms: int = 180 * SECOND_MS
    idle_warning_ms: int = 20 * SECOND_MS
    pickup_days: int = 5
    reminders_ms: tuple[int, ...] = (24 * HOUR_MS, 72 * HOUR_MS)
    """After the drop-off, as far as they come before the last one."""
    last_reminder_ms: int = 12 * HOUR_MS
    """Before the end of the pickup time."""
    after_hold_ms: int = DAY_MS
    """So long at least a parcel may wait after its hold has ended."""
    hold_at_most_ms: int = 14 * DAY_MS
    hold_blocked_from: float = 0.9
    """Share of the compartments that are taken from which on nobody may keep one longer."""
    disposal_notice_ms: int = 30 * DAY_MS
    live_parcels_a_compartment: int = 4
    locked_in_every_ms: int = 10 * MINUTE_MS
    """So often at most large doors open because somebody says that a person is locked in."""
    rescue_every_ms: int = 1500
    """Between two of those doors: the longest pulse, and the pause that follows it."""
    idle_rescue_ms: int = 180 * SECOND_MS
    send_again_every_ms: int = 10 * MINUTE_MS
    send_again_at_most: int = 5
    send_again_window_ms: int = DAY_MS
    """Nobody floods a phone: so often one message within so long."""
    code_bucket_depth: int = 10
    code_bucket_refill_ms: int = 45 * MINUTE_MS
    long_code_every_ms: int = 5 * SECOND_MS
    spent_code_told_every_ms: int = 5 * MINUTE_MS
    """A spent code that is keyed in again and again is written down so often at most."""
    refusal_told_every_ms: int = MINUTE_MS
    """The same refusal of the same sign-in at the same door is written down so often at most."""
    spent_codes_kept_ms: int = 90 * DAY_MS
    carrier_bucket_depth: int = 10
    carrier_bucket_refill_ms: int = MINUTE_MS
    name_bucket_depth: int = 10
    name_bucket_refill_ms: int = 5 * MINUTE_MS
    """Looking for a name is for labels without a unit: a few a day, and never enough for a list."""
    names_shown_at_most: int = 3
    staff_bucket_depth: int = 5
    staff_bucket_refill_ms: int = 45 * MINUTE_MS
