"""One conversation of the simulated person with whoever answers: ask, look, put right, praise or leave it.

A conversation is a generator that yields prompts and is sent answers, so that all talks of a day run in lockstep and
their answers come in batches. The person sees the form of an answer, not its truth: a wrong answer in the wished form
is praised as a right one.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from nightschool.bench.life.line import Line
from nightschool.bench.life.script import Talk
from nightschool.bench.life.truth import slot_of
from nightschool.intake.message import conversation_id, message
from nightschool.records import Answer, Author, Conversation, Message, Part, Prompt, Role
from nightschool.turns import chat_message
from nightschool.world import styles, turns
from nightschool.world.styles import PLAIN, Preference, Style

PROGRAM = "nightschool"
COMPLAINS, PRAISES, STATES = 0.85, 0.35, 0.35
"""How often the person puts a wrong form right, praises a right one, and complains in the words of a rule."""
PRAISE = ("Perfect, thank you.", "Great, thanks.", "Thanks, that is right.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A prompt with what the person meant by it; an assistant that is scripted needs both."""

    prompt: Prompt
    line: Line
    style: Style
    """What was wished for in this talk so far."""
    project: str | None = None


@dataclass(kw_only=True)
class Held:
    """One conversation as it came to be."""

    talk: Talk
    messages: list[Message] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    """Message id -> the line it says, for every message of the person."""
    complaints: int = 0
    answers: int = 0
    right: int = 0
    """Answers in the form that the person wants, of `judged`."""
    judged: int = 0

    def conversation(self) -> Conversation:
        """The conversation as the store would give it."""
        return Conversation(
            id=conversation_id(PROGRAM, self.talk.id),
            program=PROGRAM,
            source_id=self.talk.id,
            started=self.talk.started,
            messages=tuple(self.messages),
            tools=self.talk.tools,
            project=self.talk.project,
        )

    def say(self, role: Role, author: Author, parts: Sequence[Part]) -> Message:
        """Add a message."""
        made = message(
            conversation=conversation_id(PROGRAM, self.talk.id),
            parent=self.messages[-1] if self.messages else None,
            role=role,
            author=author,
            parts=parts,
            created=self.talk.started + 20.0 * len(self.messages),
            stop="stop" if role == "assistant" else None,
        )
        self.messages.append(made)
        return made

    def ask(self, line: Line, text: str) -> None:
        """Let the person say something."""
        made = self.say("user", "person", [Part(kind="text", text=text)])
        self.lines[made.id] = line

    def asked(self, line: Line, style: Style) -> Asked:
        """What the assistant is asked now."""
        prompt = Prompt(messages=tuple(chat_message(each) for each in self.messages), tools=self.talk.tools)
        return Asked(prompt=prompt, line=line, style=style, project=self.talk.project)


Session = Generator[Asked, Answer, Held]
Assistant = Callable[[Sequence[Asked]], list[Answer]]


def hold(talk: Talk, wishes: Sequence[tuple[str, Preference]], seed: int) -> Session:
    """Hold one conversation; `wishes` are the person's own, with the ids of their truths."""
    rng = random.Random(f"talk:{seed}:{talk.id}")
    held, said = Held(talk=talk), PLAIN
    wanted = list(wishes)
    for line in talk.lines:
        held.ask(line, line.text)
        if line.wish is not None:
            said, slot = styles.prefer(said, line.wish), slot_of(line.wish)
            wanted = [one for one in wanted if slot_of(one[1]) != slot] + [("", line.wish)]
        text, called = yield from _answered(held, held.asked(line, said))
        if line.reply is None or line.topic in ("file", "recall", "unjudged"):
            continue
        held.judged += 1
        broken = _broken(wanted, line, text, called)
        if broken is None:
            held.right += 1
            yield from _praise(held, rng, said)
        elif rng.random() < COMPLAINS:
            held.complaints += 1
            name, wish = broken
            said = styles.prefer(said, wish)
            again = Line(why="complaint", text="", teaches=(name,) if name else ())
            held.ask(again, _complaint(rng, wish))
            told = held.asked(line, said)
            text, called = yield from _answered(held, told)
            if _broken([broken], line, text, called) is None:
                yield from _praise(held, rng, said)
    return held


def together(sessions: Sequence[Session], assistant: Assistant) -> list[Held]:
    """Run conversations in lockstep, so that their answers come in batches."""
    done: dict[int, Held] = {}
    waiting = [(index, session, next(session)) for index, session in enumerate(sessions)]
    while waiting:
        answers = assistant([asked for _, _, asked in waiting])
        following = []
        for (index, session, _), answer in zip(waiting, answers, strict=True):
            try:
                following.append((index, session, session.send(answer)))
            except StopIteration as end:
                done[index] = end.value
        waiting = following
    return [done[index] for index in range(len(sessions))]


def _answered(held: Held, asked: Asked) -> Generator[Asked, Answer, tuple[str, str]]:
    """Let the assistant answer, with at most one tool call on the way; return its words and the tool it called."""
    answer = yield asked
    held.answers += 1
    called = ""
    if answer.tool_calls:
        call = answer.tool_calls[0]
        called = str(call["name"])
        held.say("assistant", "assistant", _parts(answer))
        use = asked.line.use
        fits = (
            use is not None and called == use.tool and str(next(iter(call["arguments"].values()), "")) == use.argument
        )
        result = use.result if use is not None and fits else json.dumps({"error": "not found"})
        part = Part(kind="tool_result", text=result, name=called, call_id="call_0")
        held.say("tool", "tool", [part])
        answer = yield held.asked(asked.line, asked.style)
    held.say("assistant", "assistant", _parts(answer))
    return answer.text, called


def _parts(answer: Answer) -> list[Part]:
    calls = [
        Part(kind="tool_call", name=call["name"], arguments=call["arguments"], call_id="call_0")
        for call in answer.tool_calls[:1]
    ]
    return [Part(kind="text", text=answer.text), *calls] if answer.text or not calls else calls


def _praise(held: Held, rng: random.Random, said: Style) -> Generator[Asked, Answer, None]:
    if rng.random() < PRAISES:
        line = Line(why="praise", text=rng.choice(PRAISE), answered="You are welcome.")
        held.ask(line, line.text)
        yield from _answered(held, held.asked(line, said))


def _complaint(rng: random.Random, wish: Preference) -> str:
    if rng.random() < STATES:
        return f"No. {rng.choice(styles.instructions(wish))}"
    aside = rng.choice(styles.asides(wish) + styles.asides(wish, held_out=True))
    lower = aside if aside.startswith("I ") else aside[:1].lower() + aside[1:]
    return rng.choice(turns.CORRECTIONS[0] + turns.CORRECTIONS[1]).format(a=lower, A=aside)


def _broken(
    wanted: Sequence[tuple[str, Preference]], line: Line, text: str, called: str
) -> tuple[str, Preference] | None:
    """The first wish that bears on a question and that its answer does not keep."""
    return next((one for one in wanted if keeps(one[1], line, text, called) is False), None)


def keeps(wish: Preference, line: Line, text: str, called: str) -> bool | None:
    """Check by rule whether an answer has the form that a wish asks for; None where it does not bear on it."""
    assert line.reply is not None
    if not styles.touches(wish, line.topic) or line.topic == "recall":
        return None
    if wish.kind.endswith("_tool"):
        return called == {"weather_tool": "weather", "sum_tool": "calculator"}[wish.kind]
    unknown = line.topic == "weather" and not called
    if wish.kind in ("short", "long") and (unknown or line.topic == "list" or not line.reply.more):
        return None
    return styles.keeps(wish, text)
