"""Tests of this folder run in virtual time unless they talk to a real broker."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.sync.mosquitto import Mosquitto, mosquitto
from tests.virtual import LoopFactory, loops_of


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, LoopFactory]:
    return loops_of(item)


@pytest.fixture
def broker(tmp_path: Path, free_port: int) -> Iterator[Mosquitto]:
    """A real broker."""
    with mosquitto(tmp_path, free_port) as running:
        yield running
