"""The verbs about single parcels, over a folder whose daemon does not run."""

import json

from tests.app.processes import Kiosk


def test_a_parcel_that_is_not_here_is_named(used: Kiosk) -> None:
    for verb in (("send", "nowhere"), ("renew", "nowhere", "--reason", "lost phone")):
        told = used.kiosk("codes", *verb)
        assert (told.returncode, "no parcel nowhere is here" in told.stderr) == (1, True)


def test_the_message_of_a_parcel_is_sent_again_and_its_code_renewed(used: Kiosk) -> None:
    (parcel,) = json.loads(used.kiosk("deliveries", "--json").stdout)
    told = used.kiosk("codes", "send", parcel["label"])
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == f"parcel at {parcel['label']}: its message is sent again\n"
    told = used.kiosk("codes", "renew", parcel["id"], "--reason", "lost phone", "--json")
    assert (told.returncode, json.loads(told.stdout)["delivery"]) == (0, parcel["id"])
    events = json.loads(used.kiosk("events", "--json", "--limit", "3").stdout)
    assert [one["type"] for one in events] == ["CodeSentAgain", "CodeRevoked", "CodeIssued"]
    assert events[1]["body"]["why"] == "lost phone"


def test_how_often_a_message_was_sent_again_is_on_disk(used: Kiosk) -> None:
    (parcel,) = json.loads(used.kiosk("deliveries", "--json").stdout)
    assert used.kiosk("codes", "send", parcel["id"]).returncode == 0
    told = used.kiosk("codes", "send", parcel["id"])
    assert (told.returncode, "sent again a short while ago" in told.stderr) == (1, True)
    assert used.kiosk("audit", "verify").returncode == 0


def test_a_new_code_needs_a_reason(used: Kiosk) -> None:
    told = used.kiosk("codes", "renew", "17")
    assert told.returncode == 2
    assert "--reason is missing" in told.stderr
