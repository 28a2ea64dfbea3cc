"""What was said, as recall searches it: redacted, in pieces, the person's words and the assistant's apart.

Derived from the messages and made again whenever a conversation changes. Only the kept path of a
conversation is here, and only what the person and the assistant wrote: never tools, files or programs.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nightschool.records import Conversation, Message
from nightschool.redact import clean
from nightschool.store import conversations
from nightschool.store.database import transaction
from nightschool.store.tombstones import GONE
from nightschool.turns import kept_path

Speaker = Literal["person", "assistant"]
SHORT = 60
"""Words up to which a neighbouring message is a context; of a longer one only its closing question is."""
PIECE = {"person": 300, "assistant": 120}
"""Words of one piece: long answers drown what they say."""
STANDING = re.compile(
    r"(?i)(?:^|[.!?\n]\s*)(?:please,? )?(?:always|never|from now on)\b|\bI(?:'d| would)? (?:\w+ )?prefer\b"
)
WEIGHTS = "0.5, 1.0, 0.3"
"""Of the message before, the words themselves and the message after, in BM25."""
SMALL = 20_000
"""Pieces up to which every word of a query counts: what the commonest ones add is cheap there."""
ENOUGH, COMMON = 4_000, 10_000
"""Above that the rarest words name the candidates, until they stand in the first number of pieces; the others only
rank those, and a word that stands in more than the second number is left out."""
_COLUMNS = "number, message_id, piece, conversation_id, position, author, created, project, agent, standing, words"
_NAMES = _COLUMNS.split(", ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One piece of one message."""

    number: int
    message_id: str
    piece: int
    conversation_id: str
    position: int
    author: Speaker
    created: float
    project: str | None
    agent: str | None
    standing: bool
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """Which part of the history is searched."""

    project: str | None = None
    """With a project named, what was said in other ones stays out."""
    agent: str | None = None
    apart: frozenset[str] = frozenset()
    """Of `agents` and `projects`, those of whom none hears what was said with another, as is with facts."""
    without: str = ""
    """A conversation that the prompt holds anyway."""
    window: tuple[float, float] | None = None
    standing: bool = False
    """Only what states a wish for always."""

    @property
    def condition(self) -> str:
        """The condition on rows, with named parameters of `values`."""
        tests = ["conversation_id <> :without"]
        if self.project is not None or "projects" in self.apart:
            tests.append("(project IS NULL OR project = :project)")
        if "agents" in self.apart:
            # Where both are kept apart, what was said in a project belongs to that, whoever heard it.
            of_project = " OR project IS NOT NULL" if "projects" in self.apart else ""
            tests.append(f"(agent IS NULL OR agent = :agent{of_project})")
        if self.window is not None:
            tests.append("created >= :since AND created < :until")
        if self.standing:
            tests.append("standing = 1")
        return " AND ".join(tests)

    @property
    def values(self) -> dict[str, object]:
        """The values of `condition`."""
        since, until = self.window or (0.0, 0.0)
        named = {"without": self.without, "project": self.project, "agent": self.agent}
        return {**named, "since": since, "until": until}

    @property
    def everything(self) -> bool:
        """Whether nothing but one conversation is left out, so that the index alone can rank."""
        return self.project is None and not self.apart and self.window is None


def catch_up(
    db: sqlite3.Connection, *, seconds: float | None = None, progress: Callable[[int, int], None] | None = None
) -> int:
    """Index what was said since the last time, for at most so many seconds; return how many are still to do."""
    now = db.execute(
        "SELECT (SELECT coalesce(max(rowid), 0) FROM messages) || ' ' || count(*) || ' ' || total(latest)"
        " || (SELECT ' ' || count(*) FROM set_aside WHERE reason = 'off the record') FROM views"
    ).fetchone()[0]
    if db.execute("SELECT 1 FROM said_until WHERE conversation_id = '' AND stamp = ?", (now,)).fetchone():
        return 0
    stale = db.execute(
        "SELECT views.conversation_id AS id, (SELECT count(*) FROM messages AS m"
        " WHERE m.conversation_id = views.conversation_id) || ' ' || max(latest) || ' ' || group_concat(leaf) AS stamp"
        " FROM views GROUP BY views.conversation_id"
    ).fetchall()
    off = {
        row["conversation_id"]
        for row in db.execute("SELECT conversation_id FROM set_aside WHERE reason = 'off the record'")
    }
    known = {row["conversation_id"]: row["stamp"] for row in db.execute("SELECT * FROM said_until")}
    # What the person took off the record is in no row, and is told to nobody.
    stamps = {row["id"]: "off" if row["id"] in off else row["stamp"] or "" for row in stale}
    todo = [key for key, stamp in stamps.items() if known.get(key) != stamp]
    began = time.monotonic()
    for done, key in enumerate(todo):
        if seconds is not None and time.monotonic() - began > seconds:
            return len(todo) - done
        if progress:
            progress(done, len(todo))
        conversation = conversations.get(db, key)
        with transaction(db):
            if key in off:
                db.execute("DELETE FROM said WHERE conversation_id = ?", (key,))
            elif conversation:
                _index(db, conversation)
            db.execute("INSERT OR REPLACE INTO said_until VALUES (?, ?)", (key, stamps[key]))
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO said_until VALUES ('', ?)", (now,))
    return 0


def _index(db: sqlite3.Connection, conversation: Conversation) -> None:
    """Write the rows of a conversation that are new and remove those that are no longer so."""
    rows = {(row[0], row[1]): row for row in _rows(clean(conversation, keep_contact=True).conversation)}
    held = db.execute(
        "SELECT number, message_id, piece, conversation_id, position, author, created, project, agent, standing,"
        " before, words, after FROM said WHERE conversation_id = ?",
        (conversation.id,),
    ).fetchall()
    for row in held:
        if rows.get((row["message_id"], row["piece"])) == tuple(row)[1:]:
            del rows[row["message_id"], row["piece"]]
        else:
            db.execute("DELETE FROM said WHERE number = ?", (row["number"],))
    insert(db, rows.values())


Row = tuple[str, int, str, int, str, float, str | None, str | None, int, str, str, str]


def insert(db: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Add rows: message, piece, conversation, position, author, time, project, agent, standing, and three texts."""
    db.executemany(
        "INSERT INTO said (message_id, piece, conversation_id, position, author, created, project, agent, standing,"
        " before, words, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _rows(conversation: Conversation) -> list[Row]:
    talk = [(message, author) for message in kept_path(conversation) if (author := _speaker(message))]
    rows: list[Row] = []
    for position, (message, author) in enumerate(talk):
        before = talk[position - 1][0].text if position and talk[position - 1][1] != author else ""
        following = talk[position + 1] if position + 1 < len(talk) else None
        after = following[0].text if following and following[1] != author else ""
        for piece, words in enumerate(pieces(message.text, PIECE[author])):
            rows.append(
                (message.id, piece, conversation.id, position, author, message.created, conversation.project,
                 conversation.agent, int(author == "person" and bool(STANDING.search(words))),
                 context(before), words, context(after, question=False))
            )  # fmt: skip
    return rows


def _speaker(message: Message) -> Speaker | None:
    if message.text.strip() in ("", GONE):
        return None
    if message.role == "user" and message.author == "person":
        return "person"
    return "assistant" if message.role == "assistant" and message.author == "assistant" else None


def context(text: str, *, question: bool = True) -> str:
    """Return what a neighbouring message adds: all of a short one, of a long one its closing question."""
    if len(text.split()) <= SHORT:
        return text
    last = re.split(r"(?<=[.!?])\s+", text.strip())[-1]
    return last if question and last.endswith("?") and len(last.split()) <= SHORT else ""


def pieces(text: str, size: int) -> list[str]:
    """Cut a text at spaces into pieces of at most so many words; a short one stays as it is."""
    # A NUL ends a string for the tokenizer, and SQLite refuses lone surrogates.
    text = text.encode("utf-8", "replace").decode().replace("\0", " ")
    spans = [(match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    if len(spans) <= size * 3 // 2:
        return [text]
    return [text[spans[i][0] : spans[min(i + size, len(spans)) - 1][1]] for i in range(0, len(spans), size)]


def search(
    db: sqlite3.Connection,
    words: Sequence[str],
    author: Speaker,
    limit: int,
    where: Where,
    *,
    weights: str = WEIGHTS,
    whole: bool = False,
) -> list[Said]:
    """Return what one side said that shares words with a query, best first; `whole` never leaves out a common word."""
    if not words:
        return []
    table = "said_standing_words" if where.standing else f"said_{author}"
    narrow = where.everything and not where.standing and not whole
    query = _query(db, table, words) if narrow else _any(words)
    columns = ", ".join(f"said.{name}" for name in _NAMES)
    if where.everything:
        # Ranked within the index: only the best rows are looked up.
        statement = (
            f"SELECT {columns} FROM (SELECT rowid AS hit, bm25({table}, {weights}) AS score FROM {table}"
            f" WHERE {table} MATCH :query ORDER BY score LIMIT :limit) JOIN said ON said.number = hit"
            f" WHERE {where.condition} ORDER BY score"
        )
    else:
        statement = (
            f"SELECT {columns} FROM {table} JOIN said ON said.number = {table}.rowid WHERE {table} MATCH :query"
            f" AND {where.condition} ORDER BY bm25({table}, {weights}) LIMIT :limit"
        )
    return [_said(row) for row in db.execute(statement, {**where.values, "query": query, "limit": limit})]


def _any(words: Sequence[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _query(db: sqlite3.Connection, table: str, words: Sequence[str]) -> str:
    """Write what is looked for; in a long history that is not every piece that holds any word.

    BM25 scores each of those, and most hold only the commonest word of a query, which says least.
    """
    if len(words) < 2 or db.execute("SELECT coalesce(max(number), 0) FROM said").fetchone()[0] <= SMALL:
        return _any(words)
    # Counted no further than it matters: the rest of a common word's long list is never read.
    counted = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT {COMMON + 1})"
    return narrowed({word: int(db.execute(counted, (f'"{word}"',)).fetchone()[0]) for word in words})


def narrowed(stands: Mapping[str, int]) -> str:
    """Write a query over words of which is known in how many pieces each stands, counted up to `COMMON` + 1."""
    order = [word for word in sorted(stands, key=lambda word: stands[word]) if 0 < stands[word] <= COMMON]
    rare = held = 0
    while rare < len(order) and held < ENOUGH:
        held += stands[order[rare]]
        rare += 1
    if not order:
        return _any(list(stands))
    return _any(order) if rare == len(order) else f"({_any(order[:rare])}) AND ({_any(order)})"


def newest(db: sqlite3.Connection, limit: int, where: Where) -> list[Said]:
    """Return what the person said last, newest first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM said WHERE author = 'person' AND {where.condition} ORDER BY created DESC, number DESC"
        " LIMIT :limit",
        {**where.values, "limit": limit},
    )
    return [_said(row) for row in rows]


def everything(db: sqlite3.Connection) -> Iterator[Said]:
    """Yield every piece."""
    for row in db.execute(f"SELECT {_COLUMNS} FROM said"):
        yield _said(row)


def by_number(db: sqlite3.Connection, numbers: Sequence[int], where: Where) -> list[Said]:
    """Return pieces by their numbers, in the order given."""
    found: dict[int, Said] = {}
    for number in numbers:
        row = db.execute(
            f"SELECT {_COLUMNS} FROM said WHERE number = :number AND {where.condition}",
            {**where.values, "number": number},
        ).fetchone()
        if row is not None:
            found[number] = _said(row)
    return list(found.values())


def asked_before(db: sqlite3.Connection, answers: Sequence[Said]) -> list[Said]:
    """Return what the person said just before each answer, in the answers' order."""
    places = dict.fromkeys((answer.conversation_id, answer.position - 1) for answer in answers)
    columns = ", ".join(f"said.{name}" for name in _NAMES)
    rows = db.execute(
        f"SELECT {columns}, min(said.piece) FROM json_each(?) AS place JOIN said"
        " ON said.conversation_id = json_extract(place.value, '$[0]')"
        " AND said.position = json_extract(place.value, '$[1]')"
        " WHERE said.author = 'person' GROUP BY place.key ORDER BY place.key",
        (json.dumps(list(places)),),
    )
    return [_said(row) for row in rows]


def around(db: sqlite3.Connection, piece: Said) -> list[Said]:
    """Return what was said just before and just after, the nearest piece of each."""
    rows = [
        db.execute(
            f"SELECT {_COLUMNS} FROM said WHERE conversation_id = ? AND position = ? ORDER BY piece {order} LIMIT 1",
            (piece.conversation_id, piece.position + step),
        ).fetchone()
        for step, order in ((-1, "DESC"), (1, "ASC"))
    ]
    return [_said(row) for row in rows if row is not None]


def text_of(db: sqlite3.Connection, message_id: str) -> str:
    """Return a message's indexed words, empty where it is not indexed."""
    rows = db.execute("SELECT words FROM said WHERE message_id = ? ORDER BY piece", (message_id,))
    return " ".join(row["words"] for row in rows)


def count(db: sqlite3.Connection) -> int:
    """Return how many pieces there are."""
    return int(db.execute("SELECT count(*) FROM said").fetchone()[0])


def erase(db: sqlite3.Connection, message_ids: Sequence[str], sentence: re.Pattern[str]) -> None:
    """Remove every conversation that a sentence touches, words and index; it is read anew when next needed."""
    touched = {
        row["conversation_id"]
        for key in message_ids
        for row in db.execute("SELECT conversation_id FROM said WHERE message_id = ?", (key,))
    }
    for row in db.execute("SELECT conversation_id, before, words, after FROM said"):
        if any(sentence.search(row[column]) for column in ("before", "words", "after")):
            touched.add(row["conversation_id"])
    for conversation_id in touched:
        db.execute("DELETE FROM said WHERE conversation_id = ?", (conversation_id,))
        db.execute("DELETE FROM said_until WHERE conversation_id IN (?, '')", (conversation_id,))
    for table in ("said_person", "said_assistant", "said_standing_words"):
        # A deletion only marks words in FTS5; they leave the file when the segments are merged.
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def _said(row: sqlite3.Row) -> Said:
    values = dict(zip(_NAMES, row, strict=False))
    return Said(**{**values, "standing": bool(values["standing"])})
