"""Make tonight's dataset: lessons into pairs on one prompt, outcomes into rows, and what must not be forgotten.

The prompt that is trained is without the memory block, save for a share of the rows; the better answer was given with
it. Nothing comes from a held-out conversation, from a probe, or from what the person wished for the moment only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nightschool.config import Config
from nightschool.curate import again, better, budget, extract, outcomes, replay, screen
from nightschool.curate.better import Better
from nightschool.curate.dataset import example, freeze
from nightschool.curate.instances import Instance, Place, instance, opening, places, told_by
from nightschool.memory import context
from nightschool.models.model import Model
from nightschool.records import Conversation, Dataset, Example, Fact, Lesson, Probe, Signal, Verdict
from nightschool.turns import final_answer

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What a night has to compose from; the conversations are redacted."""

    conversations: tuple[Conversation, ...]
    signals: tuple[Signal, ...]
    lessons: tuple[Lesson, ...]
    """In every state: the passing ones close the turns behind them."""
    held_out: frozenset[str]
    probes: tuple[Probe, ...] = ()
    earlier: tuple[Example, ...] = ()
    """Rows of earlier datasets, oldest first."""
    cache: Path | None = None
    """Folder for the base's own answers."""
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    """Turn -> what the sound judges say of it."""
    bench: again.Bench | None = None
    """The sound judges, for answers that are given anew; None where there are too few."""
    audits: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Lesson -> the share of its probes that was right, night after night."""
    proven: tuple[Example, ...] = ()
    """Rows that teach facts which the weights hold, and what must stay beside them."""


def compose(
    material: Material, model: Model, facts: Sequence[Fact], config: Config, progress: Progress | None = None
) -> Dataset:
    """Make the dataset of one night; with nothing to teach it has no rows."""
    left_out: Counter[str] = Counter()
    kept = _teachable(material, left_out)
    exam = screen.Exam(material.conversations, material.held_out, _probes(material))
    open_places = _open(material, left_out)
    left_out["order from a tool"] = sum(len(extract.orders(conversation)) for conversation in material.conversations)
    by_turn = _by_turn(material)
    found = {p.turn.id: i for p in open_places if (i := instance(p, kept, by_turn[p.turn.id] + _next(p, by_turn)))}
    answers = better.ask(list(found.values()), model, facts, config, progress) if found else []
    taught = _pairs(list(found.values()), answers, facts, config, left_out)
    solved = {row.source[0] for row in taught}
    seen = {row.source[0] for row in material.earlier if row.source}
    fresh = [place for place in open_places if place.turn.id not in seen]
    judged = _judged([p for p in fresh if p.turn.id not in found], by_turn, material, model, config, left_out, progress)
    solved |= {row.source[0] for row in judged}
    seen_outcomes = _outcomes(fresh, found, solved, by_turn, kept, material.verdicts, left_out)
    rows = [*taught, *_untold([*judged, *seen_outcomes], fresh, left_out)]
    rows = screen.distinct(screen.screened(rows, exam, left_out), left_out)
    rows = _labelled(screen.fitted(rows, model, config.train, left_out), left_out)
    rows = budget.spread(rows, material.conversations, config.curate.day_rows, left_out)
    worths = {x.id: budget.worth(x, list(found.values()), open_places, by_turn) for x in kept}
    rows = budget.within(rows, config.curate.max_rows, worths, left_out)
    rows = budget.own(rows, kept, config.curate.own_share, left_out)
    proven = _proven(material, kept, exam, model, config, left_out) if rows else []
    rows += _replayed(material, [*rows, *proven], kept, exam, model, config, left_out)
    rows = budget.own(rows, kept, config.curate.own_share, left_out)
    return freeze(_beside(rows, proven), material.held_out, left_out)


def _teachable(material: Material, left_out: Counter[str]) -> list[Lesson]:
    """Kept lessons with a rule, known from somewhere outside the holdout."""
    where = {message.id: c.id for c in material.conversations for message in c.messages}
    kept = []
    for lesson in material.lessons:
        if lesson.state == "dropped" and lesson.reason == "passing":
            left_out["passing"] += 1
        if lesson.state != "kept" or not lesson.durable:
            continue
        known_from = {where[source] for source in lesson.source if source in where} or {lesson.conversation_id}
        if lesson.rule is None:
            left_out["no rule to check"] += 1
        elif lesson.scope != "everywhere":
            # Weights know no projects: what holds in one of them is told by memory alone.
            left_out["of one project only"] += 1
        elif known_from <= material.held_out:
            left_out["known from the holdout alone"] += 1
        else:
            kept.append(lesson)
    return kept


def _probes(material: Material) -> frozenset[str]:
    return frozenset(probe.turn_id for probe in material.probes)


def _open(material: Material, left_out: Counter[str]) -> list[Place]:
    """The turns that may be learnt from: no probes, and nothing behind a wish for the moment."""
    passing = {x.source[0] for x in material.lessons if x.state == "dropped" and x.reason == "passing"}
    probes, closed, found = _probes(material), set[str](), []
    for place in places(material.conversations, material.held_out):
        if place.turn.id in passing:
            closed.add(place.conversation.id)
        if place.turn.id in probes:
            left_out["kept as a probe"] += 1
        elif place.conversation.id in closed:
            left_out["under a passing wish"] += 1
        else:
            found.append(place)
    return found


def _by_turn(material: Material) -> Mapping[str, list[Signal]]:
    """Signals of each turn; one read from a wish for the moment is no evidence of a bad answer."""
    passing = {x.source[0] for x in material.lessons if x.state == "dropped" and x.reason == "passing"}
    by_turn: dict[str, list[Signal]] = defaultdict(list)
    for signal in material.signals:
        if passing.isdisjoint(signal.source):
            by_turn[signal.turn_id].append(signal)
    return by_turn


def _next(place: Place, by_turn: Mapping[str, list[Signal]]) -> list[Signal]:
    return by_turn[place.following.id] if place.following is not None else []


def _pairs(
    instances: Sequence[Instance],
    answers: Sequence[Better | None],
    facts: Sequence[Fact],
    config: Config,
    left_out: Counter[str],
) -> list[Example]:
    """A pair and an imitation of every verified better answer, a share of them with the block in the prompt."""
    solved: list[tuple[Instance, Better]] = []
    for one, answer in zip(instances, answers, strict=True):
        if answer is None:
            left_out["beyond this base"] += 1
        else:
            solved.append((one, answer))
    order = sorted(range(len(solved)), key=lambda index: solved[index][0].place.turn.id)
    told = set(order[: round(config.curate.told_share * len(solved))])
    rows = []
    for index, (one, answer) in enumerate(solved):
        prompt = one.prompt
        if index in told:
            prompt = context.told(prompt, better.block(one, facts, config))
        elif better.leaks(answer.answer, prompt, (*answer.facts, *one.told)):
            left_out["fact only in memory"] += 1
            continue
        shared = {
            "told": index in told,
            "lesson_id": one.lessons[0].id,
            "source": one.source,
            "conversation_id": one.place.conversation.id,
        }
        rows.append(example("dpo", prompt, answer.answer, rejected=_spoken(one), **shared))  # type: ignore[arg-type]
        rows.append(example("sft", prompt, answer.answer, **shared))  # type: ignore[arg-type]
    return rows


def _spoken(one: Instance) -> dict[str, object]:
    return {key: value for key, value in one.recorded.items() if key != "reasoning_content"}


def _outcomes(
    fresh: Sequence[Place],
    found: Mapping[str, Instance],
    solved: set[str],
    by_turn: Mapping[str, list[Signal]],
    kept: Sequence[Lesson],
    verdicts: Mapping[str, Verdict],
    left_out: Counter[str],
) -> list[Example]:
    """Rows of what became of the answers that no lesson speaks of."""
    rows: list[Example] = []
    singles: list[Example] = []
    for place in fresh:
        polarity = outcomes.verdict(by_turn[place.turn.id])
        if place.turn.id in found:
            # What breaks a lesson is never imitated; unmended it is at least a warning where the person complained.
            if place.turn.id not in solved and polarity < 0 and (single := outcomes.single(place, -1)):
                singles.append(single)
            continue
        if polarity > 0:
            made = outcomes.imitations(place, kept, left_out)
            rows += [*made, *outcomes.alternates(place)]
            if any(row.source[1] == answer.id for row in made for answer in [final_answer(place.turn)] if answer):
                singles += [single for single in [outcomes.single(place, 1)] if single]
        elif polarity < 0:
            if place.turn.id not in solved and (single := outcomes.single(place, -1)):
                singles.append(single)
        elif place.turn.id not in solved:
            judged = again.polarity(place, by_turn[place.turn.id], verdicts)
            if judged and (single := again.single(place, judged, kept)):
                singles.append(single)
    return [*rows, *outcomes.balanced(singles, left_out)]


def _judged(
    fresh: Sequence[Place],
    by_turn: Mapping[str, list[Signal]],
    material: Material,
    model: Model,
    config: Config,
    left_out: Counter[str],
    progress: Progress | None,
) -> list[Example]:
    """Pairs of answers given anew, where there are judges to tell whether they are better."""
    if material.bench is None:
        return []
    return again.mended(fresh, by_turn, material.verdicts, material.bench, model, config, left_out, progress)


def _untold(rows: Sequence[Example], fresh: Sequence[Place], left_out: Counter[str]) -> list[Example]:
    """Drop recorded answers that say what only the memory block of their recorded prompt told."""
    told = {place.conversation.id: told_by(opening(place.conversation)) for place in fresh}
    kept = []
    for row in rows:
        if better.leaks(row.chosen, row.prompt, told.get(row.conversation_id or "", ())):
            left_out["fact only in memory"] += 1
        else:
            kept.append(row)
    return kept


def _proven(
    material: Material,
    kept: Sequence[Lesson],
    exam: screen.Exam,
    model: Model,
    config: Config,
    left_out: Counter[str],
) -> list[Example]:
    """The rows of proven facts that pass what every row has to pass."""
    rows = [row for row in material.proven if not set(row.source) & _probes(material)]
    rows = screen.screened(rows, exam, left_out)
    agreeing = [row for row in rows if not replay.broken(row, kept)]
    left_out["disagrees with a lesson"] += len(rows) - len(agreeing)
    return screen.fitted(agreeing, model, config.train, left_out)


def _beside(rows: Sequence[Example], proven: Sequence[Example]) -> list[Example]:
    """Put proven facts beside a night's rows; where the base would decline the same question, the fact goes first."""
    asked = {screen.normal(screen.question_of(row.prompt)) for row in proven if row.origin == "fact"}
    free = [r for r in rows if r.origin != "base" or screen.normal(screen.question_of(r.prompt)) not in asked]
    return list({row.id: row for row in [*proven, *free]}.values())


def _replayed(
    material: Material,
    tonight: Sequence[Example],
    kept: Sequence[Lesson],
    exam: screen.Exam,
    model: Model,
    config: Config,
    left_out: Counter[str],
) -> list[Example]:
    """Half rows of earlier nights, half the base's own answers; the base makes up for what the past lacks.

    Where lessons change much and little was praised, the base answers as many more, with tonight's tools at hand.
    """
    count = replay.wanted(len(tonight), config.curate.replay_share)
    if count == 0:
        return []
    ignored: Counter[str] = Counter()
    past = [row for row in material.earlier if row.conversation_id not in material.held_out]
    past = [row for row in past if not set(row.source) & _probes(material)]
    past = screen.screened(past, exam, ignored)
    old = replay.older(past, tonight, kept, count // 2, left_out, material.audits)
    own = replay.base_rows(model, kept, exam, count - len(old), config, material.cache, left_out)
    offered = [row.prompt.tools for row in tonight if row.lesson_id is not None]
    own += replay.base_rows(
        model, kept, exam, replay.staying(tonight), config, material.cache, left_out, offered=offered
    )
    own = screen.fitted(screen.distinct(own, ignored), model, config.train, left_out)
    return [*screen.fitted(old, model, config.train, left_out), *own]


def _labelled(rows: Sequence[Example], left_out: Counter[str]) -> list[Example]:
    """Keep single outcomes only in fair numbers of both kinds."""
    singles = outcomes.balanced([row for row in rows if row.objective == "kto"], left_out)
    return [*(row for row in rows if row.objective != "kto"), *singles]
