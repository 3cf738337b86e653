"""A change of the directory: taken over whole, with a count in the log and no name."""

from kiosk.domain import events as e
from kiosk.domain.changes import DirectoryReplaced
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import ChangeDirectory


def change_directory(draft: Draft, fact: ChangeDirectory) -> None:
    """Take the new snapshot; parcels that wait stay collectable whoever is gone from it."""
    draft.actor = "command:local"
    draft.record(e.DirectoryChanged(fact.what, fact.added, fact.changed, fact.moved_out))
    draft.record(DirectoryReplaced(fact.directory, fact.pin_hashes, fact.forgotten, fact.recipients))
