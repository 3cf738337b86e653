"""Codes: drawn from the operating system, looked up by keyed digest, readable only with the keys."""

from pathlib import Path

import pytest

from kiosk.fresh import Codes
from kiosk.service.codes import (
    PROOF_LETTERS,
    CodeKeys,
    SealBroken,
    draw_digits,
    draw_fair,
    draw_proof,
    is_guessable,
)
from kiosk.service.secret_files import SecretDamaged, SecretExposed


@pytest.fixture
def keys(tmp_path: Path) -> CodeKeys:
    return CodeKeys.create(tmp_path / "keys")


@pytest.mark.parametrize(
    "digits", ["00000000", "77777777", "12345678", "87654321", "89012345", "10987654", "111111"]
)
def test_runs_and_repeated_digits_are_guessable(digits: str) -> None:
    assert is_guessable(digits)


@pytest.mark.parametrize("digits", ["12345679", "11111112", "13579135", "412412"])
def test_other_digits_are_not(digits: str) -> None:
    assert not is_guessable(digits)


def test_drawn_codes_are_twelve_digits_never_guessable_at_sight_and_differ() -> None:
    drawn = [draw_digits() for _ in range(2000)]
    assert all(len(code) == 12 and code.isdecimal() for code in drawn)
    assert not any(is_guessable(code[:8]) for code in drawn)
    assert len({code[:8] for code in drawn}) > 1990


def test_every_digit_is_drawn_in_every_place() -> None:
    drawn = [draw_digits() for _ in range(1000)]
    assert all({code[place] for code in drawn} == set("0123456789") for place in range(12))


@pytest.mark.parametrize("count", [6, 8])
def test_digits_of_carriers_and_staff_are_fair_and_never_guessable(count: int) -> None:
    drawn = [draw_fair(count) for _ in range(1000)]
    assert all(len(digits) == count and digits.isdecimal() for digits in drawn)
    assert all({digits[place] for digits in drawn} == set("0123456789") for place in range(count))
    run_then_fair = iter([bytes(range(1, count + 1)), bytes([4, 7, 1, 9, 0, 6, 5, 5][:count])])
    assert draw_fair(count, lambda _: next(run_then_fair)) == "47190655"[:count]


def test_a_proof_is_six_characters_that_nobody_misreads() -> None:
    proofs = [draw_proof() for _ in range(500)]
    assert all(len(proof) == 6 and set(proof) <= set(PROOF_LETTERS) for proof in proofs)
    assert not set("01IO") & set(PROOF_LETTERS)


def test_the_digests_of_a_fresh_code_are_those_of_its_first_eight_and_all_twelve_digits(
    keys: CodeKeys,
) -> None:
    fresh = keys.candidate()
    digits = keys.unseal(fresh.sealed)
    assert fresh.digest == keys.digest_of(digits[:8])
    assert fresh.long_digest == keys.digest_of(digits)


def test_a_carrier_code_never_has_the_digest_of_a_pickup_code(keys: CodeKeys) -> None:
    assert keys.carrier_digest_of("490692") != keys.digest_of("490692")
    assert keys.carrier_digest_of("490692") != keys.digest_of("carrier:490692")


def test_the_words_of_the_core_are_the_same_digests(keys: CodeKeys) -> None:
    codes = Codes(keys)
    assert codes.digest_of("12345679") == keys.digest_of("12345679")
    assert codes.carrier_digest_of("490692") == keys.carrier_digest_of("490692")


def test_anything_a_stranger_types_has_a_digest(keys: CodeKeys) -> None:
    for typed in ("", "١٢٣٤٥٦٧٨", "\0", "9" * 10_000):
        assert len(keys.digest_of(typed)) == 16


def test_other_keys_give_other_digests_and_open_no_seal(keys: CodeKeys, tmp_path: Path) -> None:
    other = CodeKeys.create(tmp_path / "other")
    assert other.digest_of("12345679") != keys.digest_of("12345679")
    with pytest.raises(SealBroken):
        other.unseal(keys.candidate().sealed)


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_a_sealed_code_with_one_changed_byte_does_not_open(keys: CodeKeys, place: int) -> None:
    sealed = bytearray(keys.candidate().sealed)
    sealed[place] ^= 1
    with pytest.raises(SealBroken):
        keys.unseal(bytes(sealed))


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_a_sealed_code_cut_short_does_not_open(keys: CodeKeys, length: int) -> None:
    with pytest.raises(SealBroken):
        keys.unseal(keys.candidate().sealed[:length])


def test_a_sealed_code_does_not_show_its_digits(keys: CodeKeys) -> None:
    fresh = keys.candidate()
    assert keys.unseal(fresh.sealed).encode() not in fresh.sealed
    assert keys.candidate().sealed != fresh.sealed


def test_keys_come_back_as_they_were_made(tmp_path: Path) -> None:
    made = CodeKeys.create(tmp_path)
    assert CodeKeys.load(tmp_path).unseal(made.candidate().sealed)
    assert CodeKeys.load(tmp_path).digest_of("1") == made.digest_of("1")


def test_keys_are_never_made_over_keys(tmp_path: Path) -> None:
    sealed = CodeKeys.create(tmp_path).candidate().sealed
    with pytest.raises(FileExistsError):
        CodeKeys.create(tmp_path)
    assert CodeKeys.load(tmp_path).unseal(sealed)


def test_a_power_cut_between_the_two_keys_does_not_end_a_kiosks_first_start(tmp_path: Path) -> None:
    CodeKeys.create(tmp_path)
    (tmp_path / "code-digest.key").unlink()
    made = CodeKeys.create(tmp_path)
    assert CodeKeys.load(tmp_path).unseal(made.candidate().sealed)


@pytest.mark.parametrize("name", ["code-digest.key", "code-seal.key"])
def test_a_key_that_is_gone_is_named(tmp_path: Path, name: str) -> None:
    CodeKeys.create(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(FileNotFoundError, match=name):
        CodeKeys.load(tmp_path)


@pytest.mark.parametrize("name", ["code-digest.key", "code-seal.key"])
def test_a_key_cut_short_is_never_used(tmp_path: Path, name: str) -> None:
    CodeKeys.create(tmp_path)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(SecretDamaged, match=f"{name}: 0 bytes, expected 32"):
        CodeKeys.load(tmp_path)


def test_a_key_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    CodeKeys.create(tmp_path)
    (tmp_path / "code-seal.key").chmod(0o640)
    with pytest.raises(SecretExposed, match=r"0640, expected 0600; run: chmod 600 .*code-seal.key"):
        CodeKeys.load(tmp_path)
