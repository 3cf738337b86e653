"""What is wrong with a command line, as one line: what, what was expected, and one that works."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import cast

import typer

UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])
"""What every mistake in a command line is a case of; the library gives it no name of its own."""

_WORDS = (
    (r"\(Possible options: (.+)\)", r"(did you mean \1?)"),
    (
        r"Input should be a valid integer.*|'[^']*' is not a valid integer(?: range)?",
        "expected a whole number",
    ),
    (r"Input should be greater than or equal to (\S+)", r"expected \1 or more"),
    (r"Input should be less than or equal to (\S+)", r"expected \1 or less"),
    (r"(?:Value error, )?('[^']*') is not one of (.+)", r"\1, expected one of \2"),
    (r"Input should be", "expected"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"too many words, \1 is not expected"),
    (r"Missing argument '(\S+)'", r"\1 is missing"),
    (r"Missing option '(\S+)'", r"\1 is missing"),
    (r"Invalid value for '(?:\S+ / )?(\S+)':", r"\1"),
)
"""The library's words, and ours."""
_NO_SUCH_COMMAND = re.compile(r"No such command '([^']*)'")


def usage_line(error: typer.BadParameter, path: str, *, example: str, verbs: Sequence[str]) -> str:
    """The line for a mistake in the command `path`; `verbs` are those that could have followed."""
    said = error.format_message().strip().rstrip(".")
    if found := _NO_SUCH_COMMAND.search(said):
        return f"{path}: there is no command {found[1]}{_near(found[1], verbs)}"
    if said.startswith("Missing command"):
        return f"{path}: a command is missing{_near('', verbs)}"
    for theirs, ours in _WORDS:
        said = re.sub(theirs, ours, said)
    if said.startswith(("No such", "Option")):
        said = said[0].lower() + said[1:]
    return f"{path}: {said}; for example: {example}"


def _near(word: str, verbs: Sequence[str]) -> str:
    if word and (near := difflib.get_close_matches(word, verbs, 1)):
        return f", did you mean {near[0]}?"
    return f", expected one of {', '.join(verbs)}"


def path_of(arguments: Iterable[str], known: Iterable[str]) -> str:
    """The longest command that a command line begins with: `kiosk`, or one of the known behind it."""
    paths, path = set(known), "kiosk"
    for word in arguments:
        if f"{path} {word}" not in paths:
            return path
        path = f"{path} {word}"
    return path
