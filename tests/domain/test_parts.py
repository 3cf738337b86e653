"""Parts beside the core that crash: one incident each, on the staff's list, until they run again."""

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.incident import IncidentKind, Part
from tests.domain.rig import Rig

KINDS = {Part.MESSAGES: IncidentKind.MESSAGES_FAILING, Part.UPLINK: IncidentKind.SYNC_FAILING}


@pytest.mark.parametrize("part", Part)
def test_a_part_that_crashes_is_one_incident_until_it_runs_again(part: Part) -> None:
    rig = Rig().start()
    for _ in range(3):
        rig.do(i.PartReported(part, is_steady=False))
    assert rig.incidents() == {KINDS[part]}
    assert rig.events().count("IncidentRaised") == 1
    for other in set(Part) - {part}:
        assert not rig.do(i.PartReported(other, is_steady=True)).changes
    rig.restart()
    assert rig.incidents() == {KINDS[part]}
    rig.do(i.PartReported(part, is_steady=True))
    assert not rig.incidents()


def test_staff_read_of_it_and_parcels_come_and_go_all_the_same() -> None:
    rig = Rig().start()
    rig.do(i.PartReported(Part.MESSAGES, is_steady=False))
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Finish())
    assert not rig.state.deliveries
    rig.sign_in_staff()
    assert rig.screen().failing == (IncidentKind.MESSAGES_FAILING,)
