"""A program that plays drawn kiosk-days in virtual time and prints the processor seconds that each took.

They are days as `kiosk soak` draws and plays them: its people, its usual faults, the end of the day and the
judge. What is printed is one act of several days, divided by its days; the first act warms the program up.
"""

import json
import sys
import time
from pathlib import Path

from kiosk.rehearsal.soak import Soak, drawn, keep_quiet, play
from sim.scenario.script import Script

SEED = 1


def _act(days: int, seed: int) -> Script:
    (act,) = Soak(days=days, seed=seed).acts()
    return drawn(act).script


def _seconds_a_day(script: Script, days: int, folder: Path) -> float:
    start_s = time.process_time()
    outcome = play(script, folder)
    if outcome.broken:
        raise SystemExit(f"the rehearsal broke a promise: {outcome.broken[0]}")
    return (time.process_time() - start_s) / days


def main(folder: str, days: str) -> None:
    """Play two acts of so many days in a folder; one JSON list on standard output."""
    keep_quiet()
    count = int(days)
    acts = [_act(count, seed) for seed in (SEED, SEED + 1)]
    print(json.dumps([_seconds_a_day(script, count, Path(folder)) for script in acts]))


if __name__ == "__main__":
    main(*sys.argv[1:])
