"""Guessing: one bucket for the kiosk, twelve digits while it is empty, and nobody is shut out."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.changes import CredentialAdded
from kiosk.domain.evolve import evolve
from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.credential import Credential
from kiosk.domain.model.ids import Digest
from kiosk.domain.model.screen import OfferedSize, ScreenKind
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig, digest


def long_code(rig: Rig) -> Credential:
    """The code that was made last."""
    return rig.of_type(CredentialAdded)[-1].credential


def try_long(rig: Rig, code: Digest) -> Refusal | None:
    return rig.do(i.PresentCode(code, is_long=True)).refusal


def guess(rig: Rig, times: int) -> None:
    """A stranger keys in codes that never existed."""
    rig.do(i.ChooseFlow(i.Flow.PICK_UP))
    for number in range(times):
        rig.do(i.PresentCode(digest(f"guess {rig.mono_ms} {number}"), is_long=False))
    rig.do(i.GoBack())


@pytest.fixture
def rig() -> Rig:
    """A kiosk with one parcel waiting."""
    made = Rig().start()
    made.deliver()
    return made


def test_ten_wrong_codes_empty_the_bucket_and_every_level_is_written_down(rig: Rig) -> None:
    guess(rig, 12)
    assert [event.left for event in rig.of_type(e.CodeRefused)] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_an_empty_bucket_asks_for_more_before_any_look_up(rig: Rig) -> None:
    guess(rig, 10)
    live = long_code(rig)
    for code in (live.digest, digest("never made")):
        assert rig.present(code).refusal is Refusal.CODE_NEEDS_MORE
        assert rig.screen().digits == 12
        rig.do(i.GoBack())
    assert len(rig.of_type(e.CodeRefused)) == 10


def test_all_twelve_digits_open_while_somebody_guesses(rig: Rig) -> None:
    guess(rig, 10)
    live = long_code(rig)
    rig.present(live.digest)
    assert try_long(rig, live.long_digest) is None
    assert rig.screen().kind is ScreenKind.OPENING


def test_twelve_digits_are_tried_once_in_five_seconds_and_uncounted(rig: Rig) -> None:
    guess(rig, 10)
    live = long_code(rig)
    rig.present(live.digest)
    assert try_long(rig, digest("wrong rest")) is Refusal.WRONG_CODE
    assert try_long(rig, live.long_digest) is Refusal.CODE_TOO_SOON
    rig.wait(5)
    assert try_long(rig, live.long_digest) is None
    assert len(rig.of_type(e.CodeRefused)) == 10


def test_one_try_comes_back_in_forty_five_minutes_of_the_same_boot(rig: Rig) -> None:
    guess(rig, 10)
    rig.wait(44 * 60)
    assert rig.present(digest("x")).refusal is Refusal.CODE_NEEDS_MORE
    rig.do(i.GoBack())
    rig.wait(61)
    assert rig.present(digest("x")).refusal is Refusal.WRONG_CODE


def test_a_restart_credits_nothing(rig: Rig) -> None:
    guess(rig, 10)
    rig.boot, rig.mono_ms = "boot-2", 50 * 60_000
    rig.restart()
    assert rig.present(digest("x")).refusal is Refusal.CODE_NEEDS_MORE


def test_a_success_does_not_refill_the_bucket(rig: Rig) -> None:
    guess(rig, 9)
    rig.present(long_code(rig).digest)
    rig.pulse()
    rig.open("c1")
    rig.close("c1")
    rig.answer()
    rig.do(i.Finish())
    guess(rig, 1)
    assert rig.of_type(e.CodeRefused)[-1].left == 0


def test_a_code_that_existed_drains_nothing_but_its_refusal_is_written_down(rig: Rig) -> None:
    (delivery,) = rig.stored()
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Finish())
    rig.wait(31 * 60)
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_COLLECTED
    (refused,) = rig.of_type(e.CodeRefused)
    assert (refused.why, refused.left) == ("code_collected", 10)


def test_a_used_code_does_not_open_the_next_parcel_in_that_compartment(rig: Rig) -> None:
    (delivery,) = rig.stored()
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Finish())
    rig.sign_in_courier()
    for _ in range(3):
        rig.drop_off("101")
        rig.do(i.NextParcel())
    rig.do(i.Finish())
    rig.do(i.Finish())
    assert delivery.compartment in {one.compartment for one in rig.stored()}
    before = len(rig.unlocks())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_COLLECTED
    assert len(rig.unlocks()) == before


def test_carrier_codes_have_a_bucket_of_their_own(rig: Rig) -> None:
    rig.do(i.ChooseFlow(i.Flow.DELIVER))
    for number in range(10):
        rig.do(i.PresentCarrierCode(digest(f"wrong {number}")))
    assert rig.do(i.PresentCarrierCode(digest("111111"))).refusal is Refusal.CARRIER_CODE_PAUSED
    rig.do(i.GoBack())
    assert rig.present(long_code(rig).digest).refusal is None


def test_a_code_is_never_made_twice() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    for _ in range(4):
        rig.drop_off("412", size=next(one.size for one in _sizes(rig) if one.free))
        rig.do(i.NextParcel())
    codes = [one.credential for one in rig.of_type(CredentialAdded)]
    assert len({one.digest for one in codes}) == len({one.long_digest for one in codes}) == 4


def _sizes(rig: Rig) -> tuple[OfferedSize, ...]:
    rig.do(i.ChooseUnit("412"))
    sizes = rig.screen().sizes
    rig.do(i.GoBack())
    return sizes


def test_more_codes_than_one_stamp_brings_follow_by_themselves() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    parcels = []
    for size in ("S", "S", "S", "M", "M"):
        rig.do(i.ChooseUnit("412"))
        rig.do(i.ChooseSize(next(one.size for one in rig.screen().sizes if one.size == size)))
        door = rig.pulse()
        rig.open(door)
        parcels.append(door)
        rig.do(i.NextParcel())
    for door in parcels:
        rig.close(door, after_s=1)
    rig.crash()
    assert sum(one.has_code for one in rig.stored()) == 3
    rig.judge()
    assert all(one.has_code for one in rig.stored())


@pytest.mark.parametrize("every_s", [60, 30 * 60])
def test_after_a_boot_tries_come_back_however_often_somebody_looks(rig: Rig, every_s: int) -> None:
    guess(rig, 10)
    rig.boot, rig.mono_ms = "boot-2", 5_000
    rig.restart()
    refusals = []
    for _ in range(60 * 60 // every_s + 1):
        refusals.append(rig.present(digest("x")).refusal)
        rig.do(i.GoBack())
        rig.wait(every_s)
    assert refusals[0] is Refusal.CODE_NEEDS_MORE
    assert refusals.count(Refusal.WRONG_CODE) == 1


def test_carriers_get_in_again_a_minute_after_a_boot() -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(i.Flow.DELIVER))
    for number in range(10):
        rig.do(i.PresentCarrierCode(digest(f"guess {number}")))
    rig.boot, rig.mono_ms = "boot-2", 5_000
    rig.restart()
    for _ in range(7):
        assert rig.sign_in_courier().refusal is Refusal.CARRIER_CODE_PAUSED
        rig.do(i.GoBack())
        rig.wait(8)
    rig.wait(5)
    assert rig.sign_in_courier().refusal is None


def test_a_start_in_the_same_boot_credits_the_time_that_passed_and_no_more(rig: Rig) -> None:
    guess(rig, 10)
    rig.wait(44 * 60)
    rig.restart()
    assert rig.present(digest("x")).refusal is Refusal.CODE_NEEDS_MORE
    rig.do(i.GoBack())
    rig.wait(61)
    assert rig.present(digest("x")).refusal is Refusal.WRONG_CODE


def test_a_start_from_before_starts_named_their_boot_moves_no_bucket(rig: Rig) -> None:
    guess(rig, 3)
    after = evolve(rig.state, e.KioskStarted("old", boot="", mono_ms=0), 0)
    assert after.buckets == rig.state.buckets


def spend(rig: Rig) -> Digest:
    """A parcel comes and is collected; its code."""
    delivery = rig.deliver("101")
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Finish())
    return rig.code_of(delivery)


def key_in(rig: Rig, code: Digest, times: int = 1) -> None:
    rig.do(i.ChooseFlow(i.Flow.PICK_UP))
    for _ in range(times):
        rig.do(i.PresentCode(code, is_long=False))
    rig.do(i.GoBack())


def test_a_spent_code_that_is_keyed_in_for_ever_is_written_down_once_in_five_minutes(rig: Rig) -> None:
    code, other = spend(rig), spend(rig)
    rig.wait(3600)
    key_in(rig, code, 100)
    key_in(rig, other)
    assert [event.why for event in rig.of_type(e.CodeRefused)] == ["code_collected"] * 2
    rig.wait(299)
    key_in(rig, code)
    assert len(rig.of_type(e.CodeRefused)) == 2
    rig.wait(1)
    key_in(rig, code)
    assert len(rig.of_type(e.CodeRefused)) == 3


def test_the_screen_says_why_however_often_a_spent_code_is_keyed_in(rig: Rig) -> None:
    code = spend(rig)
    rig.wait(3600)
    for _ in range(3):
        assert rig.present(code).refusal is Refusal.CODE_COLLECTED
        assert rig.screen().notice is Refusal.CODE_COLLECTED
        rig.do(i.GoBack())


def test_codes_that_ended_ninety_days_ago_are_forgotten_while_the_kiosk_runs(rig: Rig) -> None:
    code = spend(rig)
    rig.wait(3600)
    key_in(rig, code)
    rig.mono_ms += 89 * DAY_MS
    spend(rig)
    assert code in rig.state.spent
    rig.mono_ms += 2 * DAY_MS
    spend(rig)
    assert code not in rig.state.spent
    assert code not in rig.state.spent_tried_mono_ms
    assert code not in rig.state.long_credentials.values()
    known = {*rig.state.spent, *rig.state.credentials}
    assert set(rig.state.long_credentials.values()) == known
    assert rig.present(code).refusal is Refusal.WRONG_CODE


def test_no_code_is_forgotten_by_a_clock_that_is_not_trusted(rig: Rig) -> None:
    code = spend(rig)
    rig.is_trusted = False
    rig.mono_ms += 400 * DAY_MS
    spend(rig)
    assert code in rig.state.spent


def test_a_clock_that_jumps_ages_no_code_that_ended_since_the_start(rig: Rig) -> None:
    code = spend(rig)
    rig.wall_ms += 400 * DAY_MS
    rig.wait(3600)
    spend(rig)
    assert rig.present(code).refusal is Refusal.CODE_COLLECTED
    assert (
        "code" not in rig.state.buckets
        or rig.state.buckets["code"].left == rig.state.limits.code_bucket_depth
    )
