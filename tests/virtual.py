"""Which loop a test runs on: time jumps, unless a test talks to another process and is marked `REAL_TIME`.

A folder uses it by a `conftest.py` whose hook `pytest_asyncio_loop_factories` returns `loops_of(item)`.
"""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from kiosk.rehearsal.virtual_loop import VirtualLoop

LoopFactory = Callable[[], asyncio.AbstractEventLoop]
REAL_TIME = pytest.mark.asyncio(loop_factories=["real"])
_LOOPS: Mapping[str, LoopFactory] = {"virtual": VirtualLoop, "real": asyncio.new_event_loop}


def loops_of(item: pytest.Item) -> Mapping[str, LoopFactory]:
    """The one loop that a test has asked for, or the virtual one."""
    mark = item.get_closest_marker("asyncio")
    names = mark.kwargs.get("loop_factories", ["virtual"]) if mark else ["virtual"]
    return {name: _LOOPS[name] for name in names}
