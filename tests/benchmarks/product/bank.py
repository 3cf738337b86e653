"""The product's driver alone: one board behind the real link, without daemon, database or page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from config.load import load
from drivers.catalogue import build_banks, open_link
from hal.lock_bank import LockBank
from tests.benchmarks.product.building import settings_text


@asynccontextmanager
async def opened_bank(port: str, baud: int) -> AsyncIterator[LockBank]:
    """The bank of the board with address 0 on a port."""
    settings_file = Path(port).with_name("bank.toml")
    text = settings_text(link=Path(port), boards=1, doors=48, baud=baud, address="127.0.0.1:8080")
    settings_file.write_text(text)
    (bank,) = build_banks(load(settings_file, settings_file.parent), open_link).values()
    try:
        yield bank
    finally:
        bank.close()
