"""One visit to a page: who came, what they sent, and what they get; never a cookie where there is one person.

A page is a function from a visit to a `View`, shown as HTML and, with `.json` behind its address, as JSON.
An act is a function from a visit to a `Done`: it changes something, and the visitor is sent on.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from nightschool.config import Config, Home
from nightschool.errors import UserError
from nightschool.records import Json
from nightschool.serve.pages import paper
from nightschool.serve.people import Person
from nightschool.serve.serving import COOKIE, Serving, key_of
from nightschool.store.database import open_database

MOST_NOTES = 200
MOST_BYTES = 1 << 20
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Without any referrer a browser sends `Origin: null` with a form, and the form is refused.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What a page shows."""

    title: str
    template: str
    data: Json
    """What the page says, as its `.json` gives it."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What only the drawing of it needs."""
    status: int = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Undo:
    """A way back, offered beside what was just done."""

    label: str
    path: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What an act did, and where the visitor goes on."""

    to: str
    said: str
    undo: Undo | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One request of one person."""

    request: Request
    serving: Serving
    person: Person
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Home:
        """The home of who came."""
        return self.person.home

    @property
    def config(self) -> Config:
        """The settings as they stand now."""
        return self.person.config

    def asked(self, name: str, default: str = "") -> str:
        """A value of the query, or of the path."""
        return str(self.request.path_params.get(name, self.request.query_params.get(name, default)))

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number of the query, within bounds."""
        text = self.request.query_params.get(name, "")
        return min(most, max(0, int(text))) if text.isdigit() and len(text) < 10 else default

    @contextlib.contextmanager
    def store(self) -> Iterator[sqlite3.Connection]:
        """Open the store of who came."""
        with contextlib.closing(open_database(self.home.database)) as db:
            yield db


class Missing(UserError):
    """There is no such page or thing; told with status 404."""


Page = Callable[[Visit], View]
Act = Callable[[Visit], Done]


class Desk:
    """Keeps what lies between two visits: the secret of the forms, and what was just done."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self._secret = secrets.token_bytes(32)
        self._notes: OrderedDict[str, tuple[str, Done]] = OrderedDict()

    def page(self, show: Page, *, as_json: bool) -> Callable[[Request], Response]:
        """Answer visits to a page."""

        def answer(request: Request) -> Response:
            person = self.person(request)
            if person is None:
                return _json({"error": "A key is needed"}, 401) if as_json else self._sign_in(request)
            visit = Visit(request=request, serving=self.serving, person=person)
            try:
                view = show(visit)
            except UserError as error:
                view = _trouble(error)
            return _json(view.data, view.status) if as_json else self._html(visit, view)

        return answer

    def act(self, do: Act) -> Callable[[Request], Any]:
        """Answer a form: check whose it is, act, and send the visitor on."""
        from starlette.concurrency import run_in_threadpool

        async def answer(request: Request) -> Response:
            person = self.person(request)
            if person is None:
                return self._sign_in(request)
            form = await read_form(request)
            visit = Visit(request=request, serving=self.serving, person=person, form=form)
            if not hmac.compare_digest(form.get("token", "").encode(), self.token(person).encode()):
                stale = UserError("This page is older than the server", hint="Load it again, and do it once more")
                return self._html(visit, _trouble(stale, 403))
            return await run_in_threadpool(self._acted, visit, do)

        return answer

    def _acted(self, visit: Visit, do: Act) -> Response:
        try:
            done = do(visit)
        except UserError as error:
            return self._html(visit, _trouble(error))
        if not done.said:
            return RedirectResponse(done.to, 303, headers=HEADERS)
        note = secrets.token_urlsafe(8)
        self._notes[note] = (visit.person.name, done)
        while len(self._notes) > MOST_NOTES:
            self._notes.popitem(last=False)
        joint = "&" if "?" in done.to else "?"
        return RedirectResponse(f"{done.to}{joint}done={quote(note)}", 303, headers=HEADERS)

    def person(self, request: Request) -> Person | None:
        """Whose pages these are: by header, by cookie, or the owner where nobody else was added."""
        return self.serving.people.of(key_of(request) or request.cookies.get(COOKIE))

    def token(self, person: Person) -> str:
        """What a form of a person has to carry."""
        return hmac.new(self._secret, person.name.encode(), hashlib.sha256).hexdigest()

    def _html(self, visit: Visit, view: View) -> Response:
        name, note = self._notes.get(visit.request.query_params.get("done", ""), ("", None))
        text = paper.page(
            view.template,
            title=view.title,
            path=visit.request.url.path,
            token=self.token(visit.person),
            note=note if name == visit.person.name else None,
            person=visit.person.name if self.serving.people.profiles() else "",
            values={**view.data, **view.extra},
        )
        return HTMLResponse(text, view.status, headers=HEADERS)

    def _sign_in(self, request: Request) -> Response:
        text = paper.page(
            "sign_in.html", title="Sign in", path=request.url.path, token="", note=None, person="", values={}
        )
        return HTMLResponse(text, 401, headers=HEADERS)

    async def sign_in(self, request: Request) -> Response:
        """Let a person in by their key; the key itself is the cookie, since the server keeps only its hash."""
        key = (await read_form(request)).get("key", "").strip()
        if self.serving.people.of(key) is None:
            return self._sign_in(request)
        answer = RedirectResponse("/", 303, headers=HEADERS)
        answer.set_cookie(COOKIE, key, httponly=True, samesite="strict", max_age=30 * 86_400)
        return answer

    async def sign_out(self, request: Request) -> Response:
        """Forget the key in this browser."""
        answer = RedirectResponse("/", 303, headers=HEADERS)
        answer.delete_cookie(COOKIE)
        return answer


async def read_form(request: Request) -> dict[str, str]:
    """Read a form of text fields; of one that is too long nothing, so that neither token nor key stands in it."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _trouble(error: UserError, status: int = 0) -> View:
    data = {"error": error.message, "hint": error.hint or ""}
    status = status or (404 if isinstance(error, Missing) else 400)
    return View(title="Not possible", template="trouble.html", data=data, status=status)


def _json(data: Json, status: int) -> Response:
    return Response(json.dumps(data), status, media_type="application/json", headers=HEADERS)
