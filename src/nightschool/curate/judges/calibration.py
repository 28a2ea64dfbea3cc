"""Whether a judge is believed: how it does on planted answers whose worth is known, with intervals.

Pure. Junk must be called bad and gold good; a preference must not turn with the order of the answers.
What is measured is pooled over a judge's latest planted answers, so that one lucky night gives no vote.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nightschool.config import JudgesConfig
from nightschool.statistics import wilson

GOLD = "gold"
PAIR = "pair"
PERSON_FEWEST = 10
"""Verdicts of the person that an agreement can rest on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One planted answer that a judge was shown, or one pair in both orders."""

    kind: str
    """`gold`, `pair`, or the kind of junk."""
    run: str
    overall: int | None = None
    """None where there was no verdict."""
    consistent: bool | None = None
    """For a pair: whether both orders gave one preference; None where there was no verdict."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval."""

    count: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share; 0 where nothing was seen."""
        return self.count / self.n if self.n else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What is known of one judge."""

    judge: str
    name: str
    sensitivity: Share
    """Junk that was called bad."""
    specificity: Share
    """Gold that was called good."""
    inflation: Share
    """Junk that was called good."""
    consistency: Share
    no_verdict: Share
    """Of the latest run alone."""
    agreement: Share
    """With the person's own verdicts."""
    by_kind: dict[str, Share]
    """Kind of junk -> how much of it was called bad."""
    reasons: tuple[str, ...]
    """Why it has no vote; empty where it has one."""

    @property
    def sound(self) -> bool:
        """Whether its scores count."""
        return not self.reasons


def standing(
    judge: str,
    name: str,
    trials: Sequence[Trial],
    labels: Iterable[tuple[int, int]],
    config: JudgesConfig,
    *,
    run: str | None = None,
) -> Standing:
    """Measure one judge; `trials` oldest first, `labels` pairs of the person's polarity and the judge's score.

    With a run, its no-verdict rate is that run's; without one, of all that is there.
    """
    scored = [trial for trial in trials if trial.kind != PAIR and trial.overall is not None]
    junk = [trial for trial in scored if trial.kind != GOLD][-config.pool :]
    gold = [trial for trial in scored if trial.kind == GOLD][-config.pool :]
    pairs = [trial for trial in trials if trial.kind == PAIR and trial.consistent is not None][-config.pool :]
    latest = [trial for trial in trials if trial.kind != PAIR and run in (None, trial.run)]
    agreed = [(polarity > 0) == (overall >= config.good) for polarity, overall in labels if _clear(overall, config)]
    caught = share(_bad(trial, config) for trial in junk)
    passed = share(_good(trial, config) for trial in gold)
    consistent = share(bool(trial.consistent) for trial in pairs)
    silent = share(trial.overall is None for trial in latest)
    agreement = share(agreed)
    kinds = sorted({trial.kind for trial in junk})
    return Standing(
        judge=judge,
        name=name,
        sensitivity=caught,
        specificity=passed,
        inflation=share(_good(trial, config) for trial in junk),
        consistency=consistent,
        no_verdict=silent,
        agreement=agreement,
        by_kind={kind: share(_bad(trial, config) for trial in junk if trial.kind == kind) for kind in kinds},
        reasons=_reasons(caught, passed, consistent, silent, agreement, config),
    )


def share(claims: Iterable[bool]) -> Share:
    """Count how many of the claims hold."""
    seen = list(claims)
    interval = wilson(sum(seen), len(seen))
    return Share(count=sum(seen), n=len(seen), low=interval.low, high=interval.high)


def sound(standings: Iterable[Standing], config: JudgesConfig) -> frozenset[str]:
    """Name the judges whose scores count; none at all with fewer than the configured number."""
    found = frozenset(one.judge for one in standings if one.sound)
    return found if len(found) >= max(1, config.min_sound) else frozenset()


def _bad(trial: Trial, config: JudgesConfig) -> bool:
    return trial.overall is not None and trial.overall <= config.bad


def _good(trial: Trial, config: JudgesConfig) -> bool:
    return trial.overall is not None and trial.overall >= config.good


def _clear(overall: int, config: JudgesConfig) -> bool:
    return overall >= config.good or overall <= config.bad


def _reasons(
    caught: Share, passed: Share, consistent: Share, silent: Share, agreement: Share, config: JudgesConfig
) -> tuple[str, ...]:
    found = []
    if silent.n and silent.value > config.no_verdict_bar:
        found.append(f"no verdict on {silent.count} of {silent.n} planted answers")
    if not _enough(caught, config) or not _enough(passed, config):
        found.append(f"only {caught.n + passed.n} of {2 * config.controls} planted answers were judged")
        return tuple(found)
    if caught.value < config.junk_bar:
        found.append(f"called {caught.count} of {caught.n} junk answers bad, fewer than {config.junk_bar:.0%}")
    if passed.value < config.gold_bar:
        found.append(f"called {passed.count} of {passed.n} good answers good, fewer than {config.gold_bar:.0%}")
    if consistent.n == 0 or consistent.value < config.consistency_bar:
        found.append(f"kept its preference in {consistent.count} of {consistent.n} pairs when their order was turned")
    if agreement.n >= PERSON_FEWEST and agreement.high < 0.5:
        found.append(f"agreed with you on {agreement.count} of {agreement.n} answers")
    return tuple(found)


def _enough(planted: Share, config: JudgesConfig) -> bool:
    """Whether so many of a kind were judged as one run may leave over."""
    return planted.n >= max(1, math.ceil(config.controls * (1 - config.no_verdict_bar)))
