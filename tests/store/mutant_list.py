"""What must never become true of the store without a test that fails."""

from tests.mutants.mutant import Mutant


def _mutant(name: str, module: str, right: str, wrong: str, *tests: str) -> Mutant:
    return Mutant(
        name, f"kiosk/store/{module}.py", right, wrong, tuple(f"tests/store/{test}" for test in tests)
    )


STORE_MUTANTS = (
    _mutant(
        "a commit may be lost with the power",
        "connection", "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL", "test_database.py",
    ),
    _mutant(
        "the hash chain skips one field",
        "chain", "_to_json(columns)", "_to_json((*columns[:9], *columns[10:]))", "test_chain.py",
    ),
    _mutant("rows are hashed but not chained", "chain", "sha256(before + ", "sha256(b'' + ", "test_chain.py"),
    _mutant(
        "personal data is hashed without its salt",
        "chain", "hmac.new(salt,", "hmac.new(b'x',", "test_chain.py",
    ),
    _mutant(
        "personal fields stand in the open body too",
        "codec", "fields.pop(name)", "fields[name]", "test_codec.py",
    ),
    _mutant(
        "the audit overlooks removed rows",
        "audit_chain", "if seq != self.head.seq + 1:", "if seq < self.head.seq:",
        "test_audit.py::test_every_removed_row_is_named",
    ),
    _mutant(
        "the audit overlooks changed personal parts",
        "audit", "elif private_mac(salt, body) != mac:", "elif not private_mac(salt, body):",
        "test_audit_rows.py::test_a_changed_personal_part_is_named",
    ),
    _mutant(
        "the audit believes the tables",
        "audit_fold", "if folded.get(key) != stored.get(key):", "if key not in folded:",
        "test_audit_rows.py::test_a_row_that_the_log_denies_is_named",
    ),
    _mutant(
        "a failed commit is taken for one that did not happen",
        "errors", 'return JournalBroken(f"the commit failed', 'return JournalRefused(f"the commit failed',
        "test_faults.py",
    ),
    _mutant(
        "a transaction that failed is committed by the next one",
        "database", 'connection.execute("ROLLBACK")', 'connection.execute("COMMIT")', "test_faults.py",
    ),
    _mutant(
        "after an I/O error the old view of the file is believed",
        "database", "                await self.close()\n                loop", "                loop",
        "test_faults.py::test_a_commit_whose_sync_failed_is_found_on_disk_and_stays_there",
    ),
    _mutant(
        "a read-only disk is not found out at the start",
        "connection", "        _probe(connection, may_be_full=may_be_full)\n", "", "test_database.py",
    ),
    _mutant(
        "a newer database is opened",
        "connection", "if version > SCHEMA_VERSION:", "if version > SCHEMA_VERSION + 1:", "test_database.py",
    ),
    _mutant(
        "an empty file is taken for a new kiosk",
        "connection", "if path.stat().st_size == 0 and", "if path.stat().st_size < 0 and", "test_database.py",
    ),
    _mutant(
        "two recipients share a compartment",
        "active_rows", "VALUES (?, ?)\", new", "VALUES (?, ?) ON CONFLICT DO NOTHING\", new",
        "test_journal.py::test_two_recipients_in_one_compartment_do_not_fit",
    ),
    _mutant(
        "a code outlives its parcel",
        "connection", "PRAGMA foreign_keys = ON", "PRAGMA foreign_keys = OFF", "test_journal.py",
    ),
    _mutant(
        "an intent is decided twice",
        "journal", "            self._intents.claim(connection, decisions)\n", "", "test_journal.py",
    ),
    _mutant(
        "an intent is forgotten over a restart",
        "intents", "        self.read_on(connection)\n", "",
        "test_journal.py",
    ),
    _mutant(
        "a migration is not one transaction",
        "migrations", 'connection.execute("BEGIN IMMEDIATE")', 'connection.execute("SELECT 1")',
        "test_migrations.py",
    ),
    _mutant(
        "an untrusted clock makes the kiosk forget",
        "journal", "stamp.at_ms if stamp.is_trusted else None", "stamp.at_ms",
        "test_upkeep.py",
    ),
    _mutant(
        "an idle kiosk writes",
        "checkpoints", "return self._rows >= IDLE_ROWS", "return self._rows >= 1", "test_upkeep.py",
    ),
    _mutant(
        "a cursor is committed alone",
        "cursors", "if seq - start >= SAVE_EVENTS or", "if seq - start >= 1 or", "test_cursors.py",
    ),
    _mutant(
        "an ended code can still be read from the file",
        "side_rows", 'connection.execute("DELETE FROM credential WHERE digest = ?", (spent.digest,))', "pass",
        "test_privacy.py",
    ),
    _mutant(
        "messages to somebody forgotten stay",
        "retention", "DELETE FROM message WHERE resident = ?", "DELETE FROM message WHERE resident = ? AND 0",
        "test_forgetting.py",
    ),
    _mutant(
        "what the log keeps apart outlives somebody forgotten",
        "retention", "event.body, '$.recipient'", "event.body, '$.unit'", "test_forgetting.py",
    ),
)  # fmt: skip
