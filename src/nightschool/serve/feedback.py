"""Thumbs over the API, and what else belongs to every server, whatever answers behind it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from nightschool.errors import UserError
from nightschool.serve import refusals
from nightschool.serve.api import body_of, parsed
from nightschool.serve.ask import BadRequest
from nightschool.serve.description import document
from nightschool.serve.recorder import rate
from nightschool.serve.refusals import Refusal
from nightschool.serve.serving import Serving, key_of

_RATINGS = {"up": 1, "down": -1, "none": 0, "1": 1, "-1": -1, "0": 0, "good": 1, "bad": -1}


def routes(serving: Serving) -> list[BaseRoute]:
    """Return the routes that are the same whatever answers."""

    async def feedback(request: Request) -> Response:
        person = serving.person(request)
        if person is None:
            return refusals.response(refusals.unknown(key_of(request)), "openai")
        try:
            body = parsed(await body_of(request))
            answer, rating = body.get("id"), _RATINGS.get(str(body.get("rating", "")).lower())
            if not isinstance(answer, str) or not answer:
                raise BadRequest("id must be the `id` that came with an answer", "id")
            if rating is None:
                raise BadRequest("rating must be `up`, `down` or `none`", "rating")
            conversation = await serving.recorder.desk.run(person, lambda db, _: rate(db, answer, rating))
        except BadRequest as error:
            return refusals.response(refusals.refusal(error), "openai")
        except UserError as error:
            return refusals.response(Refusal(status=404, message=error.message, param="id"), "openai")
        return JSONResponse({"object": "feedback", "id": answer, "rating": rating, "conversation": conversation})

    async def described(request: Request) -> Response:
        return JSONResponse(document())

    return [Route("/v1/feedback", feedback, methods=["POST"]), Route("/openapi.json", described)]
