"""Keeps other sites out: a page in the person's browser reaches loopback as well as any program.

A name that was rebound to this machine shows in `Host`, a foreign page in `Origin`.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "host.docker.internal"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Refuse requests that name another host or come from another site's page."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = LOOPBACK | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or answer it with the reason."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"] if name in (b"host", b"origin")}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if _name(f"//{host}") not in self._hosts:
            await _refusal(400, f"This server does not answer for the host {host!r}")(scope, receive, send)
        elif scope["method"] not in SAFE and origin is not None and not self._same_site(origin, host):
            await _refusal(403, f"Pages of {origin!r} may not use this server")(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _same_site(self, origin: str, host: str) -> bool:
        return urlsplit(origin).netloc.lower() == host.lower()


def _name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _refusal(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": {"message": message, "type": "forbidden", "param": None, "code": None}}, status)
