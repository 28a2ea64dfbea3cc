"""A model behind an address: any endpoint that speaks OpenAI's or Ollama's form of chat.

It owns addresses, dialects, retries and timeouts, and never makes up an answer: what could not be had
is an EndpointError. Optional fields that a server refuses are left out from then on.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nightschool.errors import UserError
from nightschool.models.transport import Curl, EndpointError, Httpx, Request, Response
from nightschool.records import Json

Api = Literal["auto", "openai", "ollama"]
RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
LONGEST_WAIT = 30.0
PLAINEST = 2
"""0: everything is asked for; 1: nothing about thinking; 2: no schema either."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What a model said."""

    text: str
    thinking: str = ""
    stop: str = "stop"
    """`stop`, `length`, or whatever else the server calls it."""
    prompt_tokens: int = 0
    tokens: int = 0
    seconds: float = 0.0


class Endpoint:
    """One model on one machine; safe to call from several threads at once."""

    def __init__(
        self,
        url: str,
        model: str = "",
        *,
        api: str = "auto",
        key: str = "",
        transport: str = "auto",
        connect_seconds: float = 5.0,
        seconds: float = 120.0,
        retries: int = 2,
        context_tokens: int = 16384,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = _checked(url, api, transport, key)
        self.seconds = seconds
        self._connect_seconds = connect_seconds
        self._key = key.strip()
        self._retries = retries
        self._context_tokens = context_tokens
        self._rest = rest
        self._lock = threading.RLock()
        self._model = model
        self._api: str = _told_by(self.url) if api == "auto" else api
        self._plainness = 0
        self._httpx, self._curl = Httpx(self.url), Curl(self.url)
        self._ways: list[Httpx | Curl] = [self._httpx, self._curl] if shutil.which("curl") else [self._httpx]
        if transport != "auto":
            self._ways = [self._curl if transport == "curl" else self._httpx]

    @property
    def api(self) -> str:
        """`openai` or `ollama`; asked of the server once where the address does not tell."""
        with self._lock:
            if self._api == "auto":
                self._api = "ollama" if "models" in self._asked_quietly("/api/tags") else "openai"
            return self._api

    @property
    def model(self) -> str:
        """The model's name; the first one that the server lists where none was given."""
        with self._lock:
            if not self._model:
                listed = self.models()
                if not listed:
                    raise EndpointError("refused", "The endpoint lists no model")
                self._model = listed[0]
            return self._model

    @property
    def transport(self) -> str:
        """The way that is tried first."""
        return "curl" if self._ways[0] is self._curl else "httpx"

    def models(self) -> list[str]:
        """List the models that the server offers."""
        path, key, name = ("/api/tags", "models", "name") if self.api == "ollama" else ("/v1/models", "data", "id")
        found = _parsed(self._call("GET", path, None, self.seconds)[1])
        return [str(entry[name]) for entry in found.get(key) or () if isinstance(entry, dict) and entry.get(name)]

    def chat(
        self,
        messages: Sequence[Json],
        *,
        schema: Json | None = None,
        max_tokens: int = 1024,
        temperature: float = 0.0,
        thinking: bool = False,
        seed: int = 0,
    ) -> Reply:
        """Ask once; EndpointError where there is no answer in time. Thinking is off unless asked for."""
        began = time.monotonic()
        model = self.model
        while True:
            plainness = self._plainness
            body = _body(
                self.api, model, list(messages), schema if plainness < PLAINEST else None, max_tokens, temperature,
                thinking if plainness < 1 else None, seed, self._context_tokens,
            )  # fmt: skip
            try:
                kind, data = self._call("POST", "/api/chat" if self.api == "ollama" else "/v1/chat/completions", body)
            except EndpointError as error:
                if error.status not in (400, 422) or plainness >= PLAINEST:
                    raise
                self._plainness = max(self._plainness, plainness + 1)
                continue
            return _reply(kind, data, time.monotonic() - began)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one direction of meaning per text; EndpointError where the server gives none."""
        body: Json = {"model": self.model, "input": list(texts)}
        ollama = self.api == "ollama"
        found = _parsed(self._call("POST", "/api/embed" if ollama else "/v1/embeddings", body)[1])
        listed = found.get("embeddings" if ollama else "data")
        if not isinstance(listed, list) or len(listed) != len(texts):
            raise EndpointError("no json", "The endpoint answered without embeddings")
        try:
            if not ollama:
                listed = [row["embedding"] for row in sorted(listed, key=lambda row: int(row.get("index", 0)))]
            return [[float(number) for number in row] for row in listed]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise EndpointError("no json", "The endpoint answered embeddings of another shape") from error

    @contextlib.contextmanager
    def stream(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[Response]:
        """Pass a request on as it is and hand back the answer as it comes, whatever its status."""
        request = Request(
            method=method,
            url=_joined(self.url, path),
            headers=self._headers() | dict(headers or {}),
            body=body,
            connect_seconds=self._connect_seconds,
            seconds=self.seconds,
        )
        with contextlib.ExitStack() as stack:
            yield self._sent(stack, request)

    def close(self) -> None:
        """Close what is kept open."""
        self._httpx.close()

    def _asked_quietly(self, path: str) -> Json:
        try:
            return _parsed(self._call("GET", path, None, min(10.0, self.seconds), retries=0)[1])
        except EndpointError as error:
            if error.problem in ("unreachable", "slow"):
                raise
            return {}

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "nightschool"}
        return headers | ({"Authorization": f"Bearer {self._key}"} if self._key else {})

    def _call(
        self, method: str, path: str, body: Json | None, seconds: float = 0.0, *, retries: int | None = None
    ) -> tuple[str, bytes]:
        """Send, and send again within bounds where it may help; return the kind of content and the bytes."""
        request = Request(
            method=method,
            url=_joined(self.url, path),
            headers=self._headers(),
            body=json.dumps(body).encode() if body is not None else None,
            connect_seconds=self._connect_seconds,
            seconds=seconds or self.seconds,
        )
        left = self._retries if retries is None else retries
        pause = 0.5
        while True:
            try:
                return self._read(request)
            except EndpointError as error:
                again = error.problem in ("unreachable", "broken off") or error.status in RETRIED
                if left == 0 or not again:
                    raise
                self._rest(min(LONGEST_WAIT, max(pause, error.wait)))
                left, pause = left - 1, pause * 2

    def _read(self, request: Request) -> tuple[str, bytes]:
        with contextlib.ExitStack() as stack:
            response = self._sent(stack, request)
            data = response.read()
        if response.status >= 300:
            raise EndpointError(
                "refused", _refusal(response.status, data), status=response.status, wait=_wait(response.headers)
            )
        return response.headers.get("content-type", ""), data

    def _sent(self, stack: contextlib.ExitStack, request: Request) -> Response:
        """Try the ways in turn until one reaches the host; that one is tried first from then on."""
        first: EndpointError | None = None
        for way in list(self._ways):
            try:
                response = stack.enter_context(way.send(request))
            except EndpointError as error:
                if error.problem != "unreachable":
                    raise
                first = first or error
                continue
            if way is not self._ways[0]:
                self._ways = [way, *(other for other in self._ways if other is not way)]
            return response
        assert first is not None
        raise first


def key_from(variable: str) -> str:
    """Read a key from the environment; UserError where the named variable is not set."""
    if not variable:
        return ""
    key = os.environ.get(variable, "")
    if not key:
        raise UserError(f"The variable {variable!r} holds no key", hint=f"Set it with `export {variable}=…`")
    return key


def _checked(url: str, api: str, transport: str, key: str) -> str:
    """Return the address without what is added per call; UserError where something cannot be meant."""
    parts = urllib.parse.urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserError(f"{url!r} is no address of an endpoint", hint="Write it as `http://host:11434`")
    if parts.username or parts.password:
        raise UserError("The address of an endpoint holds a password", hint="Name a variable in `key_variable` instead")
    for name, value, known in (
        ("api", api, ("auto", "openai", "ollama")),
        ("transport", transport, ("auto", "httpx", "curl")),
    ):
        if value not in known:
            raise UserError(f"{value!r} is no {name} of an endpoint", hint=f"Choose {', '.join(known)}")
    if not key.strip().isprintable():
        raise UserError("The key of an endpoint holds a line break", hint="Set the variable again")
    path = parts.path.rstrip("/")
    path = path.removesuffix("/chat/completions")
    if path.endswith(("/api/chat", "/api/generate")):
        path = path.rpartition("/")[0]
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _told_by(url: str) -> str:
    """What an address tells of its form."""
    path = urllib.parse.urlsplit(url).path
    if path.endswith("/api"):
        return "ollama"
    return "openai" if path.endswith(("/v1", "/openai")) or "/v1/" in path else "auto"


def _joined(url: str, path: str) -> str:
    """Join address and path; a part that both have stands once."""
    for shared in ("/v1", "/api"):
        if url.endswith(shared) and path.startswith(f"{shared}/"):
            return url + path.removeprefix(shared)
    if url.endswith(("/v1", "/openai")) or "/v1/" in f"{url}/".partition("://")[2]:
        return url + path.removeprefix("/v1")
    return url + path


def _body(
    api: str, model: str, messages: list[Json], schema: Json | None, max_tokens: int, temperature: float,
    thinking: bool | None, seed: int, context_tokens: int,
) -> Json:  # fmt: skip
    if api == "ollama":
        # Ollama cuts a longer prompt without a word; one size for all calls, since another reloads the model.
        room = {"num_predict": max_tokens, "num_ctx": context_tokens, "temperature": temperature, "seed": seed}
        body: Json = {"model": model, "messages": messages, "stream": False, "options": room}
        return (
            body
            | ({"format": schema} if schema is not None else {})
            | ({} if thinking is None else {"think": thinking})
        )
    body = {"model": model, "messages": messages, "stream": False, "max_tokens": max_tokens}
    body |= {"temperature": temperature, "seed": seed}
    if schema is not None:
        form = {"name": "verdict", "schema": schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    if thinking is not None:
        body["chat_template_kwargs"] = {"enable_thinking": thinking}
    return body


def _parsed(data: bytes) -> Json:
    try:
        value = json.loads(data.decode("utf-8", errors="replace"), strict=False)
    except ValueError as error:
        what = "a page" if data.lstrip()[:1] == b"<" else "text that is no JSON"
        raise EndpointError("no json", f"The endpoint answered {what}") from error
    if not isinstance(value, dict):
        raise EndpointError("no json", "The endpoint answered JSON of another shape")
    return value


def _reply(kind: str, data: bytes, seconds: float) -> Reply:
    """Read an answer of either form, whole or in pieces."""
    if "event-stream" in kind:
        pieces = [_parsed(line[5:].strip()) for line in data.splitlines() if _piece(line)]
    elif "ndjson" in kind:
        pieces = [_parsed(line) for line in data.splitlines() if line.strip()]
    else:
        pieces = [_parsed(data)]
    text, thinking, stop, counts = "", "", "stop", (0, 0)
    for piece in pieces:
        choice, message = _said(piece)
        text += _words(message.get("content"))
        thinking += _words(message.get("reasoning_content") or message.get("reasoning") or message.get("thinking"))
        stop = str(choice.get("finish_reason") or choice.get("done_reason") or stop)
        usage: Json = piece.get("usage") or {}
        prompt = usage.get("prompt_tokens") or piece.get("prompt_eval_count") or counts[0]
        counts = (int(prompt), int(usage.get("completion_tokens") or piece.get("eval_count") or counts[1]))
    return Reply(text=text, thinking=thinking, stop=stop, prompt_tokens=counts[0], tokens=counts[1], seconds=seconds)


def _piece(line: bytes) -> bool:
    return line.startswith(b"data:") and line[5:].strip() not in (b"", b"[DONE]")


def _said(piece: Json) -> tuple[Json, Json]:
    """The choice of a piece and its message."""
    choices = piece.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else piece
    message = choice.get("message") or choice.get("delta") or {}
    if not isinstance(message, dict) or ("message" not in choice and "delta" not in choice and "usage" not in piece):
        raise EndpointError("empty", f"The endpoint answered without a message: {_short(piece)}")
    return choice, message


def _words(content: Any) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return str(content or "")


def _refusal(status: int, data: bytes) -> str:
    try:
        error = _parsed(data).get("error", "")
        said = str(error.get("message") if isinstance(error, dict) else error)
    except EndpointError:
        said = ""
    return f"The endpoint answered {status}{': ' + ' '.join(said.split())[:160] if said else ''}"


def _wait(headers: Mapping[str, str]) -> float:
    try:
        return max(0.0, float(headers.get("retry-after", "0")))
    except ValueError:
        return 0.0


def _short(value: Json) -> str:
    return ", ".join(list(value)[:4]) or "nothing"
