"""Staff PINs: slow to guess, salted, and damaged hashes match nobody."""

import pytest

from kiosk.service.staff_pins import hash_pin, is_pin


def test_the_pin_matches_its_hash_and_no_other_does() -> None:
    stored = hash_pin("54083510")
    assert is_pin(stored, "54083510")
    assert not is_pin(stored, "54083511")
    assert not is_pin(stored, "")


def test_two_people_with_one_pin_have_two_hashes() -> None:
    assert hash_pin("54083510") != hash_pin("54083510")


def test_a_guess_costs_nineteen_mebibytes_and_two_passes() -> None:
    assert hash_pin("54083510").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("stored", ["", "54083510", "$argon2id$v=19$m=19456,t=2,p=1$broken"])
def test_a_damaged_hash_matches_nobody(stored: str) -> None:
    assert not is_pin(stored, "54083510")
