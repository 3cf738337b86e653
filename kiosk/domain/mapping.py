"""Frozen mappings: the same one with an entry more or less."""

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def with_entry(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """The mapping with one entry added or replaced."""
    return {**mapping, key: value}


def without(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    """The mapping without a key, whether or not it was there."""
    return {kept: value for kept, value in mapping.items() if kept != key}
