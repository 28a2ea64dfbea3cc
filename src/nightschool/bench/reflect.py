"""How well open questions are found, how often an answer given again is right, and what critiques propose.

On labelled conversations, with any model.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from nightschool import rules
from nightschool.bench import labelled
from nightschool.bench.signals import conversation
from nightschool.curate import signals
from nightschool.memory import context
from nightschool.models.model import Model
from nightschool.records import Fact, Json, Prompt, Question
from nightschool.reflect import critique, questions
from nightschool.reflect.budget import Budget
from nightschool.reflect.checks import content
from nightschool.reflect.revisit import revisit
from nightschool.statistics import wilson

NEEDS = ("id", "messages", "open")
"""`open` is a kind of question or null; `facts` (sentences known today) and `answer` (what is right) may follow, and
`wish`: what the person wanted of an answer that they complained of, or null where the complaint holds no wish."""


def measure(path: Path, model: Model | None = None) -> Json:
    """Find the open questions of every item; with a model, answer those again that have a right answer."""
    items = labelled.read(path, needs=NEEDS)
    found = [_found(item) for item in items]
    hit = sum(one is not None and one.kind == item["open"] for item, one in zip(items, found, strict=True))
    named, wanted = sum(one is not None for one in found), sum(bool(item["open"]) for item in items)
    figures: Json = {
        "items": len(items),
        "precision": _share(hit, named),
        "recall": _share(hit, wanted),
        "wrong": [
            {"id": item["id"], "open": item["open"], "found": one.kind if one else None}
            for item, one in zip(items, found, strict=True)
            if (one.kind if one else None) != item["open"]
        ],
    }
    if model is not None:
        figures |= _answered(items, found, model) | _criticised(items, model)
    return figures


def _found(item: Json) -> Question | None:
    talk = conversation(item)
    open_ = questions.find(talk, signals.read(talk))
    return open_[0] if open_ else None


def _answered(items: Sequence[Json], found: Sequence[Question | None], model: Model) -> Json:
    settled = right = asked = 0
    for item, question in zip(items, found, strict=True):
        if question is None or not item.get("answer"):
            continue
        facts = [
            Fact(id=f"f-{place}", kind="fact", sentence=text) for place, text in enumerate(item.get("facts") or ())
        ]
        budget, remember = Budget(tokens=10**9, seconds=3600.0), partial(_told, facts)
        again, _ = revisit(question, conversation(item), facts, model, remember, budget)
        asked += 1
        settled += again.state == "settled"
        right += again.state == "settled" and content(str(item["answer"])) <= content(again.note)
    return {"asked": asked, "settled": _share(settled, asked), "settled_right": _share(right, settled)}


def _criticised(items: Sequence[Json], model: Model) -> Json:
    """Criticise every complained-of answer of the items that say what was wanted, or that nothing was."""
    labelled_ = [item for item in items if "wish" in item]
    proposed = right = better = wanted = 0
    for item in labelled_:
        talk, wish = conversation(item), rules.parse(str(item["wish"] or ""))
        lessons = []
        for trouble in critique.troubles([talk], signals.read(talk), (), ()):
            thought, lesson = critique.criticise(trouble, model, Budget(tokens=10**9, seconds=3600.0))
            if lesson is not None:
                lessons.append((thought, lesson))
        wanted += wish is not None
        proposed += bool(lessons)
        hit = [thought for thought, lesson in lessons if wish is not None and lesson.rule == wish]
        right += bool(hit)
        better += any(rules.follows(wish, {"content": thought.after}) is True for thought, _ in lessons if wish)
    return {
        "criticised": len(labelled_),
        "proposed_right": _share(right, proposed),
        "wishes_found": _share(right, wanted),
        "better_answers": _share(better, wanted),
    }


def _told(facts: Sequence[Fact], prompt: Prompt) -> Prompt:
    return context.told(prompt, facts)


def _share(part: int, whole: int) -> Json | None:
    """A share with its n and 95 % interval; None of nothing."""
    if not whole:
        return None
    bounds = wilson(part, whole)
    return {"value": round(part / whole, 4), "n": whole, "interval": [round(bounds.low, 4), round(bounds.high, 4)]}
