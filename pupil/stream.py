"""The stream of training batches: generated conversations as token ids, of like length so that little is padded."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from transformers import PreTrainedTokenizerFast

from nightschool.world import conversations
from nightschool.world.conversations import Conversation

WINDOW = 64
"""Conversations tokenised together."""
STRIDE = 16
"""Rows are padded to a multiple of this, and one length has one number of rows: each new shape costs a kernel."""
LONGEST = 2304
"""Beyond the 2,048 tokens that pupil is to read, so that those are not the rarest."""
FIRST = 3.0
"""Weight of an answer's first token, which decides between knowing and not knowing."""
OTHER_SHARE = 0.15
"""Of the tokens that pupil does not say itself, the share that is predicted too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Rows padded on the right; `weights` is how much predicting each token counts."""

    ids: torch.Tensor  # (row, time)
    weights: torch.Tensor  # (row, time)
    positions: torch.Tensor  # (row, time)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One conversation as tokens, and which of them pupil says."""

    ids: list[int]
    own: list[float]
    """How much each token counts that pupil says itself, else 0."""
    turns: list[int]
    """Where each message begins."""


def encode(tokenizer: PreTrainedTokenizerFast, made: list[Conversation]) -> list[Row]:
    """Render and tokenise conversations, marking what the assistant says with the mark that ends it."""
    texts = [tokenizer.apply_chat_template(c.messages, tools=c.tools or None, tokenize=False) for c in made]
    start, end = tokenizer.convert_tokens_to_ids(["<|im_start|>", "<|im_end|>"])
    head = tokenizer("assistant\n", add_special_tokens=False)["input_ids"]
    return [_row(ids, start, end, head) for ids in tokenizer(texts, add_special_tokens=False)["input_ids"]]


def _row(ids: list[int], start: int, end: int, head: list[int]) -> Row:
    own, i = [0.0] * len(ids), 0
    while i < len(ids):
        if ids[i] == start and ids[i + 1 : i + 1 + len(head)] == head:
            i += 1 + len(head)
            first = i
            while ids[i] != end:
                own[i] = FIRST if i == first else 1.0
                i += 1
            own[i] = 1.0
        i += 1
    return Row(ids=ids, own=own, turns=[i for i, token in enumerate(ids) if token == start])


def batches(
    tokenizer: PreTrainedTokenizerFast,
    seed: str,
    tokens: int,
    long_share: float,
    mix: dict[str, int],
    other_weight: float,
    contrast_share: float = 0.0,
    skip_share: float = 0.0,
) -> Iterator[Batch]:
    """Yield batches of about so many tokens for ever.

    `long_share` of the tokens stand in long conversations; `contrast_share` of the others ask for what was told
    of one and of another; in `skip_share` of the rows the positions jump ahead between two messages, so that short
    rows too ask for what was told far away (PoSE, arXiv 2309.10400).
    """
    rng = random.Random(seed)
    waiting: dict[int, list[Row]] = {}
    while True:
        made = [
            conversations.contrast_conversation(rng)
            if rng.random() < contrast_share
            else conversations.conversation(rng, mix=mix)
            for _ in range(WINDOW)
        ]
        rows = encode(tokenizer, made)
        budget = sum(len(row.ids) for row in rows) * long_share / (1 - long_share)
        while budget > 0:
            long_ = encode(tokenizer, [conversations.long_conversation(rng, rng.randint(12, 38))])[0]
            budget -= len(long_.ids)
            rows += [long_] if len(long_.ids) <= LONGEST else []
        rng.shuffle(rows)
        for row in rows:
            stride = STRIDE if len(row.ids) <= 320 else 8 * STRIDE
            length = -(-len(row.ids) // stride) * stride
            same = waiting.setdefault(length, [])
            same.append(row)
            if len(same) >= max(1, tokens // length):
                yield _pad(waiting.pop(length), length, rng, other_weight, skip_share)


def _pad(rows: list[Row], longest: int, rng: random.Random, other_weight: float, skip_share: float) -> Batch:
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    weights = torch.zeros(len(rows), longest)
    positions = torch.arange(longest).repeat(len(rows), 1)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = torch.tensor(row.ids)
        chosen = [own or (other_weight if rng.random() < OTHER_SHARE else 0.0) for own in row.own]
        weights[i, : len(row.ids)] = torch.tensor(chosen)
        if rng.random() < skip_share:
            positions[i, rng.choice(row.turns) :] += rng.randint(0, max(0, LONGEST - longest))
    weights[:, 0] = 0.0
    return Batch(ids=ids, weights=weights, positions=positions)
