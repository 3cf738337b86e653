"""Texts of the touchscreen in the sources; `python -m tests.web.catalogues` updates the `.po` files.

Translations stay; new texts come in empty, and the tests fail until somebody has translated them.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from kiosk.web.touchscreen.translate import LANGUAGES, SOURCE, po_path

TOUCHSCREEN = Path(__file__).parents[2] / "kiosk" / "web" / "touchscreen"
HEADER = """msgid ""
msgstr ""
"Language: {tag}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
METHODS = [("**.py", "python"), ("**.html", "jinja2")]


def sources() -> Catalog:
    """Every text that a page may show."""
    catalogue = Catalog(project="latchwork", charset="utf-8", header_comment="")
    found = extract_from_dir(TOUCHSCREEN, METHODS, {}, keywords={"_": None})
    for file, _line, text, comments, context in found:
        catalogue.add(text, None, [(file, 0)], auto_comments=comments, context=context)
    return catalogue


def translations(tag: str) -> Catalog:
    """The catalogue of a language as it stands, unfinished texts and all."""
    with po_path(tag).open("rb") as file:
        return read_po(file, locale=tag)


def update(tag: str) -> int:
    """Bring one language up to date; how many texts still wait for a translator."""
    catalogue = translations(tag)
    catalogue.update(sources(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(tag, catalogue)
    return sum(1 for message in catalogue if message.id and not message.string)


def write(tag: str, catalogue: Catalog) -> None:
    """The file of a language, in order of the source texts, so that a change is one hunk."""
    with po_path(tag).open("wb") as file:
        file.write(HEADER.format(tag=tag).encode())
        write_po(file, catalogue, width=110, no_location=True, omit_header=True, sort_output=True)


if __name__ == "__main__":
    for language in sorted(LANGUAGES.keys() - {SOURCE}):
        sys.stdout.write(f"{language}: {update(language)} texts without translation\n")
