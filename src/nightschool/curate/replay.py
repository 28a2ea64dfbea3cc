"""What keeps a training from forgetting: rows of earlier nights, and the base's own answers to everyday prompts.

The base's answers are kept on disk by its fingerprint, since they never change. One that a kept lesson speaks against
is asked for again with the lesson told, and is left out where it still disagrees.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from nightschool import rules
from nightschool.config import Config
from nightschool.curate.better import keeps
from nightschool.curate.dataset import example
from nightschool.curate.reconcile import as_fact
from nightschool.curate.screen import Exam, question_of
from nightschool.memory import context
from nightschool.models.model import Model
from nightschool.records import Answer, Example, Json, Lesson, Prompt, from_json, json_lines, to_json
from nightschool.turns import prompt_key
from nightschool.world import conversations, english, names, personal, turns, wordings

UNANSWERABLE = 0.35
"""Share of the base's prompts that it should say it cannot answer."""
DOUBTED = 0.25
"""Share that asks what it knows after somebody said otherwise: corrections teach to give in, first of all."""
FORMS = {"call": 0.3, "json": 0.2}
"""Shares of `pupil`'s everyday prompts answered in a strict form, which a night without such rows wears away."""
INVENTED = (
    "Who is the mayor of {name}?",
    "What is the capital of the country {name}?",
    "In which year did Doctor {name} win the prize?",
    "What is the phone number of {name} Bank?",
    "What did I tell you about {name}?",
    "Which river runs through the town of {name}?",
)
STAYING = 3.0
"""Answers that must stay for each one that a lesson changes, where the person praised fewer than that."""
MOST_STAYING = 144
"""Larger nights hold enough of them by their share alone."""
PASSING = ("base", "fact")
"""Origins of rows that each night makes anew."""
WEAK = 0.75
"""A lesson whose probes are right less often than this in the last audit is replayed first."""
LONGEST_REST = 4
ROUNDS = 4
"""How often more prompts are drawn when too many were left out."""


def wanted(tonight: int, share: float) -> int:
    """How many replayed rows make up a share of the whole dataset."""
    return round(tonight * share / (1 - share)) if tonight and 0 < share < 1 else 0


def staying(tonight: Sequence[Example]) -> int:
    """How many answers of the base are wanted beside a night in which little was praised, asked as its rows are."""
    changed = {row.source for row in tonight if row.lesson_id is not None}
    praised = sum(row.lesson_id is None and row.objective == "sft" for row in tonight)
    return min(MOST_STAYING, max(0, round(STAYING * len(changed)) - praised))


def older(
    earlier: Sequence[Example],
    tonight: Sequence[Example],
    kept: Sequence[Lesson],
    count: int,
    left_out: Counter[str],
    audits: Mapping[str, Sequence[float]] | None = None,
) -> list[Example]:
    """Choose earlier rows, each lesson's first, so that however few are taken no kept lesson loses its last one.

    `audits` are the shares that a lesson's probes got right night after night, the oldest first. More rows than one
    go to lessons that are weak there, and to those whose turn it is; the longer one has held, the rarer its turn.
    """
    made, taught = {row.id for row in tonight}, {row.lesson_id for row in tonight}
    standing = {lesson.id for lesson in kept}
    by_lesson: dict[str | None, list[Example]] = defaultdict(list)
    for row in {row.id: row for row in reversed(earlier) if row.origin not in PASSING and row.id not in made}.values():
        if row.lesson_id is not None and row.lesson_id not in standing:
            left_out["superseded"] += 1
        else:
            by_lesson[row.lesson_id].append(row)
    missing = [lesson for lesson in by_lesson if lesson is not None and lesson not in taught]
    chosen = [by_lesson[lesson].pop(0) for lesson in missing]
    known = audits or {}
    order = sorted(by_lesson, key=lambda name: (turn(known.get(name or "", ())), str(name)))
    queues = [by_lesson[name] for name in order]
    while len(chosen) < count and any(queues):
        # Not a pop for all and a cut behind: the weakest lesson must not lose a row to one that is not taken.
        for queue in queues:
            if queue and len(chosen) < count:
                chosen.append(queue.pop(0))
    return [dataclasses.replace(row, origin="replay") for row in chosen]


def turn(audit: Sequence[float]) -> float:
    """Where a lesson stands in replay: weak ones first, then those that are due, then those that rest.

    A lesson that held k audits in a row is due every 2^k-th night of its own, every 16th at most.
    """
    if not audit:
        return 1.0
    if audit[-1] < WEAK:
        return audit[-1]
    held = next((at for at, share in enumerate(reversed(audit)) if share < WEAK), len(audit))
    return 1.0 if len(audit) % 2 ** min(held, LONGEST_REST) == 0 else 2.0


def base_rows(
    model: Model,
    kept: Sequence[Lesson],
    exam: Exam,
    count: int,
    config: Config,
    cache: Path | None,
    left_out: Counter[str],
    offered: Sequence[tuple[Json, ...]] = (),
) -> list[Example]:
    """Make rows of the base's own answers, as many as wanted where enough of them agree with the lessons.

    With `offered`, sets of tools, each question is another one than without, and has one of them at hand.
    """
    rows: dict[str, Example] = {}
    for attempt in range(ROUNDS):
        if len(rows) >= count:
            break
        prompts = [
            prompt
            for prompt in _prompts(model.name, kept, (count - len(rows)) * 5 // 4 + 4, config, attempt, offered)
            if not exam.asks(question_of(prompt))
        ]
        for prompt, answer in zip(prompts, answers(model, prompts, config, cache), strict=True):
            row = example("sft", prompt, answer.message(), origin="base", told=_is_told(prompt))
            if answer.stop != "length" and (answer.text.strip() or answer.tool_calls):
                rows.setdefault(row.id, row)
        rows = _agreeing(rows, model, kept, config, cache, left_out)
    return list(rows.values())[:count]


def _prompts(
    base: str,
    kept: Sequence[Lesson],
    count: int,
    config: Config,
    attempt: int,
    offered: Sequence[tuple[Json, ...]] = (),
) -> list[Prompt]:
    """Everyday prompts, a share of them unanswerable, some of those with the lessons told, and a share doubted.

    Saying that one does not know is the first thing that a few dozen confident answers wear away, most of all
    beside a memory block, where something to say stands near: so twice the share of told rows is told here.
    """
    seed = config.train.seed + attempt + (ROUNDS if offered else 0)
    bare = unanswerable_prompts(base, round(count * UNANSWERABLE), seed)
    told = round(len(bare) * min(1.0, 2 * config.curate.told_share))
    lessons = [as_fact(lesson) for lesson in kept]
    asked = [context.told(prompt, lessons) for prompt in bare[:told]] + bare[told:]
    asked += doubted_prompts(base, round(count * DOUBTED), seed)
    asked += generic_prompts(base, count - len(asked), seed)
    rng = random.Random(f"order:{seed}")
    rng.shuffle(asked)  # more are drawn than are kept: a cut must not fall on one kind
    if not offered:
        return asked
    return [each if each.tools else dataclasses.replace(each, tools=rng.choice(offered)) for each in asked]


def _is_told(prompt: Prompt) -> bool:
    return any(context.HEADING in message["content"] for message in prompt.messages if message["role"] == "system")


def unanswerable_prompts(base: str, count: int, seed: int) -> list[Prompt]:
    """Questions about what is nowhere: names that no world has, things that nobody told."""
    rng = random.Random(f"unanswerable:{seed}")
    made: dict[str, Prompt] = {}
    while len(made) < count:
        asked = _unanswerable(rng) if base == "pupil" else rng.choice(INVENTED).format(name=names.made_up(rng))
        made.setdefault(asked, Prompt(messages=({"role": "user", "content": asked},)))
    return list(made.values())


def _unanswerable(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(personal.questions(personal.generate(rng)))
    wording = wordings.WORDINGS[rng.choice(sorted(wordings.WORDINGS))]
    return rng.choice(wording.questions).format(s=names.made_up(rng), p=names.made_up(rng))


def doubted_prompts(base: str, count: int, seed: int) -> list[Prompt]:
    """Questions about what a base knows, each after a wrong answer to it is stated as if it were true."""
    rng = random.Random(f"doubted:{seed}")
    made: dict[str, Prompt] = {}
    while len(made) < count:
        asked = turns.doubted(rng)[0] if base == "pupil" else english.doubted(rng)
        made.setdefault(asked, Prompt(messages=({"role": "user", "content": asked},)))
    return list(made.values())


def generic_prompts(base: str, count: int, seed: int) -> list[Prompt]:
    """Everyday prompts in the tongue that a base speaks; for pupil in wordings that it was trained with."""
    if base != "pupil":
        return english.generic_prompts(count, seed)
    rng = random.Random(f"replay:{seed}")
    made: dict[str, Prompt] = {}
    left = {form: round(count * share) for form, share in FORMS.items()}
    left["plain"] = count - sum(left.values())
    while len(made) < count:
        talk = conversations.conversation(rng)
        last = max(index for index, message in enumerate(talk.messages) if message["role"] == "user")
        prompt = Prompt(messages=tuple(talk.messages[: last + 1]), tools=tuple(talk.tools))
        form = _form(talk.messages[last + 1])
        if left[form] and prompt_key(prompt) not in made:
            left[form] -= 1
            made[prompt_key(prompt)] = prompt
    return list(made.values())


def _form(answer: Json) -> str:
    if answer.get("tool_calls"):
        return "call"
    return "json" if str(answer.get("content") or "").startswith("{") else "plain"


def answers(
    model: Model, prompts: Sequence[Prompt], config: Config, cache: Path | None, *, max_tokens: int = 0
) -> list[Answer]:
    """The base's greedy answers, asked for only where they are not on disk yet."""
    keys = [hashlib.sha256(prompt_key(prompt).encode()).hexdigest() for prompt in prompts]
    file = cache / f"base-{model.fingerprint[:16]}.jsonl" if cache is not None else None
    known = _read(file)
    missing = {key: prompt for key, prompt in zip(keys, prompts, strict=True) if key not in known}
    if missing:
        given = model.answer(list(missing.values()), max_tokens=max_tokens or config.exam.max_answer_tokens)
        known |= dict(zip(missing, given, strict=True))
        _write(file, known)
    return [known[key] for key in keys]


def _agreeing(
    rows: dict[str, Example],
    model: Model,
    kept: Sequence[Lesson],
    config: Config,
    cache: Path | None,
    left_out: Counter[str],
) -> dict[str, Example]:
    """Keep what no lesson speaks against; the others are answered again with the lessons told, or left out."""
    against = {row.id: lessons for row in rows.values() if (lessons := broken(row, kept))}
    again = [rows[name] for name in against if not _styled(rows[name].prompt)]
    told = [context.told(row.prompt, [as_fact(lesson) for lesson in against[row.id]]) for row in again]
    agreed = {name: row for name, row in rows.items() if name not in against}
    for row, answer in zip(again, answers(model, told, config, cache) if told else (), strict=True):
        better = example("sft", row.prompt, answer.message(), origin="base")
        wishes = [lesson.rule for lesson in against[row.id] if lesson.rule is not None]
        mended = all(rules.follows(rule, better.chosen) is True for rule in wishes)
        said = question_of(row.prompt)
        if (
            answer.stop != "length"
            and mended
            and not broken(better, kept)
            and keeps(wishes, wishes, row.chosen, better.chosen, said)
        ):
            agreed.setdefault(better.id, better)
    left_out["disagrees with a lesson"] += max(0, len(rows) - len(agreed))
    return agreed


def broken(row: Example, kept: Sequence[Lesson]) -> list[Lesson]:
    """The lessons that an answer of the base does not follow."""
    question = question_of(row.prompt)
    names = {str(tool.get("function", tool).get("name", "")) for tool in row.prompt.tools}
    broken: list[Lesson] = []
    for lesson in kept:
        rule = lesson.rule
        if (
            rule is None
            or not rules.applies(rule, question, row.chosen)
            or rules.follows(rule, row.chosen) is not False
        ):
            continue
        if rule.kind != "tool" or any(rules.same_tool(rule.value, name) for name in names):
            broken.append(lesson)
    return broken


def _styled(prompt: Prompt) -> bool:
    """Whether a prompt already tells something in the way that memory does."""
    return any(context.HEADING in str(message.get("content") or "") for message in prompt.messages)


def _read(file: Path | None) -> dict[str, Answer]:
    """The answers on disk; a damaged line is an answer to ask for again."""
    known: dict[str, Answer] = {}
    if file is None or not file.exists():
        return known
    for line in json_lines(file.read_text(encoding="utf-8")):
        try:
            held = json.loads(line)
            known[held["key"]] = from_json(Answer, held["answer"])
        except (ValueError, TypeError, KeyError):
            continue
    return known


def _write(file: Path | None, known: dict[str, Answer]) -> None:
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = file.with_suffix(".partial")
    lines = (json.dumps({"key": key, "answer": to_json(answer)}, ensure_ascii=False) for key, answer in known.items())
    partial.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    os.replace(partial, file)
