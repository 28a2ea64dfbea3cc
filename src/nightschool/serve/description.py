"""The OpenAPI description of the server, for clients that are generated from one and for tests."""

from __future__ import annotations

from nightschool import __version__
from nightschool.records import Json
from nightschool.serve import choices

TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
NUMBER: Json = {"type": "number"}
WHOLE: Json = {"type": "integer"}
LIMIT: Json = {"type": "integer", "minimum": 1}
ANY: Json = {"type": "object"}
NAME: Json = {"type": "string", "minLength": 1, "example": "champion+memory"}
BLOCK: Json = {"type": "object", "properties": {"type": TEXT, "text": TEXT}, "required": ["type"]}
CONTENT: Json = {"anyOf": [TEXT, {"type": "array", "items": BLOCK}]}
TOOL: Json = {
    "type": "object",
    "properties": {
        "type": {"enum": ["function"]},
        "function": {
            "type": "object",
            "properties": {"name": TEXT, "description": TEXT, "parameters": ANY},
            "required": ["name"],
        },
    },
    "required": ["type", "function"],
}
CHOICE: Json = {"anyOf": [{"enum": ["none", "auto", "required"]}, ANY]}
TEXTS: Json = {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}


def document() -> Json:
    """Return the description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "nightschool", "version": __version__},
        "paths": _openai() | _anthropic() | _ollama(),
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}, {}],
    }


def _openai() -> Json:
    chat = _message("system", "developer", "user", "assistant", "tool")
    item = {"type": "object", "properties": {"type": TEXT, "role": TEXT, "content": CONTENT}}
    return {
        "/v1/chat/completions": _post(
            "A chat", ("model", "messages"),
            model=NAME, messages=_list(chat), stream=FLAG, tools=_list(TOOL, 0), max_tokens=LIMIT,
            max_completion_tokens=LIMIT, temperature=_from(0), top_p=_from(0, 1), seed=WHOLE, stop=TEXTS,
            logprobs=FLAG, top_logprobs=WHOLE, response_format=ANY, stream_options=ANY,
            presence_penalty=NUMBER, frequency_penalty=NUMBER, n=LIMIT | {"maximum": choices.MOST},
            tool_choice=CHOICE,
        ),
        "/v1/responses": _post(
            "A response", ("model", "input"),
            model=NAME, input={"anyOf": [TEXT, _list(item)]}, instructions=TEXT, stream=FLAG, tools=_list(ANY, 0),
            max_output_tokens=LIMIT, temperature=_from(0), top_p=_from(0, 1), text=ANY, reasoning=ANY, store=FLAG,
            include=_list(TEXT, 0), top_logprobs=WHOLE, tool_choice=CHOICE,
        ),
        "/v1/embeddings": _post(
            "Embeddings", ("model", "input"), model=NAME, input=TEXTS, encoding_format={"enum": ["float", "base64"]}
        ),
        "/v1/models": _get("The models"),
        "/v1/models/{name}": _get("One model") | {
            "parameters": [{"name": "name", "in": "path", "required": True, "schema": NAME}]
        },
        "/v1/feedback": _post(
            "A thumb for an answer", ("id", "rating"), id=NAME, rating={"enum": ["up", "down", "none", 1, -1, 0]}
        ),
    }  # fmt: skip


def _anthropic() -> Json:
    said = _list(_message("user", "assistant", "system"))
    rest: Json = {"system": CONTENT, "tools": _list(ANY, 0), "tool_choice": ANY, "thinking": ANY, "metadata": ANY}
    return {
        "/v1/messages": _post(
            "A message", ("model", "messages", "max_tokens"),
            model=NAME, messages=said, max_tokens=LIMIT, stream=FLAG, stop_sequences=_list(TEXT, 0),
            temperature=_from(0), top_p=_from(0, 1), top_k=WHOLE, **rest,
        ),
        "/v1/messages/count_tokens": _post("Tokens of it", ("model", "messages"), model=NAME, messages=said, **rest),
    }  # fmt: skip


def _ollama() -> Json:
    options: Json = {"type": "object", "properties": {"temperature": _from(0), "seed": WHOLE, "num_predict": WHOLE}}
    form: Json = {"anyOf": [{"enum": ["", "json"]}, ANY]}
    said = _message("system", "user", "assistant", "tool")
    think: Json = {"anyOf": [FLAG, TEXT]}
    rest: Json = {"stream": FLAG, "options": options, "format": form, "think": think, "keep_alive": {}}
    return {
        "/api/chat": _post(
            "Ollama: a chat", ("model",),
            model=NAME, messages=_list(said, 0), tools=_list(TOOL, 0), **rest,
        ),
        "/api/generate": _post("Ollama: a continuation", ("model",), model=NAME, prompt=TEXT, system=TEXT, **rest),
        "/api/embed": _post("Ollama: embeddings", ("model", "input"), model=NAME, input=TEXTS),
        "/api/embeddings": _post("Ollama: one embedding", ("model", "prompt"), model=NAME, prompt=TEXT),
        "/api/show": _post("Ollama: one model", ("model",), model=NAME),
        "/api/pull": _post("Ollama: is a model here", ("model",), model=NAME, stream=FLAG),
        "/api/tags": _get("Ollama: the models"),
        "/api/ps": _get("Ollama: the models that are loaded"),
        "/api/version": _get("Ollama: the version that is spoken"),
    }  # fmt: skip


def _message(*roles: str) -> Json:
    return {"type": "object", "properties": {"role": {"enum": list(roles)}, "content": CONTENT}, "required": ["role"]}


def _list(items: Json, least: int = 1) -> Json:
    return {"type": "array", "items": items, "minItems": least}


def _from(low: float, high: float | None = None) -> Json:
    return {"type": "number", "minimum": low, "maximum": 2 if high is None else high}


def _post(summary: str, required: tuple[str, ...], **properties: Json) -> Json:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"post": {"summary": summary, "requestBody": body, "responses": _responses()}}


def _get(summary: str) -> Json:
    return {"get": {"summary": summary, "responses": _responses()}}


def _responses() -> Json:
    told = {"200": "The answer", "400": "It cannot be read", "401": "A wrong key", "404": "Nothing of that name"}
    told |= {"503": "Busy: come back later"}
    return {status: {"description": text} for status, text in told.items()}
