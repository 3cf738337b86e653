"""A test message goes the way of all messages, and one line says what became of it."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.app.processes import KIOSK, Kiosk, run
from tests.config.toml import EXAMPLE
from tests.notify.test_mail_channel import Server, listening

MAIL = '\n[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "parcels@example.org"\n'


@contextmanager
def mail_server(server: Server) -> Iterator[int]:
    """A mail server on a loop of its own, for as long as another process needs it."""
    port: Future[int] = Future()
    loop, over = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with listening(server) as number:
            port.set_result(number)
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        yield port.result(10)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()


def settings(folder: Path, more: str) -> list[str]:
    path = folder / "kiosk.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8") + more, encoding="utf-8")
    return ["--config", str(path), "--base", str(folder)]


def test_a_message_that_the_server_takes(tmp_path: Path) -> None:
    server = Server()
    with mail_server(server) as port:
        place = settings(tmp_path, MAIL.format(port=port))
        told = run([*KIOSK, "notify", "test", "ana@example.org", *place])
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == "ana@example.org: handed over; look whether it arrives\n"
    (mail,) = server.taken
    assert mail["To"] == "ana@example.org"
    assert "This is a test" in mail.get_content()


def test_an_address_that_the_server_refuses(tmp_path: Path) -> None:
    server = Server()
    server.answer_to_recipient = "550 no such person"
    with mail_server(server) as port:
        place = settings(tmp_path, MAIL.format(port=port))
        told = run([*KIOSK, "notify", "test", "ana@example.org", *place])
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == "ana@example.org: refused: the mail server answered 550 no such person\n"


def test_a_server_that_is_away(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = run([*KIOSK, "notify", "test", "ana@example.org", *settings(tmp_path, MAIL.format(port=port))])
    assert (told.returncode, told.stderr.count("\n")) == (69, 1)
    assert "Connection refused" in told.stderr


@pytest.mark.parametrize("address", ["knock at the door", ""])
def test_what_is_no_address(tmp_path: Path, address: str) -> None:
    told = run([*KIOSK, "notify", "test", address, *settings(tmp_path, MAIL.format(port=25))])
    assert (told.returncode, "no contact that a channel of this kiosk reaches" in told.stderr) == (1, True)


def test_settings_without_a_way_to_people(tmp_path: Path) -> None:
    told = run([*KIOSK, "notify", "test", "ana@example.org", *settings(tmp_path, "")])
    assert (told.returncode, "add the table [mail] or [[apprise]]" in told.stderr) == (78, True)


def test_the_simulation_puts_it_on_a_phone(simulated: Kiosk) -> None:
    told = simulated.kiosk("notify", "test", "ana@example.org", "--json")
    assert (told.returncode, '"is_sent": true' in told.stdout) == (0, True)
    assert len(list((simulated.base / "sim" / "phones").glob("*.json"))) == 1
