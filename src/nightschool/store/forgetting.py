"""Forget a sentence everywhere: fact, search indexes, messages, originals, lessons, exams, files, versions, backups.

The only thing that changes history. Messages that carry the sentence are emptied, and it is cut out
of whatever else holds it; ids and hashes stay, so that reading the same log again adds nothing.
Versions trained on rows that rest on those messages are blocked, never answer again, and their
adapters leave the disk.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import zstandard

from nightschool.config import Home
from nightschool.store import edits, exports, facts, judges, reflections, said, spoken, versions
from nightschool.store.database import open_database, transaction
from nightschool.store.tombstones import GONE, entomb, pattern

_OWN_WAY = {"contents", "facts", "forgetting", "messages", "migrations", "parts", "said", "tombstones"}
"""Tables that are dealt with one by one; out of the texts of every other one the sentence is cut."""
_ITEM = re.compile(r"<!--\s*(f-[\w-]+)\s")
"""Whose line it is, in a folder of Markdown."""
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
    exports: tuple[str, ...] = ()
    """Folders of Markdown that it was cut out of; a git history in them is the person's to rewrite."""
    backups: int = 0


def forget(db: sqlite3.Connection, home: Home, fact_id: str) -> Forgotten:
    """Erase a fact and its sentence for good; UserError where memory holds no such fact.

    Of one that is forgotten already, what was kept from leaving the disk leaves it now.
    """
    known = facts.get(db, fact_id)
    if known is not None and known.state == "forgotten":
        left = {each.dataset for each in versions.list_versions(db) if each.state == "blocked" and each.dataset}
        files = _remove_datasets(home, left) + _remove_adapters(db, home) + _drop_edit_adapters(home)
        facts.scrub(db)
        return Forgotten(fact=fact_id, messages=0, originals=0, files=files, versions=())
    with transaction(db):
        fact = facts.erase(db, fact_id)
        sentence = pattern(fact.sentence)
        carrying, originals, datasets, blocked = _erase(db, home, sentence, fact.source)
    files = _cut_files(home, datasets, sentence) + _remove_adapters(db, home) + _drop_edit_adapters(home)
    cut_from = [folder for folder in exports.folders(db) if _cut_export(db, folder, sentence)]
    backups = sum(_forget_in_backup(path, home, fact.sentence, fact.source) for path in _backups(home))
    facts.scrub(db)  # last: another program can keep it from being done
    return Forgotten(
        fact=fact_id,
        messages=len(carrying),
        originals=originals,
        files=files,
        versions=blocked,
        exports=tuple(map(str, cut_from)),
        backups=backups,
    )


def _erase(
    db: sqlite3.Connection, home: Home, sentence: re.Pattern[str], source: Sequence[str]
) -> tuple[list[str], int, set[str], tuple[str, ...]]:
    """Erase a sentence from all tables inside a running transaction.

    Returns the messages that carried it, how many originals changed, the datasets that rest on it and
    the versions blocked.
    """
    for row in db.execute("SELECT id FROM facts WHERE state <> 'forgotten'").fetchall():
        twin = facts.get(db, row["id"])
        if twin is not None and sentence.search(twin.sentence):
            facts.erase(db, twin.id)
    erased = [row["id"] for row in db.execute("SELECT id FROM facts WHERE state = 'forgotten'")]
    edits.erase(db, erased)
    db.execute("INSERT INTO forgetting VALUES (?)", (time.time(),))
    carrying = _carrying(db, source, sentence)
    held = [pattern(text) for text in _empty(db, carrying) if text.strip()]
    said.erase(db, carrying, sentence)
    originals = _cut_originals(db, [*held, sentence])
    _cut_contexts(db, sentence)
    judges.forget(db, carrying)
    reflections.forget(db, {*carrying, *erased})
    lessons = _forget_lessons(db, carrying, sentence)
    _cut_columns(db, sentence)
    datasets = _datasets(db, [*carrying, *erased], lessons) | _datasets_with(home, sentence)
    blocked = _block(db, datasets)
    _drop_datasets(db, datasets)
    db.execute("DELETE FROM forgetting")
    return carrying, originals, datasets, blocked


def _remove_adapters(db: sqlite3.Connection, home: Home) -> int:
    """Delete the weights of blocked versions: what they learnt is in them. Returns how many."""
    folders = [home.versions / each.id / "adapter" for each in versions.list_versions(db) if each.state == "blocked"]
    there = [folder for folder in folders if folder.exists()]
    for folder in there:
        shutil.rmtree(folder)
    return len(there)


def _backups(home: Home) -> list[Path]:
    """Other databases within the home: copies that still know what this one forgets."""
    found = []
    for path in home.path.rglob("*"):
        if path != home.database and path.is_file() and not path.is_symlink():
            with contextlib.suppress(OSError), path.open("rb") as file:
                if file.read(16) == b"SQLite format 3\0":
                    found.append(path)
    return found


def _forget_in_backup(path: Path, home: Home, sentence: str, source: Sequence[str]) -> bool:
    """Erase a sentence from a copy of the store; a database that is no such copy is left alone."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copy:
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'tombstones'").fetchone() is None:
            return False
    with contextlib.closing(open_database(path)) as db:
        with transaction(db):
            entomb(db, sentence)
            _erase(db, home, pattern(sentence), source)
        facts.scrub(db)
    return True


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
        data = unpack(row["packed"])
        text = data.decode("utf-8", "surrogateescape")
        cut = _cut(text, patterns)
        if any(each.search(said) for said in spoken.texts(data) for each in patterns):
            cut = GONE
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
    """Cut the sentence out of every text that any room keeps, so that a new table needs no mention here."""
    tables = db.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").fetchall()
    for table in {row["name"] for row in tables if not row["name"].startswith("sqlite_")} - _OWN_WAY:
        for column in db.execute(
            "SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT' AND pk = 0", (table,)
        ).fetchall():
            name = column["name"]
            for row in db.execute(f"SELECT DISTINCT {name} AS text FROM {table} WHERE {name} IS NOT NULL").fetchall():
                if sentence.search(row["text"]):
                    cut = sentence.sub(GONE, row["text"])
                    db.execute(f"UPDATE {table} SET {name} = ? WHERE {name} = ?", (cut, row["text"]))


def _datasets(db: sqlite3.Connection, sources: Sequence[str], lesson_ids: Sequence[str]) -> set[str]:
    """Hashes of the datasets with a row that rests on a message or fact or teaches a lesson that is gone."""
    gone, taught = set(sources), set(lesson_ids)
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
    return _remove_datasets(home, datasets) + _cut_texts(_texts(home), sentence)


def _remove_datasets(home: Home, names: Iterable[str]) -> int:
    there = [file for name in names if (file := home.datasets / f"{name}.jsonl").exists()]
    for file in there:
        file.unlink()
    return len(there)


def _cut_texts(files: Iterable[Path], sentence: re.Pattern[str]) -> int:
    changed = 0
    for file in files:
        text = file.read_text(encoding="utf-8", errors="surrogateescape")
        if sentence.search(text):
            file.write_text(sentence.sub(GONE, text), encoding="utf-8", errors="surrogateescape")
            changed += 1
    return changed


def _cut_export(db: sqlite3.Connection, folder: Path, sentence: re.Pattern[str]) -> int:
    """Take the lines of forgotten facts out of an export, and the sentence out of all others; return how many files."""
    gone = {row["id"] for row in db.execute("SELECT id FROM facts WHERE state = 'forgotten'")}
    changed = 0
    for file in folder.rglob("*.md"):
        text = file.read_text(encoding="utf-8", errors="surrogateescape")
        kept = [line for line in text.splitlines(keepends=True) if not gone & set(_ITEM.findall(line))]
        cut = sentence.sub(GONE, "".join(kept))
        if cut != text:
            file.write_text(cut, encoding="utf-8", errors="surrogateescape")
            changed += 1
    return changed


def _drop_edit_adapters(home: Home) -> int:
    """Delete every adapter made from the ledger; what remains is made again from its rows when it is next needed."""
    folders = list(home.edits.glob("*/adapter-*")) if home.edits.exists() else []
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return len(folders)


def _texts(home: Home) -> list[Path]:
    folders = [folder for folder in (home.runs, home.versions, home.datasets / "base") if folder.exists()]
    return [file for folder in folders for file in folder.rglob("*") if file.suffix in _TEXT_FILES and file.is_file()]
