"""The keys of one kiosk: made at its first start, read at every other, never made anew under a database."""

import logging
from dataclasses import dataclass

from kiosk.data_folder import DataFolder
from kiosk.receipts import ReceiptKey
from kiosk.service.codes import CodeKeys
from kiosk.service.secret_files import write_secret
from kiosk.storage import database_gone

_log = logging.getLogger(__name__)


FIRST_START = "first-start"
"""Lies beside the keys until the first start has made a database: before that, no database is no loss."""


class KeysMissing(Exception):
    """There is a database, but the keys of its codes are gone: new ones would open nothing."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs proofs, and what makes and reads codes."""

    codes: CodeKeys
    receipts: ReceiptKey


def open_keys(folder: DataFolder) -> Keys:
    """The keys of a data folder; DatabaseGone, KeysMissing, SecretExposed, SecretDamaged.

    Needs the instance lock.
    """
    is_new = not folder.has_database
    if is_new:
        _begin_first_start(folder)
    codes = _code_keys(folder, is_new=is_new)
    if not is_new and not ReceiptKey.is_in(folder.keys):
        _log.warning(
            "%s: the key of proofs is gone; a new one is made, older proofs need the old", folder.keys
        )
    return Keys(codes, ReceiptKey.load_or_create(folder.keys))


def _code_keys(folder: DataFolder, *, is_new: bool) -> CodeKeys:
    try:
        return CodeKeys.load(folder.keys)
    except FileNotFoundError as error:
        if is_new:
            return CodeKeys.create(folder.keys)
        raise KeysMissing(
            f"{error.filename}: the key is missing, and {folder.database.name} holds codes made with it; "
            "bring the folder of the keys back from a backup; nothing was changed"
        ) from error


def _begin_first_start(folder: DataFolder) -> None:
    marker = folder.keys / FIRST_START
    if marker.exists():
        return
    if folder.has_keys:
        raise database_gone(folder)
    write_secret(marker, b"the first start is not done yet\n")


def end_first_start(folder: DataFolder) -> None:
    """The database is there: from now on its absence is a loss. Says nothing where that is known."""
    (folder.keys / FIRST_START).unlink(missing_ok=True)
