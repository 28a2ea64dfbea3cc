"""How the rows of a Hermes session become a path with alternates.

Copies carry new ids and times, so they are told by content and place: right after a branch or a
compaction, rows that repeat the path in its order are copies, and the first that does not is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nightschool.intake.hermes_message import Row
from nightschool.intake.message import message
from nightschool.records import AlternateKind, Message

LONGEST_HEAD = 12
"""Rows at the start of a path that a compaction keeps; three unless set otherwise."""
SHORTEST_RETRY = 12
"""Characters. A shorter text said twice, such as "continue", is an answer to what came between."""


@dataclass(kw_only=True, slots=True)
class Branch:
    """A session's path so far, and everything that branches off it."""

    live: list[Message] = field(default_factory=list)
    keys: list[tuple[object, ...]] = field(default_factory=list)
    """Of each live message what a copy of it has in common with it."""
    nodes: dict[str, Message] = field(default_factory=dict)
    left: dict[str, AlternateKind] = field(default_factory=dict)
    origins: list[tuple[int, str]] = field(default_factory=list)
    latest: float = 0.0

    def add(self, row: Row, conversation: str, parent: Message | None) -> Message:
        """Put a row below a message; the same row below the same message is the same node."""
        node = message(
            conversation=conversation,
            parent=parent,
            role=row.role,
            author=row.author,
            parts=row.parts,
            created=row.created,
            source_id=row.id,
            model=row.model,
            stop=row.stop,
        )
        node = self.nodes.setdefault(node.id, node)
        self.origins.append((row.position, node.id))
        self.latest = max(self.latest, row.created)
        return node


def walk(rows: Sequence[Row], conversation: str, start: Branch, *, branched: bool = False) -> Branch:
    """Follow a session's rows from where the session that it continues ended.

    Of a path that went on after a branch, what follows in the branch grows from the last copy.
    """
    path = Branch(live=list(start.live), keys=list(start.keys), nodes={node.id: node for node in start.live})
    index, reached = _pass_copies(rows, 0, path, conversation) if path.live else (0, 0)
    if branched and reached:
        del path.live[reached:], path.keys[reached:]
    undone: Message | None = None
    while index < len(rows):
        row = rows[index]
        end = path.live[-1] if path.live else None
        if row.state == "undone":
            undone = path.add(row, conversation, undone or end)
            path.left[undone.id] = "undo"
            index += 1
            continue
        undone = None
        if _is_compaction(rows, index, path):
            index, _ = _pass_copies(rows, index, path, conversation)
            continue
        if row.role == "user" and (asked := _asked_before(row, path)) is not None:
            _leave(path, asked)
        _append(path, row, conversation)
        index += 1
    for node in path.live:
        path.left.pop(node.id, None)
    return path


def _append(path: Branch, row: Row, conversation: str) -> None:
    path.live.append(path.add(row, conversation, path.live[-1] if path.live else None))
    path.keys.append(row.key)


def _is_compaction(rows: Sequence[Row], index: int, path: Branch) -> bool:
    """Tell the rows that a compaction inserted again: the path's head, then a summary."""
    for length in range(min(LONGEST_HEAD, len(path.keys), len(rows) - index - 1) + 1):
        if rows[index + length].is_summary or rows[index + length].follows_summary:
            return True
        if length == len(path.keys) or rows[index + length].key != path.keys[length]:
            return False
    return False


def _pass_copies(rows: Sequence[Row], index: int, path: Branch, conversation: str) -> tuple[int, int]:
    """Pass over the rows that repeat the path; return where the new rows begin and how far copies reached.

    A summary that is not on the path yet is added at its end.
    """
    limit, matched, reached, is_summarised = len(path.live), 0, 0, False
    while index < len(rows) and rows[index].state != "undone":
        row = rows[index]
        is_summarised = is_summarised or row.is_summary or row.follows_summary
        if row.is_summary and row.key not in path.keys:
            _append(path, row, conversation)
            reached = len(path.live)
        elif row.is_summary:
            # It stands behind the tail that was kept, so the search for copies does not follow it there.
            place = path.keys.index(row.key)
            path.origins.append((row.position, path.live[place].id))
            reached = max(reached, place + 1)
        else:
            # What a summary stands for is missing between the copies.
            last = limit if is_summarised else min(limit, matched + 1)
            found = next((at for at in range(matched, last) if path.keys[at] == row.key), None)
            if found is None:
                break
            path.origins.append((row.position, path.live[found].id))
            matched = found + 1
            reached = max(reached, matched)
        index += 1
    return index, reached


def _asked_before(row: Row, path: Branch) -> int | None:
    """Return where the same text was the person's last word, which makes this row a retry."""
    for place in range(len(path.live) - 1, -1, -1):
        if path.live[place].role == "user" and path.live[place].author == "person":
            is_same = path.keys[place] == row.key and len(path.live[place].text) >= SHORTEST_RETRY
            return place if is_same else None
    return None


def _leave(path: Branch, place: int) -> None:
    """Take the path back to before a message; the answers below it were asked for again."""
    for node in path.live[place + 1 :]:
        path.left[node.id] = "retry"
    del path.live[place:], path.keys[place:]
