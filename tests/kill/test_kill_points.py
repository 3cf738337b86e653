"""SIGKILL at every kill point of a drop-off and of a pickup, and what is left for people to find."""

import contextlib
import subprocess
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.app.processes import Process, until
from tests.kill import judge
from tests.kill.people import collect, courier_goes_on, deliver, resident_goes_on
from tests.kill.scene import Folder, Scene

DROP_OFF_POINTS, PICKUP_POINTS = 36, 24
KILLED = -9
DIES_WITHIN_S = 10.0

Act = Callable[[Scene], None]


def until_killed(scene: Scene, act: Act, point: int) -> int:
    """Play an act with a daemon that dies at a point; the newest event before the act."""
    with scene.mortal_daemon(point) as daemon:
        began = scene.seq
        with contextlib.suppress(OSError, HTTPException):
            act(scene)
        _await_death(daemon, point)
    return began


def _await_death(daemon: Process, point: int) -> None:
    try:
        code = daemon.popen.wait(DIES_WITHIN_S)
    except subprocess.TimeoutExpired as error:
        raise AssertionError(f"the act is over and has no point {point}") from error
    assert code == KILLED, daemon.said


@pytest.mark.parametrize("point", range(1, DROP_OFF_POINTS + 1))
def test_drop_off_survives_a_kill(empty: Folder, tmp_path: Path, point: int) -> None:
    with empty.scene(tmp_path / "var") as scene:
        began = until_killed(scene, deliver, point)
        last_pulse = scene.last_pulse()
        judge.is_chain_whole(scene)
        with scene.daemon() as daemon:
            seq = scene.seq
            judge.each_pulse_was_authorised(scene, began=began)
            judge.parcel_is_accounted_for(scene, was_taken=False)
            judge.screen_tells(scene)
            interrupted = [row for row in scene.rows("/deliveries") if row["state"] in judge.INTERRUPTED]
            before = scene.codes()
            judge.courier_was_asked(courier_goes_on(scene), interrupted)
            until(scene.codes, "the code reaches a phone")
            assert set(before) <= set(scene.codes())
            assert "take_out" in resident_goes_on(scene)
            judge.coils_moved_only_for_people(scene, last_pulse, seq)
            judge.story_is_over(scene)
            assert daemon.stop() == 0
        judge.is_chain_whole(scene)


@pytest.mark.parametrize("point", range(1, PICKUP_POINTS + 1))
def test_pickup_survives_a_kill(stored: Folder, tmp_path: Path, point: int) -> None:
    with stored.scene(tmp_path / "var") as scene:
        began = until_killed(scene, collect, point)
        last_pulse = scene.last_pulse()
        judge.is_chain_whole(scene)
        with scene.daemon() as daemon:
            seq = scene.seq
            judge.each_pulse_was_authorised(scene, began=began)
            is_collected = bool(scene.events("DeliveryCollected"))
            judge.parcel_is_accounted_for(scene, was_taken=True)
            judge.screen_tells(scene)
            met = resident_goes_on(scene)
            assert ("take_out" in met) is not is_collected, met
            judge.coils_moved_only_for_people(scene, last_pulse, seq)
            judge.story_is_over(scene)
            assert daemon.stop() == 0
        judge.is_chain_whole(scene)


def count_points(folder: Folder, base: Path, act: Act) -> int:
    """How many points an act has when nobody interrupts it; its last message is on its way at the end."""
    expected = DROP_OFF_POINTS if act is deliver else PICKUP_POINTS
    with folder.scene(base) as scene, scene.mortal_daemon(0) as daemon:
        act(scene)
        until(lambda: len(scene.points) >= expected, f"{expected} points, so far {scene.points}")
        assert daemon.stop() == 0
        return len(scene.points)


def test_every_kill_point_has_its_test(
    empty: Folder, stored: Folder, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    drop_off = count_points(empty, tmp_path / "drop-off", deliver)
    pickup = count_points(stored, tmp_path / "pickup", collect)
    record_property("kill points", f"{drop_off} of a drop-off, {pickup} of a pickup")
    assert (drop_off, pickup) == (DROP_OFF_POINTS, PICKUP_POINTS)
