"""The plain loop that everything is measured against: transformers' own `generate`, one prompt after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch

from nightschool.models import chat
from nightschool.models.model import Adapter
from nightschool.records import Prompt

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel


def generate(model: TransformersModel, prompts: Sequence[Prompt], max_tokens: int, adapter: Adapter = None) -> int:
    """Answer prompts greedily and return how many tokens that made."""
    network = model.network_with(adapter)
    made = 0
    for prompt in prompts:
        ids = torch.tensor([chat.render(model.tokenizer, prompt).ids], device=network.device)
        with torch.inference_mode():
            out = network.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                max_new_tokens=max_tokens,
                eos_token_id=sorted(model.stops),
                pad_token_id=min(model.stops),
            )
        made += out.shape[1] - ids.shape[1]
    return made
