"""Recall: lists joined, scopes kept, budgets held, any text survived."""

import random

import numpy as np
import pytest

from nightschool.config import Home
from nightschool.intake.message import message
from nightschool.memory import directions, notes, search
from nightschool.records import Fact, Part
from nightschool.store import conversations, facts, forgetting, said, vectors
from nightschool.store.conversations import View
from nightschool.store.database import open_database

NOW = 2e9


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "nightschool.db")
    yield database
    database.close()


def talk(db, name, *texts, project=None, created=1000.0, tool=""):
    """Store a conversation in which person and assistant take turns."""
    built = []
    for index, text in enumerate(texts):
        role = ("user", "assistant")[index % 2]
        built.append(
            message(conversation=name, parent=built[-1] if built else None, role=role,
                    author="person" if role == "user" else "assistant", parts=[Part(kind="text", text=text)],
                    created=created + index)
        )  # fmt: skip
    if tool:
        result = [Part(kind="tool_result", text=tool, name="web")]
        built.append(message(conversation=name, parent=built[-1], role="tool", author="tool", parts=result))
    view = View(conversation_id=name, program="nightschool", session_id=name, messages=tuple(built),
                leaf=built[-1].id, latest=created + len(built), project=project)  # fmt: skip
    conversations.add(db, view)
    said.catch_up(db)
    return built


def found(db, question, **more) -> list[str]:
    return [hit.text for hit in search.recall(db, question, now=NOW, **more)]


class Letters:
    """An embedder of letter counts: texts of the same letters mean the same."""

    name = "letters"

    def embed(self, texts, *, query=False):
        return np.array(
            [[text.lower().count(letter) + 1e-3 for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]
        )


def test_the_message_before_lends_its_words_to_a_short_answer(db):
    talk(db, "a", "Which river runs through your town?", "No idea.", "Do you like trains?", "Yes.")
    talk(db, "b", "hello", "What is the name of your dentist?", "Ahlers", "Noted.")
    assert "Ahlers" in found(db, "Who is my dentist?")[:3]


def test_facts_and_what_was_said_stand_in_one_ranking_with_reasons(db):
    talk(db, "a", "The boiler is a Vaillant from 2009.", "Good to know.")
    facts.add(db, Fact(id="f-1", kind="fact", sentence="My boiler hums at night.", known_from=1.0, source=("m",)))
    hits = search.recall(db, "boiler", now=NOW)
    assert {hit.kind for hit in hits} == {"fact", "said"} and all(hit.why for hit in hits)


def test_tools_and_programs_are_never_recalled(db):
    talk(db, "a", "Look that up", "Let me see.", tool="The secret word is zanzibar.")
    assert found(db, "zanzibar") == []


def test_another_projects_words_stay_in_it(db):
    talk(db, "a", "We deploy with Ansible here.", "Fine.", project="atlas")
    facts.add(db, Fact(id="f-1", kind="fact", sentence="Deploys run on Friday.", scope="project:atlas", known_from=1.0))
    assert len(found(db, "deploy deploys", project="atlas")) >= 2
    assert found(db, "deploy deploys", project="borealis") == []
    assert "Deploys run on Friday." not in found(db, "deploys")


def test_a_question_about_a_month_finds_what_was_said_in_it(db):
    talk(db, "a", "I repaired the roof.", "Well done.", created=1_714_600_000.0)  # 1 May 2024
    talk(db, "b", "I repaired the fence.", "Well done.", created=1_717_500_000.0)  # 4 June 2024
    hits = search.recall(db, "What did I repair in May 2024?", now=NOW)
    assert hits[0].text == "I repaired the roof." and any("the time asked about" in why for why in hits[0].why)


def test_a_wish_for_always_is_found_though_it_shares_few_words(db):
    talk(db, "a", "Always name the library version when you suggest code.", "Will do.")
    for number in range(30):
        talk(
            db,
            f"n{number}",
            f"How do I parse file number {number} in Python?",
            "Use a parser.",
            created=2000.0 + number,
        )
    assert any("Always name" in text for text in found(db, "How do I parse a file in Python?", limit=25))


def test_an_embedder_finds_by_meaning_and_words_still_work_while_it_catches_up(db):
    talk(db, "a", "tac eht", "Hm.", "dog", "Ok.")
    letters = Letters()
    assert found(db, "the cat", embedder=letters) == []
    assert directions.catch_up(db, letters) > 0
    assert found(db, "the cat", embedder=letters)[0] == "tac eht"
    assert found(db, "dog", embedder=letters)[0] == "dog"


def test_the_persons_own_name_is_not_looked_for_by_meaning(db):
    talk(db, "a", "ana ana ana", "Hm.", "tac eht", "Ok.")
    letters = Letters()
    directions.catch_up(db, letters)
    assert found(db, "ana cat", embedder=letters, kinds=("said",))[0] == "ana ana ana"
    assert found(db, "Ana's cat", embedder=letters, names=["Ana"])[1] == "tac eht"
    facts.add(db, Fact(id="f-1", kind="fact", sentence="My name is Ana.", subject="user", relation="name",
                       object="Ana", known_from=1.0))  # fmt: skip
    near = [hit.text for hit in search.recall(db, "Ana's cat", now=NOW, embedder=letters, kinds=("said",))
            if "your words by meaning: 1" in hit.why]  # fmt: skip
    assert near == ["tac eht"]
    assert search.unnamed("Ana", ["Ana"]) == "Ana"


def test_in_a_long_history_the_rare_words_of_a_query_name_the_candidates():
    assert said.narrowed({"zebra": 3, "house": 9}) == '"zebra" OR "house"'
    much = said.COMMON + 1
    assert said.narrowed({"house": much, "zebra": 3}) == '"zebra"'
    ranking = {"zebra": 3, "boiler": said.ENOUGH, "repair": 2 * said.ENOUGH, "thing": much, "none": 0}
    assert said.narrowed(ranking) == '("zebra" OR "boiler") AND ("zebra" OR "boiler" OR "repair")'
    assert said.narrowed({"thing": much, "house": much}) == '"thing" OR "house"'


def test_a_long_history_is_searched_as_well_as_a_short_one(db, monkeypatch):
    for number in range(40):
        talk(db, f"n{number}", f"The house has a door and a window {number}", "Fine.", created=2000.0 + number)
    talk(db, "a", "The boiler in the house broke.", "Call somebody.", "The boiler was mended in a house.", "Good.")
    plain = found(db, "boiler house")
    monkeypatch.setattr(said, "SMALL", 0)
    monkeypatch.setattr(said, "ENOUGH", 1)
    assert found(db, "boiler house")[:2] == plain[:2]
    assert found(db, "window")[:1] == found(db, "window house")[:1] and found(db, "house")
    monkeypatch.setattr(said, "COMMON", 10)
    assert "window" not in " ".join(found(db, "boiler house", kinds=("said",))[:2])


def test_meaning_alone_brings_up_only_the_nearest_few(db):
    talk(db, "a", *[f"{'x' * number}tac eht" if number % 2 == 0 else "Hm." for number in range(40)])
    letters = Letters()
    directions.catch_up(db, letters)
    hits = search.recall(db, "the cat", now=NOW, embedder=letters, kinds=("said",))
    told = [hit for hit in hits if notes.bears_on("the cat", hit) and hit.author == "person"]
    assert len(hits) > 20 and 3 <= len(told) <= 5 and told[0].text == "tac eht"


def test_forgetting_takes_the_direction_of_what_was_said_as_well(db, tmp_path):
    talk(db, "a", "My tortoise sleeps in a bathtub.", "Noted.")
    fact = facts.add(db, Fact(id="f-1", kind="fact", sentence="My tortoise sleeps in a bathtub.", known_from=1.0))
    directions.catch_up(db, Letters())
    body = db.execute("SELECT body FROM vectors WHERE kind = 'fact'").fetchone()["body"]
    forgetting.forget(db, Home(tmp_path), fact.id)
    assert db.execute("SELECT count(*) FROM vectors WHERE kind = 'fact'").fetchone()[0] == 0
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert bytes(body) not in held and b"bathtub" not in held


def test_another_embedder_takes_the_place_of_the_first(db):
    talk(db, "a", "tac eht", "Hm.")
    first, second = Letters(), Letters()
    second.name = "other"
    directions.catch_up(db, first)
    directions.catch_up(db, second)
    assert vectors.count_missing(db, "other", "said") == 0
    assert vectors.nearest(db, "letters", "said", first.embed(["cat"])[0], 5) == []


def test_a_rewound_message_is_not_recalled_any_more(db):
    first = talk(db, "a", "My cat is called Momo.", "Nice.", "I sold the piano.", "Oh.")
    assert found(db, "piano")
    conversations.add(
        db,
        View(conversation_id="a", program="nightschool", session_id="a", messages=tuple(first), leaf=first[1].id,
             latest=9999.0, left={first[2].id: "rewind"}),
    )  # fmt: skip
    said.catch_up(db)
    assert found(db, "piano") == [] and found(db, "Momo")


def test_secrets_are_not_in_the_index(db, tmp_path):
    talk(db, "a", "my password is Sommer#2024xyz, remember", "I will not.")
    assert not any("Sommer#2024xyz" in piece.words for piece in said.everything(db))


def test_the_budget_holds_and_a_fact_waits_behind_the_message_that_it_was_read_from(db):
    built = talk(db, "a", "I bought a red Volvo in Malmö last week.", "Nice.", "The Volvo has a dent.", "Oh.")
    facts.add(db, Fact(id="f-1", kind="fact", sentence="I drive a red Volvo.", known_from=1.0, source=(built[0].id,)))
    hits = search.recall(db, "red Volvo", now=NOW)
    assert "I drive a red Volvo." in [hit.text for hit in hits]
    chosen = search.within(hits, 14, lambda hit: len(hit.text.split()))
    assert sum(len(hit.text.split()) for hit in chosen) <= 14
    assert {"I bought a red Volvo in Malmö last week.", "The Volvo has a dent."} <= {hit.text for hit in chosen}


def test_ten_thousand_adversarial_texts_neither_break_search_nor_are_lost(db):
    rng = random.Random(11)
    signs = ['"', "'", "*", "NEAR(", ")", " OR ", " AND NOT ", ";--", "\0", "\u202e", "\u2067", "😀",
             "👩‍👩‍👧", "\ud800", "^", ":", "{a b}:", "a", "ß", "-", "+", "%", "\\", "'; DROP TABLE said; --", "\n",
             "\t", "日本", "ﷺ", "\x1b[2J"]  # fmt: skip
    texts = ["".join(rng.choices(signs, k=rng.randint(1, 12))) + f" word{number}" for number in range(10_000)]
    texts[500] = "x" * 1_000_000 + " word500"
    rows = [
        (f"m-{number}", piece, "c", number, "person", float(number), None, None, 0, "", words, "")
        for number, text in enumerate(texts)
        for piece, words in enumerate(said.pieces(text, said.PIECE["person"]))
    ]
    said.insert(db, rows)
    assert said.count(db) == 10_000
    for number in [500, *range(0, 10_000, 40)]:
        hits = search.recall(db, texts[number][-400:], now=NOW, limit=5)
        assert f"m-{number}" in {hit.id for hit in hits}, texts[number][:80]
    for text in texts[::20]:
        search.recall(db, text, now=NOW, limit=1)
