"""Everything here runs in virtual time."""

from collections.abc import Mapping

import pytest

from tests.virtual import LoopFactory, loops_of


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, LoopFactory]:
    """Time jumps."""
    return loops_of(item)
