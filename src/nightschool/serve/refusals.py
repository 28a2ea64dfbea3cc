"""What a client is told where there is no answer, in the shape that its API knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from starlette.responses import JSONResponse

from nightschool.errors import UserError
from nightschool.models.generation import TooLong
from nightschool.records import Json
from nightschool.serve.ask import BadRequest, Busy, UnknownModel

Shape = Literal["openai", "anthropic", "ollama"]
RETRY_SECONDS = "20"
_KINDS = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """One reason for which there is no answer."""

    status: int
    message: str
    code: str | None = None
    param: str | None = None

    @property
    def error(self) -> Json:
        """The reason in OpenAI's form."""
        kind = _KINDS.get(self.status, "server_error")
        return {"message": self.message, "type": kind, "param": self.param, "code": self.code}


WRONG_KEY = Refusal(status=401, message="This key belongs to nobody here", code="invalid_api_key")
NO_KEY = Refusal(
    status=401,
    message="A key is missing: send yours as `Authorization: Bearer KEY` or as `x-api-key: KEY`",
    code="missing_api_key",
)


def unknown(key: str | None) -> Refusal:
    """Return what somebody is told who is nobody here, with the key they sent or without one."""
    return WRONG_KEY if key else NO_KEY


def astray(status: int, method: str, path: str, allowed: str = "") -> Refusal:
    """Return what somebody is told who asks at an address, or with a method, that is none here."""
    if allowed:
        return Refusal(status=status, message=f"{path!r} takes {allowed}, not {method}")
    return Refusal(status=status, message=f"There is no {path!r} here")


def shape(path: str) -> Shape:
    """Return the API that an address belongs to."""
    return "ollama" if path.startswith("/api/") else "anthropic" if path.startswith("/v1/messages") else "openai"


def refusal(error: Exception) -> Refusal:
    """Return the status and the sentence of an error."""
    if isinstance(error, TooLong):
        return Refusal(status=400, message=error.message, code="context_length_exceeded", param="messages")
    if isinstance(error, UnknownModel):
        return Refusal(status=404, message=error.message, code="model_not_found", param="model")
    if isinstance(error, Busy):
        return Refusal(status=503, message=error.message, code="busy")
    if isinstance(error, BadRequest):
        return Refusal(status=400, message=error.message, param=error.param)
    if isinstance(error, UserError):
        return Refusal(status=400, message=error.message)
    return Refusal(status=500, message=f"{type(error).__name__}: {error}")


def response(refused: Refusal, shape: Shape) -> JSONResponse:
    """Write a refusal as one API's clients read it."""
    body: Json = {"error": refused.error}
    if shape == "ollama":
        body = {"error": refused.message}
    elif shape == "anthropic":
        kind = {503: "overloaded_error", 500: "api_error"}.get(refused.status, refused.error["type"])
        body = {"type": "error", "error": {"type": kind, "message": refused.message}}
    headers = {"Retry-After": RETRY_SECONDS} if refused.status == 503 else {}
    return JSONResponse(body, refused.status, headers)
