"""What judges add to a dataset: single outcomes, and answers given again until the judges call one good.

A pair needs one prompt: the person's own question with the recorded tool results, under which the base answers
once more, told in a line what the person wanted where the person said so. The judges' words are never a target.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nightschool.config import Config
from nightschool.curate import better, outcomes
from nightschool.curate.dataset import example
from nightschool.curate.instances import CLEAR, Place, spoken, untold, whole
from nightschool.curate.judges import evidence
from nightschool.curate.judges.evidence import Evidence
from nightschool.memory import context
from nightschool.models.model import Model
from nightschool.records import Answer, Example, Fact, Json, Lesson, Message, Prompt, Signal, Verdict
from nightschool.turns import final_answer, prompt_before, prompt_key
from nightschool.world import formats

MOST = 60
"""Turns answered again in one night, the newest."""
HINT_TOKENS = 48


class Bench(Protocol):
    """The judges that are believed tonight."""

    def score(self, turns: Sequence[Evidence]) -> list[Verdict]:
        """Judge answers."""

    def prefers(self, better: Evidence, worse: Evidence) -> bool:
        """Tell whether one answer is preferred to another, whatever their order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bad:
    """A recorded answer that was bad, and what the person wanted instead, where they said so."""

    place: Place
    answer: Message
    prompt: Prompt
    complaint: str
    shown: Evidence
    hint: str = ""


def polarity(place: Place, signals: Sequence[Signal], verdicts: Mapping[str, Verdict]) -> int:
    """What the judges say of a turn that no clear signal speaks of; the person always outvotes them."""
    if any(signal.strength >= CLEAR for signal in signals) or place.turn.id not in verdicts:
        return 0
    return {"good": 1, "bad": -1}.get(verdicts[place.turn.id].outcome, 0)


def single(place: Place, judged: int, kept: Sequence[Lesson]) -> Example | None:
    """The judged answer with its label; a good one must also be as the person's lessons want it."""
    if judged > 0 and not outcomes.imitations(place, kept, Counter()):
        return None
    return outcomes.single(place, judged)


def mended(
    fresh: Sequence[Place],
    by_turn: Mapping[str, Sequence[Signal]],
    verdicts: Mapping[str, Verdict],
    bench: Bench,
    model: Model,
    config: Config,
    left_out: Counter[str],
    progress: Callable[[int, int], None] | None = None,
) -> list[Example]:
    """Pairs of a new answer that the judges call good and the recorded one; what finds none is beyond this base."""
    waiting = [bad for place in fresh if (bad := _bad(place, by_turn[place.turn.id], verdicts)) is not None]
    left_out["over budget"] += max(0, len(waiting) - MOST)
    waiting = _hinted(sorted(waiting, key=lambda bad: -bad.answer.created)[:MOST], model)
    found: list[Example] = []
    total = len(waiting)
    for attempt in range(max(1, config.curate.tries)):
        if not waiting:
            break
        candidates = _candidates(waiting, model, config, attempt)
        scored = bench.score([shown for _, shown in candidates])
        still = []
        for bad, (message, shown), verdict in zip(waiting, candidates, scored, strict=True):
            if message is not None and verdict.outcome == "good" and bench.prefers(shown, bad.shown):
                found += _rows(bad, message)
            else:
                still.append(bad)
        waiting = still
        if progress is not None:
            progress(total - len(waiting), total)
    left_out["beyond this base"] += len(waiting)
    return found


def _bad(place: Place, signals: Sequence[Signal], verdicts: Mapping[str, Verdict]) -> Bad | None:
    """A turn whose answer the person complained of or the judges call bad, and that ended in words."""
    complained = any(s.polarity < 0 and s.strength >= CLEAR and s.kind in ("correction", "reask") for s in signals)
    if not complained and polarity(place, signals, verdicts) >= 0:
        return None
    answer = final_answer(place.turn)
    if answer is None or not answer.text.strip() or not whole(answer):
        return None
    complaint = place.following.messages[0].text if complained and place.following else ""
    return Bad(
        place=place,
        answer=answer,
        prompt=untold(prompt_before(place.conversation, answer.id)),
        complaint=complaint,
        shown=dataclasses.replace(evidence.of_turn(place), reaction="", wish=complaint),
    )


def _hinted(waiting: Sequence[Bad], model: Model) -> list[Bad]:
    """Ask the base in one line what each complaint wants."""
    told = [bad for bad in waiting if bad.complaint]
    questions = [formats.complaint(bad.place.question, bad.answer.text, bad.complaint) for bad in told]
    prompts = [Prompt(messages=({"role": "user", "content": question},)) for question in questions]
    hints = model.answer(prompts, max_tokens=HINT_TOKENS) if prompts else []
    lines = {bad.answer.id: hint.text.strip().split("\n")[0] for bad, hint in zip(told, hints, strict=True)}
    return [dataclasses.replace(bad, hint=lines.get(bad.answer.id) or bad.complaint) for bad in waiting]


def _candidates(
    waiting: Sequence[Bad], model: Model, config: Config, attempt: int
) -> list[tuple[Json | None, Evidence]]:
    """For each turn another branch that was recorded under the same prompt, or else a fresh answer of the base."""
    recorded = [_branch(bad) if attempt == 0 else None for bad in waiting]
    asked = [bad for bad, branch in zip(waiting, recorded, strict=True) if branch is None]
    prompts = [context.told(bad.prompt, _wish(bad)) for bad in asked]
    longest = max((len(bad.answer.text) for bad in asked), default=0)
    answers = iter(
        model.answer(
            prompts,
            max_tokens=max(config.exam.max_answer_tokens, longest * 2 // 3),
            temperature=better.WARM if attempt else 0.0,
            seed=config.train.seed + attempt,
        )
        if prompts
        else ()
    )
    return [
        _shown(bad, branch if branch is not None else _said(next(answers)))
        for bad, branch in zip(waiting, recorded, strict=True)
    ]


def _wish(bad: Bad) -> tuple[Fact, ...]:
    return (Fact(id="", kind="preference", sentence=bad.hint),) if bad.hint else ()


def _branch(bad: Bad) -> Json | None:
    """An answer to the same prompt in a branch that the person kept as well."""
    for run in bad.place.turn.alternates:
        first = run[0]
        same = prompt_key(prompt_before(bad.place.conversation, first.id)) == prompt_key(
            prompt_before(bad.place.conversation, bad.answer.id)
        )
        if first.alternate == "fork" and first.author == "assistant" and first.text.strip() and whole(first) and same:
            return spoken(first)
    return None


def _said(answer: Answer) -> Json | None:
    """A whole answer in words; calls would need results that nobody recorded."""
    return None if answer.stop == "length" or answer.tool_calls or not answer.text.strip() else answer.message()


def _shown(bad: Bad, message: Json | None) -> tuple[Json | None, Evidence]:
    """A candidate with what judges see of it; one that says the same again is none."""
    if message is not None and str(message["content"]).strip() == bad.answer.text.strip():
        message = None
    steps = bad.shown.steps[:-1] + (tuple(evidence.steps(message)) if message is not None else ())
    return message, dataclasses.replace(bad.shown, steps=steps)


def _rows(bad: Bad, message: Json) -> list[Example]:
    about = {"source": (bad.place.turn.id, bad.answer.id), "conversation_id": bad.place.conversation.id}
    pair = example("dpo", bad.prompt, message, rejected=spoken(bad.answer), **about)  # type: ignore[arg-type]
    return [pair, example("sft", bad.prompt, message, **about)]  # type: ignore[arg-type]
