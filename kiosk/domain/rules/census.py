"""A change of the directory: taken over whole, with a count in the log and no name."""

from kiosk.domain import events as e
from kiosk.domain.changes import DirectoryReplaced
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import ChangeDirectory
from kiosk.domain.rules.sessions import end_session

ORDERED = "command:local"


def change_directory(draft: Draft, fact: ChangeDirectory) -> None:
    """Take the new snapshot; parcels that wait stay collectable whoever is gone from it."""
    draft.record(e.DirectoryChanged(fact.what, fact.added, fact.changed, fact.moved_out))
    draft.record(DirectoryReplaced(fact.directory, fact.pin_hashes, fact.forgotten, fact.recipients))
    _sign_out_the_removed(draft)
    draft.actor = ORDERED


def _sign_out_the_removed(draft: Draft) -> None:
    """Staff whose account is gone open no more doors, not even in a session that began before."""
    session = draft.state.active_session
    if session is not None and session.staff and session.staff not in draft.state.directory.staff:
        end_session(draft, "removed")
