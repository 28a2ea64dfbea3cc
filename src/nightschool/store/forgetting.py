"""Forget a sentence everywhere: fact, search index, messages, originals, lessons, exams, files, versions.

The only thing that changes history. Messages that carry the sentence are emptied, and it is cut out
of whatever else holds it; ids and hashes stay, so that reading the same log again adds nothing.
Versions trained on rows that rest on those messages are blocked and never answer again.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import zstandard

from nightschool.config import Home
from nightschool.store import facts, versions
from nightschool.store.database import transaction

GONE = "[forgotten]"
_TEXT_COLUMNS = (
    ("lessons", "number", "body"), ("signals", "number", "body"), ("stages", "rowid", "inputs"),
    ("stages", "rowid", "output"), ("exams", "rowid", "body"), ("views", "rowid", "title"),
)  # fmt: skip
"""Derived texts that the sentence is cut out of."""
_TEXT_FILES = {".json", ".jsonl", ".md", ".html", ".txt", ".log"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """What forgetting one fact took with it."""

    fact: str
    messages: int
    originals: int
    files: int
    versions: tuple[str, ...]
    """Ids of the versions that are blocked since."""


def forget(db: sqlite3.Connection, home: Home, fact_id: str) -> Forgotten:
    """Erase a fact and its sentence for good; UserError where memory holds no such fact."""
    with transaction(db):
        fact = facts.erase(db, fact_id)
        sentence = pattern(fact.sentence)
        for row in db.execute("SELECT id FROM facts WHERE state <> 'forgotten'").fetchall():
            twin = facts.get(db, row["id"])
            if twin is not None and sentence.search(twin.sentence):
                facts.erase(db, twin.id)
        db.execute("INSERT INTO forgetting VALUES (?)", (time.time(),))
        carrying = _carrying(db, fact.source, sentence)
        spoken = [pattern(text) for text in _empty(db, carrying) if text.strip()]
        originals = _cut_originals(db, [*spoken, sentence])
        _cut_contexts(db, sentence)
        lessons = _forget_lessons(db, carrying, sentence)
        _cut_columns(db, sentence)
        datasets = _datasets(db, carrying, lessons) | _datasets_with(home, sentence)
        blocked = _block(db, datasets)
        _drop_datasets(db, datasets)
        db.execute("DELETE FROM forgetting")
    facts.scrub(db)
    files = _cut_files(home, datasets, sentence)
    return Forgotten(fact=fact_id, messages=len(carrying), originals=originals, files=files, versions=blocked)


def pattern(sentence: str) -> re.Pattern[str]:
    """Match a sentence whatever its case, punctuation and spacing, in plain text, JSON or HTML."""
    words = [
        "".join(re.escape(c) if c.isascii() else rf"(?:{re.escape(c)}|\\u{ord(c):04x})" for c in word)
        for word in re.findall(r"\w+", sentence)
    ]
    between = r"(?:\\[nrt\"\\/]|\\u[0-9a-fA-F]{4}|&#?\w{1,8};|[\W_])+?"
    return re.compile(rf"(?i)(?:(?<!\w)|(?<=\\[nrt])){between.join(words)}(?!\w)" if words else r"(?!)")


def _carrying(db: sqlite3.Connection, source: Sequence[str], sentence: re.Pattern[str]) -> list[str]:
    """The messages that a fact rests on, and all others that hold its sentence."""
    hashes = [row["hash"] for row in db.execute("SELECT hash, body FROM parts") if sentence.search(row["body"])]
    found = [row["id"] for key in source for row in db.execute("SELECT id FROM messages WHERE id = ?", (key,))]
    for key in hashes:
        rows = db.execute("SELECT message_id FROM message_parts WHERE hash = ?", (key,))
        found += [row["message_id"] for row in rows]
    return list(dict.fromkeys(found))


def _empty(db: sqlite3.Connection, message_ids: Iterable[str]) -> list[str]:
    """Empty messages and return the texts that they held."""
    body = json.dumps({"kind": "text", "text": GONE}, sort_keys=True)
    blank = sha256(body.encode()).hexdigest()
    db.execute("INSERT OR IGNORE INTO parts VALUES (?, ?)", (blank, body))
    texts = []
    for message_id in message_ids:
        rows = db.execute(
            "SELECT hash, body FROM message_parts JOIN parts USING (hash) WHERE message_id = ? AND hash <> ?",
            (message_id, blank),
        ).fetchall()
        texts += [json.loads(row["body"]).get("text") or "" for row in rows]
        db.execute("UPDATE message_parts SET hash = ? WHERE message_id = ?", (blank, message_id))
    db.execute(
        "DELETE FROM parts WHERE hash NOT IN (SELECT hash FROM message_parts)"
        " AND hash NOT IN (SELECT context FROM views WHERE context IS NOT NULL)"
    )
    return texts


def _cut_originals(db: sqlite3.Connection, patterns: Sequence[re.Pattern[str]]) -> int:
    """Cut texts out of the stored bytes; the hash stays, and with it the line counts as known."""
    pack, unpack = zstandard.ZstdCompressor(level=3).compress, zstandard.ZstdDecompressor().decompress
    changed = 0
    for row in db.execute("SELECT hash, packed FROM contents").fetchall():
        text = unpack(row["packed"]).decode("utf-8", "surrogateescape")
        cut = _cut(text, patterns)
        if cut != text:
            packed = pack(cut.encode("utf-8", "surrogateescape"))
            db.execute("UPDATE contents SET packed = ? WHERE hash = ?", (packed, row["hash"]))
            changed += 1
    return changed


def _cut(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    for each in patterns:
        text = each.sub(GONE, text)
    return text


def _cut_contexts(db: sqlite3.Connection, sentence: re.Pattern[str]) -> None:
    """Cut the sentence out of recorded system prompts, where an agent's own memory may hold it."""
    for row in db.execute("SELECT DISTINCT context, body FROM views JOIN parts ON hash = context").fetchall():
        if sentence.search(row["body"]):
            body = sentence.sub(GONE, row["body"])
            key = sha256(body.encode()).hexdigest()
            db.execute("INSERT OR IGNORE INTO parts VALUES (?, ?)", (key, body))
            db.execute("UPDATE views SET context = ? WHERE context = ?", (key, row["context"]))
            used = db.execute("SELECT 1 FROM message_parts WHERE hash = ?", (row["context"],)).fetchone()
            if not used:
                db.execute("DELETE FROM parts WHERE hash = ?", (row["context"],))


def _forget_lessons(db: sqlite3.Connection, message_ids: Sequence[str], sentence: re.Pattern[str]) -> list[str]:
    """Empty the lessons that were read from the messages or hold the sentence."""
    gone = set(message_ids)
    rows = db.execute("SELECT id, body FROM lessons").fetchall()
    ids = {r["id"] for r in rows if gone & set(json.loads(r["body"])["source"]) or sentence.search(r["body"])}
    for row in db.execute("SELECT number, id, body FROM lessons").fetchall():
        if row["id"] in ids:
            body = json.loads(row["body"]) | {"text": "", "rule": None, "state": "forgotten", "reason": "forgotten"}
            text = json.dumps(body, ensure_ascii=False, sort_keys=True)
            db.execute("UPDATE lessons SET body = ?, state = 'forgotten' WHERE number = ?", (text, row["number"]))
    return sorted(ids)


def _cut_columns(db: sqlite3.Connection, sentence: re.Pattern[str]) -> None:
    for table, key, column in _TEXT_COLUMNS:
        for row in db.execute(f"SELECT {key} AS place, {column} AS text FROM {table}").fetchall():
            if row["text"] and sentence.search(row["text"]):
                cut = sentence.sub(GONE, row["text"])
                db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (cut, row["place"]))


def _datasets(db: sqlite3.Connection, message_ids: Sequence[str], lesson_ids: Sequence[str]) -> set[str]:
    """Hashes of the datasets with a row that rests on a message or teaches a lesson that is gone."""
    gone, taught = set(message_ids), set(lesson_ids)
    rows = db.execute("SELECT dataset, lesson_id, source FROM dataset_rows")
    return {row["dataset"] for row in rows if row["lesson_id"] in taught or gone & set(json.loads(row["source"]))}


def _datasets_with(home: Home, sentence: re.Pattern[str]) -> set[str]:
    """Hashes of the datasets whose file holds the sentence, be it in a prompt."""
    files = home.datasets.glob("*.jsonl") if home.datasets.exists() else ()
    return {file.stem for file in files if sentence.search(file.read_text(encoding="utf-8", errors="replace"))}


def _block(db: sqlite3.Connection, datasets: set[str]) -> tuple[str, ...]:
    trained = [v.id for v in versions.list_versions(db) if v.dataset in datasets and v.state != "blocked"]
    for version_id in trained:
        versions.set_state(db, version_id, "blocked")
    return tuple(trained)


def _drop_datasets(db: sqlite3.Connection, datasets: set[str]) -> None:
    """Take datasets out of the index, so that no later night replays their rows."""
    for name in datasets:
        db.execute("DELETE FROM dataset_rows WHERE dataset = ?", (name,))
        db.execute("DELETE FROM datasets WHERE hash = ?", (name,))


def _cut_files(home: Home, datasets: set[str], sentence: re.Pattern[str]) -> int:
    """Delete the datasets that rest on it and cut the sentence out of reports; return how many files changed."""
    changed = 0
    for name in datasets:
        file = home.datasets / f"{name}.jsonl"
        if file.exists():
            file.unlink()
            changed += 1
    for file in _texts(home):
        text = file.read_text(encoding="utf-8", errors="surrogateescape")
        if sentence.search(text):
            file.write_text(sentence.sub(GONE, text), encoding="utf-8", errors="surrogateescape")
            changed += 1
    return changed


def _texts(home: Home) -> list[Path]:
    folders = [folder for folder in (home.runs, home.versions, home.datasets / "base") if folder.exists()]
    return [file for folder in folders for file in folder.rglob("*") if file.suffix in _TEXT_FILES and file.is_file()]
