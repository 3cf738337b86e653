"""Who for: the unit as typed, or a few letters of the surname and at most three masked names."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import ChooseMatch, ChooseUnit, TypeName
from kiosk.domain.model.credential import NAMES
from kiosk.domain.model.ids import ResidentId, UnitId
from kiosk.domain.model.session import Session, Step
from kiosk.domain.name_search import Match, found_by
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.access import bucket_now
from kiosk.domain.rules.drop_off import recipient_of
from kiosk.domain.rules.parcels import is_correcting, readdress


def choose_unit(draft: Draft, session: Session, fact: ChooseUnit) -> Refusal | None:
    """The unit as typed, checked against the directory."""
    if draft.state.visit.step not in (Step.UNIT, Step.QUESTION):
        return Refusal.NOT_NOW
    unit = draft.state.directory.unit_named(fact.label)
    if unit is None:
        return draft.notice(Refusal.UNKNOWN_UNIT)
    return _chosen(draft, unit.id, None)


def _chosen(draft: Draft, unit: UnitId, resident: ResidentId | None) -> Refusal | None:
    """On to the size; a parcel that is given to another unit lies where it is already."""
    visit = draft.state.visit
    if is_correcting(draft.state):
        return readdress(draft, unit, resident)
    recipient = recipient_of(draft.state.directory, unit, resident)
    if isinstance(recipient, Refusal):
        return draft.notice(recipient)
    draft.show(replace(visit, step=Step.SIZE, unit=unit, resident=resident, matches=(), correcting=None))
    return None


def find_by_name(draft: Draft, session: Session) -> Refusal | None:
    """Turn to the page where letters are typed."""
    visit = draft.state.visit
    if visit.step not in (Step.UNIT, Step.QUESTION):
        return Refusal.NOT_NOW
    draft.show(replace(visit, step=Step.FIND_NAME))
    return None


def type_name(draft: Draft, session: Session, fact: TypeName) -> Refusal | None:
    """Every look costs one of a few, found or not, so that nobody can list who lives here."""
    if draft.state.visit.step is not Step.FIND_NAME:
        return Refusal.NOT_NOW
    limits = draft.state.limits
    bucket = bucket_now(draft, NAMES, depth=limits.name_bucket_depth, refill_ms=limits.name_bucket_refill_ms)
    if bucket.left == 0:
        return draft.notice(Refusal.NAMES_PAUSED)
    found = found_by(draft.state.directory, fact.letters)
    draft.record(
        e.NameLookedUp(session.id, len(found), bucket.left - 1, boot=bucket.boot, mono_ms=bucket.mono_ms)
    )
    refusal = _refusal(found, limits.names_shown_at_most)
    if refusal:
        return draft.notice(refusal)
    draft.show(replace(draft.state.visit, step=Step.MATCHES, matches=found))
    return None


def _refusal(found: tuple[Match, ...], at_most: int) -> Refusal | None:
    if not found:
        return Refusal.NAME_UNKNOWN
    is_clear = len({match.shown for match in found}) == len(found)
    return None if is_clear and len(found) <= at_most else Refusal.TOO_MANY_NAMES


def choose_match(draft: Draft, session: Session, fact: ChooseMatch) -> Refusal | None:
    """The name on the label: its unit is shown large before anything opens."""
    visit = draft.state.visit
    if visit.step is not Step.MATCHES or not 0 <= fact.number < len(visit.matches):
        return Refusal.NOT_NOW
    match = visit.matches[fact.number]
    return _chosen(draft, match.unit, match.resident)
