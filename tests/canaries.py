"""Looks for what must not be written: codes anywhere, and names and contacts outside their own tables."""

import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

PERSONAL_TABLES = frozenset({"event_private", "resident", "staff"})
"""Where names and contacts are at home; they go from here when their time is over."""
_ALONE = re.compile(r"(?<![\w-])(\d{4}) ?(\d{4})(\d{4})?(?![\w-])")
_SPACED = re.compile(rb"(?<!\d)(\d{4}) (\d{4})(?!\d)")
_TWELVE = re.compile(rb"(?<!\d)(\d{12})(?!\d)")


def codes_in(text: str, codes: Collection[str]) -> set[str]:
    """Codes that stand in a text by themselves, with or without their further digits, and not in an id."""
    return {found[1] + found[2] for found in _ALONE.finditer(text)} & set(codes)


def codes_in_bytes(raw: bytes, codes: Collection[str]) -> set[str]:
    """Codes in a file as people and messages write them: in two halves, or with their further digits."""
    spaced = {(found[1] + found[2]).decode() for found in _SPACED.finditer(raw)}
    return (spaced | {found[1][:8].decode() for found in _TWELVE.finditer(raw)}) & set(codes)


def people_in(text: str, people: Collection[str]) -> set[str]:
    """Names and contacts in a text."""
    return {one for one in people if one in text}


def values_of(database: Path) -> Iterator[tuple[str, str]]:
    """Every value of every table with where it stands; bytes as text, whatever they are."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info('{table}')")]
            for row in connection.execute(f"SELECT * FROM '{table}'"):  # noqa: S608 - names of our own tables
                for column, value in zip(columns, row, strict=True):
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    yield f"{table}.{column}", text


def wrongs_in_database(database: Path, codes: Collection[str], people: Collection[str]) -> list[str]:
    """Where a code stands, or somebody's name or contact outside the tables for that."""
    wrong = []
    for place, text in values_of(database):
        if found := codes_in(text, codes):
            wrong.append(f"{place} holds the code {found}")
        if place.partition(".")[0] not in PERSONAL_TABLES and (named := people_in(text, people)):
            wrong.append(f"{place} names {named}")
    return wrong


def wrongs_in_files(folder: Path, codes: Collection[str]) -> list[str]:
    """Files that hold a code, byte for byte: also what SQLite has let go of and not yet written over."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [f"{path} holds a code" for path in files if codes_in_bytes(path.read_bytes(), codes)]
