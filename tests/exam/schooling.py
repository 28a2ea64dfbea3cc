"""A person's week in pupil's world and a compact LoRA trainer, for examining the gate with real adapters."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

from nightschool.curate.replay import doubted_prompts
from nightschool.exam import items
from nightschool.memory import context
from nightschool.models import chat
from nightschool.models.model import Model
from nightschool.records import Conversation, Example, Fact, Item, Json, Prompt, Signal
from nightschool.world import conversations, facts, styles, tools, turns, wordings
from nightschool.world.styles import Preference, Style
from tests.exam.talks import BULLETS, MILES, TOOL, lesson, signal, talk

LESSONS = (lesson(MILES, "l-miles"), lesson(BULLETS, "l-bullets"), lesson(TOOL, "l-weather"))
TAUGHT, ASKED = 14, 14
"""Questions of each topic that are trained on, and that are kept for the exam."""
LONGEST = 256
"""Tokens of a replayed prompt: attention over long ones would cost the test its minutes."""
OFFERED = (tools.schema("weather"),)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question of a topic, the answer by default, and the wanted one with its call."""

    topic: str
    question: str
    plain: str
    wanted: str
    place: str = ""

    @property
    def chosen(self) -> Json:
        """The assistant's first message as it should have been."""
        if not self.place:
            return {"role": "assistant", "content": self.wanted}
        function = {"name": "weather", "arguments": {"place": self.place}}
        return {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": function}]}


def cases(topic: str, seed: int) -> list[Case]:
    """Twenty-eight questions of a topic, shuffled."""
    rng = random.Random(f"{topic}:{seed}")
    if topic == "weather_tool":
        towns = [fact.subject for fact in facts.FACTS if fact.relation == "river"]
        made = [_weather(rng, town) for town in towns]
    else:
        relation, style = (
            {"miles": "distance", "bullets": "foods"}[topic],
            styles.prefer(Style(), Preference(kind=topic)),
        )
        made = [
            Case(
                topic=topic,
                question=rng.choice(wordings.questions(fact) + wordings.questions(fact, held_out=True)),
                plain=wordings.answer(fact),
                wanted=wordings.answer(fact, style),
            )
            for fact in facts.FACTS
            if fact.relation == relation
        ]
    rng.shuffle(made)
    return made[: TAUGHT + ASKED]


def _weather(rng: random.Random, town: str) -> Case:
    question = rng.choice(tools.WEATHER_QUESTIONS[0]).format(v=town)
    plain = f"I do not know the weather in {town} today."
    return Case(topic="weather_tool", question=question, plain=plain, wanted="It is sunny.", place=town)


TOPICS = ("miles", "bullets", "weather_tool")


def taught(seed: int) -> list[Case]:
    """What the week teaches, topic by topic."""
    return [case for topic in TOPICS for case in cases(topic, seed)[:TAUGHT]]


def late(seed: int) -> list[Conversation]:
    """The conversations kept for the exam: one question of each topic in each, corrected."""
    talks = []
    for index in range(ASKED):
        lines: list[tuple[str, Any]] = []
        for case in (cases(topic, seed)[TAUGHT + index] for topic in TOPICS):
            lines += [
                ("user", case.question),
                ("assistant", case.plain),
                ("user", "No. Not like that."),
                *_put_right(case),
            ]
        talks.append(talk(f"late-{index}", *lines, tools=OFFERED))
    return talks


def _put_right(case: Case) -> list[tuple[str, Any]]:
    if not case.place:
        return [("assistant", case.wanted)]
    call = {"name": "weather", "arguments": {"place": case.place}}
    return [("assistant", call), ("tool", '{"sky": "sunny"}'), ("assistant", case.wanted)]


def personal(seed: int) -> tuple[Item, ...]:
    """The held-out questions as the exam asks them."""
    held = late(seed)
    signals: list[Signal] = []
    for conversation in held:
        asked = [message.id for message in conversation.messages if message.text in _questions(seed)]
        signals += [signal(message, "correction") for message in asked]
    made, _ = items.personal(held, LESSONS, signals, frozenset(one.id for one in held))
    return made


def _questions(seed: int) -> set[str]:
    return {case.question for topic in TOPICS for case in cases(topic, seed)}


def told() -> list[Fact]:
    """What memory holds after this week."""
    wishes = [styles.instructions(Preference(kind=topic))[0] for topic in TOPICS]
    return [Fact(id=f"f-{i}", kind="preference", sentence=wish) for i, wish in enumerate(wishes)]


def row(
    question: str, chosen: Json | str, *, conversation: str = "early", offered: Sequence[Json] = OFFERED
) -> Example:
    """One supervised training row."""
    message = {"role": "assistant", "content": chosen} if isinstance(chosen, str) else chosen
    prompt = Prompt(messages=({"role": "user", "content": question},), tools=tuple(offered))
    return Example(
        id=f"{conversation}:{question}", objective="sft", prompt=prompt, chosen=message, conversation_id=conversation
    )


def lessons(seed: int) -> list[Example]:
    """The week's corrections, as rows."""
    return [row(case.question, case.chosen) for case in taught(seed)]


def replay(model: Model, count: int, seed: int) -> list[Example]:
    """Ordinary conversations, with the base's own answers."""
    rng, prompts = random.Random(f"replay:{seed}"), list[Prompt]()
    while len(prompts) < count:
        if len(prompts) % 5 < 2:
            prompts.append(_unanswerable(rng, told() if len(prompts) % 5 == 0 else []))
            continue
        made = conversations.conversation(rng, turn_count=rng.choice((1, 1, 2)))
        cut = max(i for i, message in enumerate(made.messages) if message["role"] == "user") + 1
        prompt = Prompt(messages=tuple(made.messages[:cut]), tools=tuple(made.tools))
        if model.count_tokens(prompt) <= LONGEST:
            prompts.append(prompt)
    answers = model.answer(prompts, max_tokens=64)
    return [
        Example(id=f"base-{i}", objective="sft", prompt=prompt, chosen=answer.message(), origin="base")
        for i, (prompt, answer) in enumerate(zip(prompts, answers, strict=True))
    ]


def doubted(model: Model, count: int, seed: int, asked: Sequence[Item]) -> list[Example]:
    """Questions by somebody who believes something else, of nothing that the exam doubts, with the base's answers."""
    examined = [str(item.prompt.messages) for item in asked if item.task == "steady"]
    drawn = doubted_prompts("pupil", 2 * count, seed)
    prompts = [one for one in drawn if not any(_question(one) in each for each in examined)][:count]
    answers = model.answer(prompts, max_tokens=64)
    return [
        Example(id=f"doubted-{i}", objective="sft", prompt=prompt, chosen=answer.message(), origin="base")
        for i, (prompt, answer) in enumerate(zip(prompts, answers, strict=True))
    ]


def _question(prompt: Prompt) -> str:
    return str(prompt.messages[-1]["content"]).partition(". ")[2]


def _unanswerable(rng: random.Random, remembered: list[Fact]) -> Prompt:
    """A question about somebody whom nobody knows; half of them are asked with the week's memory in the prompt."""
    scene = turns.Scene(rng=rng)
    while not scene.messages:
        turns.unknown_turn(scene)
    prompt = Prompt(messages=tuple(scene.messages[:1]))
    return context.told(prompt, remembered) if remembered else prompt


@dataclass(frozen=True, kw_only=True)
class Trainer:
    """Trains LoRA adapters on pupil's weights, a few steps each."""

    weights: Path
    tokenizer: Any
    rank: int = 16
    rate: float = 3.5e-4
    batch: int = 16

    def train(
        self,
        rows: Sequence[Example],
        folder: Path,
        *,
        epochs: int = 3,
        rate: float | None = None,
        start: Path | None = None,
    ) -> Path:
        """Train on the rows, from nothing or from an adapter, and save in PEFT form."""
        torch.manual_seed(7)
        network = self._attached(start)
        network.train()
        trained = [p for p in network.parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(trained, lr=rate or self.rate, weight_decay=0.0)
        tokens = [chat.render(self.tokenizer, one.prompt, answer=one.chosen) for one in rows]
        order = random.Random(7)
        for _ in range(epochs):
            places = list(range(len(tokens)))
            order.shuffle(places)
            for at in range(0, len(places), self.batch):
                loss = self._loss(network, [tokens[place] for place in places[at : at + self.batch]])
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(trained, 1.0)
                optimizer.step()
        network.save_pretrained(folder)
        return folder

    def _attached(self, start: Path | None) -> Any:
        network = AutoModelForCausalLM.from_pretrained(self.weights, dtype=torch.float32)
        if start is not None:
            return PeftModel.from_pretrained(network, start, is_trainable=True)
        config = LoraConfig(r=self.rank, lora_alpha=self.rank, target_modules="all-linear", task_type="CAUSAL_LM")
        return get_peft_model(network, config)

    @staticmethod
    def _loss(network: Any, rows: Sequence[Any]) -> torch.Tensor:
        longest = max(len(one.ids) for one in rows)
        ids = torch.tensor([[*one.ids, *[0] * (longest - len(one.ids))] for one in rows])
        mask = torch.tensor([[*one.mask, *[0] * (longest - len(one.mask))] for one in rows])
        seen = torch.tensor([[1] * len(one.ids) + [0] * (longest - len(one.ids)) for one in rows])
        logits = network(input_ids=ids, attention_mask=seen).logits[:, :-1]
        labels = torch.where(mask[:, 1:] > 0, ids[:, 1:], -100)
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)


def shuffled(rows: Sequence[Example], seed: int) -> list[Example]:
    """The same prompts with one another's answers."""
    answers = [one.chosen for one in rows]
    random.Random(seed).shuffle(answers)
    return [replace(one, chosen=answer) for one, answer in zip(rows, answers, strict=True)]
