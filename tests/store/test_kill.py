"""Killed at any moment, a kiosk has on disk everything it has said it has, and nothing in halves.

A kill is not a power cut: what was written but not synced survives it. `test_torn_log.py` takes that away.
"""

import random
import signal
import subprocess
import sys
from pathlib import Path

from kiosk.domain.model.ids import IntentId
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import empty_state
from tests.store.rig import audit, opened

LIVES = 8
BATCHES_AT_MOST = 12


def one_life(path: Path, life: int, batches: int) -> list[tuple[IntentId, int]]:
    """Run a kiosk, kill it some time after so many batches, and return what it had said."""
    program = [sys.executable, "-m", "tests.store.committer", str(path), str(life)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(batches)]
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.readlines()
    said = [line.split() for line in lines if line.endswith("\n")]
    return [(IntentId(intent), int(seq)) for intent, seq in said]


async def test_a_killed_kiosk_keeps_what_it_has_said(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    draw = random.Random(20260501)
    said: list[tuple[IntentId, int]] = []
    for life in range(1, LIVES + 1):
        said += one_life(path, life, draw.randint(1, BATCHES_AT_MOST))
        report = audit(path)
        assert report.is_whole, report.problems
        async with opened(path) as database:
            journal = SqliteJournal(database)
            rows = await journal.load(empty_state())
            assert rows.seq >= said[-1][1]
            assert [await journal.seq_of(intent) for intent, _ in said] == [seq for _, seq in said]
            assert all(live.delivery in rows.state.deliveries for live in rows.state.credentials.values())
    assert len(said) >= LIVES
