"""The product's side of the benchmarks: its past is a true one, and the real daemon is what is measured."""

import json
from pathlib import Path

import pytest

from config.load import load
from kiosk.domain.model.delivery import DeliveryState
from kiosk.storage import empty_state
from kiosk.store.audit_report import Report
from kiosk.store.reader import StoredFile
from tests.benchmarks.bench import Bench
from tests.benchmarks.instruments.child import Child
from tests.benchmarks.product.folder import CODES, SETTINGS, data_of, folder_with_past
from tests.benchmarks.product.side import product_launch, product_side
from tests.benchmarks.rehearsal import played
from tests.benchmarks.sides import BareSide, bare_launch, bare_side, started
from tests.benchmarks.unlock import pressed

EVENTS = 300


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, lambda _: None)


def audited(folder: Path) -> tuple[Report, int]:
    """The audit of a folder's log, and how many parcels are stored."""
    empty = empty_state(load(folder / SETTINGS, folder))
    with StoredFile(data_of(folder).database) as stored:
        report = stored.verify(empty=empty)
        parcels = stored.load(empty).state.deliveries.values()
    return report, sum(parcel.state is DeliveryState.STORED for parcel in parcels)


async def test_a_made_past_passes_the_audit(bench: Bench) -> None:
    folder = await folder_with_past(bench, EVENTS, boards=2, doors=24)
    report, parcels = audited(folder)
    assert report.problems == ()
    assert report.is_folded
    assert report.events >= EVENTS
    assert parcels == len(json.loads((folder / CODES).read_text())) == 24


async def test_a_past_is_made_once_and_worked_on_in_copies(bench: Bench) -> None:
    folder = await folder_with_past(bench, EVENTS, boards=1, doors=4)
    before = data_of(folder).database.stat().st_mtime_ns
    launch = await product_launch(bench, EVENTS, boards=1, doors=4)
    assert launch.link.parent != folder
    assert data_of(folder).database.stat().st_mtime_ns == before


async def test_a_code_of_the_past_opens_its_door_at_the_real_daemon(bench: Bench) -> None:
    launch = await product_launch(bench, EVENTS)
    async with product_side(launch) as side:
        assert await pressed(side, 5, at_poll=False) > 0
        assert await pressed(side, 6, at_poll=True) > 0


async def test_the_floor_is_pressed_in_the_same_way(bench: Bench) -> None:
    async with bare_side(bare_launch(bench, EVENTS)) as side:
        assert isinstance(side, BareSide)
        assert await pressed(side, 5, at_poll=False) > 0


async def test_a_program_is_ready_when_its_page_answers_and_every_board_was_asked(bench: Bench) -> None:
    async with started(bare_launch(bench, EVENTS)) as program:
        assert isinstance(program.child, Child)
        assert all(program.boards.polls[board] for board in (0, 1))
        assert program.ready_ms > 0


async def test_a_day_of_the_rehearsal_is_played_to_its_end(tmp_path: Path) -> None:
    acts_s = await played(tmp_path, 1)
    assert len(acts_s) == 2
    assert min(acts_s) > 0
