"""Small cabinets for tests of the made-up world."""

from sim.cabinet import Cabinet, DoorId, DoorPlan, LockKind
from sim.world import World

ONE, TWO, THREE = DoorId("d1"), DoorId("d2"), DoorId("d3")
BANK = "left"
PULSE_MS = 500


def cabinet(lock: LockKind = "solenoid") -> Cabinet:
    """Three doors on one bank: two on the supply `main`, the third on `other`."""
    plans = [
        DoorPlan(
            id=DoorId(f"d{number}"),
            label=str(number),
            bank=BANK,
            channel=number,
            column=1,
            row=number,
            size="S",
            supply="other" if number == 3 else "main",
            lock=lock,
        )
        for number in (1, 2, 3)
    ]
    return Cabinet(
        doors={plan.id: plan for plan in plans}, heights_mm={"S": 110}, screen_column=2, screen_row=1
    )


def world(lock: LockKind = "solenoid") -> World:
    """The small cabinet at moment 0: every door shut, nothing inside."""
    return World(cabinet(lock), 0)


def pulse(made_up: World, channel: int = 1, pulse_ms: int = PULSE_MS) -> None:
    """One pulse, waited for until everything it causes has happened."""
    made_up.energise(BANK, channel, pulse_ms)
    settle(made_up)


def settle(made_up: World) -> None:
    """Let everything happen that will happen by itself."""
    while (moment := made_up.next_moment()) is not None:
        made_up.tick(moment)
