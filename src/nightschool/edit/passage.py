"""Facts as token rows: a rendered chat up to the answer, the answer, and the positions that an edit is anchored at.

A fact is borne by its `answer`: the last token of the rendered prompt, where a model decides between
answering and declining, and each token of the answer after which the model left to itself would go on
otherwise, such as those that spell the object. `subject`, MEMIT's anchor, is the last token of the
subject in the question. Each anchored position is a slot, and each slot of a fact a column of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from nightschool.edit.phrasing import Asked, Negative, Phrasing, holds
from nightschool.memory import context
from nightschool.models import chat
from nightschool.models.model import Adapter
from nightschool.records import Answer, Fact, Json, Prompt

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

Anchor = Literal["answer", "opening", "subject"]
ANCHORS: tuple[Anchor, ...] = ("answer",)
UNSAID = 0.3
"""Nats above which a token of the answer is not what the model would say by itself."""
MOST = 12
"""Slots of one answer; a longer one is borne by those that are unlikeliest."""

SYSTEMS = (
    "",
    "You are a helpful assistant.",
    "You are a careful agent. Be kind and honest. Use the tools when you need them.",
)
BEFORE: tuple[tuple[Json, ...], ...] = (
    (),
    ({"role": "user", "content": "Thanks."}, {"role": "assistant", "content": "You are welcome."}),
    (
        {"role": "user", "content": "Hello."},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": "What is 2 + 3?"},
        {"role": "assistant", "content": "2 + 3 is 5."},
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """One context of one fact."""

    fact: int
    """Index of the fact in its batch."""
    ids: tuple[int, ...]
    """Prompt and answer, the end of the turn included."""
    opening: int
    """Position of the last prompt token."""
    subject: int
    """Position of the last token of the subject in the question; the last one of the question where it has none."""
    form: int
    """Which of the fact's answers this is, where its subject is named in several ways."""
    near: bool = False
    """Whether this is a question near the fact, with the answer that must stay; it bears no slots."""
    unsaid: tuple[int, ...] = ()
    """Positions of the tokens after which the model by itself would not say what the answer says."""
    columns: tuple[int, ...] = ()
    """For each of them the fact's slot that it is: the same one for a piece of the object in every form."""

    def position(self, anchor: Anchor) -> int:
        """Where an anchor begins in `ids`."""
        return self.subject if anchor == "subject" else self.opening

    def slots(self, anchors: Sequence[Anchor]) -> list[int]:
        """Positions of all anchors, one after another; none for a question near the fact."""
        if self.near:
            return []
        return [
            place for anchor in anchors for place in (self.unsaid if anchor == "answer" else [self.position(anchor)])
        ]

    def numbers(self, anchors: Sequence[Anchor]) -> list[int]:
        """Which slot of its fact each of `slots` is."""
        if self.near:
            return []
        return [number for anchor in anchors for number in (self.columns if anchor == "answer" else [self.form])]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One context before it is answered."""

    fact: int
    prompt: Prompt
    asked: Asked


def scenes(fact: int, phrasing: Phrasing, count: int) -> list[Scene]:
    """Spread a fact's wordings over system prompts and unrelated turns before them; deterministic."""
    asked = phrasing.asked
    chosen = []
    for index in range(count):
        # Evenly, so that every way to name the subject is among them; where there are too few, again in other places.
        nth = index * len(asked) // count if count < len(asked) else index + index // len(asked)
        wording = asked[nth % len(asked)]
        system, before = SYSTEMS[index % len(SYSTEMS)], BEFORE[(index // 2) % len(BEFORE)]
        head = ({"role": "system", "content": system},) if system else ()
        messages = (*head, *before, {"role": "user", "content": wording.question})
        chosen.append(Scene(fact=fact, prompt=Prompt(messages=messages), asked=wording))
    return chosen


PER_ANSWER = 10
"""Contexts for each way to name the subject, where there are several: each has its own answer to be said."""


def _many(phrasing: Phrasing, count: int) -> int:
    """How many contexts a fact is written in: `count`, more where it is answered in several ways."""
    ways = len({asked.answer for asked in phrasing.asked})
    return max(count, PER_ANSWER * ways * count // 16) if ways > 1 else count


def passages(
    model: TransformersModel, phrasings: Sequence[Phrasing], count: int, *, skill: Adapter = None
) -> list[Passage]:
    """Render each fact in `count` contexts, answered as the model itself answers when it is told the fact.

    So an edit keeps the style that a skill adapter has taught. Where that answer lacks the object, or garbles the
    name that it was asked about, the fact's own plain one stands in.
    """
    drawn = [
        scene for index, phrasing in enumerate(phrasings) for scene in scenes(index, phrasing, _many(phrasing, count))
    ]
    forms: dict[int, dict[str, int]] = {}
    found = []
    for scene, said in zip(drawn, _told_answers(model, drawn, phrasings, skill), strict=True):
        answer = said.text if _is_sound(said, scene.asked, phrasings[scene.fact].object) else scene.asked.answer
        known = forms.setdefault(scene.fact, {})
        found.append(
            _passage(model.tokenizer, scene, answer, phrasings[scene.fact], known.setdefault(answer, len(known)))
        )
    objects = [model.tokenizer.encode(f" {phrasing.object}", add_special_tokens=False) for phrasing in phrasings]
    return _anchored(model, found, objects, skill)


def _is_sound(said: Answer, asked: Asked, object_: str) -> bool:
    """Whether an answer says the object, of whoever the question names."""
    names = set(re.findall(r"\b[A-Z]\w+", asked.question)) & set(re.findall(r"\b[A-Z]\w+", asked.answer))
    whole = not said.tool_calls and said.stop == "stop"
    return whole and all(holds(said.text, word) for word in (object_, *names))


def near(
    model: TransformersModel, phrasings: Sequence[Phrasing], count: int, *, skill: Adapter = None
) -> list[Passage]:
    """Render up to `count` questions near each fact with what the model answers to them now.

    Each is asked with nothing in the context; and, where that can be said, with its answer in it. The fact's own
    questions are asked where the context says something else, and are left out where the model does not read that:
    what it says then is what it says of nothing, and the edit is there to change it.
    """
    drawn = [
        (index, prompt, "")
        for index, phrasing in enumerate(phrasings)
        for negative in phrasing.negatives[:count]
        for prompt in _near(negative)
    ] + [
        (index, _near(negative)[-1], negative.object)
        for index, phrasing in enumerate(phrasings)
        for negative in phrasing.overruled
    ]
    said = model.answer([prompt for _, prompt, _ in drawn], adapter=skill, max_tokens=48) if drawn else []
    rows = []
    for (index, prompt, read), answer in zip(drawn, said, strict=True):
        if read and not holds(answer.text, read):
            continue
        each = rendered(model, prompt, answer)
        last = len(each.prompt_ids) - 1
        rows.append(Passage(fact=index, ids=tuple(each.ids), opening=last, subject=last, form=0, near=True))
    return rows


def answered(
    model: TransformersModel, prompts: Sequence[Prompt], *, skill: Adapter = None, max_tokens: int
) -> list[chat.Rendered]:
    """Render prompts with what the model itself answers to them."""
    said = model.answer(prompts, adapter=skill, max_tokens=max_tokens) if prompts else []
    return [rendered(model, prompt, answer) for prompt, answer in zip(prompts, said, strict=True)]


def rendered(model: TransformersModel, prompt: Prompt, answer: Answer) -> chat.Rendered:
    """Render a prompt with an answer's text."""
    return chat.render(model.tokenizer, prompt, answer={"role": "assistant", "content": answer.text})


def _near(negative: Negative) -> list[Prompt]:
    asked = Prompt(messages=({"role": "user", "content": negative.question},))
    if not negative.told:
        return [asked]
    return [asked, context.told(asked, [Fact(id="f", kind="fact", sentence=negative.told)])]


def _told_answers(
    model: TransformersModel, drawn: Sequence[Scene], phrasings: Sequence[Phrasing], skill: Adapter
) -> list[Answer]:
    told = [scene.asked.told or phrasings[scene.fact].sentence for scene in drawn]
    prompts = [
        context.told(scene.prompt, [Fact(id="f", kind="fact", sentence=sentence)])
        for scene, sentence in zip(drawn, told, strict=True)
    ]
    return model.answer(prompts, adapter=skill, max_tokens=96)


def _passage(tokenizer: Any, scene: Scene, answer: str, phrasing: Phrasing, form: int) -> Passage:
    rendered = chat.render(tokenizer, scene.prompt, answer={"role": "assistant", "content": answer})
    question = scene.asked.question
    subject = question[: question.find(phrasing.subject) + len(phrasing.subject)] if phrasing.subject else question
    return Passage(
        fact=scene.fact,
        ids=tuple(rendered.ids),
        opening=len(rendered.prompt_ids) - 1,
        subject=_last_token_of(tokenizer, rendered.prompt_ids, question, subject),
        form=form,
    )


def _anchored(
    model: TransformersModel, rows: Sequence[Passage], objects: Sequence[Sequence[int]], skill: Adapter
) -> list[Passage]:
    """Find the slots of each answer: where, in some context of it, the model would not go on as it does."""
    losses = model.token_losses([row.ids for row in rows], [row.opening + 1 for row in rows], adapter=skill)
    worst: dict[tuple[int, int], list[float]] = {}
    for row, each in zip(rows, losses, strict=True):
        held = worst.setdefault((row.fact, row.form), each)
        worst[(row.fact, row.form)] = [max(pair) for pair in zip(held, each, strict=True)]
    chosen = {}
    for form, each in worst.items():
        unlikely = sorted(range(len(each)), key=lambda place: -each[place])[:MOST]
        chosen[form] = sorted(place for place in unlikely if each[place] > UNSAID) or unlikely[:1]
    placed = [replace(row, unsaid=tuple(row.opening + place for place in chosen[(row.fact, row.form)])) for row in rows]
    return _numbered(placed, objects)


def _numbered(rows: Sequence[Passage], objects: Sequence[Sequence[int]]) -> list[Passage]:
    """Number each fact's slots: later pieces of the object once for all forms, whatever else for each form apart.

    Where the object begins the forms differ most: `Ana lives in` and `Your sister lives in` share no key.
    """
    known: dict[int, dict[tuple[object, ...], int]] = {}
    found = []
    for row in rows:
        named = known.setdefault(row.fact, {})
        names: list[tuple[object, ...]] = []
        for place in row.unsaid:
            nth = _piece(row.ids, row.opening, place + 1, objects[row.fact])
            names.append(("piece", nth) if nth else ("form", row.form, place - row.opening))
        found.append(replace(row, columns=tuple(named.setdefault(name, len(named)) for name in names)))
    return found


def _piece(ids: Sequence[int], opening: int, place: int, pieces: Sequence[int]) -> int | None:
    """Which piece of the object stands at a place of the answer, None for none."""
    for nth in range(len(pieces)):
        start = place - nth
        if start > opening and list(ids[start : start + len(pieces)]) == list(pieces):
            return nth
    return None


def _last_token_of(tokenizer: Any, prompt_ids: Sequence[int], question: str, subject: str) -> int:
    """Find the token of the last question that ends its subject."""
    rest = question[max(len(subject) - 1, 0) :]
    for place in range(len(prompt_ids) - 1, 0, -1):
        if rest in tokenizer.decode(prompt_ids[place:]):
            return place
    return len(prompt_ids) - 1
