"""Ask several judges at once: each at its own pace, everything they say handed over as it comes.

A judge that cannot be reached time after time is set aside for the run; nobody waits for it.
"""

from __future__ import annotations

import hashlib
import queue
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nightschool.config import JudgesConfig
from nightschool.curate.judges import rubric
from nightschool.curate.judges.evidence import Evidence
from nightschool.curate.judges.judge import HOPELESS, Judge
from nightschool.records import Opinion, Verdict, VerdictOutcome

GIVEN_UP = 6
"""Failures to reach a judge, one after the other, behind which it is left alone."""
BLINK = 0.2

Pair = tuple[Evidence, Evidence]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What one judge said of a pair, asked in both orders."""

    judge: str
    pair: str
    orders: tuple[str, str]
    """Which answer it preferred, by their own names: the order of the question is taken out."""

    @property
    def winner(self) -> str:
        """`first`, `second` or `neither` where both orders agree; else nothing."""
        return self.orders[0] if self.orders[0] == self.orders[1] else ""


@dataclass(kw_only=True, slots=True)
class Tally:
    """How one judge did in a run."""

    name: str
    asked: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    seconds: float = 0.0
    """Summed over its answers, so that parallel ones count each."""
    set_aside: bool = False
    unasked: int = 0
    """Questions that were left because it was set aside or time was up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listener:
    """Where a run's results go; called from the thread that started it."""

    heard: Callable[[Judge, Evidence, Opinion], None]
    compared: Callable[[Judge, Pair, Comparison], None] = lambda judge, pair, comparison: None
    progress: Callable[[int, int, str], None] = lambda done, total, note: None


_Task = Evidence | Pair
_Result = tuple[Judge, _Task, Opinion | Comparison]


def ask(
    judges: Sequence[Judge],
    singles: Iterable[Evidence],
    pairs: Iterable[Pair],
    listener: Listener,
    *,
    known: Mapping[str, Collection[str]] | None = None,
    seed: str = "",
    max_minutes: float = float("inf"),
    votes: int = 0,
) -> dict[str, Tally]:
    """Put everything before every judge, save what `known` says of a judge's identity, and count how it went.

    With `votes`, each real turn goes to so many of the judges only; what is planted goes to all of them.
    """
    everything: list[_Task] = [*singles, *pairs]
    random.Random(seed).shuffle(everything)
    tallies = {judge.identity: Tally(name=judge.name) for judge in judges}
    results: queue.SimpleQueue[_Result | None] = queue.SimpleQueue()
    stop = threading.Event()
    total = workers = 0
    for judge in judges:
        done = (known or {}).get(judge.identity, ())
        tasks: queue.SimpleQueue[_Task] = queue.SimpleQueue()
        waiting = [t for t in everything if name_of(t) not in done and judge in _asked(t, judges, votes, seed)]
        for task in waiting:
            tasks.put(task)
        total += len(waiting)
        tallies[judge.identity].unasked = len(waiting)
        work = _Work(judge=judge, tasks=tasks, results=results, stop=stop, tally=tallies[judge.identity])
        for _ in range(min(judge.parallel, len(waiting))):
            threading.Thread(target=work.run, daemon=True).start()
            workers += 1
    try:
        _listen(results, workers, total, tallies, listener, stop, max_minutes)
    finally:
        stop.set()
    return tallies


def _asked(task: _Task, judges: Sequence[Judge], votes: int, seed: str) -> Sequence[Judge]:
    """Who is asked: the same judges for a turn within a run, others in another run, all of them equally often."""
    if votes == 0 or votes >= len(judges) or not isinstance(task, Evidence) or task.control:
        return judges
    subject = task.subject
    ranked = sorted(judges, key=lambda judge: hashlib.sha256(f"{seed} {subject} {judge.identity}".encode()).digest())
    return ranked[:votes]


def _listen(
    results: queue.SimpleQueue[_Result | None],
    workers: int,
    total: int,
    tallies: Mapping[str, Tally],
    listener: Listener,
    stop: threading.Event,
    max_minutes: float,
) -> None:
    began, done = time.monotonic(), 0
    while workers:
        if (time.monotonic() - began) / 60 > max_minutes:
            return
        try:
            result = results.get(timeout=BLINK)
        except queue.Empty:
            continue
        if result is None:
            workers -= 1
            continue
        judge, task, said = result
        done += 1
        tallies[judge.identity].unasked -= 1
        if isinstance(said, Opinion):
            assert isinstance(task, Evidence)
            listener.heard(judge, task, said)
        else:
            assert isinstance(task, tuple)
            listener.compared(judge, task, said)
        listener.progress(done, total, _left(done, total, time.monotonic() - began, tallies))


def _left(done: int, total: int, seconds: float, tallies: Mapping[str, Tally]) -> str:
    """Cost so far and time to go."""
    minutes = seconds / max(1, done) * (total - done) / 60
    tokens = sum(tally.tokens for tally in tallies.values())
    return f"{done:,}/{total:,}, {done / max(seconds, 1e-9):.1f} a second, {tokens:,} tokens, {minutes:.0f} min left"


@dataclass(kw_only=True, slots=True)
class _Work:
    """One judge's queue, worked on by as many threads as it takes questions at once."""

    judge: Judge
    tasks: queue.SimpleQueue[_Task]
    results: queue.SimpleQueue[_Result | None]
    stop: threading.Event
    tally: Tally
    failures: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        try:
            while not self.stop.is_set() and not self.tally.set_aside:
                try:
                    task = self.tasks.get_nowait()
                except queue.Empty:
                    return
                self.results.put((self.judge, task, self._said(task)))
        finally:
            self.results.put(None)

    def _said(self, task: _Task) -> Opinion | Comparison:
        said: Opinion | Comparison
        if isinstance(task, Evidence):
            said = self.judge.score(task)
            self._count(said.problem, said.seconds, said.tokens)
        else:
            said = compare(self.judge, task)
            self._count("" if said.orders[0] and said.orders[1] else "no preference", 0.0, 0)
        return said

    def _count(self, problem: str, seconds: float, tokens: int) -> None:
        with self.lock:
            self.tally.asked += 1
            self.tally.seconds += seconds
            self.tally.tokens += tokens
            if problem:
                self.tally.problems[problem] += 1
            self.failures = self.failures + 1 if problem in HOPELESS else 0
            self.tally.set_aside = self.failures >= GIVEN_UP


def compare(judge: Judge, pair: Pair) -> Comparison:
    """Ask for a preference in both orders."""
    turned = {"first": "second", "second": "first"}
    back = judge.prefer(pair[1], pair[0])
    orders = (judge.prefer(*pair), turned.get(back, back))
    return Comparison(judge=judge.identity, pair=name_of(pair), orders=orders)


def name_of(task: _Task) -> str:
    """The subject of a question, or the name of a pair of them."""
    if isinstance(task, Evidence):
        return task.subject
    return "p" + hashlib.sha256(f"{task[0].subject}{task[1].subject}".encode()).hexdigest()[:23]


def verdict(turn_id: str, conversation_id: str, opinions: Iterable[Opinion], config: JudgesConfig) -> Verdict:
    """Put what the judges said of one turn together: the median, or that they disagree."""
    scored = [opinion.scores for opinion in opinions if opinion.scores is not None]
    if len(scored) < max(1, min(config.min_sound, config.votes or config.min_sound)):
        return Verdict(turn_id=turn_id, conversation_id=conversation_id, outcome="no verdict", votes=len(scored))
    median = {name: float(statistics.median(scores[name] for scores in scored)) for name in rubric.DIMENSIONS}
    overall = [scores["overall"] for scores in scored]
    spread = float(max(overall) - min(overall))
    return Verdict(
        turn_id=turn_id,
        conversation_id=conversation_id,
        outcome=_outcome(median["overall"], spread, config),
        scores=median,
        spread=spread,
        votes=len(scored),
    )


def _outcome(overall: float, spread: float, config: JudgesConfig) -> VerdictOutcome:
    if spread > config.max_spread:
        return "disagreement"
    if overall >= config.good:
        return "good"
    return "bad" if overall <= config.bad else "unclear"
