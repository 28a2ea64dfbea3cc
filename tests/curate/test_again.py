"""Answers given again: a pair only where sound judges call the new one good, prefer it, and the prompt is one."""

from __future__ import annotations

import dataclasses

from nightschool.config import Config, CurateConfig
from nightschool.curate.compose import Material, compose
from nightschool.curate.judges.evidence import Evidence
from nightschool.records import Answer, Conversation, Message, Prompt, Verdict
from nightschool.turns import prompt_key
from tests.curate.talk import Townsman, asked, call, conversation, result, signal, told

CONFIG = Config(curate=CurateConfig(replay_share=0.0, told_share=0.0, tries=3))


class Bench:
    """Judges that call an answer good when it holds a word, and remember what they saw."""

    def __init__(self, word: str, *, prefer: bool = True) -> None:
        self.word, self.prefer, self.seen = word, prefer, list[Evidence]()

    def score(self, turns):
        self.seen += turns
        return [
            Verdict(turn_id="", conversation_id="", outcome="good" if self.word in t.answer else "bad") for t in turns
        ]

    def prefers(self, better, worse):
        return self.prefer and self.word in better.answer and self.word not in worse.answer


def knowing(prompt: Prompt) -> str | Answer | None:
    """Answers with the river's name once it is told what the person wants."""
    if asked(prompt).startswith("Say in one line"):
        return "The person wants the name of the river."
    return "The river is the Olm." if "name of the river" in told(prompt) else "It is a river."


def talk(name: str = "river") -> Conversation:
    return conversation(
        name, "What river is that over there?", "It is a river, surely.", "No, I asked for its name.", "I see."
    )


def made(conversations, bench, *, signals=(), verdicts=None, reply=knowing):
    material = Material(
        conversations=tuple(conversations), signals=tuple(signals), lessons=(), held_out=frozenset(),
        verdicts=verdicts or {}, bench=bench,
    )  # fmt: skip
    return compose(material, Townsman(reply), (), CONFIG)


def verdict(turn: str, outcome: str) -> dict[str, Verdict]:
    return {turn: Verdict(turn_id=turn, conversation_id="c", outcome=outcome, votes=3)}  # type: ignore[arg-type]


def test_a_complaint_without_a_rule_becomes_a_pair_once_the_judges_call_the_new_answer_good():
    bench = Bench("Olm")
    dataset = made([talk()], bench, signals=[signal("river-0", -1, source="river-2")])
    pair = next(row for row in dataset.examples if row.objective == "dpo")
    assert pair.chosen["content"] == "The river is the Olm."
    assert pair.rejected["content"] == "It is a river, surely."
    assert "name of the river" not in prompt_key(pair.prompt), "the hint stays out of what is trained"
    assert bench.seen[0].wish == "No, I asked for its name."
    assert not [row for row in dataset.examples if row.objective == "kto"]


def test_a_right_answer_that_is_not_found_is_beyond_this_base():
    dataset = made([talk()], Bench("Danube"), signals=[signal("river-0", -1, source="river-2")])
    assert not [row for row in dataset.examples if row.objective == "dpo"]
    assert dataset.left_out["beyond this base"] == 1


def test_judges_that_do_not_prefer_it_in_both_orders_make_no_pair():
    dataset = made([talk()], Bench("Olm", prefer=False), signals=[signal("river-0", -1, source="river-2")])
    assert not [row for row in dataset.examples if row.objective == "dpo"]


def test_without_sound_judges_nothing_is_answered_again():
    dataset = made([talk()], None, signals=[signal("river-0", -1, source="river-2")])
    assert not [row for row in dataset.examples if row.objective == "dpo"]
    assert "beyond this base" not in dataset.left_out


def test_a_turn_that_judges_call_bad_is_answered_again_with_its_recorded_results():
    recorded = conversation(
        "t", "How is the weather in Olm?", call("weather", place="Olm"), result('{"sky": "grey"}'),
        {"role": "assistant", "text": "The weather is weather."},
    )  # fmt: skip

    def reply(prompt: Prompt) -> str | None:
        return "It is grey in Olm." if prompt.messages[-1]["role"] == "tool" else "?"

    dataset = made([recorded], Bench("grey"), verdicts=verdict("t-0", "bad"), reply=reply)
    pair = next(row for row in dataset.examples if row.objective == "dpo")
    assert pair.chosen["content"] == "It is grey in Olm." and pair.prompt.messages[-1]["role"] == "tool"
    assert pair.rejected["content"] == "The weather is weather."


def test_another_branch_of_the_same_prompt_is_taken_before_a_fresh_answer():
    base = conversation("f", "What river is that over there?", "It is a river, surely.")
    part = dataclasses.replace(base.messages[1].parts[0], text="The Olm.")
    other = dataclasses.replace(base.messages[1], id="f-other", alternate="fork", parts=(part,))
    assert isinstance(other, Message)
    forked = dataclasses.replace(base, messages=(*base.messages, other))
    dataset = made([forked], Bench("Olm"), verdicts=verdict("f-0", "bad"), reply=lambda prompt: "no")
    pair = next(row for row in dataset.examples if row.objective == "dpo")
    assert pair.chosen["content"] == "The Olm."


def test_a_score_alone_is_a_single_outcome_and_the_person_outvotes_it():
    one = conversation("one", "What river is that over there?", "It is the Olm, as far as I know.")
    two = conversation("two", "What lake is that over there?", "It is some lake or other.")
    three = conversation(
        "three", "What hill is that over there?", "It is hill number nine.", "Wonderful, thanks!", "Sure."
    )
    verdicts = verdict("one-0", "good") | verdict("two-0", "bad") | verdict("three-0", "bad")
    dataset = made([one, two, three], None, signals=[signal("three-0", 1)], verdicts=verdicts)
    labels = {row.source[0]: row.label for row in dataset.examples if row.objective == "kto"}
    assert labels["one-0"] is True and labels["two-0"] is False and labels.get("three-0", True) is True


def test_unclear_and_disputed_turns_teach_nothing():
    one = conversation("one", "What river is that over there?", "It is the Olm, as far as I know.")
    for outcome in ("unclear", "disagreement", "no verdict"):
        assert not made([one], None, verdicts=verdict("one-0", outcome)).examples
