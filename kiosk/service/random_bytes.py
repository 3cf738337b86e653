"""Where every fresh value comes from: the machine's own generator, or whatever stands in for it."""

from collections.abc import Callable

RandomBytes = Callable[[int], bytes]
"""Gives so many random bytes. In life it is `os.urandom`, and nothing else."""
