"""What became of a parcel, said by command to the real daemon."""

from tests.app.processes import Kiosk
from tests.cli.test_directory import fields, rows

REMOVE = ("--way", "to_carrier", "--reason", "the lock is dead", "--account", "1")


def test_a_parcel_is_held_taken_out_and_gone_from_the_list_and_its_reason_is_not_in_the_log(
    used: Kiosk,
) -> None:
    with used.daemon() as daemon:
        fields(used, "staff", "add", "1", "Jo")
        (parcel,) = rows(used, "deliveries")
        name = str(parcel["id"])
        wrong = used.kiosk("deliveries", "hold", name, "--until", "2020-01-01", "--account", "1")
        assert (wrong.returncode, wrong.stdout) == (1, "")
        assert "fourteen days" in wrong.stderr
        held = fields(used, "deliveries", "remove", name, *REMOVE)
        assert held == {"delivery": name, "state": "ended", "label": None}
        assert rows(used, "deliveries") == []
        removed = rows(used, "events", "--type", "DeliveryRemoved")[-1]
        assert str(removed["actor"]).startswith("command:")
        assert "dead" not in str(removed)
        again = used.kiosk("deliveries", "remove", name, *REMOVE)
        assert again.returncode == 1
        assert daemon.stop() == 0


def test_what_cannot_be_done_is_said_in_one_line(used: Kiosk) -> None:
    with used.daemon() as daemon:
        fields(used, "staff", "add", "1", "Jo")
        (parcel,) = rows(used, "deliveries")
        name = str(parcel["id"])
        told = {
            ("settle", name, "--found", "parcel", "--account", "1"): "nobody doubts",
            ("move", name, "999", "--account", "1"): "there is no door 999",
            ("hold", name, "--account", "999"): "there is no account 999",
            ("remove", "no-such-door", *REMOVE): "no parcel is behind door",
        }
        for command, said in told.items():
            done = used.kiosk("deliveries", *command)
            assert (done.returncode, done.stdout) == (1, "")
            assert said in done.stderr
            assert done.stderr.count("\n") == 1
        assert used.kiosk("deliveries", "settle", name, "--found", "x", "--account", "1").returncode == 2
        assert daemon.stop() == 0
    alone = used.kiosk("deliveries", "remove", name, *REMOVE)
    assert alone.returncode == 1
    assert "start it first" in alone.stderr
