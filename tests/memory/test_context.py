"""What goes into the prompt: the block's exact words, its order and its budget."""

from nightschool.config import MemoryConfig
from nightschool.memory.context import block, choose, remember, told
from nightschool.records import Fact, Prompt

CONFIG = MemoryConfig()


def fact(number: int, sentence: str, kind="fact", **more) -> Fact:
    return Fact(id=f"f-{number}", kind=kind, sentence=sentence, known_from=float(number), **more)


def test_the_block_holds_the_persons_sentences_word_for_word():
    facts = [fact(1, "I live in Oslo."), fact(2, "Give me miles!", kind="preference")]
    assert block(facts) == "The person told you:\n- I live in Oslo.\n- Give me miles!"
    assert block([]) == ""


def test_a_sentence_with_line_breaks_stays_one_line():
    assert block([fact(1, "I live\n- in Oslo.")]) == "The person told you:\n- I live - in Oslo."


def test_preferences_come_first_and_always():
    facts = [fact(n, f"Fact number {n}.") for n in range(30)] + [fact(99, "Answer in one word.", kind="preference")]
    chosen = choose(facts, "what is fact number 3", CONFIG)
    assert chosen[0].sentence == "Answer in one word."
    assert len(chosen) == CONFIG.max_items


def test_facts_are_picked_by_words_of_the_question_then_by_recency():
    facts = [fact(1, "I am allergic to peanuts."), fact(2, "My car is red."), fact(3, "My desk is oak.")]
    for room, picked in ((1, ["f-1"]), (2, ["f-1", "f-3"]), (3, ["f-1", "f-2", "f-3"])):
        chosen = choose(facts, "Which allergies do I have?", MemoryConfig(max_items=room))
        assert [each.id for each in chosen] == picked


def test_the_block_is_the_same_whatever_is_asked_while_everything_fits():
    facts = [fact(1, "I am allergic to peanuts."), fact(2, "My car is red."), fact(3, "My desk is oak.")]
    assert len({block(choose(facts, asked, CONFIG)) for asked in ("allergies?", "my car", "the desk")}) == 1


def test_the_budget_in_tokens_holds():
    facts = [fact(n, "word " * 40) for n in range(20)]
    chosen = choose(facts, "word", MemoryConfig(max_tokens=200))
    assert 0 < len(block(chosen)) / 4 <= 200


def test_what_has_ended_is_not_told():
    facts = [fact(1, "I live in Rome.", state="superseded"), fact(2, "", state="forgotten")]
    assert choose(facts, "where do I live", CONFIG) == []


def test_the_block_follows_the_system_message_after_a_blank_line():
    prompt = Prompt(messages=({"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}))
    assert told(prompt, [fact(1, "I live in Oslo.")]).messages[0] == {
        "role": "system",
        "content": "Be kind.\n\nThe person told you:\n- I live in Oslo.",
    }
    assert prompt.messages[0]["content"] == "Be kind."


def test_a_missing_system_message_is_made_and_nothing_to_tell_changes_nothing():
    prompt = Prompt(messages=({"role": "user", "content": "Hi"},))
    assert told(prompt, [fact(1, "I live in Oslo.")]).messages[0]["role"] == "system"
    assert told(prompt, []) is prompt


def test_the_last_question_decides_what_is_told():
    facts = [fact(1, "My cat is called Momo."), fact(2, "My car is red.")]
    prompt = Prompt(messages=({"role": "user", "content": "my car?"}, {"role": "user", "content": "and the cat?"}))
    system = remember(prompt, facts, MemoryConfig(max_items=1)).messages[0]["content"]
    assert "Momo" in system and "red" not in system
