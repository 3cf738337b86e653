"""The memory link keeps the promises of a byte link."""

import pytest

from drivers.memory_link import MemoryLink
from tests.contract.byte_link_suite import ByteLinkContract, FarEnd


def echo(chunk: bytes) -> list[tuple[float, bytes]]:
    return [(0.001, chunk)]


class TestMemoryLink(ByteLinkContract):
    """Over a function in this process, in virtual time."""

    @pytest.fixture
    def far_end(self) -> FarEnd:
        link = MemoryLink("wire", echo)

        async def plug() -> None:
            link.plug(echo)

        return FarEnd(link, take_away=link.unplug, bring_back=plug)
