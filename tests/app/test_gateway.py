"""The real daemon with its boards behind a TCP gateway: seen, lost, and seen again."""

import dataclasses
from pathlib import Path

import pytest

from config.settings import CHANNELS
from tests.app.processes import Kiosk, until
from tests.drivers.emulator import Emulator


def behind(kiosk: Kiosk, url: str, dialect: str) -> Kiosk:
    """The same kiosk with its boards at an address."""
    text = kiosk.config.read_text(encoding="utf-8")
    text = text.replace('port = "sim/lockers"', f'port = "{url}"').replace('"cu48"', f'"{dialect}"')
    config = Path(kiosk.base / "gateway.toml")
    config.write_text(text, encoding="utf-8")
    return dataclasses.replace(kiosk, config=config)


def doors(kiosk: Kiosk) -> set[object]:
    rows = kiosk.ask("/doors")
    assert isinstance(rows, list)
    return {row["door"] for row in rows}


@pytest.mark.parametrize("dialect", ["cu48", "cu16"])
def test_boards_behind_a_gateway_are_seen_and_found_again(used: Kiosk, free_port: int, dialect: str) -> None:
    url = f"socket://127.0.0.1:{free_port}"
    kiosk = behind(used, url, dialect)
    with Emulator(url, "--boards", "0,1", dialect=dialect) as boards:
        with kiosk.daemon():
            until(lambda: doors(kiosk) == {"closed"}, "every door is seen")
            assert kiosk.kiosk("board", "--port", url, "--address", "0").returncode == 75
            boards.stop()
            until(lambda: doors(kiosk) == {"unknown"}, "no door is believed")
            boards.start()
            until(lambda: doors(kiosk) == {"closed"}, "every door is seen again")
        told = kiosk.kiosk("board", "--port", url, "--address", "0")
        assert told.stdout == f"board 0 on {url}: closed 1-{CHANNELS[dialect]}; open none\n"
        assert boards.unlocks() == []
