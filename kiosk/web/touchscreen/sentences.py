"""What the screen says for each refusal, side and reason: English source texts, translated when shown."""

from kiosk.domain.model.delivery import DeliveryFlag
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.key_use import OpeningAnswer
from kiosk.domain.model.place import Identified, OverflowWhy
from kiosk.domain.model.screen import Side
from kiosk.domain.model.session import Saying
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.staff_parcels import IN_USE, OUT_OF_SIGHT, UNCERTAIN

STALE_PAGE = "stale_page"
"""A touch came from a page that is no longer on the screen."""
MALFORMED = "malformed"
"""A post that no page of ours makes."""


def _(text: str) -> str:
    """Mark a text for translators."""
    return text


NOTICES: dict[str, str] = {
    STALE_PAGE: _("That page was out of date, so nothing was done. Touch again."),
    MALFORMED: _("That entry could not be read, so nothing was done. Enter it again."),
    Refusal.NOT_NOW: _("The screen has moved on, so nothing was done. Touch again."),
    Refusal.WRONG_CARRIER_CODE: _("No carrier has this code. Check the six digits."),
    Refusal.CARRIER_CODE_PAUSED: _("Too many wrong carrier codes. Wait a minute, then try again."),
    Refusal.WRONG_CODE: _("No parcel has this code. Check the digits in your message."),
    Refusal.CODE_NEEDS_MORE: _("Somebody has been guessing codes. Type all twelve digits of yours."),
    Refusal.CODE_TOO_SOON: _("Wait five seconds, then type the code again."),
    Refusal.CODE_COLLECTED: _("The parcel of this code has been collected."),
    Refusal.CODE_REMOVED: _("Staff took the parcel of this code out. Ask them for it."),
    Refusal.CODE_REVOKED: _("This code was replaced. Use the one in your newest message."),
    Refusal.CODE_DISPUTED: _(
        "Somebody with this code said the parcel is not theirs. Staff will look into it."
    ),
    Refusal.CODE_WITHDRAWN: _(
        "This code was withdrawn: its parcel went elsewhere, or is not yours. Read your newest message."
    ),
    Refusal.SENT_LATELY: _("The message was sent again a short while ago. Wait a little."),
    Refusal.UNKNOWN_UNIT: _("There is no such unit here. Check the label."),
    Refusal.UNIT_NEEDS_DESK: _(
        "Each person of this unit has parcels of their own. Find the name, or hand this one to staff."
    ),
    Refusal.NAME_UNKNOWN: _("No name here begins like this. Check the label, or hand the parcel to staff."),
    Refusal.TOO_MANY_NAMES: _("Too many names begin like this. Hand this parcel to staff."),
    Refusal.NAMES_PAUSED: _("Too many names were looked for. Hand this parcel to staff, or try again later."),
    Refusal.NOTHING_FREE: _("Nothing of this size is free now. Choose a larger one, or ask staff."),
    Refusal.NOTHING_LARGER: _("Nothing larger is free. Take the parcel back out and ask staff."),
    Refusal.DOOR_IN_USE: _("Somebody is at this door now. Try again in a minute."),
    Refusal.DOOR_UNREACHABLE: _("The kiosk cannot see this door now. Try again later, or ask staff."),
    Refusal.REOPENED_TOO_OFTEN: _("This door was opened again three times. Ask staff to open it."),
    Refusal.TOO_LATE_TO_REOPEN: _("It is too late to open the door from here. Type your code again."),
    Refusal.CLOSE_THE_DOOR_FIRST: _("Close the door first."),
    Refusal.WRONG_STAFF_PIN: _("This account and this PIN do not belong together."),
    Refusal.STAFF_PIN_PAUSED: _("Too many wrong PINs for this account. Try again later."),
    Refusal.NEEDS_MANAGER: _("Only a manager may do this."),
    Refusal.NEVER_DISPOSED: _("Postal parcels are never disposed of: give it back to the post."),
    Refusal.NOTICE_NOT_OVER: _("The thirty days since the notice are not over yet."),
    Refusal.DATE_NOT_KNOWN: _("The kiosk does not know the date now. Try again later."),
    Refusal.SETTLE_FIRST: _("First somebody must look whether the parcel is inside."),
    Refusal.NOTHING_TO_SETTLE: _("Nobody doubts where this parcel is."),
    Refusal.HOLD_TOO_LONG: _("A parcel can be kept for fourteen days at most."),
    Refusal.NEARLY_FULL: _("The lockers are nearly full, so nothing can be kept longer now."),
    Refusal.COLLECT_ONLY: _("Only pickup works now. Nothing can be delivered."),
    Refusal.OPENED_LATELY: _("The doors were opened a short while ago. Staff have been told."),
    Refusal.NOT_SET_UP: _("This kiosk is not set up for deliveries yet. Ask staff."),
    Refusal.NOT_DURABLE: _("This could not be saved, so nothing was done. Try again, or ask staff."),
    Refusal.OUTCOME_UNKNOWN: _("Wait: the kiosk is finding out what was saved."),
    Refusal.STOPPING: _("The kiosk is stopping. Come back in a minute."),
}

SAYINGS: dict[Saying, str] = {
    Saying.SENT_AGAIN: _("The message is sent again, to the contacts that the building has."),
    Saying.NEW_CODE: _("A new code is on its way; the old one opens nothing."),
}

SIDES: dict[Side, str] = {
    Side.LEFT: _("Left of the screen."),
    Side.RIGHT: _("Right of the screen."),
    Side.ABOVE: _("Above the screen."),
    Side.BELOW: _("Below the screen."),
}

REASONS: dict[str, str] = {
    "drop_off_uncertain": _("A drop-off was interrupted"),
    "parcel_disputed": _("A resident says that the parcel is not theirs"),
    "pickup_in_doubt": _("Nobody saw whether the parcel was taken"),
    "door_left_open": _("The door was left open"),
    "door_jammed": _("The door did not open"),
    "compartment_left_out": _("A parcel is behind a door that the settings leave out"),
    "vacancy_unknown": _("Nobody has looked inside since it was open"),
}

REMARKS: dict[str, str] = {
    DeliveryFlag.OVERDUE: _("overdue"),
    DeliveryFlag.HELD: _("held"),
    DeliveryFlag.IN_DOUBT: _("in doubt"),
    DeliveryFlag.DISPUTED: _("said not to be theirs"),
    UNCERTAIN: _("nobody knows whether it is inside"),
    IN_USE: _("in use now"),
    OUT_OF_SIGHT: _("out of sight"),
}

KEY_ANSWERS: dict[str, str] = {
    OpeningAnswer.HELPED: _("Yes: a resident needed help"),
    OpeningAnswer.REPAIRED: _("Yes: a repair"),
    OpeningAnswer.SEARCHED: _("Yes: to look for a parcel"),
    OpeningAnswer.OTHER: _("Yes: something else"),
    OpeningAnswer.NOT_ME: _("It was not me"),
}

CASES: dict[str, str] = {
    IncidentKind.LOCKED_IN: _("Somebody said that a person is locked in"),
    IncidentKind.HELP_WANTED: _("Somebody at the screen asked for help"),
    IncidentKind.PARCEL_MISSING: _("A parcel was not found"),
    IncidentKind.PARCEL_DAMAGED: _("A parcel is damaged"),
    IncidentKind.NOBODY_TO_TELL: _("Nobody could be told of a parcel"),
    IncidentKind.MESSAGE_UNDELIVERED: _("A message did not arrive. Tell the person, or correct the contact"),
    IncidentKind.PARCEL_OVERDUE: _("A parcel was not collected in time. Ask its recipient"),
}

FAILING: dict[str, str] = {
    IncidentKind.MESSAGES_FAILING: _("Messages to residents do not leave. Call the technician."),
    IncidentKind.SYNC_FAILING: _("Events do not leave the kiosk. Call the technician."),
}

WHYS: dict[str, str] = {
    OverflowWhy.TOO_LARGE: _("Too large for every door"),
    OverflowWhy.NOTHING_FREE: _("Nothing large enough is free"),
    OverflowWhy.SIGNATURE: _("Somebody must sign for it"),
    OverflowWhy.AGE_CHECK: _("Somebody must show their age"),
    OverflowWhy.CASH: _("Somebody must pay for it"),
}

NEEDS: dict[str, str] = {
    OverflowWhy.SIGNATURE: _("A signature"),
    OverflowWhy.AGE_CHECK: _("Proof of age"),
    OverflowWhy.CASH: _("A payment"),
}

IDENTIFIED: dict[str, str] = {
    Identified.KNOWN: _("I know the person"),
    Identified.DOCUMENT: _("Identity card"),
    Identified.CODE: _("The code in the message"),
}

SIZES: dict[str, str] = {
    "S": _("Small"),
    "M": _("Medium"),
    "L": _("Large"),
    "XL": _("Very large"),
}

FREE: dict[str, str] = {
    "S": _("%(count)s small"),
    "M": _("%(count)s medium"),
    "L": _("%(count)s large"),
    "XL": _("%(count)s very large"),
}

STEPS: tuple[str, ...] = (_("Sign in"), _("Unit"), _("Size"), _("Put in, close"))
"""The courier's four, the same as on the poster."""
