"""Every architecture is loaded, rendered for, trained for one step, saved, loaded again and answers."""

from __future__ import annotations

import pytest
import torch

from nightschool import models
from nightschool.errors import UserError
from nightschool.models import chat
from nightschool.records import Prompt
from tests import tiny
from tests.models.conversation import OFFER, QUESTION, RESULT, ROWS, user

TRAINED = [name for name in tiny.FAMILIES if name != "gpt2"]


def trained(base, folder, row: chat.Rendered, *, layers):
    """Train a LoRA adapter for one step on one row, save it, and return the trained network and the losses."""
    import peft
    import transformers

    network = transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    torch.manual_seed(0)
    settings = peft.LoraConfig(r=4, lora_alpha=8, target_modules=layers, task_type="CAUSAL_LM")
    network = peft.get_peft_model(network, settings)
    ids = torch.tensor([row.ids])
    labels = torch.where(torch.tensor([row.mask]) == 1, ids, -100)
    optimiser = torch.optim.AdamW([weight for weight in network.parameters() if weight.requires_grad], lr=1e-2)
    losses = []
    for _ in range(2):
        loss = network(input_ids=ids, labels=labels).loss
        losses.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    network.save_pretrained(folder)
    return network.eval(), losses


@pytest.mark.parametrize("name", [*TRAINED, "gpt2 with a template"])
def test_an_architecture_is_trained_and_served_with_the_same_logits(name, tmp_path):
    family, template = (name, None) if name in TRAINED else ("gpt2", tiny.FAMILIES["olmo2"].template)
    base = tiny.make(tmp_path / "base", family, template=template)
    model = models.load(str(base), "cpu")
    row = chat.render(model.tokenizer, *ROWS["tool call"][:1], answer=ROWS["tool call"][1])
    ids = torch.tensor([row.ids])

    # The base as saved and loaded computes what it did in memory.
    with torch.no_grad():
        torch.testing.assert_close(model.logits(row.ids), tiny.network(family)(input_ids=ids).logits[0])

    # All linear layers, but a mixture's experts, which are no layers of their own.
    layers = ["q_proj", "k_proj", "v_proj", "o_proj"] if family == "qwen3_moe" else "all-linear"
    untouched = model.logits(row.ids)
    network, losses = trained(base, tmp_path / "adapter", row, layers=layers)
    assert losses[1] < losses[0]
    served = model.logits(row.ids, adapter=tmp_path / "adapter")
    with torch.no_grad():
        torch.testing.assert_close(served, network(input_ids=ids).logits[0])
    assert not torch.allclose(served, untouched, atol=1e-3)
    assert model.mounted(tmp_path / "adapter") == models.adapter_hash(tmp_path / "adapter")
    assert torch.equal(model.logits(row.ids), untouched)

    # Served: left-padded, with a cache, as each alone; past the sliding window where there is one.
    prompts = [OFFER, QUESTION, RESULT, Prompt(messages=(user("Hi"),))]
    together = model.answer(prompts, adapter=tmp_path / "adapter", max_tokens=12)
    assert together == [model.answer([each], adapter=tmp_path / "adapter", max_tokens=12)[0] for each in prompts]
    whole = chat.render(model.tokenizer, QUESTION).ids
    for _ in range(4):
        whole.append(int(model.logits(whole).argmax(-1)[-1]))
    four = model.answer([QUESTION], max_tokens=4)[0]
    assert chat.parse(model.tokenizer, whole[-4:]).raw == four.raw
    assert "".join(model.stream(QUESTION, max_tokens=4)) == four.raw


def test_gpt2_without_a_chat_template_is_refused_with_what_to_do(tmp_path):
    base = tiny.make(tmp_path / "base", "gpt2")
    with pytest.raises(UserError, match="no chat template") as refused:
        models.load(str(base))
    assert "chat_template.jinja" in str(refused.value.hint)
