"""Read the start of a long prompt without gradient, and train on what follows.

Agents send thousands of tokens before the person's first word. Here all but the end of the prompt is
run once into the key-value cache and activations are kept for the rest alone. The loss is the same;
the gradient lacks what would flow through the adapter's effect on the carried tokens' own keys and
values, so it is an approximation, exact for the last layer's queries, outputs and MLP.
"""

from __future__ import annotations

import types
from typing import Any

import torch

from nightschool.train.rows import KEPT_PROMPT


def carry(network: Any) -> None:
    """Make a network whose fused head TRL has installed carry long prompts."""
    whole = network.forward

    def forward(self: Any, *, input_ids: Any, labels: Any = None, attention_mask: Any = None, **options: Any) -> Any:
        carried = 0 if labels is None or not options.get("fused_lm_head") else shared_prefix(labels)
        if not carried:
            return whole(input_ids=input_ids, labels=labels, attention_mask=attention_mask, **options)
        with torch.no_grad():
            read = self.base_model(input_ids=input_ids[:, :carried], use_cache=True)
        outputs = whole(
            input_ids=input_ids[:, carried:],
            labels=labels[:, carried:],
            attention_mask=attention_mask,
            past_key_values=read.past_key_values,
            **options,
        )
        return _padded(outputs, carried)

    network.forward = types.MethodType(forward, network)


def shared_prefix(labels: Any) -> int:
    """Count the tokens that every row of a batch can carry; labels are -100 where no loss falls.

    The token before the first supervised one is kept too: its output predicts that one.
    """
    first = (labels != -100).int().argmax(dim=1)
    return max(0, int(first.min()) - KEPT_PROMPT)


def _padded(outputs: Any, carried: int) -> Any:
    """Give per-token outputs their full width again, zero on the carried tokens as on all without loss."""
    for name in ("log_probs", "entropy", "mean_logits", "is_top1", "log_sum_sq_probs", "label_mask"):
        value = getattr(outputs, name)
        if value is not None:
            setattr(outputs, name, torch.nn.functional.pad(value, (carried, 0)))
    return outputs
