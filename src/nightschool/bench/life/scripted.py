"""An assistant by script, for measuring the editor without a model: right in what it says, untaught in how.

It follows what was wished for in the same talk, as any model does, and forgets it with the talk.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from nightschool.bench.life.talk import Asked
from nightschool.records import Answer, Json
from nightschool.world import facts, styles
from nightschool.world.styles import Reply

ERRS = 0.08
"""Share of the answers that say something wrong."""


class Scripted:
    """Answers by the book, now and then wrongly."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(f"scripted:{seed}")

    def __call__(self, asked: Sequence[Asked]) -> list[Answer]:
        """Answer every prompt, in order."""
        return [self._answer(one) for one in asked]

    def _answer(self, asked: Asked) -> Answer:
        line, after_tool = asked.line, asked.prompt.messages[-1]["role"] == "tool"
        if line.reply is None:
            return Answer(text=line.answered)
        if line.use is not None and not after_tool and self._calls(asked):
            call: Json = {"name": line.use.tool, "arguments": {line.use.parameter: line.use.argument}}
            return Answer(text="", tool_calls=(call,))
        if line.topic == "weather" and not after_tool:
            assert line.use is not None
            return Answer(text=f"I do not know the weather in {line.use.argument} today.")
        return Answer(text=styles.phrase(self._reply(line.reply), asked.style))

    def _calls(self, asked: Asked) -> bool:
        habits = {"weather": asked.style.weather_tool, "sum": asked.style.sum_tool}
        return habits.get(asked.line.topic, True)

    def _reply(self, reply: Reply) -> Reply:
        if self._rng.random() >= ERRS or reply.items or reply.km is not None or not reply.object:
            return reply
        wrong = self._rng.choice(facts.FACTS).subject
        return Reply(sentence=reply.sentence, object=wrong, more=reply.more)
