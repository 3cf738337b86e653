"""What stands on a label that names no unit: somebody of the unit, as the sample building lists them."""

from collections.abc import Sequence

from config.sample import read_sample

LETTERS = 3
_HIDDEN = "\N{MIDDLE DOT}"


def name_of(unit: str) -> str:
    """The first person of a unit; empty where nobody lives there."""
    building = read_sample()
    ids = {one.id for one in building.units if one.label == unit}
    return next((person.name for person in building.residents if person.unit in ids), "")


def letters_of(name: str) -> str:
    """What is typed: the beginning of the last word, with letters as the keys have them."""
    return name.rsplit(maxsplit=1)[-1][:LETTERS].upper()


def which(shown: Sequence[str], name: str) -> int | None:
    """The line on the screen that may be this name; None where none is, or more than one."""
    fitting = [
        number for number, line in enumerate(shown) if any(_fits(one, name) for one in line.split(", "))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _fits(masked: str, name: str) -> bool:
    words, shown = name.split(), masked.split()
    return len(words) == len(shown) and all(map(_word_fits, shown, words))


def _word_fits(shown: str, word: str) -> bool:
    return word.upper().startswith(shown.rstrip(f".{_HIDDEN}").upper())
