"""Which boards can be emulated: one line a family, one a dialect."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.boards.kerong import Cu16Board, Cu48Board, KerongBoard

FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType({"kerong": ("cu48", "cu16")})
"""Dialects by family."""

DIALECTS: Mapping[str, type[KerongBoard]] = MappingProxyType({"cu48": Cu48Board, "cu16": Cu16Board})
"""The board of each dialect."""
