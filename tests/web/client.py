"""A visitor who speaks plain HTTP: a browser without script, or somebody who pretends to be one."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def token(self) -> str:
        """The one-time token of the page."""
        found = re.search(r'name="token" value="([^"]+)"', self.text)
        assert found, self.text
        return found[1]

    @property
    def kind(self) -> str:
        """Which page it is."""
        found = re.search(r'data-kind="([^"]+)"', self.text)
        assert found, self.text
        return found[1]

    @property
    def notice(self) -> str:
        """The sentence that the page opens with."""
        found = re.search(r'<p class="notice"[^>]*>([^<]*)</p>', self.text)
        return unescape(found[1]) if found else ""


@dataclass
class Visitor:
    """One browser with its cookies, at one kiosk."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    tab: str = ""

    @property
    def origin(self) -> str:
        """The kiosk's address."""
        return f"http://127.0.0.1:{self.port}"

    async def get(self, path: str = "/", **headers: str) -> Reply:
        """Ask for a page."""
        return await self.send("GET", path, headers=_named(headers))

    async def post(self, token: str, action: str, **fields: str) -> Reply:
        """Touch something; answers with the page that follows."""
        reply = await self.act({"token": token, "action": action, **fields})
        assert reply.status == 303, reply.text
        return await self.get(reply.headers["location"])

    async def act(self, fields: Mapping[str, str], **headers: str) -> Reply:
        """The post alone, as a browser sends it, with some headers changed (an empty one is left out)."""
        usual = {"Origin": self.origin, "Content-Type": FORM, "Sec-Fetch-Site": "same-origin"}
        body = urlencode(fields).encode()
        return await self.send("POST", "/act", headers={**usual, **_named(headers)}, body=body)

    async def touch(self, action: str, **fields: str) -> Reply:
        """Look at the page of the moment and touch something on it."""
        return await self.post((await self.get()).token, action, **fields)

    async def send(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Reply:
        """One request on a connection of its own."""
        async with self.connection() as (reader, writer):
            writer.write(self.head(method, path, headers, body) + (body or b""))
            async with asyncio.timeout(PATIENCE_S):
                raw = await reader.read()
        reply = read_reply(raw)
        self._keep_cookies(reply)
        return reply

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection to the kiosk."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def head(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
        """The request's head."""
        usual = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        if self.cookies:
            usual["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.tab:
            usual["Kiosk-Tab"] = self.tab
        if body is not None:
            usual["Content-Length"] = str(len(body))
        lines = [f"{name}: {value}" for name, value in {**usual, **headers}.items() if value]
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()

    def _keep_cookies(self, reply: Reply) -> None:
        for line in reply.headers.get("set-cookie", "").split("\n"):
            name, _, value = line.partition(";")[0].partition("=")
            if name:
                self.cookies[name] = value.strip('"')


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    """`sec_fetch_site` -> `Sec-Fetch-Site`."""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


def read_reply(raw: bytes) -> Reply:
    """A whole answer; several headers of one name are joined by a line end."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        known = headers.get(name.lower())
        headers[name.lower()] = f"{known}\n{value.strip()}" if known else value.strip()
    return Reply(int(first.split()[1]), headers, body)
