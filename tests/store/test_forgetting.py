"""Forgetting reaches everything that holds a sentence, down to the bytes on disk."""

import json
from contextlib import closing

import pytest
import zstandard

from nightschool import intake
from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.memory import search
from nightschool.records import Dataset, Example, Fact, Lesson, Prompt
from nightschool.store import conversations, facts, forgetting, lessons, said, versions
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


def tell(db, home, *texts, name="talk", fact=""):
    """Import a talk, and a fact that its first message tells."""
    lines = [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(texts)]
    log = home.path.parent / f"{name}.jsonl"
    log.write_text(json.dumps({"messages": lines}) + "\n", encoding="utf-8")
    intake.import_path(db, log)
    talk = next(c for c in conversations.all_conversations(db) if c.messages[0].text == texts[0])
    if fact:
        facts.add(db, Fact(id="f-1", kind="fact", sentence=texts[0], subject="user", relation="r", object=fact,
                           source=(talk.messages[0].id,), known_from=1.0))  # fmt: skip
    said.catch_up(db)
    return talk


def spoken(db, talk) -> list[str]:
    return [message.text for message in conversations.get(db, talk.id).messages]


def test_what_the_assistant_answered_to_it_goes_too_and_the_persons_other_sentences_stay(db, home):
    told = "My tortoise is called Quibbleworth."
    talk = tell(
        db, home, told, "Nice to meet QUIBBLEWORTH. Tortoises like shade.", "Quibbleworth eats clover.", "Sure!",
        fact="Quibbleworth",
    )  # fmt: skip
    other = tell(db, home, "Who wrote that Quibbleworth poem?", "Quibbleworth did, I think.", name="other")
    gone = forgetting.forget(db, home, "f-1")
    assert (gone.messages, gone.echoes) == (1, 1)
    assert spoken(db, talk) == [
        "[forgotten]", "[forgotten] Tortoises like shade.", "Quibbleworth eats clover.", "Sure!",
    ]  # fmt: skip
    assert spoken(db, other)[1] == "Quibbleworth did, I think."
    assert b"nice to meet" not in bytes_of(home.path) + originals(db) and b"like shade" in originals(db)
    said.catch_up(db)
    assert not [hit for hit in search.recall(db, "tortoise called nice meet", now=2.0) if "meet" in hit.text.lower()]
    tell(db, home, "Hm?", "As I said: nice to meet Quibbleworth.", name="later")
    assert b"nice to meet" not in bytes_of(home.path) + originals(db)


@pytest.mark.parametrize(
    ("told", "echo"),
    [
        ("My sister Ana lives in Lisbon.", "Noted: your sister Ana lives in Lisbon."),
        ("My sister Ana lives in Lisbon.", "Memory: the user's sister Ana lives in Lisbon!"),
        ("My sister Ana lives in Lisbon.", "So Ana lives in Lisbon, then."),
        ("I am a nurse in Ghent.", "You're a nurse in Ghent, I see."),
        ("I live with my dog in Ghent.", "The user lives with her dog in Ghent; noted."),
        ("I don’t eat fish from Ghent.", "Profile: Mira doesn't eat fish from Ghent."),
    ],
)
def test_the_same_said_to_the_person_or_of_them_goes_from_every_talk(db, home, told, echo):
    facts.add(db, Fact(id="f-0", kind="fact", sentence="My name is Mira.", subject="user", relation="name",
                       object="Mira"))  # fmt: skip
    tell(db, home, told, "Ok.", fact="")
    facts.add(db, Fact(id="f-1", kind="fact", sentence=told))
    other = tell(db, home, "What do you know of me?", f"A lot. {echo} And more.", name="other")
    gone = forgetting.forget(db, home, "f-1")
    assert gone.echoes == 1
    word = b"lisbon" if "Lisbon" in told else b"ghent"
    assert word not in bytes_of(home.path) + originals(db)
    assert spoken(db, other)[1].startswith("A lot.") and spoken(db, other)[1].endswith("And more.")
    tell(db, home, "Again?", echo, name="again")
    assert word not in bytes_of(home.path) + originals(db)


def test_what_was_forgotten_may_be_told_and_echoed_again_once_the_person_says_so(db, home):
    told, echo = "My tortoise is called Quibbleworth.", "Nice to meet Quibbleworth."
    tell(db, home, told, echo, fact="Quibbleworth")
    forgetting.forget(db, home, "f-1")
    facts.add(db, Fact(id="f-2", kind="fact", sentence=told))
    assert spoken(db, tell(db, home, "Say it.", echo, name="again"))[1] == echo


def test_one_message_is_forgotten_with_what_rests_on_it_alone(db, home):
    talk = tell(db, home, "My pin is four seven one one.", "I keep that to myself.", fact="four seven one one")
    message = talk.messages[0].id
    gone = forgetting.forget(db, home, message[:12])
    assert (gone.fact, gone.messages, gone.facts, gone.originals) == (message, 1, 1, 1)
    assert spoken(db, talk) == ["[forgotten]", "I keep that to myself."] and not facts.live(db)
    assert b"four seven" not in bytes_of(home.path) + originals(db)
    again = tell(db, home, "Hello", "So my pin is four seven one one?", name="again")
    assert spoken(db, again)[1] == "So [forgotten]?"
    with pytest.raises(UserError, match="no fact and no message 'nothing'"):
        forgetting.forget(db, home, "nothing")


def test_a_message_of_a_word_is_forgotten_where_it_stands_and_stays_everywhere_else(db, home):
    talk = tell(db, home, "Do you smoke?", "Do you?", "Often.", "I see.")
    other = tell(db, home, "Often.", "What?", name="other")
    forgetting.forget(db, home, talk.messages[2].id)
    assert spoken(db, talk)[2] == "[forgotten]" and spoken(db, other)[0] == "Often."
    assert originals(db).count(b"often.") == 1


def test_what_would_be_forgotten_is_shown_and_nothing_is_changed(db, home):
    talk = tell(db, home, "My tortoise is called Quibbleworth.", "Nice to meet Quibbleworth.", fact="Quibbleworth")
    before = list(db.iterdump())
    foreseen = forgetting.foresee(db, home, "f-1")
    assert (foreseen.messages, foreseen.originals, foreseen.echoes) == (1, 1, ("Nice to meet Quibbleworth.",))
    assert list(db.iterdump()) == before and facts.live(db) and spoken(db, talk)[1] == "Nice to meet Quibbleworth."


def test_compressed_copies_in_the_home_are_named_because_nobody_looks_into_them(db, home):
    facts.add(db, Fact(id="f-1", kind="fact", sentence=SENTENCE))
    (home.path / "backups").mkdir()
    for name in ("old.db.gz", "old.ZIP", "old.zst", "notes.md"):
        (home.path / "backups" / name).write_bytes(b"x")
    assert forgetting.foresee(db, home, "f-1").packed == ("backups/old.ZIP", "backups/old.db.gz", "backups/old.zst")
    assert len(forgetting.forget(db, home, "f-1").packed) == 3


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
