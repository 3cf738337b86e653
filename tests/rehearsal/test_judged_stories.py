"""Stories, each judged: people with their mishaps, kills, disks, wires, doors and clocks."""

import pytest

from kiosk.rehearsal.judge import Standing
from tests.rehearsal.judged import NAMES, verdict

WHERE_TRIED = {
    1: "ordinary",
    2: "strangers and staff",
    3: "forgetful",
    4: "kills",
    5: "brokers",
    6: "ordinary",
    7: "strangers and staff",
    8: "doors",
    9: "clocks",
    10: "wires",
    11: "strangers and staff",
    12: "wires",
}


@pytest.mark.parametrize("name", NAMES)
def test_every_promise_holds_in_this_story(name: str) -> None:
    assert [str(one) for one in verdict(name).broken] == []


@pytest.mark.parametrize(("number", "name"), WHERE_TRIED.items())
def test_each_promise_is_put_to_the_test(number: int, name: str) -> None:
    judged = verdict(name).promise(number)
    assert judged.standing is Standing.HELD
    assert judged.tried > 1
