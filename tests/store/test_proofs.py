"""Proofs of delivery are kept with the next commit, are found by their code, and go when they are old."""

from pathlib import Path

import pytest

from kiosk.domain.events import DeliveryStored
from kiosk.ports import KeptProof
from kiosk.store.audit_report import ProblemKind
from kiosk.store.journal import SqliteJournal
from kiosk.store.proof_rows import ProofShelf, save_proofs
from kiosk.store.reader import StoredFile
from kiosk.store.retention import PROOFS_MS, forget
from tests.store.rig import Recorder, audit, opened

CODE = "K7M2QX"


def proof(seq: int, code: str = CODE, at_ms: int = 1000, delivery: str = "d") -> KeptProof:
    return KeptProof(seq, f"{delivery}{seq}", code, at_ms, f"LW1:{seq}")


def recorder() -> Recorder:
    kiosk = Recorder().start()
    assert isinstance(kiosk, Recorder)
    return kiosk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


async def test_a_proof_rides_with_the_next_commit(path: Path) -> None:
    async with opened(path) as database:
        shelf = ProofShelf(database)
        journal, kiosk = SqliteJournal(database, proofs=shelf), recorder()
        shelf.put(proof(3))
        assert await shelf.by_code(CODE) == [proof(3)]
        await kiosk.save(journal)
        assert shelf.waiting == ()
        shelf.put(proof(9))
        assert await shelf.by_code(CODE) == [proof(9), proof(3)]
    with StoredFile(path) as file:
        assert file.proofs(CODE) == [proof(3)]
        assert file.proofs("OTHERS") == []


async def test_the_end_of_the_log_is_signed_again_after_a_kill(path: Path) -> None:
    async with opened(path) as database:
        shelf, kiosk = ProofShelf(database), recorder()
        delivery = kiosk.deliver("412")
        written = await kiosk.save(SqliteJournal(database))
        stored = [row for row in written if isinstance(row.event, DeliveryStored)]
        assert await ProofShelf(database).unsigned() == stored
        for row in stored:
            shelf.put(KeptProof(row.seq, delivery.id, CODE, row.at_ms, "LW1"))
        kiosk.deliver("101")
        written = await kiosk.save(SqliteJournal(database, proofs=shelf))
        newer = [row for row in written if isinstance(row.event, DeliveryStored)]
        assert await ProofShelf(database).unsigned() == newer


async def test_the_audit_names_a_proof_that_is_missing_or_of_no_parcel(path: Path) -> None:
    async with opened(path) as database:
        shelf, kiosk = ProofShelf(database), recorder()
        here = [kiosk.deliver(unit) for unit in ("412", "101")]
        written = await kiosk.save(SqliteJournal(database))
        rows = [row for row in written if isinstance(row.event, DeliveryStored)]
        for row, delivery in zip(rows, here, strict=True):
            shelf.put(KeptProof(row.seq, delivery.id, CODE, row.at_ms, "LW1"))
        await database.write(lambda connection: save_proofs(connection, shelf.waiting))
        assert audit(path).is_whole
        await database.write(lambda one: one.execute("DELETE FROM proof WHERE seq = ?", (rows[0].seq,)))
        await database.write(lambda one: save_proofs(one, [proof(1)]))
    found = {problem.place: problem.kind for problem in audit(path).problems}
    assert found == {f"1:{rows[0].seq}": ProblemKind.PROOFS, "proof 1": ProblemKind.PROOFS}


async def test_old_proofs_go_but_not_those_of_parcels_that_are_here(path: Path) -> None:
    async with opened(path) as database:
        shelf, kiosk = ProofShelf(database), recorder()
        here = kiosk.deliver("412")
        for one in (proof(1), proof(2, at_ms=2000), KeptProof(3, here.id, CODE, 0, "LW1")):
            shelf.put(one)
        await kiosk.save(SqliteJournal(database, proofs=shelf))
        await database.write(lambda connection: forget(connection, PROOFS_MS + 1500, uptime_ms=0))
        assert [one.seq for one in await shelf.by_code(CODE)] == [3, 2]
