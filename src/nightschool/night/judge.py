"""The night's judges: the stage that asks them, and those of them that the following stages may believe."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime

from nightschool.curate.judges.evidence import Evidence
from nightschool.night import judging
from nightschool.night.context import Context
from nightschool.night.phrases import shorten
from nightschool.records import Json, Verdict
from nightschool.store import judges as store
from nightschool.store import lessons

MIDDLE = 5.5
"""The score that says least."""
HELPFUL = ("disagreement", "unclear")


def judge(context: Context) -> Json:
    """Ask the judges of the settings about the turns that nothing clear is known of; without judges, nothing."""
    found = context.panel()
    if not found.judges and not found.problems:
        return {}
    case, settings = _docket(context), context.config.judges
    judged = judging.hold(context.db, found.judges, case, settings, run=context.run, progress=context.progress.advance)
    output = judging.summary(judged, case, settings, found.problems)
    return output | {"question": _question(context, case, judged.verdicts)}


def verdicts(context: Context) -> dict[str, Verdict]:
    """What the sound judges of this night say, by turn; nothing where the signal is off."""
    sound = frozenset(context.outputs.get("judge", {}).get("sound", ()))
    if not sound:
        return {}
    turns = _docket(context).turns
    found = judging.verdicts(context.db, turns, sound, context.config.judges)
    return {turn.turn_id: found[turn.subject] for turn in turns if turn.subject in found}


def bench(context: Context) -> judging.Bench | None:
    """The sound judges of this night, to be asked about answers that it makes; None where the signal is off."""
    sound = context.outputs.get("judge", {}).get("sound", ())
    trusted = [judge for judge in context.panel().judges if judge.identity in sound] if sound else []
    if not trusted:
        return None
    return judging.Bench(context.db, trusted, context.config.judges, context.run, context.progress.advance)


def today() -> str:
    """The date where the person is."""
    return datetime.now(tz=UTC).astimezone().date().isoformat()


def _docket(context: Context) -> judging.Docket:
    return judging.docket(context.history().conversations, lessons.signals(context.db), store.labels(context.db))


def _question(context: Context, case: judging.Docket, verdicts: Mapping[str, Verdict]) -> Json | None:
    """The one turn of today that the person's word would help most with."""
    db, day = context.db, today()
    asked = {question.turn_id for question in store.questions(db).values()}
    known = asked | store.labels(db).keys()
    open_turns = [turn for turn in case.turns if turn.subject in verdicts and turn.turn_id not in known]
    if day not in store.questions(db):
        helpful = [turn for turn in open_turns if verdicts[turn.subject].outcome in HELPFUL]
        if not helpful:
            return None
        chosen = max(helpful, key=lambda turn: _doubt(verdicts[turn.subject]))
        store.ask(db, store.Question(day=day, turn_id=chosen.turn_id, conversation_id=chosen.conversation_id))
    question = store.questions(db)[day]
    about = next((turn for turn in case.turns if turn.turn_id == question.turn_id), None)
    return dataclasses.asdict(question) | {"text": _words(about)} if about is not None else None


def _doubt(verdict: Verdict) -> tuple[float, float]:
    """How little the judges know: how far apart they are, then how near to the middle."""
    return verdict.spread, -abs(verdict.scores.get("overall", MIDDLE) - MIDDLE)


def _words(turn: Evidence) -> str:
    return shorten(turn.question, 160)
