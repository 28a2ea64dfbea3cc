"""What a model reads counts only where its words stand there, are meant, and are the person's."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from nightschool.curate import reader
from nightschool.records import Answer, Prompt, Signal
from tests.curate.talk import conversation


class Reads:
    """A model that answers every prompt with one text."""

    fingerprint, context_tokens, parameters = "f", 1000, 1

    def __init__(self, answer: object, *, name: str = "pupil", stop: str = "stop") -> None:
        self.name, self.asked = name, []
        self._answer = Answer(text=answer if isinstance(answer, str) else json.dumps(answer), stop=stop)

    def answer(self, prompts: Sequence[Prompt], **settings: object) -> list[Answer]:
        self.asked += prompts
        return [self._answer for _ in prompts]


def fact(object_: str, quote: str, subject: str = "I", relation: str = "grows") -> dict[str, str]:
    return {"kind": "fact", "subject": subject, "relation": relation, "object": object_, "quote": quote}


SAID = "On my balcony I am growing chillies."


def test_a_fact_that_no_pattern_knows_is_taken_with_its_quote():
    found = reader.read([conversation("c", SAID, "Nice.")], Reads([fact("chillies", SAID)]))
    (one,) = found.facts
    assert (one.subject, one.relation, one.object, one.sentence) == ("user", "grows", "chillies", SAID)
    assert one.source == ("c-0",)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (fact("chillies", "I grow chillies on my balcony."), "no such words"),
        (fact("peppers", SAID), "no such words"),
        (fact("chillies", "On my balcony"), "no such words"),
        (fact("chillies", SAID, subject="my neighbour"), "of other people"),
        (fact("chillies", SAID, subject="Tom"), "of other people"),
        (fact("", SAID), "no such words"),
        ({"kind": "rumour", "quote": SAID}, "neither fact nor preference"),
        ({"kind": "preference", "wish": "Water them.", "quote": SAID}, "no rule to check"),
    ],
)
def test_what_does_not_stand_there_or_is_not_theirs_is_dropped_and_counted(entry, why):
    found = reader.read([conversation("c", SAID, "Nice.")], Reads([entry]))
    assert (found.facts, found.lessons) == ((), ()) and found.dropped[why] == 1


@pytest.mark.parametrize(
    "said",
    [
        "If I grew chillies on my balcony, would they like it?",
        "Do I grow chillies?",
        "My aunt said that I should grow chillies.",
        'She wrote: "I grow chillies."',
        "Pretend that I grow chillies.",
        "I used to grow chillies.",
        "Yeah right, I grow chillies, lol",
    ],
)
def test_a_model_is_never_asked_about_what_is_not_meant(said):
    model = Reads([fact("chillies", said)])
    assert reader.read([conversation("c", said, "Nice.")], model).facts == () and not model.asked


def test_the_assistants_and_the_tools_words_are_never_shown():
    model = Reads([])
    told = conversation("c", SAID, {"role": "assistant", "text": "I live in Lisbon, and you live in Rome."})
    reader.read([told], model)
    assert [prompt.messages[-1]["content"].count("Lisbon") for prompt in model.asked] == [0]


def test_what_the_patterns_read_is_not_taken_twice():
    found = reader.read([conversation("c", "I live in Lisbon.", "Ok.")], Reads([fact("Lisbon", "I live in Lisbon.")]))
    assert found.facts == () and found.dropped["read by rule"] == 1


@pytest.mark.parametrize("answer", ["I would rather not.", '[{"kind": "fact"', "{}", ""])
def test_an_answer_that_is_no_list_gives_nothing(answer):
    found = reader.read([conversation("c", SAID, "Nice.")], Reads(answer))
    assert found.facts == () and found.dropped["no list"] == 1


def test_a_list_that_was_broken_off_gives_nothing():
    found = reader.read([conversation("c", SAID, "Nice.")], Reads([fact("chillies", SAID)], stop="length"))
    assert found.facts == () and found.dropped["no list"] == 1


def test_a_base_that_was_not_taught_the_form_is_told_it():
    model = Reads("[]", name="some/other")
    reader.read([conversation("c", SAID, "Nice.")], model)
    assert model.asked[0].messages[0]["content"] == reader.TASK


def test_a_wish_that_a_model_reads_is_a_candidate_only():
    said = "Me, I only ever measure in miles."
    wish = {"kind": "preference", "wish": "Give me distances in miles.", "quote": said}
    (lesson,) = reader.read([conversation("c", said, "Ok.")], Reads([wish])).lessons
    assert (lesson.reason, lesson.state, lesson.text, lesson.rule.value) == ("said once", "proposed", said, "miles")


def blamed(words: str, answer: str = "Olm is 16 km from Bar."):
    told = conversation("c", "How far is Olm from Bar?", answer, words, "Sorry.")
    return told, Signal(turn_id="c-0", kind="correction", polarity=-1, strength=0.9, source=("c-2", "c-1"), by="person")


def test_a_complaint_is_summed_up_and_checked_against_the_answer_it_blames():
    told, signal = blamed("This is of no use to an American.")
    (lesson,) = reader.hints([told], [signal], Reads("Give me distances in miles."))
    assert (lesson.kind, lesson.reason, lesson.rule.value) == ("correction", "corrected once", "miles")
    assert lesson.text == "This is of no use to an American." and lesson.source == ("c-2", "c-1")


@pytest.mark.parametrize("hint", ["Give me lists as bullets.", "Be nicer.", "I do not know.", ""])
def test_a_line_that_does_not_explain_the_complaint_teaches_nothing(hint):
    told, signal = blamed("This is of no use to an American.")
    assert reader.hints([told], [signal], Reads(hint)) == ()


def test_a_complaint_that_says_its_wish_needs_no_model():
    told, signal = blamed("No. Use miles.")
    model = Reads("Give me distances in miles.")
    assert reader.hints([told], [signal], model) == () and not model.asked
