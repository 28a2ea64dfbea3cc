"""JSON over HTTP to a server that the person named; every failure is one sentence that names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.records import Json

SECONDS = 600.0
"""A large base may have to be read from disk before the first answer."""
_WRITTEN = "Write it as `http://127.0.0.1:PORT` in [deliver]"


class Refusal(UserError):
    """The server is there and said no."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class Wire:
    """One server: what it is called in sentences, where it listens, and how to start it."""

    def __init__(self, what: str, url: str, start: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise UserError(f"{url!r} is no address of {what}", hint=_WRITTEN)
        self._what = what
        self.url = url.rstrip("/")
        self._start = start

    def get(self, path: str) -> Any:
        """Read a resource."""
        return self.send("GET", path)

    def post(self, path: str, body: Json | list[Json]) -> Any:
        """Ask for something; the answer is JSON, or None where there is none."""
        return self.send("POST", path, json=body)

    def upload(self, path: str, file: Path) -> None:
        """Send a file as it is."""
        with file.open("rb") as opened:
            self.send("POST", path, content=opened)

    def send(self, method: str, path: str, **body: Any) -> Any:
        """Send a request; UserError where nobody listens, Refusal where the server says no."""
        import httpx

        try:
            # Not through a proxy: these are servers of this machine or of this house.
            with httpx.Client(timeout=httpx.Timeout(SECONDS, connect=5.0), trust_env=False) as client:
                response = client.request(method, self.url + path, **body)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise UserError(f"{self.url!r} is no address of {self._what}: {error}", hint=_WRITTEN) from error
        except httpx.HTTPError as error:
            raise UserError(
                f"{self._what} at {self.url} does not answer: {str(error) or type(error).__name__}", hint=self._start
            ) from error
        if response.status_code >= 400:
            raise Refusal(f"{self._what} at {self.url} refused {path}: {_why(response)}", status=response.status_code)
        try:
            return response.json() if response.content.strip() else None
        except ValueError:
            return response.text


def _why(response: Any) -> str:
    try:
        told = response.json()
        told = told.get("error", told) if isinstance(told, dict) else told
        told = told.get("message", told) if isinstance(told, dict) else told
    except ValueError:
        told = response.text
    return f"{response.status_code} {' '.join(str(told).split())[:200]}".strip()
