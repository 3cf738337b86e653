"""The place in front of the screen: held by the page that touched last, and only while it is there."""

from kiosk.web.seat import Seat


def test_a_page_that_sits_and_is_there_shuts_the_others_out() -> None:
    seat = Seat()
    seat.arrive("a/1")
    seat.take("a/1")
    assert seat.is_free_for("a/1")
    assert not seat.is_free_for("a/2")
    assert not seat.is_free_for("b/1")


def test_a_page_that_has_gone_holds_the_seat_no_more() -> None:
    seat = Seat()
    seat.arrive("a/1")
    seat.take("a/1")
    seat.leave("a/1")
    assert seat.is_free_for("b/1")


def test_a_page_that_follows_twice_has_gone_when_both_have() -> None:
    seat = Seat()
    seat.arrive("a/1")
    seat.arrive("a/1")
    seat.take("a/1")
    seat.leave("a/1")
    assert not seat.is_free_for("b/1")
    seat.leave("a/1")
    assert seat.is_free_for("b/1")


def test_a_page_that_has_not_named_itself_is_judged_by_its_browser() -> None:
    seat = Seat()
    seat.arrive("a/1")
    seat.take("a/1")
    assert seat.is_free_for_browser("a")
    assert not seat.is_free_for_browser("b")


def test_only_a_change_of_hands_is_a_turn() -> None:
    seat = Seat()
    seat.take("a/1")
    seat.take("a/1")
    assert seat.turns == 1
    seat.take("b/1")
    assert seat.turns == 2
