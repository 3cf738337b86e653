"""The page that checks proofs of delivery in a browser: one file, no network."""

import html
from importlib.resources import files

_KEY, _KIOSK = 'name="public-key" content=""', 'name="kiosk" content=""'


def page_with(public_key: str = "", kiosk: str = "") -> str:
    """The page, with a public key in it or with a field to paste one into."""
    text = (files("kiosk.proofs") / "check.html").read_text(encoding="utf-8")
    filled = text.replace(_KEY, f'name="public-key" content="{html.escape(public_key)}"')
    return filled.replace(_KIOSK, f'name="kiosk" content="{html.escape(kiosk)}"')
