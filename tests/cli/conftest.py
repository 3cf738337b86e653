"""Fixtures for tests with real processes."""

from tests.app.fixtures import simulated, used

__all__ = ["simulated", "used"]
