"""The records of one OpenClaw session as trees: one conversation per window between resets.

A conversation is named after the first message record of its window. Forks and rewinds copy records
with their ids, so all sessions of a lineage name the same conversation, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from nightschool.intake.message import clean, conversation_id, message
from nightschool.intake.openclaw_message import moment, said
from nightschool.records import AlternateKind, Json, Message
from nightschool.store.conversations import Origin, View

PROGRAM = "openclaw"


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What is known of a session beside its records."""

    id: str
    document: str
    """Name of the document that holds its records."""
    by_program: bool = False
    """Nobody types into it: cron, hook, subagent."""
    in_group: bool = False
    agent: str | None = None
    title: str | None = None
    contexts: tuple[Context, ...] = ()
    active: frozenset[int] | None = None
    """Positions of the records on the active path, where the store has computed it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The system prompt and the tools that one run was given."""

    time: float
    system: str | None
    tools: tuple[Json, ...]


@dataclass(kw_only=True, slots=True)
class _Entry:
    position: int
    event: Json
    parent: str | None
    window: str
    node: Message | None = None
    """The message at or above this record, within its window."""


@dataclass(kw_only=True, slots=True)
class _Window:
    opened: float
    conversation: str = ""
    nodes: dict[str, Message] = field(default_factory=dict)
    origins: list[Origin] = field(default_factory=list)
    latest: float = 0.0
    title: str | None = None


def views(events: Iterable[tuple[int, Json]], session: Session) -> tuple[View, ...]:
    """Return one view per window that holds a message."""
    records = list(events)
    place, header = next(((at, event) for at, event in records if event.get("type") == "session"), (-1, {}))
    windows = {"": _Window(opened=moment(header.get("timestamp")))}
    if header:
        windows[""].origins.append(Origin(document=session.document, position=place))
    entries, leaf, rewound = _grow(records, session, windows)
    active = _active(entries, leaf, session.active)
    cwd = clean(header["cwd"]) if isinstance(header.get("cwd"), str) else None
    return tuple(_view(window, active, session, cwd, rewound=rewound) for window in windows.values() if window.nodes)


def _grow(
    records: Sequence[tuple[int, Json]], session: Session, windows: dict[str, _Window]
) -> tuple[dict[str, _Entry], str | None, bool]:
    """Put every record in its place; return them by id, the leaf, and whether the person rewound."""
    entries: dict[str, _Entry] = {}
    previous: str | None = None
    leaf: str | None = None
    rewound = False
    for position, event in records:
        if event.get("type") == "session":
            continue
        key = event["id"] if isinstance(event.get("id"), str) and event["id"] else f"{session.id}:{position}"
        if key in entries:
            continue
        is_leaf = event.get("type") == "leaf"
        parent = event.get("targetId" if is_leaf else "parentId", previous)
        if parent is not None and (not isinstance(parent, str) or parent not in entries):
            if is_leaf:
                continue
            # Its parent stood on a line that could not be read.
            parent = previous
        entries[key] = _place(key, position, event, entries.get(parent) if parent else None, parent, windows, session)
        previous = key
        if is_leaf:
            leaf, rewound = parent, True
        elif event.get("appendMode") != "side":
            leaf = key
    return entries, leaf, rewound


def _place(
    key: str,
    position: int,
    event: Json,
    above: _Entry | None,
    parent: str | None,
    windows: dict[str, _Window],
    session: Session,
) -> _Entry:
    time = moment(event.get("timestamp"))
    if event.get("type") == "reset":
        windows[key] = _Window(opened=time, origins=[Origin(document=session.document, position=position)])
        return _Entry(position=position, event=event, parent=parent, window=key)
    entry = _Entry(
        position=position,
        event=event,
        parent=parent,
        window=above.window if above else "",
        node=above.node if above else None,
    )
    window = windows[entry.window]
    if event.get("type") == "session_info" and event.get("name"):
        window.title = clean(event["name"])
    heard = said(event, by_program=session.by_program, in_group=session.in_group)
    if heard:
        if not window.conversation:
            window.conversation = conversation_id(PROGRAM, f"{key}@{event.get('timestamp')}")
        entry.node = message(
            conversation=window.conversation,
            parent=entry.node,
            role=heard.role,
            author=heard.author,
            parts=heard.parts,
            created=heard.created,
            source_id=key,
            model=heard.model,
            stop=heard.stop,
        )
        window.nodes.setdefault(entry.node.id, entry.node)
    if heard or event.get("type") == "leaf":
        window.latest = max(window.latest, time, heard.created if heard else 0.0)
    said_here = entry.node.id if heard and entry.node else ""
    window.origins.append(Origin(document=session.document, position=position, message_id=said_here))
    return entry


def _active(entries: dict[str, _Entry], leaf: str | None, known: Collection[int] | None) -> dict[str, Message]:
    """Return the last message of the active path in each window; "" -> nothing where all was taken back."""
    if known is not None:
        path = [entry for entry in entries.values() if entry.position in known]
    else:
        path = []
        while leaf is not None:
            path.append(entries[leaf])
            leaf = entries[leaf].parent
        path.reverse()
    return {entry.window: entry.node for entry in path if entry.node}


def _view(window: _Window, active: dict[str, Message], session: Session, cwd: str | None, *, rewound: bool) -> View:
    ends = [node for node in active.values() if node.id in window.nodes]
    leaf = ends[-1] if ends else None
    if leaf is None and not (rewound and len(active) == 0):
        leaf = list(window.nodes.values())[-1]
    context = _context(session.contexts, window.latest)
    return View(
        conversation_id=window.conversation,
        program=PROGRAM,
        session_id=clean(session.id),
        messages=tuple(window.nodes.values()),
        leaf=leaf.id if leaf else None,
        opened=window.opened,
        latest=window.latest,
        left=left_behind(tuple(window.nodes.values()), leaf, rewound=rewound),
        origins=tuple(window.origins),
        system=context.system if context else None,
        tools=context.tools if context else (),
        project=cwd,
        agent=session.agent,
        title=window.title or session.title,
    )


def _context(contexts: Sequence[Context], latest: float) -> Context | None:
    """Return what the last run up to a time was given; the first run's where all are later."""
    earlier = [context for context in contexts if context.time <= latest]
    return earlier[-1] if earlier else next(iter(contexts), None)


def left_behind(nodes: Sequence[Message], leaf: Message | None, *, rewound: bool) -> dict[str, AlternateKind]:
    """Say of every message off the kept path how the person left it."""
    by_id = {node.id: node for node in nodes}
    path: dict[str | None, Message] = {}
    while leaf is not None:
        path[leaf.parent_id] = leaf
        leaf = by_id[leaf.parent_id] if leaf.parent_id else None
    kept = {node.id for node in path.values()}
    left: dict[str, AlternateKind] = {}
    for node in nodes:
        if node.id in kept:
            continue
        if node.parent_id in left:
            left[node.id] = left[node.parent_id]
            continue
        instead = path.get(node.parent_id)
        if instead and node.role != "user" and instead.role != "user":
            left[node.id] = "regenerate"
        elif instead and not rewound:
            left[node.id] = "edit"
        else:
            left[node.id] = "rewind"
    return left
