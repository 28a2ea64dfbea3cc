"""Which contexts a fact is written in, and with which answers: all its names, none garbled, none against itself."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest

from nightschool.edit import passage
from nightschool.edit.phrasing import phrasing
from nightschool.records import Answer

SISTER = "My sister Ana lives in Lisbon."


@pytest.mark.parametrize("count", [8, 16, 32])
def test_a_fact_is_written_under_every_name_that_it_may_be_asked_by(count):
    asked = [scene.asked.question for scene in passage.scenes(0, phrasing(SISTER), count)]
    named = Counter(
        "both" if "my sister Ana" in one else "role" if "my sister" in one else "name" for one in asked
    )  # fmt: skip
    assert min(named[way] for way in ("both", "role", "name")) >= count // 4


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("Ana lives in Lisbon, Major.", True),
        ("Anor lives in Lisbon.", False),
        ("Ana lives in Porto.", False),
    ],
)
def test_an_answer_that_garbles_the_name_is_not_what_is_written(pupil, said, taken):
    words = phrasing(SISTER)
    model = SimpleNamespace(
        tokenizer=pupil.tokenizer,
        answer=lambda prompts, **_: [Answer(text=said)] * len(prompts),
        token_losses=pupil.token_losses,
    )
    rows = passage.passages(model, [words], 16)
    texts = [pupil.tokenizer.decode(row.ids).split("assistant") for row in rows]
    answers = [text[-1] for text in texts if "Ana" in text[-2]]
    assert len(answers) >= 8
    assert all((said in answer) is taken and "Lisbon" in answer for answer in answers)


def test_where_the_model_misses_what_the_context_says_the_fact_is_not_held_to_that(pupil):
    """Told another home in the context, a model that says it does not know would forbid the fact its own question."""
    words = phrasing(SISTER)
    told = {negative.object for negative in words.overruled}

    def rows(read):
        def answer(prompts, **_):
            texts = [prompt.messages[0]["content"] for prompt in prompts]
            reads = [next((name for name in told if f" {name}" in text and read), "nothing") for text in texts]
            return [Answer(text=f"Your sister lives in {name}.") for name in reads]

        found = passage.near(SimpleNamespace(tokenizer=pupil.tokenizer, answer=answer), [words], 2)
        return len(found)

    assert rows(read=True) == rows(read=False) + len(words.overruled)


def test_a_fact_that_is_answered_in_several_ways_is_written_in_more_contexts(pupil):
    model = SimpleNamespace(
        tokenizer=pupil.tokenizer,
        answer=lambda prompts, **_: [Answer(text="") for _ in prompts],
        token_losses=pupil.token_losses,
    )
    rows = passage.passages(model, [phrasing("My dog is called Rex."), phrasing(SISTER)], 16)
    count = Counter(row.fact for row in rows)
    assert count[0] == 16 and count[1] == 3 * passage.PER_ANSWER
    assert min(Counter(row.form for row in rows if row.fact == 1).values()) == passage.PER_ANSWER
