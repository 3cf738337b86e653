"""Virtual time, and fixtures for scenarios that need real processes."""

from collections.abc import Mapping

import pytest

from tests.app.fixtures import simulated, used
from tests.sync.conftest import broker
from tests.virtual import LoopFactory, loops_of

__all__ = ["broker", "pytest_asyncio_loop_factories", "simulated", "used"]


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, LoopFactory]:
    """Time jumps."""
    return loops_of(item)
