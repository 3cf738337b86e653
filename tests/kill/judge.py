"""What must be true after a kill: no coil moves, the parcel is accounted for, the screen tells of it."""

from collections import Counter

from kiosk.store.audit_report import Report
from kiosk.store.reader import StoredFile
from tests.kill.people import staff_list
from tests.kill.scene import Row, Scene

VACANT = ("verified", "presumed")
INTERRUPTED = ("depositing", "uncertain")


def is_chain_whole(scene: Scene) -> None:
    """Nobody has the database open: its log is checked from end to end."""
    with StoredFile(scene.kiosk.folder / "kiosk.db") as stored:
        report: Report = stored.verify(head=None, empty=None)
    assert report.is_whole, report.problems


def parcel_is_accounted_for(scene: Scene, *, was_taken: bool) -> None:
    """Behind a door it is known or at least not denied; in somebody's hands nobody claims to keep it."""
    deliveries = scene.rows("/deliveries")
    for door in scene.parcel_doors():
        known = [row for row in deliveries if row["compartment"] == door]
        assert known or scene.place(door)["vacancy"] not in VACANT, scene.place(door)
    if scene.parcel_doors():
        return
    if was_taken:
        assert len(scene.events("DeliveryCollected")) + len(deliveries) == 1
        assert all(row["state"] == "collecting" or row["flags"] == ["in_doubt"] for row in deliveries), (
            deliveries
        )
    else:
        assert all(row["state"] in INTERRUPTED for row in deliveries), deliveries
        assert scene.codes() == []


def screen_tells(scene: Scene) -> None:
    """The home page names the open door of a visit that was cut; staff find whatever is in doubt."""
    page = scene.page()
    assert page.kind == "home"
    home, doubtful = page.look(), [row for row in scene.rows("/deliveries") if row["flags"] == ["in_doubt"]]
    unsaid = [door for door in scene.open_doors() if f"oor {door['label']} is open" not in home]
    if unsaid or doubtful:
        tasks = staff_list(scene)
        assert all(_is_listed(door["id"], tasks) for door in unsaid), tasks
        assert all(_is_listed(row["compartment"], tasks) for row in doubtful), tasks


def _is_listed(door: object, tasks: str) -> bool:
    return f'value="staff_open:{door}"' in tasks


def courier_was_asked(met: list[str], interrupted: list[Row]) -> None:
    """Whoever signs in again is led to the door that was interrupted, or asked about it."""
    if interrupted:
        assert met[0] in ("put_in", "question"), met


def each_pulse_was_authorised(scene: Scene, *, began: int) -> None:
    """Up to the kill: no more pulses of a door than decisions on disk that allow one."""
    surplus = Counter(scene.pulsed()) - Counter(_authorised(scene, began))
    assert not surplus, f"pulses that nobody allowed: {surplus}"


def coils_moved_only_for_people(scene: Scene, last_pulse: int, seq: int) -> None:
    """Since the start: the doors that were pulsed are those that people were allowed since, in that order."""
    assert scene.pulsed(last_pulse) == _authorised(scene, seq)


def _authorised(scene: Scene, after: int) -> list[str]:
    return [str(_body(row)["compartment"]) for row in scene.events("UnlockAuthorised", after)]


def _body(row: Row) -> dict[str, object]:
    body = row["body"]
    assert isinstance(body, dict)
    return body


def story_is_over(scene: Scene) -> None:
    """The parcel is out, and every compartment is free or waits for staff to look into it."""
    assert scene.parcel_doors() == []
    assert scene.open_doors() == []
    assert scene.rows("/deliveries") == []
    not_free = [row["compartment"] for row in scene.rows("/doors") if row["vacancy"] not in VACANT]
    if not_free:
        tasks = staff_list(scene)
        assert all(_is_listed(door, tasks) for door in not_free), tasks
    people, codes = zip(*scene.codes(), strict=True)
    assert len(set(people)) == len(people), "somebody was told twice"
    assert len(set(codes)) == 1, "one parcel, two codes"
