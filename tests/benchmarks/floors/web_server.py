"""Floor: an idle web server of the product's stack, with one page and nothing to do.

Frozen: a change here changes what every past figure meant.

Run: python -m tests.benchmarks.floors.web_server HOST:PORT
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route


async def _page(request: Request) -> HTMLResponse:
    return HTMLResponse("<!doctype html><title>page</title>")


def application() -> Starlette:
    """One page."""
    return Starlette(routes=[Route("/", _page)])


if __name__ == "__main__":
    host, _, port = sys.argv[1].rpartition(":")
    uvicorn.run(application(), host=host, port=int(port), http="h11", log_level="warning", access_log=False)
