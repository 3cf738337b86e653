"""What a settings file leaves out that somebody may need; it can be used all the same."""

from collections.abc import Iterator

from config.load import layout_of
from config.settings import Settings


def remarks(settings: Settings) -> Iterator[str]:
    """One line each, by its place as in TOML."""
    large = layout_of(settings).large
    if large and not settings.kiosk.emergency_number:
        doors = ", ".join(one.label for one in large)
        yield (
            "kiosk.emergency_number: missing, expected whom to call when a person is in danger: "
            f"these compartments could hold one: {doors}"
        )
