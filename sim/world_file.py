"""The made-up world on disk: one file, replaced whole, never half written and never thrown away."""

import json
import os
import threading
from pathlib import Path

from sim.truth import BadTruth, Truth

NEWEST_VERSION = 1


class BadWorldFile(Exception):
    """The file cannot be used as it is; the message says what to do, and nothing of it was touched."""


class WorldFile:
    """Where the truth is kept between two runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written: Truth | None = None
        self._writing = threading.Lock()

    def read(self) -> Truth:
        """The truth of the last run, or an empty one where there was none; BadWorldFile, OSError."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Truth()
        except UnicodeDecodeError as error:
            raise BadWorldFile(self._advice(f"it is not text ({error.reason})")) from error
        if (version := _version(text)) is not None and version > NEWEST_VERSION:
            raise BadWorldFile(
                f"{self.path}: version {version} was written by a newer Latchwork, this one reads up to "
                f"{NEWEST_VERSION}; use the newer one, or another --base folder. Nothing was changed."
            )
        try:
            self._written = Truth.from_json(text)
        except BadTruth as error:
            raise BadWorldFile(self._advice(str(error))) from error
        return self._written

    def _advice(self, why: str) -> str:
        return (
            f"{self.path}: not a made-up world: {why}. Nothing was changed. To start with an empty cabinet "
            f"move the file away; the parcels in it are then no longer behind any door."
        )

    def write(self, truth: Truth) -> None:
        """Replace the file if the truth differs; on disk when this returns. OSError leaves the old file."""
        with self._writing:
            if truth != self._written:
                self._replace(truth)
                self._written = truth

    def _replace(self, truth: Truth) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".json.new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(truth.to_json())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        _sync_folder(self.path.parent)


def _version(text: str) -> int | None:
    try:
        content: object = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    version = content.get("version") if isinstance(content, dict) else None
    return version if isinstance(version, int) else None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
