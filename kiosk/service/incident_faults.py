"""What staff must know and do, as faults of the table: `key` is the kind of the incident."""

from kiosk.service.fault import Fault, FaultSeverity

_NOTICE, _TASK, _ALARM = FaultSeverity.NOTICE, FaultSeverity.TASK, FaultSeverity.ALARM

INCIDENT_FAULTS: tuple[Fault, ...] = (
    Fault(
        "LW-B006",
        "bank_lost",
        "a bank is out of sight, so its doors are not offered; its own number says why",
        "`kiosk doctor` names the reason and what to try",
        _ALARM,
    ),
    Fault(
        "LW-C001",
        "door_jammed",
        "a door did not open after three pulses",
        "push the door in and let go while staff open it at the screen; if it stays shut, use the key",
        _TASK,
    ),
    Fault(
        "LW-C002",
        "door_left_open",
        "a door has stood open for two minutes or more",
        "look inside and shut it; if it will not shut, look for what keeps the latch from catching",
        _TASK,
    ),
    Fault(
        "LW-C003",
        "unexplained_opening",
        "a door opened that nobody had asked for: a key, the TEST button of a board, force or a worn lock",
        "ask who was there, look inside, and settle the door at the screen",
        _ALARM,
    ),
    Fault(
        "LW-C004",
        "drop_off_uncertain",
        "nobody saw how a drop-off ended, so there may be a parcel behind the door",
        "open the door at the screen, look, and say what is inside; nothing is put in before",
        _TASK,
    ),
    Fault(
        "LW-C005",
        "pickup_in_doubt",
        "nobody said whether a parcel was taken, so it counts as still there",
        "open the door at the screen, look, and say what is inside",
        _TASK,
    ),
    Fault(
        "LW-C006",
        "foreign_parcel",
        "something is behind a door that should be empty",
        "take it out at the screen, find out whose it is, and hand it over",
        _TASK,
    ),
    Fault(
        "LW-C007",
        "unlock_not_sent",
        "a pulse did not leave in time, so the door was not tried",
        "look whether the bank answers: `kiosk doctor`; then open the door again",
        _TASK,
    ),
    Fault(
        "LW-C008",
        "parcel_missing",
        "a person opened the door of their parcel and says that it was not there",
        "call the person, look at the openings of the door with `kiosk events`, and search",
        _ALARM,
    ),
    Fault(
        "LW-C009",
        "parcel_disputed",
        "a person opened their door and says that the parcel behind it is not theirs",
        "open the door at the screen, look at the label, and move the parcel to whom it belongs",
        _TASK,
    ),
    Fault(
        "LW-C010",
        "parcel_damaged",
        "a person says that their parcel is damaged",
        "look at it with them; the case number belongs to the claim with the carrier",
        _TASK,
    ),
    Fault(
        "LW-C011",
        "compartment_left_out",
        "a parcel is behind a door that the settings no longer name",
        "put the compartment back into the settings and start again, or open it with the key",
        _ALARM,
    ),
    Fault(
        "LW-C012",
        "parcel_overdue",
        "the pickup time of a parcel is over; it stays where it is, and its code opens its door as before",
        "remind the person, hold it for longer, or take it out and give it back to the carrier",
        _TASK,
    ),
    Fault(
        "LW-H001",
        "help_wanted",
        "somebody at the screen asks for a person",
        "go there or call; the case number is on the screen",
        _ALARM,
    ),
    Fault(
        "LW-H002",
        "locked_in",
        "somebody at the screen says that a person is locked in; empty large compartments were opened",
        "go there at once, call for help, open the large doors that are still shut, and look into each",
        _ALARM,
    ),
    Fault(
        "LW-M006",
        "nobody_to_tell",
        "a parcel is here and nobody of the unit can be told",
        "correct a contact in the directory, or tell the people of the unit another way",
        _TASK,
    ),
    Fault(
        "LW-M007",
        "messages_failing",
        "the part that sends messages crashes again and again; they wait, nothing is lost",
        "read the log for the reason, and look at the channels of the settings with `kiosk notify test`",
        _TASK,
    ),
    Fault(
        "LW-M010",
        "message_undelivered",
        "a message was tried for a long time and nobody took it, so a person may not know of their parcel",
        "tell the person another way, and look at their contact in the directory",
        _TASK,
    ),
    Fault(
        "LW-S003",
        "sync_blocked",
        "no event has left for the broker for a while; they wait, nothing is lost",
        "`kiosk broker test` names the step that fails",
        _NOTICE,
    ),
    Fault(
        "LW-S004",
        "sync_failing",
        "the part that sends events to the broker crashes again and again; they wait, nothing is lost",
        "read the log for the reason, and try `kiosk broker test`",
        _TASK,
    ),
)
"""One for every kind of incident."""

UNNAMED = Fault(
    "LW-C099",
    "unnamed",
    "something that staff must look into, and that has no number of its own",
    "`kiosk incidents` says what it is",
    _TASK,
)
_BY_KIND = {fault.key: fault for fault in INCIDENT_FAULTS}


def fault_of_incident(kind: str) -> Fault:
    """The fault that a kind of incident is; nobody is left without a line for want of a number."""
    return _BY_KIND.get(kind, UNNAMED)
