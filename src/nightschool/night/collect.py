"""Collect: every source that was imported once is read again, and indexed for recall."""

from __future__ import annotations

from nightschool.errors import UserError
from nightschool.intake import import_path
from nightschool.memory import directions
from nightschool.models import embedding
from nightschool.night.context import Context
from nightschool.records import Json, to_json
from nightschool.store import conversations, exchanges, nights, said

MOST_EMBEDDING = 1800.0
"""Seconds that a night spends on directions; the rest is done by the next one."""
MOST_SKIPPED = 20
"""Lines kept aside that the night remembers per source; the count is whole."""


def collect(context: Context) -> Json:
    """Read the sources again; one that cannot be read is told, and the night goes on without it."""
    sources = conversations.sources(context.db)
    read = []
    for done, source in enumerate(sources):
        context.advance(done, len(sources))
        read.append({"path": str(source.path), "program": source.program} | _read(context, source))
    exchanges.match(context.db)
    said.catch_up(context.db, progress=context.advance)
    return {
        "sources": read,
        "new": {key: sum(source[key] for source in read) for key in ("conversations", "turns", "messages")},
        "history": nights.size(context.db),
        "directions": _embed(context),
    }


def _embed(context: Context) -> int:
    """Give what is new a direction of meaning, where an embedder is named; one that is away stops no night."""
    try:
        embedder = embedding.load(context.config.memory.embedder)
        return directions.catch_up(context.db, embedder, seconds=MOST_EMBEDDING) if embedder else 0
    except UserError:
        return 0


def _read(context: Context, source: conversations.Source) -> Json:
    try:
        imported = import_path(context.db, source.path)
    except UserError as error:
        nothing = dict.fromkeys(("conversations", "turns", "messages", "duplicates", "skipped_count"), 0)
        return nothing | {"skipped": [], "problem": error.message}
    return {
        "conversations": imported.conversations,
        "turns": imported.turns,
        "messages": imported.messages,
        "duplicates": imported.duplicates,
        "skipped": to_json(imported.skipped[:MOST_SKIPPED]),
        "skipped_count": len(imported.skipped),
        "problem": None,
    }
