"""Sockets: a taken address is named, and a local socket works however deep its folder is."""

import contextlib
import socket
from pathlib import Path

import pytest

from kiosk.service.sockets import AddressTaken, connect_local, listen_local, listen_tcp


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_taken_address_is_named(host: str, free_port: int) -> None:
    words = f"{free_port}: address already in use"
    with contextlib.closing(listen_tcp(host, free_port)), pytest.raises(AddressTaken, match=words):
        listen_tcp(host, free_port)


def test_local_socket_works_in_a_deep_folder(tmp_path: Path) -> None:
    path = tmp_path / ("deep" * 20) / ("deeper" * 20) / "kiosk.sock"
    with contextlib.closing(listen_local(path)), connect_local(path, timeout_s=5) as connection:
        assert connection.family is socket.AF_UNIX
    assert path.stat().st_mode & 0o777 == 0o660


def test_socket_left_behind_by_a_crash_does_not_block(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.sock"
    listen_local(path).close()
    with pytest.raises(ConnectionRefusedError):
        connect_local(path, timeout_s=5)
    with contextlib.closing(listen_local(path)):
        connect_local(path, timeout_s=5).close()
