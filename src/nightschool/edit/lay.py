"""Laying the ground: read a base's keys over made-up talk and made-up facts, with edits off and the skill on."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from nightschool.edit import keys, passage
from nightschool.edit.ground import Ground, Parts
from nightschool.edit.passage import Anchor, Passage
from nightschool.edit.phrasing import Phrasing, of_world
from nightschool.edit.site import sites
from nightschool.edit.spread import Matrix, Spread, spread_of
from nightschool.edit.values import norms
from nightschool.models import chat
from nightschool.models.adapter import adapter_hash
from nightschool.records import Prompt
from nightschool.world import conversations, personal

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class GroundSettings:
    """How much is read, and how the parts weigh."""

    chats: int = 160
    chat_tokens: int = 384
    facts: int = 64
    contexts: int = 8
    unanswered: int = 400
    """Questions that nobody told the answer to."""
    rank: int = 256
    goal: float = 15.0
    """Wanted median of G_ii: a fact of its own is said to goal / (1 + goal)."""
    noise: float = 1.0
    near: float = 1.0
    seed: int = 41


USUAL = GroundSettings()


def made_up(count: int, seed: int) -> list[Phrasing]:
    """Word facts that nobody told, all about different things."""
    rng = random.Random(seed)
    seen: set[tuple[str, str]] = set()
    found: list[Phrasing] = []
    while len(found) < count:
        fact = personal.generate(rng, held_out=True)
        if fact.items or fact.km is not None or fact.key in seen:
            continue
        seen.add(fact.key)
        found.append(of_world(fact, rng.choice(personal.statements(fact))))
    return found


def usual_layers(depth: int) -> tuple[int, ...]:
    """The layers that are edited where nothing else was measured: two in the middle."""
    middle = depth // 2
    return (middle,) if depth < 4 else (middle, middle + 1)


def lay(
    model: TransformersModel,
    skill: Path | None = None,
    *,
    layers: Sequence[int] | None = None,
    anchors: Sequence[Anchor] = passage.ANCHORS,
    settings: GroundSettings = USUAL,
    progress: Progress | None = None,
) -> Ground:
    """Measure the ground of a base under a skill adapter.

    Raises UserError where the base has no module that an edit could change.
    """
    said = progress or (lambda sentence: None)
    found = sites(model.network)
    wanted = usual_layers(len(found)) if layers is None else tuple(layers)
    chosen = [found[layer] for layer in wanted]
    said("made-up facts")
    facts = made_up(settings.facts, settings.seed)
    contexts = passage.passages(model, facts, settings.contexts, skill=skill)
    near = _unanswered(model, settings)
    said("chat text")
    network = model.network_with(skill)
    talk = _talk(model, settings)
    everywhere = keys.everywhere(network, chosen, talk, [4] * len(talk))
    opening = keys.everywhere(network, chosen, near, [len(row) - 1 for row in near])
    at = keys.slots(network, chosen, contexts, anchors)
    said("weights")
    parts = {
        site.layer: _parts(everywhere[site.layer], opening[site.layer], at[site.layer], contexts, settings)
        for site in chosen
    }
    return Ground(
        base=model.fingerprint,
        skill=adapter_hash(skill) if skill else "",
        precision=model.precision,
        layers=wanted,
        anchors=tuple(anchors),
        modules={site.layer: site.name for site in chosen},
        parts=parts,
        norms=norms(network, chosen, contexts[:64], anchors),
    )


def _parts(
    everywhere: torch.Tensor,
    opening: torch.Tensor,
    at: torch.Tensor,
    contexts: Sequence[Passage],
    settings: GroundSettings,
) -> Parts:
    mean = keys.means(at, contexts)
    deviations = (at - mean[torch.tensor([row.fact for row in contexts])]).flatten(0, 1)
    columns = mean.flatten(0, 1)
    columns = columns[~columns.isnan().any(-1)].double().numpy().T
    parts = Parts(
        chat=spread_of(everywhere.numpy(), settings.rank),
        noise=spread_of(deviations[~deviations.isnan().any(-1)].numpy(), settings.rank // 2).times(settings.noise),
        near=spread_of(opening.numpy(), settings.rank // 2).times(settings.near),
        ridge=1.0,
    )
    ridge = calibrate(parts, columns, settings.goal)
    return Parts(chat=parts.chat, noise=parts.noise, near=parts.near, ridge=ridge)


def calibrate(parts: Parts, columns: Matrix, goal: float) -> float:
    """Find the λ at which the median of kᵀM⁻¹k over columns (d_in, n) is the goal, by bisection."""
    low, high = 1e-4, 1e6
    for _ in range(18):
        middle = float(np.sqrt(low * high))
        spread: Spread = Parts(chat=parts.chat, noise=parts.noise, near=parts.near, ridge=middle).whole()
        reached = float(np.median(np.einsum("ij,ij->j", columns, spread.inverse_times(columns))))
        low, high = (middle, high) if reached > goal else (low, middle)
    return float(np.sqrt(low * high))


def _talk(model: TransformersModel, settings: GroundSettings) -> list[list[int]]:
    """Render made-up conversations."""
    rng = random.Random(settings.seed + 1)
    rows: list[list[int]] = []
    while len(rows) < settings.chats:
        drawn = conversations.conversation(rng)
        prompt = Prompt(messages=tuple(drawn.messages[:-1]), tools=tuple(drawn.tools))
        try:
            rendered = chat.render(model.tokenizer, prompt, answer=drawn.messages[-1])
        except chat.PrefixError:
            continue
        rows.append(rendered.ids[: settings.chat_tokens])
    return rows


def _unanswered(model: TransformersModel, settings: GroundSettings) -> list[list[int]]:
    """Render made-up questions that nobody told the answer to."""
    rng = random.Random(settings.seed + 2)
    asked: dict[str, None] = {}
    while len(asked) < settings.unanswered:
        fact = personal.generate(rng, held_out=True)
        subject = rng.choice(personal.question_subjects(fact))
        asked[rng.choice(personal.questions(fact, subject, held_out=rng.random() < 0.3))] = None
    prompts = [Prompt(messages=({"role": "user", "content": question},)) for question in asked]
    return [chat.render(model.tokenizer, prompt).ids for prompt in prompts]
