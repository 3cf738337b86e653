"""Orders for a bench in plain words, one a line: people who open and close doors, and faults of the wire."""

from collections.abc import Mapping

from sim.boards.bench import Bench
from sim.boards.line import Fault, Line, Switch

ORDERS = f"""\
lines on standard input while it runs:
  close N             somebody pushes the door of lock N shut, on every board (B/N: on board B only)
  open N              somebody opens it with a key
  fault NAME          a fault of the wires from now on; a number behind it: so many times; off: no more
                      {", ".join(list(Fault)[:6])},
                      {", ".join(list(Fault)[6:])}
A door that was unlocked stays open until it is closed.
"""


class Orders:
    """Carries out orders at one bus. ValueError says what was wrong with one."""

    def __init__(self, benches: Mapping[int, Bench], line: Line) -> None:
        self._benches = benches
        self._line = line

    def obey(self, order: str) -> None:
        """Do what one line says; an empty line says nothing."""
        match order.split():
            case []:
                pass
            case ["close", place]:
                for bench, channel in self._places(place):
                    bench.close(channel)
            case ["open", place]:
                for bench, channel in self._places(place):
                    bench.open(channel)
            case ["fault", name]:
                self._line.set(_fault(name), Switch())
            case ["fault", name, times]:
                self._line.set(_fault(name), None if times == "off" else Switch(times=_number(times)))
            case _:
                raise ValueError(f"{order.strip()!r}, expected close N, open N or fault NAME")

    def _places(self, place: str) -> list[tuple[Bench, int]]:
        board, slash, lock = place.rpartition("/")
        if not slash:
            return [(bench, _number(lock)) for bench in self._benches.values()]
        bench = self._benches.get(_number(board))
        if bench is None:
            raise ValueError(f"board {board}, expected one of {', '.join(map(str, self._benches))}")
        return [(bench, _number(lock))]


def _fault(name: str) -> Fault:
    try:
        return Fault(name)
    except ValueError:
        raise ValueError(f"fault {name}, expected one of {', '.join(Fault)}") from None


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"{text!r}, expected a number")
    return int(text)
