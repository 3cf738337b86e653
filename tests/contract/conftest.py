"""Tests of this folder run in virtual time unless they are marked otherwise."""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from tests.virtual import loops_of


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return loops_of(item)
