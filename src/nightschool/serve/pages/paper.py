"""What every page is printed on: the templates, the frame around them, and the few files they need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import Response

from nightschool.night import page as night_page
from nightschool.redact import redact

TEMPLATES = Path(__file__).parent.parent / "templates"
STATIC = Path(__file__).parent.parent / "static"
FILES = {
    "report.css": night_page.TEMPLATES / "report.css",
    "pages.css": STATIC / "pages.css",
    "pages.js": STATIC / "pages.js",
    "icon.svg": STATIC / "icon.svg",
    "htmx.js": STATIC / "vendor" / "htmx-4.0.1.min.js",
}
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PLACES = (
    ("/", "Report"), ("/nights", "Nights"), ("/facts", "Facts"), ("/lessons", "Lessons"), ("/versions", "Versions"),
    ("/questions", "Questions"), ("/chat", "Chat"), ("/doctor", "Doctor"),
)  # fmt: skip


def page(
    template: str, *, title: str, path: str, token: str, note: object, person: str, values: Mapping[str, Any]
) -> str:
    """Print a page."""
    here = next((place for place, _ in PLACES if path == place or (place != "/" and path.startswith(place))), "")
    return _templates().get_template(template).render(
        {**values, "title": title, "here": here, "places": PLACES, "token": token, "note": note, "person": person}
    )  # fmt: skip


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    made.filters |= {"day": day, "moment": moment, "short": short, "clean": clean, "share": share, "took": took}
    made.globals["file"] = lambda name: f"/static/{name}?{_hash(name)}"
    return made


def clean(text: str) -> str:
    """Mask what is secret in words that are shown; every word of a person or a model passes here."""
    return redact(text).text


def day(seconds: float | None) -> str:
    """A date as a person writes it."""
    if not seconds:
        return ""
    at = datetime.fromtimestamp(seconds, tz=UTC).astimezone()
    return f"{at.day} {at:%B %Y}"


def moment(seconds: float | None) -> str:
    """A date with its time."""
    return f"{day(seconds)}, {datetime.fromtimestamp(seconds, tz=UTC).astimezone():%H:%M}" if seconds else ""


def short(seconds: float) -> str:
    """A moment in a list: day, month and time."""
    at = datetime.fromtimestamp(seconds, tz=UTC).astimezone()
    return f"{at.day} {at:%b %H:%M}" if at.year == datetime.now().astimezone().year else f"{at.day} {at:%b %Y}"


def share(value: float | None) -> str:
    """A share of one as a percentage."""
    return "" if value is None else f"{value:.0%}".replace("%", " %")


def took(seconds: float) -> str:
    """How long something took."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@lru_cache(maxsize=16)
def _hash(name: str) -> str:
    return hashlib.sha256(FILES[name].read_bytes()).hexdigest()[:12]


async def static(request: Request) -> Response:
    """Give one of the few files; their address changes with their content, so that a browser may keep them."""
    name = request.path_params["name"]
    if name not in FILES:
        return Response("There is no such file", 404)
    file = FILES[name]
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(file.read_bytes(), media_type=KINDS[file.suffix], headers=headers)


async def icon(request: Request) -> Response:
    """Give the icon to browsers that ask by themselves, as they do where a page is no HTML and cannot name it."""
    headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(FILES["icon.svg"].read_bytes(), media_type=KINDS[".svg"], headers=headers)
