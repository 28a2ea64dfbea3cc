"""The facts in the weights, gone over before the exam: asked again, mended, and moved under a new skill.

Keys and wanted changes are measured under the skill adapter that they are served with. A version on
trial has another one, so every fact is measured and proven again on it; what fails there is told from
memory again once that version answers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from nightschool.edit import mounting
from nightschool.edit.audit import Audit, audit
from nightschool.edit.capacity import limit
from nightschool.edit.editor import Editor
from nightschool.models import shelf
from nightschool.models.model import Adapter
from nightschool.night.asked import asked
from nightschool.night.context import Context
from nightschool.records import Json
from nightschool.store import conversations, edits, facts, graduation, versions

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel


def go_over(context: Context) -> Json:
    """Audit and mend what is written, then prove it under the challenger's skill; nothing where nothing is written."""
    db = context.db
    if not edits.grounds(db):
        return {}
    champion = _skill(context, context.champion)
    editor = _editor(context, champion)
    found = audit(db, editor, run=context.run, night=True, progress=context.advance)
    challenger = context.outputs["train"]["version"]
    return told(found) | {
        "learnt": _learnt(context, editor),
        "relieved": _relieved(context, editor),
        "withheld": withheld(db, editor.ground.id),
        "derived": _derived(context, challenger, editor) if challenger else None,
    }


def told(found: Audit) -> Json:
    """An audit as the records hold it."""
    return {
        "held": len(found.held),
        "failed": list(found.failed),
        "refreshed": list(found.refreshed),
        "taken_out": list(found.taken_out),
        "pruned": list(found.pruned),
        "disturbed": list(found.disturbed),
        "pressure": found.pressure,
        "tired": found.tired,
    }


def _learnt(context: Context, editor: Editor) -> list[str]:
    """Write the facts that nobody has tried to write yet; ids of those that are in the weights now."""
    new = [fact for fact in editor.missing() if edits.latest(context.db, fact.id, editor.ground.id) is None]
    return [one.fact_id for one in editor.write(new, context.advance) if one.state == "written"]


def _relieved(context: Context, editor: Editor) -> list[str]:
    """Above what the base was measured to hold, take the facts that are asked for least out of the weights."""
    most, edited = limit(editor.ground), {row.fact_id for row in edits.mounted(context.db, editor.ground.id)}
    held = [fact for fact in editor.held() if fact.id in edited]
    if most is None or len(held) <= most:
        return []
    count = asked(conversations.all_conversations(context.db), held)
    held.sort(key=lambda fact: (count[fact.id], fact.known_from))
    gone = [fact.id for fact in held[: len(held) - most]]
    editor.remove(gone, reason=f"the weights hold {most} facts, and this one is asked for least")
    return gone


def _derived(context: Context, challenger: str, champion: Editor) -> Json:
    """Measure and prove every fact under the skill of the version on trial."""
    edited = {row.fact_id for row in edits.mounted(context.db, champion.ground.id)}
    return _derived_under(context, _skill(context, challenger), challenger, edited)


def _derived_under(
    context: Context, skill: Path | None, challenger: str, edited: Collection[str] = frozenset()
) -> Json:
    """Prove facts under a skill; `edited` are those that the champion has an edit for."""
    trained = context.outputs.get("compose", {}).get("consolidated", ())
    written = _editor(context, skill).derive(context.advance, trained=trained)
    alone = {one.fact_id for one in written if one.state == "graduated"}
    return {
        "version": challenger,
        "written": sum(one.state in edits.IN_WEIGHTS for one in written),
        "failed": [one.fact_id for one in written if one.state not in edits.IN_WEIGHTS],
        "trained": len(trained),
        "alone": len(alone),
        "released": len(alone.intersection(edited)),
    }


def withheld(db: sqlite3.Connection, ground: str | None = None) -> Json:
    """How many facts the context leaves out, and how many have passed one night of the two that this takes.

    `ground` is the one that answers now: what is not in the weights on it is told.
    """
    graduated = graduation.graduated(db, mounted={row.fact_id for row in edits.held(db, ground or "")})
    live = {fact.id for fact in facts.live(db) if fact.kind == "fact"}
    once = [fact for fact in live - graduated if (past := graduation.trials(db, fact)) and past[-1].passed]
    return {"graduated": len(live & graduated), "once": len(once), "told": len(live - graduated)}


def _editor(context: Context, skill: Path | None) -> Editor:
    model = cast("TransformersModel", context.base.get())
    return Editor(context.db, context.home, model, skill=skill)


def _skill(context: Context, version: str) -> Path | None:
    return shelf.check(context.home, versions.get(context.db, version), context.base.get().fingerprint)


def worn(context: Context, skills: Mapping[str, Path | None]) -> dict[str, Adapter]:
    """What each version sits the exam with: its skill, and the facts in the weights as they stand under it.

    Where the untouched base is the champion nobody has any, or the exam would credit a skill with the facts.
    """
    if context.champion == versions.BASE or not edits.grounds(context.db):
        return dict(skills)
    model = context.base.get()
    found: dict[str, Adapter] = {}
    for name, skill in skills.items():
        known = versions.get(context.db, name).adapter_hash or ""
        facts_in = mounting.present(
            context.db, context.home, model.fingerprint, known, str(getattr(model, "precision", ""))
        )
        found[name] = mounting.together(skill, facts_in) if skill else None
    return found


def settle(context: Context) -> None:
    """Tell again from memory what the promoted version does not hold; call when it answers."""
    derived = context.outputs.get("edits", {}).get("derived") or {}
    for fact_id in derived.get("failed", ()):
        graduation.withdraw(context.db, fact_id)
