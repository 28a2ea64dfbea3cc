"""What was said: trees of messages, and the sessions through which a program showed them.

Messages are only ever added. Which path the person kept is not a row but a reading of the newest
view, so that a rewind in the log changes no history here.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from nightschool.records import AlternateKind, Conversation, Json, Message, Part, to_json
from nightschool.store import originals as kept
from nightschool.store.database import transaction
from nightschool.store.tombstones import cut
from nightschool.turns import turns


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """One conversation as one session of a program shows it."""

    conversation_id: str
    program: str
    session_id: str
    messages: tuple[Message, ...]
    """All of its branches, parents before children."""
    leaf: str | None
    """Id of the message where the path that the person kept ends; None where all was taken back."""
    opened: float = 0.0
    latest: float = 0.0
    """When something was last said or taken back; the newest view decides which path was kept."""
    left: Mapping[str, AlternateKind] = field(default_factory=dict)
    """Message id -> how this session left it behind."""
    ratings: Mapping[str, int] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    system: str | None = None
    tools: tuple[Json, ...] = ()
    project: str | None = None
    agent: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The original line that a message, or something else of the conversation, was read from."""

    document: str
    position: int
    message_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """What a view brought that was not there."""

    conversations: int = 0
    turns: int = 0
    messages: int = 0
    duplicates: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A path that was imported once and is read again every night."""

    id: int
    path: Path
    program: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """One row of the list of conversations."""

    id: str
    program: str
    source_id: str
    turns: int
    messages: int
    started: float
    title: str | None = None


def add_source(db: sqlite3.Connection, path: Path, program: str) -> Source:
    """Register a path, so that the next night reads it again."""
    with transaction(db):
        db.execute(
            "INSERT INTO sources (path, program, added) VALUES (?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET program = excluded.program",
            (str(path), program, time.time()),
        )
    return next(source for source in sources(db) if source.path == path)


def sources(db: sqlite3.Connection) -> list[Source]:
    """Return every registered path, oldest first."""
    rows = db.execute("SELECT id, path, program FROM sources ORDER BY id")
    return [Source(id=row["id"], path=Path(row["path"]), program=row["program"]) for row in rows]


def originals(db: sqlite3.Connection, source_id: int) -> Iterator[bytes]:
    """Yield the exact lines that came in from a source, document after document."""
    for edition in kept.editions(db, source_id):
        yield from kept.lines(db, edition.id)


def add(db: sqlite3.Connection, view: View) -> Added:
    """Store what is new in a view; the documents that its origins name must have been kept before."""
    with transaction(db):
        known = {
            row["id"]
            for row in db.execute("SELECT id FROM messages WHERE conversation_id = ?", (view.conversation_id,))
        }
        fresh = [message for message in view.messages if message.id not in known]
        before = _turn_count(db, view.conversation_id) if known else 0
        is_new = not known
        if is_new:
            db.execute("INSERT OR IGNORE INTO conversations VALUES (?, ?)", (view.conversation_id, view.program))
        for message in fresh:
            _insert(db, view.conversation_id, message)
        _put_view(db, view)
        documents = {name: kept.newest(db, name) for name in {origin.document for origin in view.origins}}
        db.executemany(
            "INSERT OR IGNORE INTO origins VALUES (?, ?, ?, ?)",
            [(view.conversation_id, documents[o.document], o.position, o.message_id) for o in view.origins],
        )
        after = _turn_count(db, view.conversation_id) if fresh else before
    return Added(
        conversations=int(is_new),
        turns=max(0, after - before),
        messages=len(fresh),
        duplicates=len(view.messages) - len(fresh),
    )


def get(db: sqlite3.Connection, conversation_id: str) -> Conversation | None:
    """Return one conversation with its whole tree, or None."""
    return next(iter(_load(db, conversation_id)), None)


def all_conversations(db: sqlite3.Connection, *, set_aside: bool = False) -> list[Conversation]:
    """Return every conversation, by the time it started; those set aside only where they are asked for."""
    found = sorted(_load(db, None), key=lambda conversation: (conversation.started, conversation.id))
    aside = set() if set_aside else {row[0] for row in db.execute("SELECT conversation_id FROM set_aside")}
    return [conversation for conversation in found if conversation.id not in aside]


def lend(db: sqlite3.Connection, to: Conversation, of: Conversation) -> None:
    """Give a conversation the system prompt and the tools of another that tells the same, where it has none."""
    path = [message for message in to.messages if message.alternate is None]
    with transaction(db):
        _put_view(
            db,
            View(
                conversation_id=to.id,
                program=to.program,
                session_id=f"api:{of.id}",
                messages=(),
                # The oldest view of all: it decides nothing, and its context serves where no other has one.
                leaf=path[-1].id if path else None,
                opened=time.time(),
                latest=0.0,
                system=of.system,
                tools=of.tools,
            ),
        )


def summaries(db: sqlite3.Connection) -> list[Summary]:
    """Return one row per conversation, by the time it started."""
    return [
        Summary(
            id=conversation.id,
            program=conversation.program,
            source_id=conversation.source_id,
            turns=len(turns(conversation)),
            messages=len(conversation.messages),
            started=conversation.started,
            title=conversation.title,
        )
        for conversation in all_conversations(db)
    ]


def ids(db: sqlite3.Connection) -> list[str]:
    """Return the id of every conversation."""
    return [row["id"] for row in db.execute("SELECT id FROM conversations ORDER BY id")]


def message_conversation(db: sqlite3.Connection, message_id: str) -> str | None:
    """Return the id of the conversation that a message stands in, or None."""
    row = db.execute("SELECT conversation_id FROM messages WHERE id = ?", (message_id,)).fetchone()
    return str(row["conversation_id"]) if row else None


def _insert(db: sqlite3.Connection, conversation_id: str, message: Message) -> None:
    db.execute(
        "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            message.id, conversation_id, message.parent_id, message.role, message.author,
            message.created, message.source_id, message.model, message.stop,
        ),
    )  # fmt: skip
    for position, part in enumerate(message.parts):
        key = _keep_body(db, {name: value for name, value in to_json(part).items() if value is not None})
        db.execute("INSERT INTO message_parts VALUES (?, ?, ?)", (message.id, position, key))


def _put_view(db: sqlite3.Connection, view: View) -> None:
    """Write how a session shows a conversation; what an earlier reading knew beyond this one stays."""
    context = _keep_body(db, {"system": view.system, "tools": view.tools}) if view.system or view.tools else None
    marks = json.dumps({"left": dict(view.left), "ratings": dict(view.ratings)}, sort_keys=True)
    db.execute(
        "INSERT INTO views VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " latest = excluded.latest, leaf = excluded.leaf, marks = excluded.marks,"
        " context = coalesce(excluded.context, context), project = coalesce(excluded.project, project),"
        " agent = coalesce(excluded.agent, agent), title = coalesce(excluded.title, title)"
        " WHERE excluded.latest >= latest",
        (
            view.conversation_id, view.session_id, view.opened, view.latest, view.leaf, marks,
            context, view.project, view.agent, cut(db, view.title),
        ),
    )  # fmt: skip


def _keep_body(db: sqlite3.Connection, value: Json) -> str:
    # Whatever log it comes from: what was forgotten stays forgotten.
    body = json.dumps(cut(db, value), sort_keys=True)
    key = sha256(body.encode()).hexdigest()
    if db.execute("SELECT 1 FROM parts WHERE hash = ?", (key,)).fetchone() is None:
        db.execute("INSERT INTO parts VALUES (?, ?)", (key, body))
    return key


def _turn_count(db: sqlite3.Connection, conversation_id: str) -> int:
    conversation = get(db, conversation_id)
    return len(turns(conversation)) if conversation else 0


def _load(db: sqlite3.Connection, conversation_id: str | None) -> Iterator[Conversation]:
    chosen, only = ("", ()) if conversation_id is None else ("WHERE conversation_id = ?", (conversation_id,))
    parts: dict[str, list[Part]] = defaultdict(list)
    for row in db.execute(
        "SELECT message_id, body FROM messages CROSS JOIN message_parts ON message_id = id JOIN parts USING (hash)"
        f" {chosen} ORDER BY message_id, position",
        only,
    ):
        parts[row["message_id"]].append(Part(**json.loads(row["body"])))
    messages: dict[str, list[Message]] = defaultdict(list)
    for row in db.execute(f"SELECT * FROM messages {chosen} ORDER BY rowid", only):
        fields = {key: row[key] for key in row.keys() if key != "conversation_id"}  # noqa: SIM118
        messages[row["conversation_id"]].append(Message(**fields, parts=tuple(parts[row["id"]])))
    views: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in db.execute(
        "SELECT views.*, program, body FROM views JOIN conversations ON id = conversation_id"
        f" LEFT JOIN parts ON hash = context {chosen} ORDER BY latest, session_id",
        only,
    ):
        views[row["conversation_id"]].append(row)
    for key, rows in views.items():
        yield _conversation(messages[key], rows)


def _conversation(messages: Sequence[Message], views: Sequence[sqlite3.Row]) -> Conversation:
    """Build the record; `views` come oldest first, and what the newest one knows wins."""
    first = min(views, key=lambda view: (view["opened"], view["session_id"]))
    context: Json = next((json.loads(view["body"]) for view in reversed(views) if view["body"]), {})
    tree = _marked(messages, views)
    times = [message.created for message in tree if message.created]
    return Conversation(
        id=first["conversation_id"],
        program=first["program"],
        source_id=first["session_id"],
        started=min(times, default=first["opened"]),
        messages=tree,
        system=context.get("system"),
        tools=tuple(context.get("tools") or ()),
        project=_newest(views, "project"),
        agent=_newest(views, "agent"),
        title=_newest(views, "title"),
    )


def _newest(views: Sequence[sqlite3.Row], column: str) -> str | None:
    return next((view[column] for view in reversed(views) if view[column]), None)


def _marked(messages: Sequence[Message], views: Sequence[sqlite3.Row]) -> tuple[Message, ...]:
    """Mark what is not on the kept path, and order parents before children."""
    parent = {message.id: message.parent_id for message in messages}
    depth: dict[str | None, int] = {None: -1}
    for message in messages:
        depth[message.id] = depth[message.parent_id] + 1
    marks = [json.loads(view["marks"]) for view in views]
    left: dict[str, AlternateKind] = {}
    ratings: dict[str, int] = {}
    for mark in marks:
        left |= mark["left"]
        ratings |= mark["ratings"]
    newest = max(views, key=lambda view: (view["latest"], depth[view["leaf"]], view["session_id"]))
    path = set(_branch(parent, newest["leaf"]))
    marked = [
        replace(
            message,
            alternate=None if message.id in path else left.get(message.id, "fork"),
            rating=ratings.get(message.id, 0),
        )
        for message in messages
    ]
    return tuple(sorted(marked, key=lambda message: (depth[message.id], message.created, message.id)))


def _branch(parent: Mapping[str, str | None], leaf: str | None) -> list[str]:
    branch = []
    while leaf is not None:
        branch.append(leaf)
        leaf = parent[leaf]
    return branch
