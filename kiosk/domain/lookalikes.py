"""Unit labels that are easily mixed up: two neighbours changed over, or signs that look alike."""

from functools import lru_cache

_ALIKE = ({"6", "8"}, {"0", "O"}, {"1", "I"}, {"8", "B"}, {"5", "S"})
SHOWN_AT_MOST = 3


@lru_cache(maxsize=64)
def lookalikes(labels: tuple[str, ...], label: str) -> tuple[str, ...]:
    """Those of the labels that somebody may have meant, or read, instead of this one."""
    mine = label.upper()
    return tuple(other for other in labels if other != mine and _are_alike(mine, other))[:SHOWN_AT_MOST]


def _are_alike(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    differ = [place for place, sign in enumerate(one) if sign != other[place]]
    first, last = differ[0], differ[-1]
    if first == last:
        return {one[first], other[first]} in _ALIKE
    return last == first + 1 and one[first : last + 1] == other[first : last + 1][::-1]
