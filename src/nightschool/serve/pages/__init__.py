"""The pages: what was learnt, shown and undone in a browser, from the same port as the API.

Every page is rendered here and works without a script; each has a twin with `.json` behind its address.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from nightschool.serve.pages import chat, facts, lessons, nights, paper, questions, sources, versions, wards
from nightschool.serve.pages.visit import Act, Desk, Page
from nightschool.serve.serving import Serving

PAGES: tuple[tuple[str, Page], ...] = (
    ("/", nights.report),
    ("/progress", nights.progress),
    ("/nights", nights.strip),
    ("/nights/{run}", nights.night),
    ("/facts", facts.shelf),
    ("/facts/{id}", facts.fact),
    ("/lessons", lessons.inbox),
    ("/lessons/{id}", lessons.lesson),
    ("/versions", versions.shelf),
    ("/versions/{id}", versions.version),
    ("/questions", questions.open_ones),
    ("/conversations/{id}", sources.conversation),
    ("/chat", chat.begin),
    ("/chat/{id}", chat.talk),
    ("/doctor", wards.doctor),
)
ACTS: tuple[tuple[str, Act], ...] = (
    ("/night/begin", nights.begin),
    ("/night/pause", nights.pause),
    ("/night/resume", nights.resume),
    ("/facts/add", facts.add),
    ("/facts/{id}/revise", facts.revise),
    ("/facts/{id}/undo", facts.undo),
    ("/facts/{id}/forget", facts.forget),
    ("/facts/{id}/settle", facts.settle),
    ("/lessons/{id}/keep", lessons.keep),
    ("/lessons/{id}/drop", lessons.drop),
    ("/lessons/{id}/revise", lessons.revise),
    ("/lessons/{id}/undo", lessons.undo),
    ("/versions/rollback", versions.rollback),
    ("/versions/{id}/promote", versions.promote),
    ("/questions/{id}/close", questions.close),
    ("/reflections/{id}/settle", questions.settle),
    ("/chat", chat.ask),
)


def routes(serving: Serving) -> Sequence[BaseRoute]:
    """Return the routes of every page, its twin and every form."""
    desk = Desk(serving)
    twins = [Route(f"{path if path != '/' else '/index'}.json", desk.page(show, as_json=True)) for path, show in PAGES]
    return [
        Route("/static/{name}", paper.static),
        Route("/favicon.ico", paper.icon),
        Route("/sign-in", desk.sign_in, methods=["POST"]),
        Route("/sign-out", desk.sign_out, methods=["POST"]),
        *twins,
        *[Route(path, desk.act(do), methods=["POST"]) for path, do in ACTS],
        *[Route(path, desk.page(show, as_json=False), methods=["GET"]) for path, show in PAGES],
    ]
