"""Which boards can be emulated: one line a family, one a dialect."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.boards.kerong import Cu48Board

FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType({"kerong": ("cu48",)})
"""Dialects by family."""

DIALECTS: Mapping[str, type[Cu48Board]] = MappingProxyType({"cu48": Cu48Board})
"""The board of each dialect."""
