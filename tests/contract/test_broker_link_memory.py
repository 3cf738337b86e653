"""The broker in memory keeps the promises of a broker link."""

import pytest

from kiosk.rehearsal.memory_broker import MemoryBroker, MemoryLink, is_under
from tests.contract.broker_link_suite import BrokerLinkContract, Far


class TestMemoryLink(BrokerLinkContract):
    """In this process, in virtual time."""

    @pytest.fixture
    def far(self) -> Far:
        broker = MemoryBroker()
        broker.refused = ("kiosk/forbidden/#",)

        async def take_away() -> None:
            broker.go_away()

        async def bring_back() -> None:
            broker.come_back()

        return Far(
            MemoryLink(broker, "kiosk"),
            MemoryLink(broker, "other"),
            take_away,
            bring_back,
            "kiosk/forbidden/x",
        )


@pytest.mark.parametrize(
    ("topic", "pattern", "matches"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/+", True),
        ("a/b/c", "a/+", False),
        ("a", "a/+", False),
        ("a/b/c", "a/#", True),
        ("a/b", "a", False),
    ],
)
def test_patterns_match_as_in_the_standard(topic: str, pattern: str, *, matches: bool) -> None:
    assert is_under(topic, pattern) is matches
