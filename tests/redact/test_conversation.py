"""A whole conversation: masked everywhere, and a turn in doubt leaves it whole."""

import dataclasses

from nightschool.records import Conversation, Message, Part
from nightschool.redact import clean
from nightschool.redact import conversation as room
from nightschool.turns import prompt_before, turns

DOUBTFUL = "the checksum of the zorp: Q8fj2LxV0bTz7KpWm4Rd9NsYc3HgUe6A"


def message(id_, parent, role, text="", **more) -> Message:
    author = more.pop("author", {"user": "person", "assistant": "assistant", "tool": "tool", "system": "program"}[role])
    parts = more.pop("parts", (Part(kind="text", text=text),))
    return Message(id=id_, parent_id=parent, role=role, author=author, parts=parts, created=0.0, **more)


def conversation(*messages: Message, **more) -> Conversation:
    return Conversation(id="c", program="openai", source_id="s", started=0.0, messages=messages, **more)


def test_every_text_of_a_conversation_is_masked():
    call = Part(
        kind="tool_call", name="login", arguments={"user": "bob", "password": "Sommer#2024", "n": [{"pin": "x"}]}
    )
    told = conversation(
        message("1", None, "user", "my password is Sommer#2024"),
        message(
            "2",
            "1",
            "assistant",
            parts=(Part(kind="thinking", text="so I type Sommer#2024 there"), call),
        ),
        message("3", "2", "tool", parts=(Part(kind="tool_result", text="password=Sommer#2024"),)),
        message("4", "3", "assistant", "Logged in."),
        system="The database is postgres://app:Sommer#2024@db/app",
        title="password: Sommer#2024",
    )
    result = clean(told)
    assert "Sommer#2024" not in str(dataclasses.asdict(result.conversation))
    assert result.masked >= 5 and [m.id for m in result.conversation.messages] == ["1", "2", "3", "4"]


def test_a_turn_that_is_still_in_doubt_is_dropped_whole_and_the_rest_hangs_together():
    told = conversation(
        message("1", None, "user", "Hello"),
        message("2", "1", "assistant", "Hi"),
        message("3", "2", "user", "what is this?"),
        message("4", "3", "assistant", DOUBTFUL),
        message("4b", "3", "assistant", "left behind", alternate="regenerate"),
        message("5", "4", "user", "thanks"),
        message("6", "5", "assistant", "Welcome"),
    )
    result = clean(told)
    assert result.dropped == ("3",)
    assert [turn.id for turn in turns(result.conversation)] == ["1", "5"]
    assert [m["content"] for m in prompt_before(result.conversation, "6").messages] == ["Hello", "Hi", "thanks"]


def test_without_the_second_scan_the_doubtful_turn_would_stay(monkeypatch):
    told = conversation(message("1", None, "user", DOUBTFUL), message("2", "1", "assistant", "Hm"))
    assert clean(told).dropped == ("1",)
    monkeypatch.setattr(room, "is_clean", lambda text, keep_contact=False: True)
    assert clean(told).dropped == ()


def test_an_abandoned_answer_in_doubt_goes_and_its_turn_stays():
    told = conversation(
        message("1", None, "user", "Hello"),
        message("x", "1", "assistant", DOUBTFUL, alternate="regenerate"),
        message("2", "1", "assistant", "Hi"),
    )
    result = clean(told)
    assert [m.id for m in result.conversation.messages] == ["1", "2"] and result.dropped == ()


def test_a_system_prompt_loses_its_doubtful_line_only():
    told = conversation(message("1", None, "user", "Hello"), system=f"Be kind.\n{DOUBTFUL}\nBe brief.")
    assert clean(told).conversation.system == "Be kind.\n[secret:line]\nBe brief."


def test_contact_data_stays_for_memory_and_goes_for_training():
    told = conversation(message("1", None, "user", "my mail is max@firma-huber.de"))
    assert clean(told, keep_contact=True).conversation.messages[0].text == "my mail is max@firma-huber.de"
    assert clean(told).conversation.messages[0].text == "my mail is [secret:email]"


def test_cleaning_twice_changes_nothing():
    told = conversation(message("1", None, "user", f"pw: hunter22\n{DOUBTFUL}"), message("2", "1", "assistant", "ok"))
    once = clean(told).conversation
    assert clean(once).conversation == once and clean(once).masked == 0


def test_a_clean_conversation_comes_back_as_it_was():
    told = conversation(message("1", None, "user", "Hello"), message("2", "1", "assistant", "Hi"), system="Be kind.")
    assert clean(told).conversation == told
