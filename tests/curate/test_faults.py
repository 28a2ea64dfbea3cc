"""What an answer's work does wrong, told by what it does; giving up and taking back in more wordings."""

import pytest

from nightschool.curate.verdicts import verdict


def kind(asked, answer, words, **more) -> str:
    reading = verdict.read(words, asked=asked, answer=answer, **more)
    return reading.kind if reading else "none"


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("awk for the third column", "awk '{print}'", "this prints every column"),
        ("max of a list in lua", "table.max(t)", "there is no table.max in lua"),
        ("which ferry takes dogs", "The Heron takes dogs.", "the Heron doesn't take animals"),
        ("three words for the label", "Fresh, bright, round, ripe", "three means three"),
        ("a card for my aunt", "Yo aunty!!", "no slang, no exclamation marks"),
        ("how should we ship it", "Build a cluster.", "that's overkill, one box does it"),
        ("soup for tonight", "Leek and bacon.", "bacon..."),
        ("how long to soak, it says 12", "Soak for 12 minutes.", "12 hours, the packet means hours"),
        ("move it to friday", "Moved to Monday.", "friday. take it off monday"),
        ("read the json", "json.parse(x)", "AttributeError: module has no attribute"),
        ("author of the atlas", "It is Lind.", "Okafor, since 2009"),
    ],
)
def test_what_the_work_does_wrong_corrects_it(asked, answer, words):
    assert kind(asked, answer, words) == "correction"


def test_what_was_ruled_out_earlier_is_a_fault_when_it_turns_up():
    earlier = "dinner ideas, nothing with fish\nfor four"
    assert kind("for four", "Pasta, pie, paella.", "the third is fish", earlier=earlier) == "correction"
    assert kind("for four", "Pasta, pie, stew.", "the third is quick", earlier=earlier) == "none"


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("switch the porch light on", "You can switch it on in the app.", "can you switch it on for me"),
        ("what is a lien", "A charge upon property.", "can you explain it so a child understands"),
        ("muestra las notas en una tabla", "Las tablas ordenan.", "the notes in a table please"),
        ("query with the date filter", "SELECT * FROM t", "where's the date filter?"),
        ("which rows have no price", "Prices matter.", "right. which rows have no price"),
    ],
)
def test_who_was_only_told_about_it_asks_again(asked, answer, words):
    assert kind(asked, answer, words) == "reask"


@pytest.mark.parametrize(
    "words",
    [
        "forget about it, I'll use the old one",
        "scrap it, staying with paper",
        "bus is here, going without",
        "I'll sort them myself",
        "too slow, I'm sending it back",
    ],
)
def test_who_leaves_the_task_gives_it_up(words):
    assert kind("sort my records", "By which field, order, locale and label?", words) == "abandoned"


def test_never_mind_found_it_gives_nothing_up():
    assert kind("where is the log", "It may be in /var.", "never mind, found it") != "abandoned"


@pytest.mark.parametrize(
    "words", ["I restored it from the backup", "hit undo, the order was wrong", "hab den alten Text wieder drin"]
)
def test_the_state_before_is_back(words):
    assert kind("sort the list", "Sorted by name.", words, edited=True) == "edit_reverted"


@pytest.mark.parametrize(
    "words",
    ["oops wrong file, this is it: b = 2", "what is b (sorry, sent twice)", "that's old, here's the current: b = 3"],
)
def test_an_own_slip_is_no_verdict(words):
    assert kind("what is b", "b is 1.", words) == "none"


def test_a_question_in_a_letter_is_not_put_to_the_person():
    asked, answer = "write to my neighbour about the fence", "Hi Ben, shall we mend the fence?"
    assert kind(asked, answer, "too casual, he is eighty") == "correction"


def test_half_gone_and_half_still_there_is_partial():
    assert kind("fix both warnings", "Fixed both.", "the first is gone, the other one still there") == "partial"
