"""No name, contact, label or code stands where it does not belong, not even in the files' bytes."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from kiosk.domain import inputs as i
from kiosk.domain.changes import CredentialAdded
from kiosk.domain.model.credential import CodeCandidate
from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import Digest, ResidentId, UnitId
from kiosk.service.codes import CodeKeys
from kiosk.store.connection import open_reader
from kiosk.store.directory_store import SqliteDirectory
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import empty_state
from tests.store.rig import Recorder, opened

NAME, CONTACT, LABEL = "Wilhelmina Canary", "canary@example.org", "777C"
MAY_HOLD_PEOPLE = {"resident", "staff", "unit", "event_private"}


class Issuer(Recorder):
    """Draws real codes, and remembers the digits as only the resident does."""

    def __init__(self, keys: CodeKeys) -> None:
        super().__init__()
        self.keys = keys
        self.digits: list[str] = []

    def _candidate(self, number: int) -> CodeCandidate:
        fresh = self.keys.candidate()
        self.digits.append(self.keys.unseal(fresh.sealed))
        return CodeCandidate(Digest(fresh.digest), Digest(fresh.long_digest), fresh.sealed)


def people() -> Directory:
    """The rig's directory with one resident whose data would be noticed anywhere."""
    directory = empty_state().directory
    who, home = ResidentId("r412"), UnitId("u412")
    canary = replace(directory.residents[who], name=NAME, contact=CONTACT)
    return replace(
        directory,
        residents={**directory.residents, who: canary},
        units={**directory.units, home: replace(directory.units[home], label=LABEL)},
    )


async def a_life(folder: Path) -> tuple[Issuer, bytes]:
    """Deliveries, a wrong code, a crash; and every byte of the files while the log is not yet moved."""
    kiosk = Issuer(CodeKeys.create(folder / "keys"))
    async with opened(folder / "kiosk.db") as database:
        await SqliteDirectory(database).replace_directory(people(), {})
        journal = SqliteJournal(database)
        kiosk.state = kiosk.before = (await journal.load(empty_state())).state
        kiosk.start()
        kiosk.deliver(LABEL)
        kiosk.deliver("101")
        await kiosk.save(journal)
        kiosk.collect_oldest()
        await kiosk.save(journal)
        kiosk.present(Digest(b"wrong"))
        kiosk.do(i.GoBack())
        kiosk.deliver(LABEL)
        kiosk.crash()
        await kiosk.save(journal)
        return kiosk, every_byte(folder)


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("kiosk.db*"))


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(open_reader(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608


async def test_names_and_labels_stand_in_the_tables_of_people_only(tmp_path: Path) -> None:
    await a_life(tmp_path)
    found = tables(tmp_path / "kiosk.db")
    assert NAME in str(found["resident"])
    assert LABEL in str(found["event_private"])
    for name in found.keys() - MAY_HOLD_PEOPLE:
        text = str(found[name])
        assert not [word for word in (NAME, "Wilhelmina", CONTACT, LABEL) if word in text], name


async def test_no_digit_of_a_code_is_at_rest(tmp_path: Path) -> None:
    kiosk, raw = await a_life(tmp_path)
    assert len(kiosk.digits) > 3
    for digits in kiosk.digits:
        assert digits[:8].encode() not in raw
        assert f"{digits[:4]} {digits[4:8]}".encode() not in raw


async def test_no_event_holds_a_digest_or_a_sealed_code(tmp_path: Path) -> None:
    """What opens doors stands in its own table, which nobody sends anywhere."""
    await a_life(tmp_path)
    found = tables(tmp_path / "kiosk.db")
    secrets = [
        value
        for row in found["credential"] + found["spent_code"]
        for value in row
        if isinstance(value, bytes)
    ]
    text = str(found["event"]) + str(found["message"]) + str(found["intent"])
    assert secrets
    assert not [secret for secret in secrets if secret.hex() in text or str(secret)[2:-1] in text]


async def test_a_code_that_ended_leaves_no_sealed_copy_in_the_file(tmp_path: Path) -> None:
    kiosk, _ = await a_life(tmp_path)
    added = [change for change in kiosk.changes if isinstance(change, CredentialAdded)]
    live = set(kiosk.state.credentials)
    ended = [change.sealed for change in added if change.credential.digest not in live]
    raw = every_byte(tmp_path)
    assert ended
    assert not [sealed for sealed in ended if sealed in raw]
    assert all(change.sealed in raw for change in added if change.credential.digest in live)
