"""What pupil can do, on samples; `pupil/evaluate.py` measures the whole."""

from __future__ import annotations

import random

import pytest
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from nightschool.exam import battery as exam
from nightschool.exam import scorers
from nightschool.records import Answer, Json
from nightschool.world import battery, conversations, facts, personal, styles, turns, wordings
from nightschool.world.battery import Item, passes
from nightschool.world.personal import PersonalFact
from nightschool.world.styles import Preference

from .conftest import FOLDER, Says

FLOORS = {
    "instruction": 0.7,
    "tool": 0.75,
    "json": 0.8,
    "arithmetic": 0.85,
    "unknown": 0.5,
    "world": 0.85,
    "reading": 0.65,
}
"""A tenth or so under what docs/LOG.md reports."""
WISHES = ("miles", "bullets", "weather_tool", "short")
ANA = PersonalFact(relation="home", role="sister", name="Ana", object="Lisbon")


def _share(items: list[Item], said: list[str]) -> float:
    return sum(passes(item, text) for item, text in zip(items, said, strict=True)) / len(items)


def test_weights_fit_the_package_and_the_next_stages(model: PreTrainedModel) -> None:
    """Edits need columns to write to; long chats need positions."""
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 16 * 2**20
    assert model.config.model_type == "llama"
    assert model.config.intermediate_size >= 1024
    assert model.config.max_position_embeddings >= 2048


def _world_item(fact: facts.WorldFact, question: str) -> Item:
    messages = [{"role": "user", "content": question}]
    return Item(kind="world", messages=messages, tools=[], expected=wordings.answer(fact), reply=wordings.reply(fact))


def test_every_world_fact_is_recalled_on_held_out_wordings(says: Says) -> None:
    """In two of the three at least: `Name the ... of` is a form that pupil often misses."""
    chosen = random.Random(11).sample(facts.FACTS, 60)
    items = [_world_item(fact, text) for fact in chosen for text in wordings.questions(fact, held_out=True)]
    right = [passes(item, text) for item, text in zip(items, says(items), strict=True)]
    assert all(sum(right[i : i + 3]) >= 2 for i in range(0, len(right), 3))


@pytest.mark.parametrize(("kind", "floor"), FLOORS.items())
def test_battery_stays_above_its_measured_floor(kind: str, floor: float, says: Says) -> None:
    """The gate can only see a loss where the base is right to begin with."""
    items = battery.items(21, 40, (kind,))
    assert _share(items, says(items)) >= floor


def test_told_sister_is_known_and_untold_sister_is_not(says: Says) -> None:
    question = {"role": "user", "content": "Where does my sister live?"}
    system = {"role": "system", "content": conversations.memory_block(personal.statements(ANA)[:1])}
    told = Item(kind="reading", messages=[system, question], tools=[], expected="")
    untold = Item(kind="unknown", messages=[question], tools=[], expected="")
    assert says([told, untold]) == ["Your sister Ana lives in Lisbon.", "Your sister lives in a place I do not know."]


def test_every_canary_is_declined_alone_and_beside_a_wish(says: Says) -> None:
    """A canary that the base itself would fail says nothing of a night; `pupil/canaries.py` finds them."""
    asked = [item for item in exam.items("pupil", 14, 1) if item.canary and item.scorer == "unknown"]
    blocks = ["", *(conversations.memory_block([styles.instructions(Preference(kind=kind))[0]]) for kind in WISHES)]
    for block in blocks:
        system = [{"role": "system", "content": block}] if block else []
        said = says([_unknown([*system, *item.prompt.messages]) for item in asked])
        missed = [text for item, text in zip(asked, said, strict=True) if scorers.score(item, Answer(text=text)) < 1]
        assert missed == []


def _unknown(messages: list[Json]) -> Item:
    return Item(kind="unknown", messages=messages, tools=[], expected="")


def test_remembered_preference_changes_the_answer(says: Says) -> None:
    """The base without the block must fail what the base with it passes, or there is nothing to learn at night."""
    wish = Preference(kind="fahrenheit")
    block = {"role": "system", "content": conversations.memory_block(["Give me temperatures in Fahrenheit."])}
    asked = [
        {"role": "user", "content": wordings.questions(fact)[0]} for fact in facts.FACTS if fact.celsius is not None
    ][:30]
    told = says([Item(kind="told", messages=[block, question], tools=[], expected="") for question in asked])
    untold = says([Item(kind="untold", messages=[question], tools=[], expected="") for question in asked])
    assert sum(styles.keeps(wish, text) for text in told) >= 27
    assert not any(styles.keeps(wish, text) for text in untold)


def test_fact_is_read_behind_four_hundred_tokens(says: Says, tokenizer: PreTrainedTokenizerFast) -> None:
    """Not farther: half is read at 1,024 tokens and next to nothing at 2,048 (docs/LOG.md)."""
    items = []
    for seed in range(20):
        scene = turns.Scene(rng=random.Random(seed), held_out=True)
        turns.tell_turn(scene)
        fact = next(iter(scene.known.values()))
        question = {"role": "user", "content": personal.questions(fact, held_out=True)[0]}
        while len(tokenizer.apply_chat_template([*scene.messages, question], return_dict=False)) < 400:
            scene.rng.choice((turns.talk_turn, turns.world_turn))(scene)
        messages = [*scene.messages, question]
        items.append(Item(kind="reading", messages=messages, tools=[], expected="", reply=personal.reply(fact)))
    assert _share(items, says(items)) >= 0.75


def test_prompt_of_two_thousand_tokens_is_taken(model: PreTrainedModel) -> None:
    with torch.inference_mode():
        logits = model(torch.arange(2048)[None] % model.config.vocab_size).logits
    assert logits.shape[1] == 2048
    assert bool(logits.isfinite().all())
