"""The daemon as it ships, on seams that kill it at one point: `python -m tests.kill.daemon ...`."""

import argparse
import asyncio
import signal
from dataclasses import replace
from pathlib import Path

from config.load import load
from config.settings import Settings
from kiosk.app import running
from kiosk.data_folder import DataFolder
from kiosk.ports import MessageChannel
from kiosk.service.clock import Clock
from kiosk.wiring import Listeners, Outside, life
from tests.kill.points import Points
from tests.kill.seams import CutChannel, CutLink, cut_page, opening


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    for name in ("--config", "--base", "--points"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--listen", required=True)
    parser.add_argument("--kill-at", type=int, required=True)
    options = parser.parse_args()
    points = Points(options.kill_at, options.points)
    asyncio.run(serve(load(options.config, options.base), options.listen, points))


async def serve(settings: Settings, listen: str, points: Points) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with life(settings, listen) as outside:
        async with running(settings, cut(outside, points)):
            await stop.wait()


def cut(outside: Outside, points: Points) -> Outside:
    """The real outside, with kill points on every way in and out."""

    def channel(settings: Settings, clock: Clock) -> MessageChannel | None:
        real = outside.channel(settings, clock)
        return CutChannel(real, points) if real else None

    def serve_web(folder: DataFolder) -> Listeners:
        assert outside.serve_web is not None
        return cut_page(outside.serve_web(folder), points)

    return replace(
        outside,
        links=lambda port, baud: CutLink(outside.links(port, baud), points),
        open_database=opening(points),
        channel=channel,
        serve_web=serve_web,
    )


if __name__ == "__main__":
    main()
