"""Boards in a process of their own, for lines that measure the other end's processor time.

Run: python -m tests.benchmarks.instruments.lone_boards LINK ADDRESS [ADDRESS ...]
"""

import asyncio
import signal
import sys
from pathlib import Path

from tests.benchmarks.instruments.boards import open_boards


async def _serve(link: Path, addresses: list[int]) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with open_boards(link, addresses):
        await stopped.wait()


def main(arguments: list[str]) -> int:
    """Answer until SIGTERM."""
    asyncio.run(_serve(Path(arguments[0]), [int(address) for address in arguments[1:]]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
