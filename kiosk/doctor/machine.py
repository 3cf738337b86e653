"""What can be seen of the machine: program, data folder and its rights, disk, keys, clock."""

import os
import platform
import pwd
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from config.settings import Settings
from kiosk.data_folder import DataFolder
from kiosk.doctor.findings import Finding, red, well
from kiosk.receipts import ReceiptKey
from kiosk.service import errors
from kiosk.service.clock import SystemClock
from kiosk.service.clock_trust import RTC_SECONDS, SYNCHRONISED, ClockTrust, TrustSource
from kiosk.service.codes import CodeKeys
from kiosk.service.secret_files import SecretDamaged, SecretExposed
from kiosk.store.migrations import SCHEMA_VERSION
from kiosk.version import VERSION

FULL_BYTES = 16 * 2**20
LOW_BYTES = 256 * 2**20
_MIB = 2**20


def program(daemon_version: str | None) -> Finding:
    """The version here, and whether the daemon is the same."""
    text = f"latchwork {VERSION}, database schema {SCHEMA_VERSION}, Python {platform.python_version()}"
    if daemon_version not in (None, VERSION):
        return red(
            "version", errors.VERSION_DIFFERS, f"the daemon is {daemon_version}, installed is {VERSION}"
        )
    return well("version", text)


def data_folder(folder: DataFolder) -> Iterator[Finding]:
    """Whether the daemon's account can write there, and whether all of it belongs to one."""
    root = folder.root
    try:
        owner = root.stat().st_uid
    except FileNotFoundError:
        yield well("data folder", f"{root}: is made at the first start")
        return
    except OSError as error:
        yield red("data folder", errors.NOT_ALLOWED_TO_ASK, f"{root}: {_words(error)}")
        return
    strangers = [path for path in _content(folder) if _owner(path) not in (None, owner)]
    if strangers:
        names = ", ".join(f"{path.name} to {_name(_owner(path))}" for path in strangers)
        yield red(
            "data folder",
            errors.DATA_NOT_WRITABLE,
            f"{root} belongs to {_name(owner)}, but {names}",
            next_step=f"sudo chown -R {_name(owner)} {root}",
        )
    elif os.geteuid() == owner and not os.access(root, os.W_OK | os.X_OK):
        yield red("data folder", errors.DATA_NOT_WRITABLE, f"{root}: its owner may not write there")
    else:
        yield well("data folder", f"{root}, of {_name(owner)}")


def _content(folder: DataFolder) -> Iterator[Path]:
    database = folder.database
    beside = (database.with_name(f"{database.name}-{end}") for end in ("wal", "shm"))
    yield from (path for path in (database, *beside, folder.lock, folder.keys) if _owner(path) is not None)


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except OSError:
        return None


def _name(user: int | None) -> str:
    try:
        return pwd.getpwuid(user).pw_name if user is not None else "nobody"
    except KeyError:
        return f"user {user}"


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def disk(folder: DataFolder) -> Finding:
    """Room on the disk of the data folder, and whether it can be written at all."""
    place = next(path for path in (folder.root.absolute(), *folder.root.absolute().parents) if path.exists())
    found = os.statvfs(place)
    free = found.f_bavail * found.f_frsize
    text = f"{free // _MIB} MiB free of {found.f_blocks * found.f_frsize // _MIB} MiB"
    if found.f_flag & os.ST_RDONLY:
        return red("disk", errors.DATA_NOT_WRITABLE, f"{place}: the disk is read-only")
    if free < FULL_BYTES:
        return red("disk", errors.DISK_FULL, text)
    return red("disk", errors.DISK_LOW, text) if free < LOW_BYTES else well("disk", text)


def keys(folder: DataFolder) -> Finding:
    """Whether the keys are there, whole, and nobody else's."""
    if not folder.has_database and not folder.has_keys:
        return well("keys", "are made at the first start")
    loaders: tuple[Callable[[Path], object], ...] = (CodeKeys.load, ReceiptKey.load)
    try:
        for load in loaders:
            load(folder.keys)
    except FileNotFoundError as error:
        return red("keys", errors.KEY_UNUSABLE, f"{error.filename}: is not there")
    except (SecretExposed, SecretDamaged) as error:
        return red("keys", errors.KEY_UNUSABLE, str(error))
    except OSError as error:
        return red("keys", errors.NOT_ALLOWED_TO_ASK, f"{folder.keys}: {_words(error)}")
    mode = stat.S_IMODE(folder.keys.stat().st_mode)
    if mode & 0o077:
        return red(
            "keys",
            errors.KEY_UNUSABLE,
            f"{folder.keys}: mode is {mode:04o}, expected 0700",
            next_step=f"chmod 700 {folder.keys}",
        )
    return well("keys", "of codes and of proofs, for their owner only")


def clock(settings: Settings, told: bool | None) -> Finding:
    """Whether the time of day is believed: by the daemon, or by a look at what vouches for it."""
    trust = settings.kiosk.clock_trust
    is_trusted = SystemClock(trust.source, trust.path).now().is_trusted if told is None else told
    if is_trusted:
        return well("clock", f"trusted, by {trust.source}")
    return red("clock", errors.CLOCK_UNTRUSTED, _why_not(trust))


def _why_not(trust: ClockTrust) -> str:
    match trust.source:
        case TrustSource.KERNEL | TrustSource.FILE:
            path = trust.path or SYNCHRONISED
            what = "is older than the last step of the clock" if path.exists() else "is not there"
            return f"not trusted: {path} {what}"
        case TrustSource.RTC:
            return f"not trusted: the clock chip ({RTC_SECONDS}) does not agree"
        case TrustSource.ASSUME:
            return "not trusted: it was set a moment ago"
