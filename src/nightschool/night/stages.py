"""The night as one list: what is done, in which order, and what each stage leaves for the next ones.

Each stage is a function of the context and returns plain JSON, which is kept when the stage ends.
Cut off anywhere, a stage may run again: it finds what it did before and does not do it twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nightschool.night.collect import collect
from nightschool.night.context import Context
from nightschool.night.edits import go_over
from nightschool.night.examine import decide, examine
from nightschool.night.judge import judge
from nightschool.night.phrases import plural
from nightschool.night.publish import publish, report
from nightschool.night.reflect import reflect
from nightschool.night.review import review
from nightschool.night.teach import compose, train
from nightschool.records import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One stage: its name in the records, its title on the screen, what it does and how it sums up."""

    name: str
    title: str
    run: Callable[[Context], Json]
    say: Callable[[Json], str]


def _collected(output: Json) -> str:
    new = output["new"]
    return f"{plural(new['turns'], 'new turn')} in {plural(new['conversations'], 'new conversation')}"


def _reviewed(output: Json) -> str:
    return f"{plural(output['turns'], 'turn')} → {plural(output['lessons']['kept'], 'lesson')}"


def _judged(output: Json) -> str:
    if not output:
        return "no judges"
    return f"{len(output['sound'])} of {plural(len(output['panel']), 'judge')} believed"


def _composed(output: Json) -> str:
    if output["reason"]:
        return str(output["reason"])
    return f"{plural(sum(output['examples'].values()), 'example')}, {output['held_out']} conversations held out"


def _trained(output: Json) -> str:
    return f"version {output['version']}" if output["version"] else "no new version"


def _gone_over(output: Json) -> str:
    if not output:
        return "none is written"
    return f"{output['held'] - len(output['failed'])} of {plural(output['held'], 'fact')} recalled"


def _examined(output: Json) -> str:
    return plural(output["items"], "question") if output else "nothing to examine"


def _decided(output: Json) -> str:
    return str(output["outcome"])


def _published(output: Json) -> str:
    carried = [f"{each['place']}: {each['state']}" for each in output["deliveries"]]
    return "; ".join([f"{output['champion']} answers", *carried])


def _reflected(output: Json) -> str:
    if not output:
        return "not asked to"
    return f"{plural(output['thoughts'], 'thought')}, {output['settled']} settled, {len(output['proposed'])} proposed"


def _reported(output: Json) -> str:
    return str(output["title"])


STAGES = (
    Step(name="collect", title="Reading the logs again", run=collect, say=_collected),
    Step(name="review", title="Looking for lessons", run=review, say=_reviewed),
    Step(name="judge", title="Asking the judges", run=judge, say=_judged),
    Step(name="compose", title="Composing examples", run=compose, say=_composed),
    Step(name="train", title="Training", run=train, say=_trained),
    Step(name="edits", title="Going over the facts", run=go_over, say=_gone_over),
    Step(name="examine", title="Examining", run=examine, say=_examined),
    Step(name="decide", title="Deciding", run=decide, say=_decided),
    Step(name="publish", title="Publishing", run=publish, say=_published),
    Step(name="reflect", title="Thinking it over", run=reflect, say=_reflected),
    Step(name="report", title="Writing the report", run=report, say=_reported),
)
