"""What was forgotten does not come back with another log that says it again."""

import json

import pytest
import zstandard

from nightschool import intake
from nightschool.config import Home
from nightschool.records import Fact
from nightschool.store import conversations, facts, forgetting, said, tombstones, versions
from nightschool.store.database import open_database, transaction

SENTENCE = "My parrot Xanadu hates thunderstorms."


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").create()


@pytest.fixture
def db(home):
    database = open_database(home.database)
    yield database
    database.close()


def write(path, *texts) -> object:
    messages = [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(texts)]
    path.write_text(json.dumps({"messages": messages}) + "\n", encoding="utf-8")
    return path


def all_bytes(db, home) -> bytes:
    unpack = zstandard.ZstdDecompressor().decompress
    kept = b"".join(unpack(row["packed"]) for row in db.execute("SELECT packed FROM contents"))
    return (kept + b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())).lower()


def test_a_different_log_does_not_bring_a_forgotten_sentence_back(db, home, tmp_path):
    facts.add(db, Fact(id="f-1", kind="fact", sentence=SENTENCE))
    forgetting.forget(db, home, "f-1")
    log = write(
        tmp_path / "other.jsonl", "Well, as I said: my PARROT Xanadu hates  thunderstorms - so?", "I see.", "ok"
    )
    assert intake.import_path(db, log).messages == 3
    said.catch_up(db)
    assert b"xanadu" not in all_bytes(db, home) and b"i see." in all_bytes(db, home)
    (talk,) = conversations.all_conversations(db)
    assert talk.messages[0].text == "Well, as I said: [forgotten] - so?"
    assert intake.import_path(db, log).messages == 0


def test_a_sentence_is_found_inside_a_longer_one_and_a_lone_name_is_not(db):
    with transaction(db):
        tombstones.entomb(db, "My parrot is Xanadu")
        tombstones.entomb(db, "Xanadu")
    assert tombstones.forgotten_in(db, "I think my parrot is XANADU, no?") == ["my parrot is XANADU"]
    assert not tombstones.is_forgotten(db, "Xanadu is a poem by Coleridge")
    assert tombstones.is_forgotten(db, "Xanadu!")


def test_forgetting_a_word_or_two_leaves_alone_what_merely_holds_them(db, home, tmp_path):
    intake.import_path(db, write(tmp_path / "a.jsonl", "There is no milk, and no bread.", "No problem!", "No."))
    facts.add(db, Fact(id="f-1", kind="fact", sentence="I have no car."))
    facts.add(db, Fact(id="f-2", kind="fact", sentence="No."))
    assert forgetting.forget(db, home, "f-2").messages == 1
    (talk,) = conversations.all_conversations(db)
    assert [m.text for m in talk.messages] == ["There is no milk, and no bread.", "No problem!", "[forgotten]"]
    assert [fact.sentence for fact in facts.live(db)] == ["I have no car."]
    assert b"no milk, and no bread" in all_bytes(db, home)


@pytest.mark.parametrize(
    "text",
    [
        "No.",
        "no",
        '{"content": "No."}',
        "I see. No. Well.",
        '"Hm?\\nNo!\\nYes"',
        "- No",
        "<p>No</p>",
        "“No”",
        "so\n  No\n",
    ],
)
def test_a_word_is_found_where_it_is_a_sentence_of_its_own(text):
    assert tombstones.pattern("No.").search(text)
    assert not tombstones.pattern("No.").search("No milk, say no more: no, no-one.")


def test_an_emptied_message_is_not_recalled(db, home, tmp_path):
    intake.import_path(db, write(tmp_path / "a.jsonl", SENTENCE, "I shall keep Xanadu in mind.", "Buy a perch."))
    facts.add(db, Fact(id="f-1", kind="fact", sentence=SENTENCE))
    forgetting.forget(db, home, "f-1")
    said.catch_up(db)
    assert [piece.words for piece in said.everything(db)] == ["I shall keep Xanadu in mind.", "Buy a perch."]


def test_recall_and_its_index_forget_with_the_message(db, home, tmp_path):
    intake.import_path(db, write(tmp_path / "a.jsonl", f"{SENTENCE} What helps?", "Xanadu may like a cover.", "thanks"))
    said.catch_up(db)
    assert said.search(db, ["xanadu"], "person", 5, said.Where())
    (talk,) = conversations.all_conversations(db)
    facts.add(db, Fact(id="f-1", kind="fact", sentence=SENTENCE, source=(talk.messages[0].id,), known_from=1.0))
    forgetting.forget(db, home, "f-1")
    said.catch_up(db)
    assert said.search(db, ["thunderstorms"], "person", 5, said.Where()) == []
    assert b"thunderstorm" not in all_bytes(db, home)


def test_copies_of_the_database_forget_too(db, home):
    import sqlite3

    facts.add(db, Fact(id="f-1", kind="fact", sentence=SENTENCE))
    folder = home.path / "backups"
    folder.mkdir()
    copy = sqlite3.connect(folder / "monday.db")
    db.backup(copy)
    copy.close()
    assert b"xanadu" in (folder / "monday.db").read_bytes().lower()
    assert forgetting.forget(db, home, "f-1").backups == 1
    assert b"xanadu" not in all_bytes(db, home)


def test_the_weights_of_a_blocked_version_leave_the_disk(db, home):
    version = versions.create(db, base="b", dataset="aaa", adapter_hash="x")
    adapter = home.versions / version.id / "adapter"
    adapter.mkdir(parents=True)
    (adapter / "adapter_model.safetensors").write_bytes(b"weights")
    (home.datasets / "aaa.jsonl").write_text(json.dumps({"text": SENTENCE}))
    facts.add(db, Fact(id="f-1", kind="fact", sentence=SENTENCE))
    assert forgetting.forget(db, home, "f-1").versions == (version.id,)
    assert not adapter.exists() and versions.get(db, version.id).state == "blocked"
