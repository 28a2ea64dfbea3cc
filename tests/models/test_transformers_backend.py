"""Answers do not depend on their batch, the base is never changed, adapters are what they claim to be."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest
import torch

from nightschool import models
from nightschool.errors import UserError
from nightschool.models import chat, mounts
from nightschool.records import Prompt
from tests import tiny
from tests.models.conversation import LATER, OFFER, QUESTION, RESULT, ROWS, said, user

PROMPTS = [OFFER, Prompt(messages=(user("Hi"),)), RESULT, QUESTION, LATER, Prompt(messages=(user("Who are you?"),))]


def weights_hash(model) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.network.named_parameters()):
        if "lora_" not in name:
            digest.update(name.replace(".base_layer", "").encode() + tensor.detach().numpy().tobytes())
    return digest.hexdigest()


def test_a_batch_answers_as_each_prompt_alone_in_the_given_order(model):
    together = model.answer(PROMPTS, max_tokens=24)
    assert together == [model.answer([prompt], max_tokens=24)[0] for prompt in PROMPTS]
    assert len({answer.raw for answer in together}) == len(PROMPTS)


def test_batches_that_memory_splits_answer_alike(model, monkeypatch):
    whole = model.answer(PROMPTS, max_tokens=12)
    monkeypatch.setattr("nightschool.models.transformers_backend.ROWS", 2)
    assert model.answer(PROMPTS, max_tokens=12) == whole


def test_rows_that_end_early_leave_the_batch_and_the_others_go_on(model):
    model._stops = frozenset(range(0, len(model.tokenizer), 3))
    together = model.answer(PROMPTS * 3, max_tokens=40)
    assert together == [model.answer([prompt], max_tokens=40)[0] for prompt in PROMPTS * 3]
    assert len({answer.tokens for answer in together}) > 1


def test_answers_are_what_transformers_generates(model):
    ids = chat.render(model.tokenizer, QUESTION).ids
    out = model.network.generate(
        torch.tensor([ids]), max_new_tokens=20, do_sample=False, eos_token_id=sorted(model._stops)
    )
    assert chat.parse(model.tokenizer, out[0, len(ids) :].tolist()) == model.answer([QUESTION], max_tokens=20)[0]


def test_sampling_depends_on_the_seed_and_the_prompt_and_not_on_the_batch(model):
    first = model.answer(PROMPTS, max_tokens=12, temperature=1.0, seed=5)
    assert model.answer(PROMPTS, max_tokens=12, temperature=1.0, seed=5) == first
    assert [model.answer([prompt], max_tokens=12, temperature=1.0, seed=5)[0] for prompt in PROMPTS] == first
    assert model.answer(PROMPTS, max_tokens=12, temperature=1.0, seed=6) != first
    twice = model.answer([QUESTION, QUESTION], max_tokens=12, temperature=1.0, seed=5)
    assert twice[0] != twice[1]


def test_streamed_pieces_join_to_the_answer(model):
    stream = model.stream(QUESTION, max_tokens=24)
    pieces = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            answer = end.value
            break
    assert answer == model.answer([QUESTION], max_tokens=24)[0]
    assert "".join(pieces) == answer.raw
    assert len(pieces) > 1


def test_a_stream_leaves_gradients_on_for_whoever_reads_it(model):
    for _ in model.stream(QUESTION, max_tokens=3):
        assert not torch.is_inference_mode_enabled()


def test_progress_counts_prompts(model):
    seen = []
    model.answer(PROMPTS, max_tokens=2, progress=seen.append)
    assert seen[-1] == len(PROMPTS)


def test_likelihood_is_the_sum_over_the_answer_alone(model, adapters):
    rows = list(ROWS.values())
    for adapter in (None, adapters[0]):
        found = model.likelihood(rows, adapter=adapter)
        for (prompt, answer), likelihood in zip(rows, found, strict=True):
            row = chat.render(model.tokenizer, prompt, answer=answer)
            logp = model.logits(row.ids, adapter=adapter).log_softmax(-1)
            wanted = sum(float(logp[at - 1, token]) for at, token in enumerate(row.ids) if row.mask[at])
            assert likelihood.total == pytest.approx(wanted, abs=1e-3)
            assert likelihood.tokens == sum(row.mask)


def test_a_likely_answer_is_likelier_than_another(model):
    said_by_it = model.answer([QUESTION], max_tokens=8)[0]
    best, other = model.likelihood([(QUESTION, said(said_by_it.raw)), (QUESTION, said("Bergen Bergen Bergen"))])
    assert best.mean > other.mean


def test_tokens_are_counted_as_they_are_served(model):
    assert model.count_tokens(QUESTION) == len(chat.render(model.tokenizer, QUESTION).ids)
    assert model.count_tokens(QUESTION, said("Yes.")) > model.count_tokens(QUESTION)


def test_a_prompt_over_the_context_is_refused_with_its_length(model):
    long = Prompt(messages=(user("weather " * 900),))
    for asked in (
        lambda: model.answer([long]),
        lambda: list(model.stream(long)),
        lambda: model.likelihood([(long, said("Yes"))]),
    ):
        with pytest.raises(UserError, match=r"tokens, but the base .* reads only 640"):
            asked()


def test_an_answer_ends_where_the_context_ends(model):
    filling = Prompt(messages=(user(" Oslo" * 608),))
    room = model.context_tokens - model.count_tokens(filling)
    assert 0 < room < 40
    answer = model.answer([filling], max_tokens=100)[0]
    assert answer.tokens <= room


def test_the_untouched_base_computes_the_same_bits_after_adapters_were_mounted(model, adapters):
    ids = chat.render(model.tokenizer, QUESTION).ids
    before, hashed = model.logits(ids), weights_hash(model)
    for adapter in adapters[:3]:
        assert not torch.equal(model.logits(ids, adapter=adapter), before)
        model.answer([QUESTION], adapter=adapter, max_tokens=3)
        assert torch.equal(model.logits(ids), before)
    assert weights_hash(model) == hashed


def test_using_a_base_writes_nothing_into_its_folder(base, model, adapters):
    before = {path: path.stat().st_mtime_ns for path in base.rglob("*")}
    model.answer([QUESTION], adapter=adapters[0], max_tokens=2)
    assert model.fingerprint == models.fingerprint(base)
    assert {path: path.stat().st_mtime_ns for path in base.rglob("*")} == before


def test_each_adapter_answers_as_on_a_base_of_its_own_however_they_are_switched(base, model, adapters):
    alone = [
        models.load(str(base), "cpu").answer(PROMPTS[:2], adapter=adapter, max_tokens=6) for adapter in adapters[:3]
    ]
    assert alone[0] != alone[1]
    for order in ((0, 1, 2), (2, 0, 1)):
        for index in order:
            assert model.answer(PROMPTS[:2], adapter=adapters[index], max_tokens=6) == alone[index]


def test_a_stream_keeps_its_adapter_while_another_one_is_used(model, adapters):
    wanted = model.answer([QUESTION], adapter=adapters[0], max_tokens=10)[0].raw
    stream = model.stream(QUESTION, adapter=adapters[0], max_tokens=10)
    said = next(stream)
    model.answer([QUESTION], adapter=adapters[1], max_tokens=2)
    assert said + "".join(stream) == wanted


def test_a_switch_that_is_interrupted_is_done_again(model, adapters, monkeypatch):
    ids = chat.render(model.tokenizer, QUESTION).ids
    before = model.logits(ids)
    own = model.logits(ids, adapter=adapters[0])
    model.logits(ids)
    switch_on = model._mounts._peft.base_model.set_adapter

    def interrupted(*given, **named):
        switch_on(*given, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(model._mounts._peft.base_model, "set_adapter", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.logits(ids, adapter=adapters[0])
    monkeypatch.undo()
    assert torch.equal(model.logits(ids), before)
    assert torch.equal(model.logits(ids, adapter=adapters[0]), own)


def test_more_adapters_than_may_stay_are_put_away_and_come_back(model, adapters, monkeypatch):
    monkeypatch.setattr(mounts, "MOST_BYTES", 0)
    ids = chat.render(model.tokenizer, QUESTION).ids
    before = model.logits(ids)
    first = [model.logits(ids, adapter=adapter) for adapter in adapters]
    assert len(model._mounts._mounted) == mounts.LEAST
    assert torch.equal(model.logits(ids, adapter=adapters[0]), first[0])
    assert torch.equal(model.logits(ids), before)


def test_the_hash_of_what_is_mounted_is_the_hash_of_the_folder(model, adapters):
    assert [model.mounted(adapter) for adapter in adapters[:3]] == [
        models.adapter_hash(adapter) for adapter in adapters[:3]
    ]
    assert len({models.adapter_hash(adapter) for adapter in adapters}) == len(adapters)


def test_the_hash_of_what_is_mounted_shows_a_tensor_that_was_changed_in_memory(model, adapters):
    model.mounted(adapters[0])
    weight = next(tensor for name, tensor in model.network.named_parameters() if "lora_B" in name)
    with torch.no_grad():
        weight[0, 0] += 1
    assert model.mounted(adapters[0]) != models.adapter_hash(adapters[0])


def test_a_folder_that_got_another_adapter_is_mounted_anew(model, adapters, tmp_path):
    folder = tmp_path / "adapter"
    shutil.copytree(adapters[0], folder)
    assert model.mounted(folder) == models.adapter_hash(adapters[0])
    shutil.rmtree(folder)
    shutil.copytree(adapters[1], folder)
    (folder / "adapter_model.safetensors").touch()
    assert model.mounted(folder) == models.adapter_hash(adapters[1])


def test_the_scale_of_an_adapter_is_part_of_its_hash(adapters, tmp_path):
    folder = tmp_path / "adapter"
    shutil.copytree(adapters[0], folder)
    settings = json.loads((folder / "adapter_config.json").read_text())
    (folder / "adapter_config.json").write_text(json.dumps(settings | {"lora_alpha": 99}))
    assert models.adapter_hash(folder) != models.adapter_hash(adapters[0])


def test_an_adapter_of_another_shape_is_refused_and_the_base_goes_on(model, adapters, tmp_path):
    ids = chat.render(model.tokenizer, QUESTION).ids
    before, own = model.logits(ids), model.logits(ids, adapter=adapters[0])
    other = tiny.adapter(tmp_path / "a", tiny.make(tmp_path / "gemma3", "gemma3"))
    with pytest.raises(UserError, match="does not fit this base"):
        model.answer([QUESTION], adapter=other)
    assert torch.equal(model.logits(ids), before)
    assert torch.equal(model.logits(ids, adapter=adapters[0]), own)


def test_an_adapter_whose_card_names_another_base_is_refused(model, adapters, tmp_path):
    folder = tmp_path / "v-0001" / "adapter"
    shutil.copytree(adapters[0], folder)
    (tmp_path / "v-0001" / "card.json").write_text(json.dumps({"base": "0" * 64}))
    with pytest.raises(UserError, match="was trained on another base"):
        model.answer([QUESTION], adapter=folder)
    (tmp_path / "v-0001" / "card.json").write_text(json.dumps({"base": model.fingerprint}))
    assert model.answer([QUESTION], adapter=folder, max_tokens=2)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: (folder / "adapter_model.safetensors").unlink(), "no adapter weights"),
        (lambda folder: (folder / "adapter_model.safetensors").write_bytes(b"oops"), "damaged or incomplete"),
        (lambda folder: (folder / "adapter_config.json").unlink(), "There is no adapter in"),
        (lambda folder: (folder / "adapter_config.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "adapter_config.json").write_text('{"peft_type": "LOHA"}'), "of type 'LOHA'"),
    ],
)
def test_a_damaged_adapter_is_refused_with_a_sentence(model, adapters, tmp_path, damage, sentence):
    folder = tmp_path / "adapter"
    shutil.copytree(adapters[0], folder)
    damage(folder)
    with pytest.raises(UserError, match=sentence):
        model.answer([QUESTION], adapter=folder)


def test_a_truncated_adapter_is_refused(model, adapters, tmp_path):
    folder = tmp_path / "adapter"
    shutil.copytree(adapters[0], folder)
    weights = folder / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(UserError, match="damaged or incomplete"):
        model.answer([QUESTION], adapter=folder)


def test_a_freed_model_holds_no_weights(base):
    import gc
    import weakref

    loaded = models.load(str(base), "cpu")
    loaded.answer([QUESTION], max_tokens=1)
    weight = weakref.ref(loaded.network.get_input_embeddings().weight)
    models.free(loaded)
    gc.collect()
    assert weight() is None
