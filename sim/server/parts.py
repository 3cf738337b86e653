"""What the panel is made of: everything of the made-up world that it shows and changes."""

from dataclasses import dataclass

from sim.live.daemon_pipe import DaemonPipe
from sim.live.live_world import LiveWorld
from sim.live.surroundings import Surroundings
from sim.live.watch import Watch
from sim.live.wires import Wires


@dataclass(frozen=True, slots=True)
class PanelParts:
    """One made-up world with all that hangs on it. `address` and `touchscreen` are HOST:PORT."""

    live: LiveWorld
    wires: Wires
    watch: Watch
    daemon: DaemonPipe
    around: Surroundings
    building: str
    address: str
    touchscreen: str
