"""Every line by the name that `make bench ONLY=name` takes, in the order in which they run."""

from collections.abc import Awaitable, Callable, Sequence

from tests.benchmarks import cycle_bytes, idle, memory, page, rehearsal, serial_exchange, start, unlock
from tests.benchmarks.bench import Bench
from tests.benchmarks.row import Row

Measure = Callable[[Bench], Awaitable[Sequence[Row]]]

LINES: dict[str, Measure] = {
    "unlock": unlock.measure,
    "start": start.measure,
    "memory": memory.measure,
    "idle": idle.measure,
    "cycle_bytes": cycle_bytes.measure,
    "serial_exchange": serial_exchange.measure,
    "page": page.measure,
    "rehearsal": rehearsal.measure,
}
