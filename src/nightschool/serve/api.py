"""The routes that clients of the model in this process call: OpenAI's, Anthropic's and Ollama's."""

from __future__ import annotations

import base64
import json
import struct
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from nightschool.records import Json
from nightschool.serve import anthropic, choices, commands, ollama, openai_chat, refusals, responses
from nightschool.serve.answering import Writer, stream, whole
from nightschool.serve.ask import Ask, BadRequest, Offered, UnknownModel
from nightschool.serve.comparison import Comparison
from nightschool.serve.people import Person
from nightschool.serve.recorder import Exchange, arrived
from nightschool.serve.refusals import Shape
from nightschool.serve.serving import Serving, key_of

OLLAMA_VERSION = "0.21.0"
"""Codex asks for at least 0.13.4."""
MOST_BYTES = 64 << 20

Endpoint = Callable[[Request, Person], Awaitable[Response]]


class Api:
    """The endpoints of one server."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._engine = serving.engine
        self._comparison = Comparison(serving)

    def routes(self) -> list[BaseRoute]:
        """Return every route."""
        openai: Shape = "openai"
        return [
            self._post("/v1/chat/completions", openai, self._chat),
            self._post("/v1/responses", openai, self._respond),
            self._post("/v1/embeddings", openai, self._embed),
            self._get("/v1/models", openai, self._models),
            self._get("/v1/models/{name:path}", openai, self._model),
            self._post("/v1/messages", "anthropic", self._messages),
            self._post("/v1/messages/count_tokens", "anthropic", self._count),
            self._post("/api/chat", "ollama", self._ollama_chat),
            self._post("/api/generate", "ollama", self._ollama_generate),
            self._post("/api/show", "ollama", self._show),
            self._post("/api/embed", "ollama", self._ollama_embed),
            self._post("/api/embeddings", "ollama", self._ollama_embedding),
            self._post("/api/pull", "ollama", self._pull),
            self._get("/api/tags", "ollama", self._tags),
            self._get("/api/ps", "ollama", self._tags),
            self._get("/api/version", "ollama", self._version),
        ]

    def _post(self, path: str, shape: Shape, endpoint: Endpoint) -> Route:
        return Route(path, self._guarded(shape, endpoint), methods=["POST"])

    def _get(self, path: str, shape: Shape, endpoint: Endpoint) -> Route:
        return Route(path, self._guarded(shape, endpoint), methods=["GET"])

    def _guarded(self, shape: Shape, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """Let in whoever is somebody here, and tell errors in the API's own shape."""

        async def answered(request: Request) -> Response:
            person = self._serving.person(request)
            if person is None:
                return refusals.response(refusals.unknown(key_of(request)), shape)
            try:
                return await endpoint(request, person)
            except Exception as error:
                refused = refusals.refusal(error)
                if refused.status == 500:
                    self._serving.log.exception("A request failed")
                return refusals.response(refused, shape)

        return answered

    async def _chat(self, request: Request, person: Person) -> Response:
        return await self._answer(request, person, openai_chat.read, openai_chat.Writer)

    async def _respond(self, request: Request, person: Person) -> Response:
        return await self._answer(request, person, responses.read, responses.Writer)

    async def _messages(self, request: Request, person: Person) -> Response:
        return await self._answer(request, person, anthropic.read, anthropic.Writer)

    async def _ollama_chat(self, request: Request, person: Person) -> Response:
        return await self._answer(request, person, ollama.read_chat, ollama.Writer)

    async def _ollama_generate(self, request: Request, person: Person) -> Response:
        return await self._answer(request, person, ollama.read_generate, partial(ollama.Writer, chat=False))

    async def _answer(
        self,
        request: Request,
        person: Person,
        read: Callable[[Json], Ask],
        write: Callable[[Ask, str], Writer],
    ) -> Response:
        """Answer one request and copy both for the recorder, behind the last byte."""
        raw = await body_of(request)
        ask = read(parsed(raw))
        _refuse_limit(ask)
        exchange = Exchange.begin(request, person, raw)
        arrived(person, ask)
        writer = write(ask, exchange.id)
        if not ask.prompt.messages:
            return await self._loaded(ask, person)
        command = commands.read(ask.prompt.messages)
        if command:
            events = self._serving.commands.answer(command, ask, person)
        else:
            chosen = await self._comparison.chosen(ask, exchange)
            events = choices.answered(lambda one: self._engine.answer(one, person), chosen)
        noted = exchange.noted(events)
        response = await (stream(noted, writer) if ask.stream else whole(noted, writer, request))
        return self._serving.recorder.copied(response, exchange)

    async def _loaded(self, ask: Ask, person: Person) -> Response:
        """Answer Ollama's clients, who load a model by asking it nothing."""
        await self._find(ask.model, person)
        head = {"model": ask.model, "created_at": ollama.moment(self._serving.clock())}
        said = {"message": {"role": "assistant", "content": ""}, "response": ""}
        return JSONResponse(head | said | {"done": True, "done_reason": "load"})

    async def _models(self, request: Request, person: Person) -> Response:
        return JSONResponse({"object": "list", "data": [_listed(one) for one in await self._engine.offered(person)]})

    async def _model(self, request: Request, person: Person) -> Response:
        return JSONResponse(_listed(await self._find(request.path_params["name"], person)))

    async def _find(self, name: str, person: Person) -> Offered:
        wanted = name.removesuffix(":latest")
        for one in await self._engine.offered(person):
            if one.id == wanted:
                return one
        raise UnknownModel(f"There is no model {name!r} here")

    async def _embed(self, request: Request, person: Person) -> Response:
        body = parsed(await body_of(request))
        name = openai_chat.model_of(body)
        await self._find(name, person)
        found = await self._engine.embed(_texts(body.get("input"), "input"))
        packed = body.get("encoding_format") == "base64"
        data = [
            {"object": "embedding", "index": index, "embedding": _packed(vector) if packed else vector}
            for index, vector in enumerate(found.vectors)
        ]
        used = {"prompt_tokens": found.tokens, "total_tokens": found.tokens}
        return JSONResponse({"object": "list", "data": data, "model": name, "usage": used})

    async def _count(self, request: Request, person: Person) -> Response:
        body = parsed(await body_of(request))
        return JSONResponse({"input_tokens": await self._engine.count(anthropic.read(body))})

    async def _ollama_embed(self, request: Request, person: Person) -> Response:
        body = parsed(await body_of(request))
        name = ollama.named(body)
        await self._find(name, person)
        began = time.monotonic()
        found = await self._engine.embed(_texts(body.get("input"), "input"))
        took = {"total_duration": int((time.monotonic() - began) * 1e9), "load_duration": 0}
        used = {"prompt_eval_count": found.tokens}
        return JSONResponse({"model": name, "embeddings": found.vectors} | took | used)

    async def _ollama_embedding(self, request: Request, person: Person) -> Response:
        body = parsed(await body_of(request))
        await self._find(ollama.named(body), person)
        found = await self._engine.embed(_texts(body.get("prompt"), "prompt"))
        return JSONResponse({"embedding": found.vectors[0]})

    async def _show(self, request: Request, person: Person) -> Response:
        body = parsed(await body_of(request))
        return JSONResponse(ollama.shown(await self._find(ollama.named(body), person)))

    async def _pull(self, request: Request, person: Person) -> Response:
        """Answer clients that pull what they do not see: what is here is here, nothing is fetched."""
        body = parsed(await body_of(request))
        await self._find(ollama.named(body), person)
        line = json.dumps({"status": "success"})
        if body.get("stream") is False:
            return JSONResponse({"status": "success"})
        return Response(f"{line}\n", media_type="application/x-ndjson")

    async def _tags(self, request: Request, person: Person) -> Response:
        offered = await self._engine.offered(person)
        lines = [ollama.entry(one) for one in offered]
        if request.url.path == "/api/ps":
            more = {"expires_at": "2318-01-01T00:00:00Z", "size_vram": 0}
            lines = [
                line | more | {"context_length": one.context_tokens} for line, one in zip(lines, offered, strict=True)
            ]
        return JSONResponse({"models": lines})

    async def _version(self, request: Request, person: Person) -> Response:
        return JSONResponse({"version": OLLAMA_VERSION})


def routes(serving: Serving) -> Sequence[BaseRoute]:
    """Return the routes of a server that answers with its own model."""
    return Api(serving).routes()


async def body_of(request: Request) -> bytes:
    """Return a request's bytes; BadRequest where there are too many."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            raise BadRequest(f"The request is larger than {MOST_BYTES >> 20} MiB")
    return data


def parsed(raw: bytes) -> Json:
    """Return a request's object; BadRequest where it is none."""
    try:
        value = json.loads(raw or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The request is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadRequest("The request is no JSON object")
    return value


def _refuse_limit(ask: Ask) -> None:
    """Refuse an answer of no tokens, as OpenAI does; behind us a server may know what it means."""
    most = ask.sampling.max_tokens
    if most is not None and most < 1:
        raise BadRequest(f"max_tokens must be at least 1, and {most} was asked for", "max_tokens")


def _listed(one: Offered) -> Json:
    return {
        "id": one.id, "object": "model", "created": int(one.created), "owned_by": "nightschool",
        "context_length": one.context_tokens, "max_model_len": one.context_tokens,
        "version": one.version, "memory": one.memory,
    }  # fmt: skip


def _texts(value: object, name: str) -> list[str]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise BadRequest(f"{name} must be a text or a list of texts", name)
    return given


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
