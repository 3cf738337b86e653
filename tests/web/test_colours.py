"""The palette in numbers: text at least 7:1, edges of controls at least 3:1, in both themes."""

import re

import pytest

from kiosk.web.files import STATIC

STYLE = (STATIC / "kiosk.css").read_text(encoding="utf-8")
TEXT = [
    ("ink", "paper"),
    ("ink", "card"),
    ("soft", "paper"),
    ("soft", "card"),
    ("go-ink", "go"),
    ("wait", "paper"),
    ("wait", "card"),
    ("stop", "paper"),
    ("paper", "ink"),
]
EDGES = [
    ("line", "paper"),
    ("line", "card"),
    ("go", "paper"),
    ("go", "card"),
    ("focus", "paper"),
    ("focus", "card"),
]


def palette(selector: str) -> dict[str, str]:
    """The colours that a rule sets."""
    rule = re.search(re.escape(selector) + r" \{([^}]*)\}", STYLE)
    assert rule, selector
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", rule[1]))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=[":root", '[data-theme="contrast"]'])
def colours(request: pytest.FixtureRequest) -> dict[str, str]:
    """Each theme in turn."""
    return palette(str(request.param))


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_can_be_read(colours: dict[str, str], front: str, back: str) -> None:
    assert contrast(colours[front], colours[back]) >= 7


@pytest.mark.parametrize(("front", "back"), EDGES)
def test_controls_can_be_seen(colours: dict[str, str], front: str, back: str) -> None:
    assert contrast(colours[front], colours[back]) >= 3


def test_every_colour_is_of_the_palette() -> None:
    rules = re.sub(r"--[a-z-]+: [^;]*;", "", STYLE)
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rules)) == {"#000"}, (
        "the QR code alone is black in every theme"
    )
    assert not re.search(r"opacity|gradient|shadow|infinite", rules)
