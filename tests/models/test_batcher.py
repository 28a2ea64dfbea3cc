"""Answers that share a batch are the answers they would be alone."""

from __future__ import annotations

import json
import queue
import shutil

import pytest
import torch

from nightschool import models
from nightschool.bench.batches import adapter
from nightschool.models.batcher import Batcher
from nightschool.models.generation import Finished, Piece, Sampling, TooLong, Wanted
from nightschool.models.prefixes import Prefixes
from nightschool.models.states import embed
from nightschool.records import Prompt
from tests import tiny

QUESTIONS = ["Hello", "What is the weather in Oslo like today, I wonder?", "Tell me of the sea", "One two three four"]


@pytest.fixture(scope="module", params=["llama", "gemma3"])
def model(tmp_path_factory, request):
    return models.load(str(tiny.make(tmp_path_factory.mktemp("base") / "base", request.param, seed=3)), "cpu")


@pytest.fixture(scope="module")
def people(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("adapters")
    return [adapter(model, folder / f"v-{seed}", seed=seed, size=0.3) for seed in range(3)]


@pytest.fixture
def batcher(model):
    made = Batcher(model)
    yield made
    made.close()


def prompt(text, *before, tools=()):
    said = [{"role": role, "content": content} for role, content in before]
    return Prompt(messages=(*said, {"role": "user", "content": text}), tools=tools)


def ask(batcher, asked, *, adapter=None, **sampling):
    box = queue.Queue()
    wanted = Wanted(prompt=asked, adapter=adapter, sampling=Sampling(**{"max_tokens": 12} | sampling))
    return box, batcher.submit(wanted, box.put)


def alone(batcher, asked, adapter=None, max_tokens=12):
    """What the model says to one prompt by itself; on the batcher's thread, which owns the model."""
    wanted = batcher.between(lambda m: m.answer([asked], adapter=adapter, max_tokens=max_tokens)[0].raw)
    return wanted.result(timeout=300)


def wait(asked):
    pieces, box = [], asked[0]
    while True:
        event = box.get(timeout=120)
        if isinstance(event, Exception):
            raise event
        if isinstance(event, Finished):
            return pieces, event
        pieces.append(event)


def test_rows_that_join_and_leave_say_what_they_say_alone(batcher):
    apart = [alone(batcher, prompt(q), max_tokens=8 + 5 * i) for i, q in enumerate(QUESTIONS)]
    together = [wait(a) for a in [ask(batcher, prompt(q), max_tokens=8 + 5 * i) for i, q in enumerate(QUESTIONS)]]
    assert [finished.answer.raw for _, finished in together] == apart
    assert all("".join(p.text for p in pieces) == finished.answer.text for pieces, finished in together)


def test_every_row_of_a_batch_has_its_own_adapter(batcher, people):
    adapters = [None, *people]
    apart = [alone(batcher, prompt("Hello there"), own) for own in adapters]
    assert len(set(apart)) == 4, "the adapters say the same: the test would prove nothing"
    together = [wait(a) for a in [ask(batcher, prompt("Hello there"), adapter=own) for own in adapters]]
    assert [finished.answer.raw for _, finished in together] == apart


def test_two_adapters_add_up_in_a_mixed_batch(batcher, people):
    both = (people[0], people[1])
    apart = [alone(batcher, prompt("Hello there"), own) for own in (both, people[2])]
    together = [wait(a) for a in [ask(batcher, prompt("Hello there"), adapter=own) for own in (both, people[2])]]
    assert [finished.answer.raw for _, finished in together] == apart


def test_what_was_read_is_not_read_again_and_changes_nothing(batcher):
    _, first = wait(ask(batcher, prompt("Tell me of the sea")))
    asked = prompt("And the land?", ("user", "Tell me of the sea"), ("assistant", first.answer.text))
    _, second = wait(ask(batcher, asked))
    assert first.usage.cached <= 4 < second.usage.cached < second.usage.prompt
    assert second.answer.raw == alone(batcher, asked)


def test_a_rewritten_adapter_answers_anew_though_its_prefix_was_cached(batcher, people, tmp_path):
    place = tmp_path / "v-0007"
    shutil.copytree(people[0], place)
    old = wait(ask(batcher, prompt("Hello there"), adapter=place))[1]
    shutil.rmtree(place)
    shutil.copytree(people[1], place)
    new = wait(ask(batcher, prompt("Hello there"), adapter=place))[1]
    wanted = [alone(batcher, prompt("Hello there"), own) for own in people[:2]]
    assert [old.answer.raw, new.answer.raw] == wanted and new.usage.cached == 0


def test_a_running_answer_keeps_the_adapter_it_began_with(batcher, people, tmp_path):
    place = tmp_path / "v-0008"
    shutil.copytree(people[0], place)
    wanted = alone(batcher, prompt("Hello there"), people[0], 60)
    running = ask(batcher, prompt("Hello there"), adapter=place, max_tokens=60)
    first = running[0].get(timeout=120)
    shutil.rmtree(place)
    shutil.copytree(people[1], place)
    other = wait(ask(batcher, prompt("Hello there"), adapter=place, max_tokens=60))[1]
    finished = wait(running)[1]
    assert isinstance(first, (Piece, Finished)) and finished.answer.raw == wanted
    assert other.answer.raw == alone(batcher, prompt("Hello there"), people[1], 60)


def test_a_schema_is_kept_to(batcher):
    schema = {"type": "object", "properties": {"age": {"type": "integer", "minimum": 0, "maximum": 120}},
              "required": ["age"], "additionalProperties": False}  # fmt: skip
    for temperature in (0.0, 1.5):
        _, finished = wait(ask(batcher, prompt("JSON?"), schema=schema, temperature=temperature, seed=4, max_tokens=60))
        assert 0 <= json.loads(finished.answer.text)["age"] <= 120
    with pytest.raises(models.base.UserError, match="schema cannot be used"):
        wait(ask(batcher, prompt("JSON?"), schema={"type": "king"}))


def test_a_seed_throws_the_same_dice_whoever_else_is_there(batcher):
    def thrown(seed, company):
        others = [ask(batcher, prompt(q), temperature=1.0) for q in QUESTIONS[:company]]
        said = wait(ask(batcher, prompt("Hello"), temperature=1.0, seed=seed))[1].answer.raw
        for other in others:
            wait(other)
        return said

    assert thrown(5, 0) == thrown(5, 3) != thrown(6, 0)


def test_stops_end_an_answer_before_them(batcher):
    said = wait(ask(batcher, prompt("Hello"), max_tokens=30))[1].answer.text
    stop = said[len(said) // 2 :][:3]
    pieces, finished = wait(ask(batcher, prompt("Hello"), max_tokens=30, stop=(stop,)))
    assert stop not in finished.answer.text and said.startswith(finished.answer.text)
    assert finished.answer.stop == "stop" and "".join(p.text for p in pieces) == finished.answer.text


def test_log_probabilities_are_the_models_own(model, batcher):
    pieces, finished = wait(ask(batcher, prompt("Hello"), logprobs=2, max_tokens=5))
    tokens = [token for piece in pieces for token in piece.tokens]
    ids = models.chat.render(model.tokenizer, prompt("Hello")).ids
    scores = batcher.between(lambda m: m.logits(ids)[-1].log_softmax(-1)).result(timeout=300)
    assert tokens[0].logprob == pytest.approx(float(scores.max()), abs=1e-3)
    assert len(tokens) == finished.usage.completion and len(tokens[0].rivals) == 2
    assert tokens[0].rivals[0][1] == pytest.approx(tokens[0].logprob, abs=1e-3)


def test_penalties_drive_repetition_out(batcher):
    plain = wait(ask(batcher, prompt("Hello"), max_tokens=40))[1].answer.raw.split()
    varied = wait(ask(batcher, prompt("Hello"), max_tokens=40, frequency_penalty=50.0))[1].answer.raw.split()
    assert len(set(varied)) / max(1, len(varied)) >= len(set(plain)) / max(1, len(plain))


def test_too_long_a_prompt_is_refused_and_the_others_go_on(model, batcher):
    others = ask(batcher, prompt("Hello"))
    with pytest.raises(TooLong, match=f"maximum context length is {model.context_tokens} tokens"):
        wait(ask(batcher, prompt("word " * 2 * model.context_tokens)))
    assert wait(others)[1].answer


def test_a_cancelled_answer_makes_room(batcher):
    box, row = ask(batcher, prompt("Hello"), max_tokens=10_000)
    box.get(timeout=60)
    row.cancelled = True
    assert wait(ask(batcher, prompt("Hello"), max_tokens=2))[1].usage.completion <= 2
    assert batcher.between(lambda m: 1).result(timeout=60) == 1


def test_what_breaks_in_one_step_ends_its_rows_alone(model, batcher, monkeypatch):
    whole = model.forward

    def broken(mounted, **inputs):
        if inputs["input_ids"].shape[1] == 1:
            raise RuntimeError("the card fell out")
        return whole(mounted, **inputs)

    monkeypatch.setattr(model, "forward", broken)
    with pytest.raises(RuntimeError, match="fell out"):
        wait(ask(batcher, prompt("Hello there you"), temperature=1.0, seed=1))
    monkeypatch.undo()
    assert wait(ask(batcher, prompt("Hello")))[1].answer


def test_jobs_between_answers_wait_until_nobody_does(batcher):
    seen = queue.Queue()
    running = ask(batcher, prompt("Hello"), max_tokens=20)
    batcher.when_idle(lambda model: 1 / 0)
    batcher.when_idle(lambda model: seen.put("idle"))
    assert wait(running)[1] and seen.get(timeout=60) == "idle"


def test_old_prefixes_fall_out_and_longer_ones_take_their_place():
    layer = [(torch.zeros(1, 1, 10, 4), torch.zeros(1, 1, 10, 4))]
    kept = Prefixes(most_bytes=600)
    kept.keep(("a",), range(10), layer)
    assert kept.longest(("a",), range(5))[0] == 5 and kept.longest(("b",), range(5))[0] == 0
    kept.keep(("a",), range(10, 20), layer)
    assert kept.longest(("a",), range(5)) == (0, [])
    kept.keep(("a",), range(10, 18), [(torch.zeros(1, 1, 8, 4), torch.zeros(1, 1, 8, 4))])
    assert kept.longest(("a",), range(10, 20))[0] == 10


def test_texts_become_vectors_of_one_length(model):
    first, again, other = embed(model, ["Hello there", "Hello there", "Something else"]).vectors
    assert first == again != other and sum(x * x for x in first) == pytest.approx(1.0, abs=1e-4)


def test_a_household_is_read_once_and_stays(model, batcher, tmp_path):
    household = [adapter(model, tmp_path / f"v-{seed}", seed=seed) for seed in range(8)]
    before = model._mounts._count
    for _ in range(2):
        for asked in [ask(batcher, prompt("Hello"), adapter=own, max_tokens=2) for own in household]:
            wait(asked)
    assert model._mounts._count == before + 8
