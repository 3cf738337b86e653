"""Real sockets by default; the feed alone runs on virtual time."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from tests.virtual import LoopFactory, loops_of
from tests.web.rig import WebRig, running


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, LoopFactory]:
    """Time jumps only where a test does not say that it needs the real one."""
    return loops_of(item)


@pytest.fixture
async def kiosk(tmp_path: Path) -> AsyncIterator[WebRig]:
    """A kiosk behind its pages, with every door closed and nobody at the screen."""
    async with running(tmp_path) as rig:
        yield rig
