"""Laying the ground: read a base's keys over made-up talk and made-up facts, with edits off and the skill on."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from nightschool.edit import keys, passage
from nightschool.edit.ground import Ground, Parts
from nightschool.edit.passage import Anchor, Passage
from nightschool.edit.phrasing import Phrasing, of_world
from nightschool.edit.site import Site, sites
from nightschool.edit.spread import spread_of
from nightschool.edit.values import norms
from nightschool.models import chat
from nightschool.models.adapter import adapter_hash
from nightschool.records import Prompt
from nightschool.world import conversations, facts, personal, wordings

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class GroundSettings:
    """How much is read, and how the parts weigh."""

    chats: int = 1200
    chat_tokens: int = 500
    """Longer conversations are left out."""
    general: int = 600
    """Questions of general knowledge, read with the base's own answers."""
    facts: int = 32
    contexts: int = 8
    unanswered: int = 600
    """Questions that nobody told the answer to."""
    rank: int = 1280
    goal: float = 3.0
    """What a column of its own is said to, as goal / (1 + goal): higher reaches further and disturbs more."""
    noise: float = 1.0
    near: float = 3.0
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
    near = _unanswered(model, settings, skill)
    said("chat text")
    talk = sorted(_talk(model, settings) + _general(model, settings, skill), key=lambda row: len(row[0]))
    network = model.network_with(skill)
    answers, unanswered = _read(network, chosen, talk), _read(network, chosen, near)
    lengths = torch.tensor([len(row) - opening for row, opening in talk])
    firsts = lengths.cumsum(0) - lengths
    at = keys.slots(network, chosen, contexts, anchors)
    said("weights")
    parts = {
        site.layer: _parts(answers[site.layer], firsts, unanswered[site.layer], at[site.layer], contexts, settings)
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
        goal=settings.goal,
    )


def _parts(
    talk: Tensor,
    firsts: Tensor,
    unanswered: Tensor,
    at: Tensor,
    contexts: Sequence[Passage],
    settings: GroundSettings,
) -> Parts:
    """Weigh what was read; keys where answers begin (`firsts`) count as much as all of the answers."""
    answers, beginnings = talk.numpy(), talk[firsts].numpy()
    both = np.concatenate([answers, beginnings * (len(answers) / len(beginnings)) ** 0.5])
    mean = keys.means(at, contexts)
    deviations = (at - mean[torch.tensor([row.fact for row in contexts])]).flatten(0, 1)
    return Parts(
        chat=spread_of(both, settings.rank),
        noise=spread_of(deviations[~deviations.isnan().any(-1)].numpy(), settings.rank // 2).times(settings.noise),
        near=spread_of(unanswered.numpy(), settings.rank // 2).times(settings.near),
    )


def _read(network: Any, chosen: Sequence[Site], rows: Sequence[tuple[list[int], int]]) -> dict[int, Tensor]:
    """Keys (tokens, d_in) of each row from where its answer begins."""
    found: dict[int, Tensor] = keys.everywhere(
        network, chosen, [row for row, _ in rows], [opening for _, opening in rows]
    )
    return found


def _talk(model: TransformersModel, settings: GroundSettings) -> list[tuple[list[int], int]]:
    """Render the answers of made-up conversations, each with where it begins."""
    rng = random.Random(settings.seed + 1)
    rows: list[tuple[list[int], int]] = []
    while len(rows) < settings.chats:
        drawn = conversations.conversation(rng)
        for place, message in enumerate(drawn.messages):
            if message["role"] != "assistant":
                continue
            prompt = Prompt(messages=tuple(drawn.messages[:place]), tools=tuple(drawn.tools))
            try:
                rendered = chat.render(model.tokenizer, prompt, answer=message)
            except chat.PrefixError:
                continue
            if len(rendered.ids) <= settings.chat_tokens:
                rows.append((rendered.ids, len(rendered.prompt_ids) - 1))
    return rows[: settings.chats]


def _general(model: TransformersModel, settings: GroundSettings, skill: Path | None) -> list[tuple[list[int], int]]:
    """Render questions of general knowledge with what the base itself answers to them."""
    rng = random.Random(settings.seed + 3)
    asked: dict[str, None] = {}
    while len(asked) < settings.general:
        asked[rng.choice(wordings.questions(rng.choice(facts.FACTS)))] = None
    return _answered(model, list(asked), skill)


def _unanswered(model: TransformersModel, settings: GroundSettings, skill: Path | None) -> list[tuple[list[int], int]]:
    """Render made-up questions that nobody told the answer to with what the base says to them."""
    rng = random.Random(settings.seed + 2)
    asked: dict[str, None] = {}
    while len(asked) < settings.unanswered:
        fact = personal.generate(rng, held_out=True)
        subject = rng.choice(personal.question_subjects(fact))
        asked[rng.choice(personal.questions(fact, subject, held_out=rng.random() < 0.3))] = None
    return _answered(model, list(asked), skill)


def _answered(model: TransformersModel, questions: Sequence[str], skill: Path | None) -> list[tuple[list[int], int]]:
    """Render questions with the model's own answers, each with where its answer begins."""
    prompts = [Prompt(messages=({"role": "user", "content": question},)) for question in questions]
    rendered = passage.answered(model, prompts, skill=skill, max_tokens=32)
    return [(each.ids, len(each.prompt_ids) - 1) for each in rendered]
