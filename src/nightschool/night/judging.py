"""Judging: put turns and planted answers before the judges, keep every word, and believe the sound ones.

The history that it reads is redacted. Judges select what is learnt and never sit in the exam. Whatever
happens to a judge, the night goes on; with too few sound ones the judged signal is off, and that is said.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nightschool.config import JudgesConfig
from nightschool.curate.instances import CLEAR, Place, places
from nightschool.curate.judges import calibration, controls, evidence, panel
from nightschool.curate.judges.calibration import PAIR, Standing, Trial
from nightschool.curate.judges.evidence import Evidence
from nightschool.curate.judges.judge import Judge
from nightschool.records import Conversation, Json, Opinion, Signal, Verdict, to_json
from nightschool.store import judges as store

SURE = 0.9
"""Strength of the person's acceptance from which on a turn may stand among the gold."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Docket:
    """The turns of a history as judges see them."""

    turns: tuple[Evidence, ...]
    """Worth judging; those that no clear signal speaks of first, the newest first."""
    accepted: tuple[Evidence, ...] = ()
    """Turns that the person surely liked, for planting."""
    labels: Mapping[str, int] = field(default_factory=dict)
    """Subject -> the person's own verdict on it."""
    noise: Mapping[str, int] = field(default_factory=dict)
    """Reason -> count of the turns that are not worth asking about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What a run of the judges came to."""

    standings: tuple[Standing, ...]
    sound: frozenset[str]
    """Identities of the judges that count; empty where the signal is off."""
    tallies: Mapping[str, panel.Tally]
    verdicts: Mapping[str, Verdict]
    """Subject -> verdict."""


def docket(
    conversations: Sequence[Conversation], signals: Sequence[Signal], labels: Mapping[str, int] | None = None
) -> Docket:
    """Read a redacted history for judges."""
    spoken: dict[str, list[Signal]] = {}
    for signal in signals:
        spoken.setdefault(signal.turn_id, []).append(signal)
    noise: Counter[str] = Counter()
    found: list[tuple[Place, Evidence]] = []
    for place in places(conversations, ()):
        shown = evidence.of_turn(place)
        why = evidence.noise(shown)
        noise[why] += 1
        if not why:
            found.append((place, shown))
    del noise[""]
    found.sort(key=lambda pair: (_settled(spoken.get(pair[0].turn.id, ())), -pair[0].turn.messages[0].created))
    own = {turn: polarity for turn, each in spoken.items() if (polarity := _rated(each))} | dict(labels or {})
    return Docket(
        turns=tuple(shown for _, shown in found),
        accepted=tuple(shown for place, shown in found if _liked(spoken.get(place.turn.id, ()))),
        labels={shown.subject: own[shown.turn_id] for _, shown in found if own.get(shown.turn_id)},
        noise=dict(noise),
    )


def hold(
    db: sqlite3.Connection,
    judges: Sequence[Judge],
    case: Docket,
    config: JudgesConfig,
    *,
    run: str,
    progress: Progress = lambda done, total, note: None,
) -> Judged:
    """Ask the judges what they have not said yet, planted answers among it, and measure them."""
    planted = controls.plant(run, config.controls, case.accepted)
    known = {judge.identity: store.known(db, judge.identity, run) for judge in judges}
    distinct = {turn.subject: turn for turn in reversed(case.turns)}
    new = [turn for turn in case.turns if turn is distinct[turn.subject]]
    wanted = min(config.votes, len(judges)) or len(judges)
    new = [turn for turn in new if sum(turn.subject in known[judge.identity] for judge in judges) < wanted]

    def heard(judge: Judge, shown: Evidence, opinion: Opinion) -> None:
        about = {"turn_id": shown.turn_id, "conversation_id": shown.conversation_id, "control": shown.control}
        store.add_opinion(db, opinion, run=run, **about)

    def compared(judge: Judge, pair: panel.Pair, said: panel.Comparison) -> None:
        store.add_comparison(db, run=run, judge=judge.identity, pair=said.pair, orders=said.orders)

    tallies = panel.ask(
        judges,
        [*new[: config.max_turns], *planted.singles],
        planted.pairs,
        panel.Listener(heard=heard, compared=compared, progress=progress),
        known=known,
        seed=run,
        max_minutes=config.max_minutes,
        votes=config.votes,
    )
    standings = measure(db, judges, case.labels, config, run=run)
    sound = calibration.sound(standings, config)
    return Judged(standings=standings, sound=sound, tallies=tallies, verdicts=verdicts(db, case.turns, sound, config))


def measure(
    db: sqlite3.Connection,
    judges: Sequence[Judge],
    labels: Mapping[str, int],
    config: JudgesConfig,
    *,
    run: str | None = None,
) -> tuple[Standing, ...]:
    """Say how each judge stands by everything that it has said of planted answers, and of the person's own verdicts."""
    opinions = store.by_subject(db, [judge.identity for judge in judges])
    found = []
    for judge in judges:
        own = [(polarity, opinions.get((judge.identity, subject))) for subject, polarity in labels.items()]
        agreed = [(polarity, said.scores["overall"]) for polarity, said in own if said is not None and said.scores]
        trials = _trials(db, judge.identity)
        found.append(calibration.standing(judge.identity, judge.name, trials, agreed, config, run=run))
    return tuple(found)


def verdicts(
    db: sqlite3.Connection, turns: Sequence[Evidence], sound: frozenset[str], config: JudgesConfig
) -> dict[str, Verdict]:
    """Put together what the sound judges have said of these turns; turns that none of them saw have no entry."""
    said: dict[str, list[Opinion]] = {}
    for (_, subject), opinion in store.by_subject(db, sorted(sound)).items():
        said.setdefault(subject, []).append(opinion)
    return {
        turn.subject: panel.verdict(turn.turn_id, turn.conversation_id, said[turn.subject], config)
        for turn in turns
        if turn.subject in said
    }


def summary(judged: Judged, case: Docket, config: JudgesConfig, problems: Sequence[str] = ()) -> Json:
    """What the report and the following stages read of a run."""
    found = [judged.verdicts[turn.subject] for turn in case.turns if turn.subject in judged.verdicts]
    outcomes = Counter(verdict.outcome for verdict in found)
    return {
        "sound": sorted(judged.sound),
        "needed": max(1, config.min_sound),
        "panel": [_standing(one, judged.tallies.get(one.judge)) for one in judged.standings],
        "problems": list(problems),
        "turns": len(case.turns),
        "outcomes": dict(outcomes),
        "thresholds": {"good": config.good, "bad": config.bad, "spread": config.max_spread},
        "noise": dict(case.noise),
    }


class Bench:
    """The sound judges of a night, for answers that the night itself makes."""

    def __init__(
        self, db: sqlite3.Connection, judges: Sequence[Judge], config: JudgesConfig, run: str, progress: Progress
    ) -> None:
        self._db, self._judges, self._config, self._run, self._progress = db, tuple(judges), config, run, progress

    def score(self, turns: Sequence[Evidence]) -> list[Verdict]:
        """Judge answers, those seen before not again."""
        case = Docket(turns=tuple(turns))
        known = {judge.identity: store.known(self._db, judge.identity, self._run) for judge in self._judges}

        def heard(judge: Judge, shown: Evidence, opinion: Opinion) -> None:
            about = {"turn_id": shown.turn_id, "conversation_id": shown.conversation_id}
            store.add_opinion(self._db, opinion, run=self._run, **about)

        listener = panel.Listener(heard=heard, progress=self._progress)
        panel.ask(self._judges, turns, (), listener, known=known, max_minutes=self._config.max_minutes)
        identities = frozenset(judge.identity for judge in self._judges)
        found = verdicts(self._db, case.turns, identities, self._config)
        silent = Verdict(turn_id="", conversation_id="", outcome="no verdict")
        return [found.get(turn.subject, silent) for turn in turns]

    def prefers(self, better: Evidence, worse: Evidence) -> bool:
        """Tell whether most judges prefer one answer in both orders."""
        winners = [panel.compare(judge, (better, worse)).winner for judge in self._judges]
        return 2 * winners.count("first") > len(winners)


def _trials(db: sqlite3.Connection, judge: str) -> list[Trial]:
    singles = [
        Trial(kind=kept.control, run=kept.run, overall=kept.opinion.scores["overall"] if kept.opinion.scores else None)
        for kept in store.opinions(db, judge=judge, controls=True)
    ]
    pairs = [
        Trial(kind=PAIR, run=run, consistent=one == other if one and other else None)
        for run, one, other in store.comparisons(db, judge)
    ]
    return [*singles, *pairs]


def _standing(one: Standing, tally: panel.Tally | None) -> Json:
    found: Json = to_json(one) | {"sound": one.sound}
    if tally is not None:
        found |= {
            "asked": tally.asked,
            "problems": dict(tally.problems),
            "tokens": tally.tokens,
            "seconds": round(tally.seconds, 1),
            "set_aside": tally.set_aside,
            "unasked": tally.unasked,
        }
    return found


def _settled(signals: Sequence[Signal]) -> bool:
    """Whether clear evidence speaks of a turn without any judge."""
    return any(signal.polarity and signal.strength >= CLEAR for signal in signals)


def _liked(signals: Sequence[Signal]) -> bool:
    sure = {signal.polarity for signal in signals if signal.by == "person" and signal.strength >= SURE}
    return sure == {1}


def _rated(signals: Sequence[Signal]) -> int:
    """The person's thumbs."""
    given = [signal.polarity for signal in signals if signal.kind == "rating"]
    return given[-1] if given else 0
