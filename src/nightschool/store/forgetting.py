"""Forget a sentence everywhere: fact, search indexes, messages, originals, lessons, exams, files, versions, backups.

The only thing that changes history. Messages that carry the sentence are emptied; as others say it, and
where the assistant named what it is about, it is cut out, like out of whatever else holds it. Ids and
hashes stay, so that reading the same log again adds nothing. Versions trained on rows that rest on
those messages are blocked, never answer again, and their adapters leave the disk.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.records import Fact
from nightschool.store import (
    blanking,
    conversations,
    edits,
    exports,
    facts,
    judges,
    originals,
    reflections,
    said,
    versions,
)
from nightschool.store.database import open_database, transaction
from nightschool.store.tombstones import GONE, entomb, is_short, pattern
from nightschool.world.persons import wordings

_OWN_WAY = {"contents", "facts", "forgetting", "messages", "migrations", "parts", "said", "tombstones"}
"""Tables that are dealt with one by one; out of the texts of every other one the sentence is cut."""
_ITEM = re.compile(r"<!--\s*(f-[\w-]+)\s")
"""Whose line it is, in a folder of Markdown."""
_PRINTED = 12
"""Characters of a message's id as `memory search` prints it."""
_PACKED = {".gz", ".tgz", ".zst", ".zip", ".xz", ".bz2", ".7z"}
_TEXT_FILES = {".json", ".jsonl", ".md", ".html", ".txt", ".log"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """What forgetting one fact, or one message, took with it."""

    fact: str
    """Its id; that of the message where one was forgotten."""
    messages: int
    originals: int
    files: int
    versions: tuple[str, ...]
    """Ids of the versions that are blocked since."""
    exports: tuple[str, ...] = ()
    """Folders of Markdown that it was cut out of; a git history in them is the person's to rewrite."""
    backups: int = 0
    facts: int = 0
    """Facts that went: the one itself, those that say the same, those that rest on the message alone."""
    echoes: int = 0
    """Sentences that said the same in another person, or of the assistant's that named what the fact is about."""
    packed: tuple[str, ...] = ()
    """Compressed files in the home: whether they hold it cannot be seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreseen:
    """What forgetting would take out of the store."""

    fact: str
    facts: int
    messages: int
    originals: int
    echoes: tuple[str, ...]
    versions: tuple[str, ...]
    packed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sought:
    """What is to go."""

    exact: tuple[str, ...]
    """As it was told: a message that holds one of these is emptied."""
    wordings: tuple[str, ...] = ()
    """As others say it: of a message that holds one of these, the rest stays."""
    objects: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    message: str = ""

    @property
    def everything(self) -> tuple[str, ...]:
        return self.exact + self.wordings


@dataclass(frozen=True, kw_only=True, slots=True)
class _Erased:
    """What went out of one store."""

    facts: int
    messages: int
    originals: int
    echoes: tuple[str, ...]
    datasets: frozenset[str]
    versions: tuple[str, ...]
    gone: re.Pattern[str]
    """Finds in files what is left of it."""


def forget(db: sqlite3.Connection, home: Home, key: str) -> Forgotten:
    """Erase a fact with its sentence, or one message, for good; UserError where memory holds no such thing.

    A message takes the facts with it that rest on it alone. Of a fact that is forgotten already, what was
    kept from leaving the disk leaves it now.
    """
    known = facts.get(db, key)
    if known is not None and known.state == "forgotten":
        left = {each.dataset for each in versions.list_versions(db) if each.state == "blocked" and each.dataset}
        files = _remove_datasets(home, left) + _remove_adapters(db, home) + _drop_edit_adapters(home)
        facts.scrub(db)
        return Forgotten(fact=key, messages=0, originals=0, files=files, versions=(), packed=_packed(home))
    with transaction(db):
        sought = _sought(db, key)
        erased = _erase(db, home, sought)
    files = _cut_files(home, erased.datasets, erased.gone) + _remove_adapters(db, home) + _drop_edit_adapters(home)
    cut_from = [folder for folder in exports.folders(db) if _cut_export(db, folder, erased.gone)]
    backups = sum(_forget_in_backup(path, home, sought) for path in _backups(home))
    facts.scrub(db)  # last: another program can keep it from being done
    return Forgotten(
        fact=sought.message or key,
        messages=erased.messages,
        originals=erased.originals,
        files=files,
        versions=erased.versions,
        exports=tuple(map(str, cut_from)),
        backups=backups,
        facts=erased.facts,
        echoes=len(erased.echoes),
        packed=_packed(home),
    )


def foresee(db: sqlite3.Connection, home: Home, key: str) -> Foreseen:
    """Return what `forget` would take out of the store, and change nothing."""
    with transaction(db):
        sought = _sought(db, key)
        db.execute("SAVEPOINT foreseen")
        try:
            erased = _erase(db, home, sought)
        finally:
            db.execute("ROLLBACK TO foreseen")
            db.execute("RELEASE foreseen")
    return Foreseen(
        fact=sought.message or key,
        facts=erased.facts,
        messages=erased.messages,
        originals=erased.originals,
        echoes=erased.echoes,
        versions=erased.versions,
        packed=_packed(home),
    )


def _sought(db: sqlite3.Connection, key: str) -> _Sought:
    """Find what an id names: a fact, or a message by its id or its beginning as it is printed."""
    fact = facts.get(db, key)
    if fact is not None and fact.state != "forgotten":
        return _told(db, [fact], fact.source)
    rows = db.execute(
        "SELECT id FROM messages WHERE id = ?1 OR length(?1) >= ?2 AND substr(id, 1, length(?1)) = ?1 LIMIT 2",
        (key, _PRINTED),
    ).fetchall()
    if len(rows) != 1:
        raise UserError(f"Memory holds no fact and no message {key!r}", hint="`nightschool memory list` and `search`")
    message = str(rows[0]["id"])
    resting = [each for each in facts.history(db) if set(each.source) == {message}]
    said_in_it = tuple(text for text in blanking.texts(db, message) if not is_short(text))
    told = _told(db, resting, (message,))
    return replace(told, exact=said_in_it + told.exact, message=message)


def _told(db: sqlite3.Connection, told: Sequence[Fact], source: Sequence[str]) -> _Sought:
    names = facts.own_names(db)
    others = [said for fact in told for said in wordings(fact.sentence, names)[1:]]
    return _Sought(
        exact=tuple(fact.sentence for fact in told),
        wordings=tuple(others),
        objects=tuple(fact.object for fact in told),
        facts=tuple(fact.id for fact in told),
        source=tuple(source),
    )


def _erase(db: sqlite3.Connection, home: Home, sought: _Sought) -> _Erased:
    """Erase what is sought from all tables inside a running transaction."""
    everything = pattern(*sought.everything)
    there = [fact for fact in facts.history(db) if fact.id in sought.facts or everything.search(fact.sentence)]
    for fact in there:
        facts.erase(db, fact.id)
    erased = [row["id"] for row in db.execute("SELECT id FROM facts WHERE state = 'forgotten'")]
    edits.erase(db, erased)
    db.execute("INSERT INTO forgetting VALUES (?)", (time.time(),))
    carrying = _carrying(db, sought.source, pattern(*sought.exact))
    talks = {talk for each in carrying if (talk := conversations.message_conversation(db, each))}
    texts = [text for text in blanking.empty(db, carrying) if text.strip()]
    echoes, others = blanking.echoes(db, talks, sought.objects), blanking.cut(db, everything)
    spoken_of = [text for text in echoes.sentences if not is_short(text)]
    entomb(db, *sought.everything, *spoken_of)
    gone = pattern(*sought.everything, *spoken_of)
    said.erase(db, [*carrying, *echoes.messages, *others.messages], gone)
    changed = _erase_originals(db, sought, talks, texts, echoes.sentences)
    judges.forget(db, carrying)
    reflections.forget(db, {*carrying, *erased})
    lessons = _forget_lessons(db, carrying, gone)
    _cut_columns(db, gone)
    datasets = _datasets(db, [*carrying, *echoes.messages, *erased], lessons) | _datasets_with(home, everything)
    blocked = _block(db, datasets)
    _drop_datasets(db, datasets)
    db.execute("DELETE FROM forgetting")
    return _Erased(
        facts=len(there),
        messages=len(carrying),
        originals=changed,
        echoes=echoes.sentences + others.sentences,
        datasets=frozenset(datasets),
        versions=blocked,
        gone=gone,
    )


def _erase_originals(
    db: sqlite3.Connection, sought: _Sought, talks: set[str], texts: Sequence[str], echoes: Sequence[str]
) -> int:
    """Take emptied messages and blanked sentences out of the bytes as they came in; return how many changed."""
    alone = originals.of_message_alone(db, sought.message) if sought.message else set()
    originals.blank(db, alone)
    # What many say, in whatever talk, goes only from where it was said here.
    long, short = [text for text in texts if not is_short(text)], [text for text in texts if is_short(text)]
    changed = originals.cut(db, pattern(*long, *sought.everything))
    if short or echoes:
        changed |= originals.cut(db, pattern(*short, *echoes), originals.of_conversations(db, talks))
    return len(alone | changed)


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


def _forget_in_backup(path: Path, home: Home, sought: _Sought) -> bool:
    """Erase it from a copy of the store; a database that is no such copy is left alone."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copy:
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'tombstones'").fetchone() is None:
            return False
    with contextlib.closing(open_database(path)) as db:
        with transaction(db):
            _erase(db, home, sought)
        facts.scrub(db)
    return True


def _packed(home: Home) -> tuple[str, ...]:
    """Name the compressed files within the home, which are not looked into."""
    found = (path for path in home.path.rglob("*") if path.suffix.lower() in _PACKED and path.is_file())
    return tuple(sorted(path.relative_to(home.path).as_posix() for path in found))


def _carrying(db: sqlite3.Connection, source: Sequence[str], sentence: re.Pattern[str]) -> list[str]:
    """The messages that a fact rests on, and all others that hold its sentence."""
    hashes = [row["hash"] for row in db.execute("SELECT hash, body FROM parts") if sentence.search(row["body"])]
    found = [row["id"] for key in source for row in db.execute("SELECT id FROM messages WHERE id = ?", (key,))]
    for key in hashes:
        rows = db.execute("SELECT message_id FROM message_parts WHERE hash = ?", (key,))
        found += [row["message_id"] for row in rows]
    return list(dict.fromkeys(found))


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


def _cut_files(home: Home, datasets: Collection[str], sentence: re.Pattern[str]) -> int:
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
