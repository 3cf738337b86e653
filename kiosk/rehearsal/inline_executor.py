"""An executor without threads: what is handed to it is done before it returns."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class InlineExecutor(Executor):
    """Runs at once. On a virtual loop it is only named: the loop itself runs jobs inline."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it now; what it raises comes out here."""
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future
