"""Tests of this folder run in virtual time unless they are marked otherwise."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.drivers.adapter import Adapter
from tests.virtual import loops_of


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return loops_of(item)


@pytest.fixture
def adapter(tmp_path: Path) -> Iterator[Adapter]:
    """A plugged-in adapter with nothing behind it."""
    made = Adapter(tmp_path / "ttyLocks")
    yield made
    if made.path.is_symlink():
        made.unplug()
