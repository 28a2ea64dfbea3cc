"""Forgetting reaches everything that holds a sentence, down to the bytes on disk."""

import json
from contextlib import closing

import pytest
import zstandard

from nightschool import intake
from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.records import Dataset, Example, Fact, Lesson, Prompt
from nightschool.store import conversations, facts, forgetting, lessons, versions
from nightschool.store.database import open_database

SENTENCE = "My parrot Xanadu hates “thunderstorms”, you know."
WORDS = (b"xanadu", b"thunderstorm")


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").create()


@pytest.fixture
def db(home):
    database = open_database(home.database)
    yield database
    database.close()


def write_log(folder) -> object:
    rows = [
        ["What is the capital of Norway?", "Oslo."],
        [f"Hello! {SENTENCE} What helps?", "Cover the cage.", "thanks, and a book on parrots?", "Here is a list."],
    ]
    roles = ("user", "assistant")
    log = folder / "talks.jsonl"
    lines = [{"messages": [{"role": roles[i % 2], "content": text} for i, text in enumerate(row)]} for row in rows]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return log


def learn(db, home):
    """A fact, a lesson, a dataset, two versions and a report that rest on the talk."""
    talk = next(c for c in conversations.all_conversations(db) if "Xanadu" in c.messages[0].text)
    source = (talk.messages[0].id,)
    facts.add(db, Fact(id="f-1", kind="fact", sentence=SENTENCE, source=source, known_from=1.0))
    facts.add(db, Fact(id="f-2", kind="fact", sentence="I live in Oslo.", source=("other",), known_from=1.0))
    lesson = Lesson(
        id="l-1", kind="fact", text=SENTENCE, durable=True, source=source, conversation_id=talk.id, created=1.0
    )
    lessons.put(db, [lesson])
    prompt = Prompt(messages=({"role": "user", "content": SENTENCE},))
    row = Example(
        id="e-1", objective="sft", prompt=prompt, chosen={"role": "assistant", "content": "ok"}, source=source
    )
    for name, examples in (("aaa", (row,)), ("bbb", ())):
        lessons.add_dataset(db, Dataset(hash=name, examples=examples), run="r", base="b")
        (home.datasets / f"{name}.jsonl").write_text(json.dumps({"text": SENTENCE} if examples else {}))
        versions.create(db, base="b", dataset=name, adapter_hash="x")
    (home.runs / "r").mkdir()
    (home.runs / "r" / "report.html").write_text("<p>My parrot Xanadu hates &ldquo;thunderstorms&rdquo;, you know.</p>")
    versions.promote(db, "v-0001")


def bytes_of(folder) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()


def originals(db) -> bytes:
    unpack = zstandard.ZstdDecompressor().decompress
    return b"".join(unpack(row["packed"]) for row in db.execute("SELECT packed FROM contents")).lower()


def test_no_byte_of_the_sentence_is_left_and_all_else_stays(db, home, tmp_path):
    log = write_log(tmp_path)
    intake.import_path(db, log)
    learn(db, home)
    gone = forgetting.forget(db, home, "f-1")
    assert (gone.messages, gone.originals, gone.versions) == (1, 1, ("v-0001",))
    for word in WORDS:
        assert word not in bytes_of(home.path)
        assert word not in originals(db)
    assert b"capital of norway" in originals(db) and b"cover the cage" in originals(db)
    texts = [m.text for c in conversations.all_conversations(db) for m in c.messages]
    assert "[forgotten]" in texts and "Cover the cage." in texts
    assert [fact.sentence for fact in facts.live(db)] == ["I live in Oslo."]
    assert lessons.get(db, "l-1").state == "forgotten" and lessons.get(db, "l-1").text == ""


def test_versions_trained_on_it_never_answer_again_and_others_may(db, home, tmp_path):
    intake.import_path(db, write_log(tmp_path))
    learn(db, home)
    forgetting.forget(db, home, "f-1")
    assert versions.pointer(db, "champion") == "base"
    assert versions.get(db, "v-0001").state == "blocked"
    assert versions.promote(db, "v-0002").id == "v-0002"
    assert [entry.hash for entry in lessons.datasets(db)] == ["bbb"]
    assert not (home.datasets / "aaa.jsonl").exists()


def test_importing_the_same_log_again_does_not_bring_it_back(db, home, tmp_path):
    log = write_log(tmp_path)
    intake.import_path(db, log)
    learn(db, home)
    forgetting.forget(db, home, "f-1")
    assert intake.import_path(db, log).messages == 0
    assert not any(word in originals(db) + bytes_of(home.path) for word in WORDS)


def test_history_is_append_only_again_afterwards(db, home, tmp_path):
    intake.import_path(db, write_log(tmp_path))
    learn(db, home)
    forgetting.forget(db, home, "f-1")
    with pytest.raises(Exception, match="append-only"):
        db.execute("DELETE FROM messages")


def test_what_fails_in_the_middle_changes_nothing(db, home, tmp_path, monkeypatch):
    intake.import_path(db, write_log(tmp_path))
    learn(db, home)
    monkeypatch.setattr(forgetting, "_block", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        forgetting.forget(db, home, "f-1")
    assert facts.get(db, "f-1").sentence == SENTENCE
    with pytest.raises(Exception, match="append-only"):
        db.execute("DELETE FROM messages")


def test_an_unknown_fact_is_a_sentence(db, home):
    with pytest.raises(UserError, match="f-9"):
        forgetting.forget(db, home, "f-9")


@pytest.mark.parametrize(
    "text",
    ["i LIVE in  Zürich", '"say: \\nI live in Z\\u00fcrich!"', "<p>I live&nbsp;in Zürich</p>", "(I live in Zürich)"],
)
def test_a_sentence_is_found_in_plain_text_json_and_html(text):
    assert forgetting.pattern("I live in Zürich.").search(text)
    assert not forgetting.pattern("I live in Zür.").search(text)


def test_what_another_program_holds_open_keeps_nothing_else_from_being_forgotten(db, home, tmp_path):
    intake.import_path(db, write_log(tmp_path))
    learn(db, home)
    (home.versions / "v-0001" / "adapter").mkdir(parents=True)
    db.execute("PRAGMA busy_timeout = 0")
    with closing(open_database(home.database)) as reader:
        rows = reader.execute("SELECT * FROM messages")
        rows.fetchone()
        with pytest.raises(UserError, match="It is forgotten, but"):
            forgetting.forget(db, home, "f-1")
        assert not (home.versions / "v-0001" / "adapter").exists()
        assert not (home.datasets / "aaa.jsonl").exists()
        assert b"xanadu" not in (home.runs / "r" / "report.html").read_bytes().lower()
        rows.close()
    forgetting.forget(db, home, "f-1")
    assert not any(word in originals(db) + bytes_of(home.path) for word in WORDS)


def test_a_store_that_is_being_written_is_a_sentence_and_not_sqlites_words(db, home):
    db.execute("PRAGMA busy_timeout = 0")
    with closing(open_database(home.database)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserError, match="being written by another program"):
            facts.scrub(db)
        writer.execute("ROLLBACK")
