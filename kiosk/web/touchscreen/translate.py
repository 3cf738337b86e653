"""Languages of the touchscreen: gettext catalogues, read from their `.po` files when first needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOCALES = Path(__file__).parents[1] / "locale"
SOURCE = "en"
"""The language that texts are written in; it has no catalogue."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language in its own name, and how a page in it is marked."""

    tag: str
    html_tag: str
    name: str
    direction: str = "ltr"


LANGUAGES = {
    one.tag: one
    for one in (
        Language("en", "en", "English"),
        Language("es", "es", "Español"),
        Language("zh", "zh-Hans", "中文"),
        Language("ar", "ar", "العربية", "rtl"),
    )
}


def language_of(tag: str) -> Language:
    """The language of a tag such as `es` or `zh-Hans`; English where there is no catalogue."""
    return LANGUAGES.get(tag.partition("-")[0].lower(), LANGUAGES[SOURCE])


def is_known(tag: str) -> bool:
    """Whether texts exist in a language."""
    return tag.partition("-")[0].lower() in LANGUAGES


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language."""

    language: Language
    texts: Mapping[str, str]

    def text(self, source: str, **fields: object) -> str:
        """A text in this language with its fields filled in; the source text where none is known."""
        found = self.texts.get(source, source)
        return found % fields if fields else found


class Catalogues:
    """Reads each catalogue once."""

    def __init__(self) -> None:
        self._read: dict[str, Catalogue] = {}

    def of(self, tag: str) -> Catalogue:
        """The catalogue of a language tag."""
        language = language_of(tag)
        if language.tag not in self._read:
            self._read[language.tag] = Catalogue(language, read_texts(language.tag))
        return self._read[language.tag]


def po_path(tag: str) -> Path:
    """Where the catalogue of a language is."""
    return LOCALES / tag / "LC_MESSAGES" / "kiosk.po"


def read_texts(tag: str) -> dict[str, str]:
    """Source text to translation, finished translations only."""
    if tag == SOURCE:
        return {}
    from babel.messages.pofile import read_po  # loaded late: most starts show one language

    with po_path(tag).open("rb") as file:
        catalogue = read_po(file, locale=tag)
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str)
        if message.id and message.string and not message.fuzzy
    }
