"""Who acts when two pages are open: the one that touched last. The others may take over by a touch."""

from collections import Counter


class Seat:
    """The place in front of the screen. A page that has gone away holds it no more."""

    def __init__(self) -> None:
        self._sitter: str | None = None
        self._present: Counter[str] = Counter()
        self.turns = 0
        """How often the seat has changed hands."""

    def arrive(self, page: str) -> None:
        """A page follows the screen from now on."""
        self._present[page] += 1

    def leave(self, page: str) -> None:
        """A page has gone away."""
        self._present[page] -= 1
        if self._present[page] <= 0:
            del self._present[page]

    def is_free_for(self, page: str) -> bool:
        """Whether a page may act without taking over: nobody else sits there."""
        return self._sitter in (None, page) or self._sitter not in self._present

    def is_free_for_browser(self, panel: str) -> bool:
        """The same for a page that has not said which one it is yet."""
        sitter = self._sitter
        return sitter is None or sitter.startswith(f"{panel}/") or sitter not in self._present

    def take(self, page: str) -> None:
        """This page acts now."""
        if page != self._sitter:
            self._sitter = page
            self.turns += 1
