"""The static files, read once: a few, small, and never from a path that a browser names."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from config.settings import PanelSettings

STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file in memory."""

    content: bytes
    media_type: str

    @property
    def etag(self) -> str:
        """Changes with the content."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


LOW_MM = 110
"""A glass lower than this has less room to spare around things, and smaller text."""


def panel_css(panel: PanelSettings) -> bytes:
    """What a style sheet must know about this panel: pixels a millimetre, and whether room is short."""
    is_low = panel.height_px / panel.px_per_mm < LOW_MM
    spare = " --air: 0.4; --t0: 0.88; --wide: 20; --number: 20;" if is_low else ""
    short = ".steps .done .name { font-size: 0; }\n" if is_low else ""
    return f":root {{ --mm: {panel.px_per_mm:g}px;{spare} }}\n{short}".encode()


class StaticFiles:
    """Answers `/static/...`."""

    def __init__(self, panel: PanelSettings) -> None:
        self._files = {
            path.name: StaticFile(path.read_bytes(), _TYPES[path.suffix])
            for path in sorted(STATIC.iterdir())
            if path.suffix in _TYPES
        }
        self._files["panel.css"] = StaticFile(panel_css(panel), _TYPES[".css"])

    async def get(self, request: Request) -> Response:
        """A file, or a short answer that it has not changed."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("There is no such file.\n", 404)
        headers = {"etag": found.etag, "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == found.etag:
            return Response(status_code=304, headers=headers)
        return Response(found.content, media_type=found.media_type, headers=headers)
