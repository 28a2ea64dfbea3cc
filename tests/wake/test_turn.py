"""One turn: memory is told and not recorded, the exchange is kept once, whatever ends it."""

from __future__ import annotations

import pytest

from nightschool.config import Home, MemoryConfig
from nightschool.errors import UserError
from nightschool.records import Answer, Fact
from nightschool.store import conversations, facts, versions
from nightschool.store.database import open_database
from nightschool.turns import turns
from nightschool.wake.speaker import Speaker, speaker
from nightschool.wake.talk import begin
from nightschool.wake.turn import Running, answer

CONFIG = MemoryConfig()


class Echo:
    """A model that answers with the number of messages that it was given."""

    name = "echo"
    fingerprint = "f" * 64
    context_tokens = 4096

    def __init__(self) -> None:
        self.asked = []

    def stream(self, prompt, *, adapter=None, max_tokens=512):
        self.asked.append((prompt, adapter))
        text = f"answer {len(prompt.messages)}"
        yield from text.split(" ")
        return Answer(text=text, raw=text, tokens=2)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").create()


@pytest.fixture
def db(home):
    return open_database(home.database)


@pytest.fixture
def model():
    return Echo()


@pytest.fixture
def who(model):
    return Speaker(model=model, version="base", adapter=None)


def wish(db):
    return facts.add(db, Fact(id="f-1", kind="preference", sentence="Give me distances in miles."))


def test_an_exchange_is_kept_as_a_turn_of_our_own_program(db, who):
    reply = answer(db, who, begin(10.0), "How far is Bergen?", CONFIG)
    kept = conversations.all_conversations(db)
    assert [(each.id, each.program) for each in kept] == [(reply.talk.id, "nightschool")]
    turn = turns(kept[0])[0]
    assert [(each.role, each.author, each.text) for each in turn.messages] == [
        ("user", "person", "How far is Bergen?"),
        ("assistant", "assistant", "answer 1"),
    ]
    assert turn.messages[1].model == "base"
    assert turn.messages[1].stop == "stop"
    assert kept[0].system is None


def test_a_longer_conversation_adds_only_what_is_new_and_shows_what_was_said(db, who, model):
    first = answer(db, who, begin(10.0), "One?", CONFIG)
    second = answer(db, who, first.talk, "Two?", CONFIG)
    kept = conversations.all_conversations(db)
    assert len(kept) == 1 and len(kept[0].messages) == 4
    assert [each["content"] for each in model.asked[1][0].messages] == ["One?", "answer 1", "Two?"]
    assert second.answer.text == "answer 3"


def test_two_conversations_with_the_same_words_are_two(db, who):
    answer(db, who, begin(10.0), "One?", CONFIG)
    answer(db, who, begin(10.0), "One?", CONFIG)
    assert len(conversations.all_conversations(db)) == 2


def test_memory_is_told_to_the_model_and_not_recorded_as_said(db, who, model):
    wish(db)
    reply = answer(db, who, begin(10.0), "How far?", CONFIG)
    assert "distances in miles" in model.asked[0][0].messages[0]["content"]
    assert [fact.id for fact in reply.told] == ["f-1"]
    kept = conversations.all_conversations(db)[0]
    assert kept.system is None
    assert "miles" not in str(kept.messages)


def test_without_memory_nothing_is_told(db, who, model):
    wish(db)
    reply = answer(db, who, begin(10.0), "How far?", CONFIG, memory=False)
    assert reply.told == ()
    assert [each["role"] for each in model.asked[0][0].messages] == ["user"]


def test_off_the_record_nothing_is_kept_but_the_conversation_goes_on(db, who, model):
    first = answer(db, who, begin(10.0), "One?", CONFIG, record=False)
    answer(db, who, first.talk, "Two?", CONFIG, record=False)
    assert conversations.all_conversations(db) == []
    assert len(model.asked[1][0].messages) == 3


def test_an_answer_that_was_stopped_is_kept_as_stopped(db, who):
    turn = Running(db, who, begin(10.0), "Go on?", CONFIG)
    pieces = turn.pieces()
    assert next(pieces) == "answer"
    reply = turn.reply()
    assert reply.talk.messages[-1].stop == "aborted"
    kept = conversations.all_conversations(db)[0]
    assert (kept.messages[1].text, kept.messages[1].stop) == ("answer", "aborted")


@pytest.mark.parametrize("question", ["", "  \n"])
def test_an_empty_question_is_refused_and_not_kept(db, who, question):
    with pytest.raises(UserError, match="empty"):
        answer(db, who, begin(10.0), question, CONFIG)
    assert conversations.all_conversations(db) == []


def test_a_question_with_half_a_surrogate_pair_is_kept(db, who):
    answer(db, who, begin(10.0), "What is \ud83d?", CONFIG)
    assert "�" in conversations.all_conversations(db)[0].messages[0].text


def test_the_champion_answers_unless_another_version_is_asked_for(db, home, model):
    assert speaker(db, home, model).version == "base"
    assert speaker(db, home, model).adapter is None
    with pytest.raises(UserError, match="There is no version"):
        speaker(db, home, model, "v-0001")


def test_a_blocked_version_does_not_answer(db, home, model):
    versions.create(db, base=model.fingerprint, adapter_hash="h")
    versions.set_state(db, "v-0001", "blocked")
    with pytest.raises(UserError, match="blocked"):
        speaker(db, home, model, "v-0001")


def test_a_version_of_another_base_does_not_answer(db, home, model):
    versions.create(db, base="0" * 64, adapter_hash="h")
    with pytest.raises(UserError, match="another base"):
        speaker(db, home, model, "v-0001")
