"""Adapters that hear themselves: our own bytes are taken out, nothing else is."""

import pytest

from drivers.echo import EchoFilter

REQUEST = bytes.fromhex("02 00 00 50 03 55")
REPLY = bytes.fromhex("02 00 00 65 07 00 00 00 00 c0 03 31")


def through(echo: EchoFilter, *chunks: bytes) -> bytes:
    return b"".join(map(echo.feed, chunks))


@pytest.mark.parametrize(
    "heard",
    [REQUEST, REQUEST[1:], REQUEST[:-1]],
    ids=["whole", "without its first byte", "without its last byte"],
)
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_an_echo_is_taken_out_however_it_is_cut(heard: bytes, size: int) -> None:
    stream = heard + REPLY
    echo = EchoFilter(REQUEST)
    assert through(echo, *(stream[at : at + size] for at in range(0, len(stream), size))) == REPLY
    assert echo.was_heard


@pytest.mark.parametrize("size", [1, 3, 12])
def test_a_reply_without_echo_is_left_alone(size: int) -> None:
    echo = EchoFilter(REQUEST)
    assert through(echo, *(REPLY[at : at + size] for at in range(0, len(REPLY), size))) == REPLY
    assert not echo.was_heard


def test_only_the_first_copy_is_an_echo() -> None:
    # In some families an answer is the question again.
    assert through(EchoFilter(REQUEST), REQUEST, REQUEST) == REQUEST
