"""`judges`: who judges answers, whether they are believed, and the one question of the day."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.printable import printable
from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.curate.judges.calibration import Share, Standing
    from nightschool.curate.judges.judge import Panel
    from nightschool.models.model import Model
    from nightschool.night.judging import Docket

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
NONE = "No judge is set up yet"
HOW = """Write into config.toml, once for each machine:
  [[judges.panel]]
  name = "ada"
  url = "http://192.168.1.20:11434"
  model = "qwen3:14b\""""
EXAMPLES = """\b
Examples:
  nightschool judges list            how every judge stands
  nightschool judges calibrate       test them on planted answers now
  nightschool judges show ada        one of them, with what it said last
  nightschool judges ask good        answer the one question of today
"""


@click.group(epilog=EXAMPLES)
def command() -> None:
    """Test the judges, and say who is believed."""


@command.command("list")
@AS_JSON
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """Show how every judge stands by what it has said of planted answers; nobody is asked.

    Example: nightschool judges list --json
    """
    from nightschool.night import judging
    from nightschool.store.database import open_database

    found = panel(session)
    with closing(open_database(session.home.database)) as db:
        standings = judging.measure(db, found.judges, _docket(db, _labelled(db)).labels, session.config.judges)
    if as_json:
        click.echo(json.dumps([_document(one) for one in standings], ensure_ascii=False))
    elif not found.judges and not found.problems:
        click.echo(f"{NONE}. {HOW}")
    else:
        _table(standings)
    _problems(session, found, standings)


@command.command()
@AS_JSON
@click.pass_obj
def calibrate(session: Session, as_json: bool) -> None:
    """Ask every judge about planted junk, gold and pairs, and say who is sound.

    Example: nightschool judges calibrate
    """
    import secrets

    from nightschool.night import judging
    from nightschool.night.progress import shown
    from nightschool.store.database import open_database

    found = needed(session)
    with closing(open_database(session.home.database)) as db, shown() as progress:
        known = _docket(db)
        case = judging.Docket(turns=(), accepted=known.accepted, labels=known.labels)
        progress.begin("Asking the judges")
        run = f"calibrate-{secrets.token_hex(4)}"
        judged = judging.hold(db, found.judges, case, session.config.judges, run=run, progress=progress.advance)
        spent = sum(tally.seconds for tally in judged.tallies.values())
        progress.end("Asking the judges", spent, f"{len(judged.sound)} of {len(found.judges)} are believed")
    if as_json:
        click.echo(json.dumps(judging.summary(judged, case, session.config.judges, found.problems), ensure_ascii=False))
    else:
        _table(judged.standings)
    _problems(session, found, judged.standings)


@command.command()
@click.argument("name")
@AS_JSON
@click.pass_obj
def show(session: Session, name: str, as_json: bool) -> None:
    """Show one judge: every measure with its interval, each kind of junk, and what it said last.

    Example: nightschool judges show ada
    """
    import difflib

    from nightschool.night import judging
    from nightschool.store import judges as store
    from nightschool.store.database import open_database

    found = needed(session)
    judge = next((judge for judge in found.judges if judge.name == name), None)
    if judge is None:
        near = difflib.get_close_matches(name, [judge.name for judge in found.judges], n=1, cutoff=0.0)
        raise UserError(f"There is no judge {name!r}", hint=f"Did you mean {near[0]!r}?" if near else None)
    with closing(open_database(session.home.database)) as db:
        labels = _docket(db, _labelled(db)).labels
        one = judging.measure(db, [judge], labels, session.config.judges)[0]
        last = store.opinions(db, judge=judge.identity)[-8:]
    if as_json:
        said = [{"turn": kept.turn_id, "control": kept.control, **_plain(kept.opinion)} for kept in last]
        click.echo(json.dumps(_document(one) | {"last": said}, ensure_ascii=False))
        return
    _figures(one)
    for kept in last:
        score = kept.opinion.scores["overall"] if kept.opinion.scores else f"no verdict ({kept.opinion.problem})"
        about = kept.control or f"turn {kept.turn_id[:12]}"
        click.echo(f"  {score}  {about}: {printable(kept.opinion.reason)}")


@command.command()
@click.argument("answer", type=click.Choice(["good", "bad", "skip"]), required=False)
@AS_JSON
@click.pass_obj
def ask(session: Session, answer: str | None, as_json: bool) -> None:
    """Show the one question of today, or answer it: your word measures the judges.

    Example: nightschool judges ask good
    """
    from nightschool.night.judge import today
    from nightschool.store import judges as store
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        question = store.questions(db).get(today())
        if question is None:
            if as_json:
                click.echo("null")
            else:
                click.echo("There is no question today; the next night may have one")
            return
        if answer is not None:
            store.put_label(db, question.turn_id, {"good": 1, "bad": -1, "skip": 0}[answer])
        turn = next((turn for turn in _docket(db, {question.turn_id}).turns if turn.turn_id == question.turn_id), None)
        label = store.labels(db).get(question.turn_id)
    said = {1: "good", -1: "bad", 0: "skip"}.get(label) if label is not None else None
    if as_json:
        shown = {"question": turn.question, "answer": turn.answer} if turn else {"question": "", "answer": ""}
        click.echo(
            json.dumps({"turn": question.turn_id, "day": question.day, "said": said} | shown, ensure_ascii=False)
        )
        return
    if answer is None and turn is not None:
        click.echo(f"You asked: {printable(turn.question)}\nThe answer was: {printable(turn.answer)}")
        click.echo("Was it good? `nightschool judges ask good`, `bad` or `skip`")
    click.echo(f"Your word today: {said}" if said else "Not answered yet")


def panel(session: Session) -> Panel:
    from nightschool.curate.judges.judge import configured

    base = session.config.base

    def load() -> Model:
        from nightschool import models

        return models.load(base.name, base.device)

    return configured(session.config.judges, load)


def needed(session: Session) -> Panel:
    found = panel(session)
    if not found.judges:
        raise UserError(found.problems[0] if found.problems else NONE, hint=HOW)
    return found


def _docket(db: sqlite3.Connection, turns: Collection[str] | None = None) -> Docket:
    """The redacted history as judges see it, or only the conversations that some turns stand in."""
    from nightschool.night import judging
    from nightschool.redact import clean
    from nightschool.store import conversations, lessons
    from nightschool.store import judges as store

    if turns is None:
        history = conversations.all_conversations(db)
    else:
        ids = {found for turn in turns if (found := conversations.message_conversation(db, turn))}
        history = [one for found in sorted(ids) if (one := conversations.get(db, found))]
    return judging.docket([clean(one).conversation for one in history], lessons.signals(db), store.labels(db))


def _labelled(db: sqlite3.Connection) -> set[str]:
    """The turns that the person has said something of."""
    from nightschool.store import judges as store
    from nightschool.store import lessons

    return {signal.turn_id for signal in lessons.signals(db) if signal.kind == "rating"} | set(store.labels(db))


def _document(one: Standing) -> dict[str, object]:
    from nightschool.records import to_json

    return {**to_json(one), "sound": one.sound}


def _plain(value: object) -> dict[str, object]:
    from nightschool.records import to_json

    made: dict[str, object] = to_json(value)
    return made


def _table(standings: tuple[Standing, ...]) -> None:
    click.echo(f"{'judge':20} {'vote':5} {'junk called bad':>22} {'good called good':>22} {'same in both orders':>22}")
    for one in standings:
        figures = " ".join(f"{_figure(s):>22}" for s in (one.sensitivity, one.specificity, one.consistency))
        click.echo(f"{printable(one.name)[:20]:20} {'yes' if one.sound else 'no':5} {figures}")
        for reason in one.reasons:
            click.echo(f"{'':26} {reason}")


def _figures(one: Standing) -> None:
    click.echo(f"{printable(one.name)}: {'has a vote' if one.sound else 'has no vote'}")
    for reason in one.reasons:
        click.echo(
            f"  because it {reason}" if not reason.startswith(("no verdict", "only")) else f"  because of {reason}"
        )
    rows = {
        "junk called bad": one.sensitivity,
        "good called good": one.specificity,
        "junk called good": one.inflation,
        "same in both orders": one.consistency,
        "without a verdict": one.no_verdict,
        "agrees with you": one.agreement,
    } | {f"  {kind}": share for kind, share in one.by_kind.items()}
    for title, share in rows.items():
        click.echo(f"  {title:24} {_figure(share)}")


def _figure(share: Share) -> str:
    if not share.n:
        return "not measured"
    return f"{share.count} of {share.n} ({share.low:.0%}–{share.high:.0%})"


def _problems(session: Session, found: Panel, standings: tuple[Standing, ...]) -> None:
    for problem in found.problems:
        click.echo(problem, err=True)
    sound, needed = sum(one.sound for one in standings), max(1, session.config.judges.min_sound)
    if found.judges and sound < needed:
        click.echo(f"Their scores count for nothing: {sound} are sound and {needed} are needed", err=True)
