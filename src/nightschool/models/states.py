"""One vector per text from a base: its last hidden states, averaged over the tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch

from nightschool.models.generation import Embedded

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel


def embed(model: TransformersModel, texts: Sequence[str]) -> Embedded:
    """Return vectors of length 1, from the untouched base; what does not fit its context is left off."""
    network = model.network_with(None)
    vectors, read = [], 0
    for text in texts:
        ids = model.tokenizer(text or " ", add_special_tokens=False)["input_ids"][: model.context_tokens]
        read += len(ids)
        row = torch.tensor([ids or [0]], device=network.device)
        with torch.inference_mode():
            states = network(input_ids=row, output_hidden_states=True, logits_to_keep=1).hidden_states[-1][0]
        mean = states.float().mean(0)  # (width,)
        vectors.append(torch.nn.functional.normalize(mean, dim=0).tolist())
    return Embedded(vectors=vectors, tokens=read)
