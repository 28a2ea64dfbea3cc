"""The morning report as a record: what a night's records say, in a person's words.

Pure: it reads what the stages left and nothing else. Every word of a person or a model passes the
redaction once more on its way in, so that a page can never show what a stage let through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from nightschool.night import hearing, phrases
from nightschool.records import Comparison, Json, Night, NightState, from_json
from nightschool.redact import redact

Headline = Literal["promoted", "kept", "nothing", "stopped"]
Role = Literal["base", "earlier", "champion", "challenger"]

MOST_LEARNT = 7
MOST_CHANGES = 3
MOST_NIGHTS = 7
LITTLE = 0.03
"""A battery task that moved by no more than this is folded away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Learnt:
    """One thing that was learnt, in the person's own words, with where they said it."""

    sentence: str
    words: str
    kind: str
    conversation: str
    date: str
    home: Literal["weights", "memory"]
    evidence: str = ""
    """How it does on questions that were not trained on, as `0 of 6, now 6 of 6`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """How much was left out for one reason."""

    code: str
    """The reason as the records hold it."""
    count: int
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One arm on one row of the exam."""

    arm: str
    role: Role
    value: float
    n: int
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One task of the exam, asked in one way."""

    task: str
    label: str
    told: bool
    unit: Literal["share", "nats"]
    low: float
    high: float
    moved: bool
    """Whether it is worth a look: the person's own, or a battery task that changed by more than a little."""
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One held-out question that two versions answer differently, asked without memory."""

    question: str
    before: str
    before_by: str
    after: str
    after_by: str
    better: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """One kept lesson: the share of its probes that was right after each night, None where not asked."""

    lesson: str
    after: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything that the four forms of the report show."""

    run: str
    state: NightState
    error: str
    started: float
    date: str
    seconds: float
    headline: Headline
    title: str
    lead: str
    decision: str
    reasons: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    """The paired differences that the gate looked at."""
    champion_before: str
    champion_after: str
    challenger: str
    learnt: tuple[Learnt, ...]
    learnt_more: int
    left_out: tuple[LeftOut, ...]
    problems: tuple[str, ...]
    """What the person may want to mend: a source that could not be read, lines kept aside."""
    judges: tuple[str, ...]
    """Who was believed and what they said, in sentences; the last one may ask the person something."""
    known: tuple[str, ...]
    """How much the version that answers needs to be told, in sentences; nothing without an exam."""
    weights: tuple[str, ...]
    """How the facts in the weights stand, in sentences; nothing where none is written."""
    thoughts: tuple[str, ...]
    """What the night thought about, in sentences; at most one of them asks the person something."""
    exam: tuple[Row, ...]
    skipped: tuple[LeftOut, ...]
    changes: tuple[Change, ...]
    nights: tuple[str, ...]
    """Dates of the nights that `history` has columns for."""
    history: tuple[History, ...]
    undo: str
    next: tuple[str, ...]
    counts: Json
    stages: tuple[tuple[str, float], ...]


def report(night: Night, earlier: Sequence[Night] = ()) -> Report:
    """Say what a night did; `earlier` are the nights before it, oldest first."""
    headline = _headline(night)
    decision = night.output("decide")
    learnt = _learnt(night, headline)
    nights, history = _history((*earlier, night))
    return Report(
        run=night.run,
        state=night.state,
        error=redact(night.error).text,
        started=night.started,
        date=_day(night.started),
        seconds=round(sum(stage.seconds for stage in night.stages), 1),
        headline=headline,
        title=phrases.TITLES[headline],
        lead=_lead(night, headline, learnt),
        decision=str(decision.get("outcome", "")),
        reasons=_reasons(night),
        comparisons=tuple(from_json(Comparison, one) for one in decision.get("comparisons", ())),
        champion_before=night.champion_before,
        champion_after=night.champion_after,
        challenger=str(night.output("train").get("version") or ""),
        learnt=learnt[:MOST_LEARNT],
        learnt_more=max(0, len(learnt) - MOST_LEARNT),
        left_out=_left_out(night),
        problems=_problems(night),
        judges=_judges(night),
        known=tuple(phrases.known(night.output("examine").get("independence", {}), night.champion_after)),
        weights=tuple(phrases.weights(night.output("edits"))),
        thoughts=tuple(redact(line).text for line in phrases.thoughts(night.output("reflect"))),
        exam=_exam(night.output("examine")),
        skipped=_skipped(night.output("examine")),
        changes=_changes(night.output("examine")),
        nights=nights,
        history=history,
        undo=phrases.UNDO if headline == "promoted" else "",
        next=_next(night, headline),
        counts=counts(night),
        stages=tuple((stage.name, round(stage.seconds, 2)) for stage in night.stages),
    )


def counts(night: Night) -> Json:
    """The figures of the stages before the exam, under the names that `sleep --json` prints."""
    collect, review = night.output("collect"), night.output("review")
    compose, train = night.output("compose"), night.output("train")
    return {
        "new": collect.get("new", {}),
        "history": collect.get("history", {}),
        "signals": review.get("signals", {}),
        "lessons": review.get("lessons", {}),
        "facts": review.get("facts", {}),
        "judges": night.output("judge"),
        "left_out": {item.code: item.count for item in _left_out(night)},
        "examples": compose.get("examples", {}),
        "origins": compose.get("origins", {}),
        "held_out": compose.get("held_out", 0),
        "trained": train.get("rows", {}),
        "trained_tokens": train.get("tokens", 0),
    }


def _headline(night: Night) -> Headline:
    if night.state != "done":
        return "stopped"
    if night.output("decide").get("outcome") == "promote":
        return "promoted"
    return "kept" if night.output("train").get("version") else "nothing"


def _lead(night: Night, headline: Headline, learnt: Sequence[Learnt]) -> str:
    now = phrases.version(night.champion_after)
    if headline == "promoted":
        conversations = len({item.conversation for item in learnt if item.conversation})
        things = phrases.plural(len(learnt), "thing")
        return f"I learnt {things} from {phrases.plural(conversations, 'conversation')}. {now} answers from now on."
    if headline == "kept":
        if night.output("decide").get("outcome") == "refuse":
            reason = phrases.sentence(next(iter(_reasons(night)), "It did not pass its exam"))
            return f"I trained a new version, and it was refused. {reason} {now} goes on answering."
        return f"I trained a new version, but it was not better beyond chance. {now} goes on answering."
    if headline == "nothing":
        reason = _reasons(night)[0] if _reasons(night) else "There was too little to learn from"
        return f"{phrases.sentence(reason)} {now} goes on answering."
    why = redact(night.error).text.partition("\n")[0] or "It was cut off, or is still running"
    return f"{phrases.sentence(why)} Nothing is lost: {phrases.inside(now)} is still answering."


def _next(night: Night, headline: Headline) -> tuple[str, ...]:
    hint = redact(night.error).text.partition("\n")[2]
    steps = phrases.next_steps(headline, asked=int(night.output("review").get("lessons", {}).get("asked", 0)))
    return (hint, *steps) if hint else steps


def _reasons(night: Night) -> tuple[str, ...]:
    return tuple(redact(str(reason)).text for reason in night.output("decide").get("reasons", ()))


def _learnt(night: Night, headline: Headline) -> tuple[Learnt, ...]:
    """What is new: lessons that a promotion brought into the weights, and what memory took up tonight."""
    scores = {score["lesson"]: score for score in night.output("examine").get("lessons", ())}
    taught = night.output("compose").get("taught", ()) if headline == "promoted" else ()
    found = [_one(lesson, "weights", scores.get(lesson["id"])) for lesson in taught]
    said = {item.words for item in found}
    remembered = [_one(fact, "memory", None) for fact in night.output("review").get("facts_learnt", ())]
    return tuple(found + [item for item in remembered if item.words not in said])


def _one(lesson: Json, home: Literal["weights", "memory"], score: Json | None) -> Learnt:
    words = phrases.shorten(redact(lesson["text"]).text, 160)
    evidence = ""
    if home == "weights" and score and score["n"]:
        before, after = round(score["champion"] * score["n"]), round(score["challenger"] * score["n"])
        evidence = f"{before} of {score['n']} right before, {after} of {score['n']} now, on questions it was not taught"
    return Learnt(
        sentence=phrases.learnt(lesson["kind"], words),
        words=words,
        kind=lesson["kind"],
        conversation=lesson.get("conversation", ""),
        date=_day(lesson["created"]) if lesson.get("created") else "",
        home=home,
        evidence=evidence,
    )


def _left_out(night: Night) -> tuple[LeftOut, ...]:
    """What was left out, by reason, what a person worries about first."""
    review = night.output("review")
    counted: dict[str, int] = {"masked": review.get("secrets", 0), "dropped": review.get("turns_dropped", 0)}
    for stage in ("review", "compose", "train"):
        for code, count in night.output(stage).get("left_out", {}).items():
            counted[code] = counted.get(code, 0) + int(count)
    ranked = sorted(counted.items(), key=lambda pair: (phrases.rank(pair[0]), -pair[1], pair[0]))
    return tuple(LeftOut(code=code, count=count, what=phrases.left_out(code, count)) for code, count in ranked if count)


def _judges(night: Night) -> tuple[str, ...]:
    """What the judges did; a day asks one question, and what the night thought of comes first."""
    asked = bool(night.output("reflect").get("question"))
    return tuple(redact(line).text for line in hearing.lines(night.output("judge"), asking=not asked))


def _problems(night: Night) -> tuple[str, ...]:
    found = []
    for source in night.output("collect").get("sources", ()):
        if source.get("problem"):
            found.append(f"{source['path']}: {source['problem']}")
        skipped = source.get("skipped", ())
        if skipped:
            count = int(source.get("skipped_count", len(skipped)))
            where = phrases.place(str(skipped[0]["where"]), source["path"])
            found.append(f"{source['path']}: {count:,} kept aside, the first in {where}: {skipped[0]['why']}")
    found += night.output("review").get("problems", ())
    return tuple(redact(problem).text for problem in found)


def _skipped(examine: Json) -> tuple[LeftOut, ...]:
    """Held-out turns from which no question could be made; the exam gives its reasons in words."""
    pairs = sorted(examine.get("skipped", {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(LeftOut(code=why, count=int(count), what=redact(why).text) for why, count in pairs if count)


def _exam(examine: Json) -> tuple[Row, ...]:
    """The rows that decide first: the person's own tasks, then old lessons, then the battery."""
    rows: dict[tuple[str, bool], list[Mark]] = {}
    for result in examine.get("results", ()):
        version, told = _arm(result["arm"])
        mark = Mark(
            arm=result["arm"],
            role=_role(version, examine),
            value=result["value"],
            n=result["n"],
            low=result["low"],
            high=result["high"],
        )
        rows.setdefault((result["task"], told), []).append(mark)
    ordered = [_row(task, told, marks) for (task, told), marks in rows.items()]
    moved = {row.task for row in ordered if row.moved}
    return tuple(
        sorted(ordered, key=lambda row: (row.task not in moved, phrases.task_rank(row.task), row.task, row.told))
    )


def _row(task: str, told: bool, marks: list[Mark]) -> Row:
    reach = max(abs(bound) for mark in marks for bound in (mark.value, mark.low, mark.high))
    share = all(0.0 <= bound <= 1.0 for mark in marks for bound in (mark.value, mark.low, mark.high))
    order = ("base", "earlier", "champion", "challenger")
    return Row(
        task=task,
        label=phrases.task(task),
        told=told,
        unit="share" if share else "nats",
        low=0.0 if share else -reach,
        high=1.0 if share else reach,
        moved=_moved(task, marks),
        marks=tuple(sorted(marks, key=lambda mark: order.index(mark.role))),
    )


def _moved(task: str, marks: list[Mark]) -> bool:
    challenger = [mark.value for mark in marks if mark.role == "challenger"]
    others = [mark.value for mark in marks if mark.role != "challenger"]
    return task in phrases.OWN_TASKS or any(abs(tonight - other) > LITTLE for tonight in challenger for other in others)


def _arm(name: str) -> tuple[str, bool]:
    version, plus, _ = name.partition("+")
    return version, bool(plus)


def _role(version: str, examine: Json) -> Role:
    if version == examine.get("challenger"):
        return "challenger"
    if version == examine.get("champion"):
        return "champion"
    return "base" if version == "base" else "earlier"


def _changes(examine: Json) -> tuple[Change, ...]:
    return tuple(
        Change(
            question=phrases.shorten(redact(change["question"]).text, 240),
            before=phrases.shorten(redact(change["before"]).text, 320, lines=True),
            before_by=change["before_by"],
            after=phrases.shorten(redact(change["after"]).text, 320, lines=True),
            after_by=change["after_by"],
            better=bool(change["better"]),
        )
        for change in examine.get("changes", ())[:MOST_CHANGES]
    )


def _history(nights: Sequence[Night]) -> tuple[tuple[str, ...], tuple[History, ...]]:
    """Old lessons after each examined night, as the version answered that was champion from then on."""
    examined = [night for night in nights if night.output("examine").get("old_lessons")][-MOST_NIGHTS:]
    if not examined:
        return (), ()
    texts: dict[str, str] = {}
    after: list[dict[str, float]] = []
    for night in examined:
        who = "challenger" if night.champion_after == night.output("examine").get("challenger") else "champion"
        scores = night.output("examine")["old_lessons"]
        texts |= {score["lesson"]: score["text"] for score in scores}
        after.append({score["lesson"]: score[who] for score in scores})
    return tuple(_day(night.started) for night in examined), tuple(
        History(lesson=phrases.shorten(redact(text).text, 80), after=tuple(scores.get(lesson) for scores in after))
        for lesson, text in texts.items()
    )


def _day(seconds: float) -> str:
    day = datetime.fromtimestamp(seconds, tz=UTC).astimezone()
    return f"{day.day} {day:%B %Y}"
