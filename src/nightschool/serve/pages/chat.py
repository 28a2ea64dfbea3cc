"""Talking in the browser: one version, or two side by side, with what memory told each.

An answer grows while the page asks for it again and again; without a script the page loads itself anew. A
conversation with one version is kept in the history as any other; a comparison is not, because only one of two
answers can be what was said.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from anyio import from_thread

from nightschool.errors import UserError
from nightschool.records import Answer, Json
from nightschool.serve.pages.facts import sentences
from nightschool.serve.pages.paper import clean
from nightschool.serve.pages.visit import Done, Missing, View, Visit
from nightschool.wake import talk as talks
from nightschool.wake import turn

MOST_TALKS = 50
LONGEST = 8000
FIRST = "champion+memory"


@dataclass(kw_only=True)
class Side:
    """One model's part of a conversation."""

    model: str
    answers: list[str] = field(default_factory=list)
    told: list[list[str]] = field(default_factory=list)
    """What memory put into each prompt."""
    ended: list[bool] = field(default_factory=list)
    problem: str = ""


@dataclass(kw_only=True)
class Room:
    """One conversation in the browser."""

    person: str
    sides: list[Side]
    questions: list[str] = field(default_factory=list)
    kept: talks.Talk | None = None
    """The conversation as the history has it; None where nothing is kept."""
    task: asyncio.Task[None] | None = None
    """What writes the answers, in the server's own loop, where the engine lives."""

    @property
    def running(self) -> bool:
        """Whether an answer is still growing."""
        return any(side.ended and not side.ended[-1] for side in self.sides)


class Rooms:
    """The conversations that are open in browsers, the newest ones; nothing of them outlives the server but
    what the history keeps."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[str, Room] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, room: Room) -> str:
        """Take a conversation in and return its id."""
        key = secrets.token_urlsafe(9)
        with self._lock:
            self._rooms[key] = room
            while len(self._rooms) > MOST_TALKS:
                self._rooms.popitem(last=False)
        return key

    def get(self, key: str, person: str) -> Room:
        """Return a conversation of a person."""
        room = self._rooms.get(key)
        if room is None or room.person != person:
            raise Missing("This conversation is over", hint="Begin another one under Chat")
        return room


ROOMS = Rooms()


def begin(visit: Visit) -> View:
    """An empty conversation, with the choice of who answers."""
    names = _names(visit)
    first = FIRST if FIRST in names else next(iter(names), "")
    data: Json = {"id": "", "models": names, "chosen": [first, ""], "turns": [], "running": False, "kept": True}
    return View(title="Chat", template="chat.html", data=data)


def talk(visit: Visit) -> View:
    """A conversation as far as it is."""
    key = visit.asked("id")
    room = ROOMS.get(key, visit.person.name)
    data: Json = {
        "id": key,
        "models": _names(visit),
        "chosen": [*(side.model for side in room.sides), ""][:2],
        "turns": [_turn(room, index) for index in range(len(room.questions))],
        "running": room.running,
        "kept": room.kept is not None,
    }
    template = "turns.html" if visit.asked("part") else "chat.html"
    return View(title="Chat", template=template, data=data)


def _turn(room: Room, index: int) -> Json:
    return {
        "question": clean(room.questions[index]),
        "sides": [
            {
                "model": side.model,
                "text": clean(side.answers[index]),
                "told": side.told[index],
                "ended": side.ended[index],
                "problem": side.problem if index == len(side.answers) - 1 else "",
            }
            for side in room.sides
            if index < len(side.answers)
        ],
    }


def ask(visit: Visit) -> Done:
    """Ask one question of the chosen models."""
    question = visit.form.get("question", "").strip()
    if not question:
        raise UserError("The question is empty", hint="Write it into the box")
    if len(question) > LONGEST:
        raise UserError(f"The question has {len(question):,} letters", hint=f"Up to {LONGEST:,} are taken here")
    key = visit.form.get("talk", "")
    if not key:
        names = _names(visit)
        chosen = [name for name in dict.fromkeys((visit.form.get("left", ""), visit.form.get("right", ""))) if name]
        unknown = [name for name in chosen if name not in names]
        if unknown or not chosen:
            raise UserError(f"There is no model {unknown[0]!r}" if unknown else "Choose who is to answer")
        keeps = len(chosen) == 1 and visit.form.get("off") != "yes"
        sides = [Side(model=name) for name in chosen]
        kept = talks.begin(time.time()) if keeps else None
        key = ROOMS.open(Room(person=visit.person.name, sides=sides, kept=kept))
    room = ROOMS.get(key, visit.person.name)
    if room.running:
        raise UserError("An answer is still being written", hint="Wait until it is there")
    _ask(visit, room, question)
    return Done(to=f"/chat/{key}#end", said="")


def _ask(visit: Visit, room: Room, question: str) -> None:
    told = [_told(visit, room, question) if side.model.endswith("+memory") else [] for side in room.sides]
    room.questions.append(question)
    for side, sentences_told in zip(room.sides, told, strict=True):
        side.answers.append("")
        side.ended.append(False)
        side.told.append(sentences_told)

    def start() -> None:
        room.task = asyncio.get_running_loop().create_task(_answer(visit, room))

    from_thread.run_sync(start)


def _told(visit: Visit, room: Room, question: str) -> list[str]:
    talk, config = room.kept or talks.begin(time.time()), visit.config
    with visit.store() as db:
        told = turn.tell(db, talk, question, config.memory, memory=True, apart=config.curate.apart)
    return sentences(told.facts)


async def _answer(visit: Visit, room: Room) -> None:
    """Let every side answer, one after the other: two models at once would share one machine."""
    asked = time.time()
    for side in room.sides:
        try:
            async for piece in visit.serving.engine.say(side.model, _messages(room, side), visit.person):
                side.answers[-1] += piece
        except UserError as error:
            side.problem = error.message
        except Exception as error:  # Whatever breaks in an engine has to be said on the page, not lost in a thread.
            side.problem = f"{type(error).__name__}: {error}"
        side.ended[-1] = True
    if room.kept is not None and not room.sides[0].problem:
        try:
            await asyncio.to_thread(_keep, visit, room, room.kept, asked)
        except Exception as error:  # The answer stands; that it is in no history has to be said beside it.
            room.sides[0].problem = f"This was not kept: {error}"


def _keep(visit: Visit, room: Room, kept: talks.Talk, asked: float) -> None:
    side = room.sides[0]
    answer = Answer(text=side.answers[-1], raw=side.answers[-1])
    room.kept = talks.exchange(
        kept, room.questions[-1], answer, version=side.model, stop="stop", asked=asked, now=time.time()
    )
    with visit.store() as db:
        talks.keep(db, room.kept)


def _messages(room: Room, side: Side) -> Sequence[Json]:
    messages: list[Json] = []
    for question, answer in zip(room.questions, side.answers, strict=True):
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return messages[:-1]


def _names(visit: Visit) -> list[str]:
    return [each.id for each in from_thread.run(visit.serving.engine.offered, visit.person)]
