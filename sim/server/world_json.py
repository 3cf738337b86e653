"""The made-up world as JSON, for programs that drive it: tests, scripts, other panels."""

from dataclasses import asdict

from sim.live.wires import Wire
from sim.server.parts import PanelParts
from sim.sights import Sight
from sim.world import World


def world_json(parts: PanelParts, pulses_after: int = 0) -> dict[str, object]:
    """Everything there is to see, and the energised intervals with a number above `pulses_after`."""
    view = parts.live.view()
    pulses = parts.live.do(lambda world: World.pulses_after(world, pulses_after))
    return {
        "now_ms": view.now_ms,
        "revision": view.revision,
        "doors": [_door(sight) for sight in view.doors],
        "supplies": dict(view.supplies),
        "pulses": [asdict(pulse) for pulse in pulses],
        "ports": [_port(wire) for wire in parts.wires.wires],
        "parcels_elsewhere": [asdict(parcel) for parcel in view.parcels_elsewhere],
        "places": {place: [asdict(parcel) for parcel in parcels] for place, parcels in view.places.items()},
        "daemon": _daemon(parts),
        "around": {
            "clock_ahead_ms": parts.around.clock_ahead_ms,
            "is_disk_full": parts.daemon.is_disk_full,
            "servers": {name: relay.passage for name, relay in parts.around.relays.items()},
            "phones_in_reach": parts.around.phones.are_in_reach if parts.around.phones else None,
        },
        "trouble": parts.live.trouble,
    }


def _daemon(parts: PanelParts) -> str | None:
    match parts.daemon.is_running:
        case None:
            return None
        case True:
            return "running"
        case False:
            return "stopped"


def _door(sight: Sight) -> dict[str, object]:
    return {
        "id": sight.plan.id,
        "label": sight.plan.label,
        "bank": sight.plan.bank,
        "channel": sight.plan.channel,
        "position": sight.door.position,
        "is_latched": sight.door.is_latched,
        "says_hooked": sight.says_hooked,
        "is_energised": sight.is_energised,
        "parcels": [asdict(parcel) for parcel in sight.door.parcels],
        "faults": asdict(sight.door.faults),
    }


def _port(wire: Wire) -> dict[str, object]:
    return {
        "port": wire.name,
        "is_plugged": wire.port.is_plugged,
        "faults": sorted(wire.line.switches),
        "boards": [
            {"bank": bank, "address": board.address, "is_dead": board.is_dead}
            for bank, board in wire.boards.items()
        ],
        "frames": wire.frames.count,
    }
