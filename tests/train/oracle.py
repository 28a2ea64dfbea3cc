"""The three losses and their loop in plain PyTorch: what TRL has to agree with."""

import math

import torch
import torch.nn.functional as F


def log_probs(model, pairs):
    width = max(len(prompt) + len(answer) for prompt, answer in pairs)
    ids = torch.zeros(len(pairs), width, dtype=torch.long)
    seen, mask = torch.zeros_like(ids), torch.zeros(len(pairs), width - 1)
    for i, (prompt, answer) in enumerate(pairs):
        ids[i, : len(prompt) + len(answer)] = torch.tensor([*prompt, *answer])
        seen[i, : len(prompt) + len(answer)] = 1
        mask[i, len(prompt) - 1 : len(prompt) + len(answer) - 1] = 1
    logits = model(input_ids=ids, attention_mask=seen).logits[:, :-1].float()
    picked = torch.log_softmax(logits, -1).gather(-1, ids[:, 1:, None])[..., 0]
    return (picked * mask).sum(-1), mask.sum(-1)


def with_reference(model, pairs):
    with torch.no_grad(), model.disable_adapter():
        reference, _ = log_probs(model, pairs)
    return (*log_probs(model, pairs), reference)


def sft(model, rows):
    total, tokens = log_probs(model, [(r.prompt, r.answer) for r in rows])
    return -total.sum() / tokens.sum()


def dpo(model, rows, beta=0.1, weight=1.0):
    good, tokens, good_before = with_reference(model, [(row.prompt, row.answer) for row in rows])
    bad, _, bad_before = with_reference(model, [(row.prompt, row.rejected) for row in rows])
    margin = (good - good_before) - (bad - bad_before)
    return -F.logsigmoid(beta * margin).mean() - weight * good.sum() / tokens.sum()


def kto(model, rows, beta=0.1, good_weight=1.0, bad_weight=1.0):
    now, _, before = with_reference(model, [(row.prompt, row.answer) for row in rows])
    with torch.no_grad():
        other, _, other_before = with_reference(model, [(r.prompt, rows[i - 1].answer) for i, r in enumerate(rows)])
    kl = (other - other_before).mean().clamp(min=0)
    labels = torch.tensor([bool(row.label) for row in rows])
    good, bad = 1 - torch.sigmoid(beta * (now - before - kl)), 1 - torch.sigmoid(beta * (kl - now + before))
    return torch.where(labels, good_weight * good, bad_weight * bad).mean()


def fit(model, loss, rows, *, rate, steps, warmup):
    """Take full-batch steps of AdamW with a warm-up and half a cosine; return each step's loss."""
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer, losses = torch.optim.AdamW(weights, lr=rate, weight_decay=0.0), []
    for step in range(steps):
        part = step / warmup if step < warmup else 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))
        optimizer.param_groups[0]["lr"] = rate * part
        optimizer.zero_grad()
        losses.append(value := loss(model, rows))
        value.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
    return [float(value.detach()) for value in losses]
