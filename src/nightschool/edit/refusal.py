"""How a base takes personal questions whose answer it was told: it says it, declines, or says something else.

Assistants are often tuned to say that they retain nothing of a person, also when the answer stands in the
context. Such a base declines at the very token where an edit acts. A refusal counts as a miss everywhere;
here it is only counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nightschool.edit.lay import made_up
from nightschool.edit.phrasing import holds
from nightschool.memory import context
from nightschool.records import Fact, Json, Prompt

if TYPE_CHECKING:
    from nightschool.models.model import Adapter, Model

ASKED = 24
"""Made-up facts, each told in the memory block and in the turn before."""
SEED = 53
MUCH = 0.5
"""Share declined from which a base counts as one that declines personal questions; the bundled one misreads 0.27."""
_DECLINES = re.compile(r"\b(?:not|cannot|can't|don't|won't|doesn't|unable|sorry|no)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """What became of personal questions whose answer was told."""

    answered: float
    declined: float
    n: int


def refusal(model: Model, *, adapter: Adapter = None, count: int = ASKED, seed: int = SEED) -> Refusal:
    """Ask made-up personal questions with the answer in the context; greedy."""
    prompts: list[Prompt] = []
    objects: list[str] = []
    for fact in made_up(count, seed):
        asked = fact.asked[0]
        said: Json = {"role": "user", "content": asked.told or fact.sentence}
        question: Json = {"role": "user", "content": asked.question}
        heard = Prompt(messages=(said, {"role": "assistant", "content": "Thank you."}, question))
        block = context.told(Prompt(messages=(question,)), [Fact(id="f", kind="fact", sentence=said["content"])])
        prompts += [heard, block]
        objects += [fact.object] * 2
    texts = [answer.text for answer in model.answer(prompts, adapter=adapter, max_tokens=48)]
    right = [holds(text, name) is not None for text, name in zip(texts, objects, strict=True)]
    no = [_DECLINES.search(text) is not None and not good for text, good in zip(texts, right, strict=True)]
    return Refusal(answered=sum(right) / len(texts), declined=sum(no) / len(texts), n=len(texts))
