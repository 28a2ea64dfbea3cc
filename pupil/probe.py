"""A quick look at every ability during training: greedy answers equal to the expected text, found in one pass each.

Greedy decoding writes the expected answer exactly when each of its tokens is the likeliest after those before it.
"""

from __future__ import annotations

from collections import defaultdict

import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from nightschool.world import battery
from nightschool.world.battery import Item

SEED = 99


def exact(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, items: list[Item], rows: int = 32) -> list[bool]:
    """Tell for each item whether greedy decoding writes the expected answer to the letter."""
    pairs = []
    for item in items:
        prompt = tokenizer.apply_chat_template(
            item.messages, tools=item.tools or None, add_generation_prompt=True, tokenize=False
        )
        before = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        full = tokenizer(f"{prompt}{item.expected}<|im_end|>", add_special_tokens=False)["input_ids"]
        pairs.append((full, len(before)))
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]))
    found = [False] * len(pairs)
    for start in range(0, len(order), rows):
        part = order[start : start + rows]
        longest = max(len(pairs[i][0]) for i in part)
        ids = torch.tensor([pairs[i][0] + [0] * (longest - len(pairs[i][0])) for i in part])
        with torch.inference_mode():
            hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state
            for row, i in enumerate(part):
                full, begin = pairs[i]
                said = model.lm_head(hidden[row, begin - 1 : len(full) - 1]).argmax(-1)
                found[i] = bool((said == ids[row, begin : len(full)]).all())
    return found


def figures(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, per_kind: int = 60) -> dict[str, float]:
    """Give the share of exact answers for each kind of the battery."""
    items = battery.items(SEED, per_kind)
    model.eval()
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for item, right in zip(items, exact(model, tokenizer, items), strict=True):
        by_kind[item.kind].append(right)
    model.train()
    return {kind: round(sum(found) / len(found), 3) for kind, found in by_kind.items()}
