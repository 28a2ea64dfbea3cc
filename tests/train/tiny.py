"""A tiny base for training tests, made from nothing in two seconds, and rows in its language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightschool.records import Example, Prompt, to_json
from nightschool.train.job import Job

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TEXT = ["the river is far from the town", "in miles please", "12 km or 8 miles", "user assistant system", "yes no"]
PLACES = ("Olm", "Tarsk", "Velm", "Brin", "Sora", "Kett", "Munn", "Dral", "Hosk", "Pell", "Quorn", "Ruvi")


@dataclass
class Base:
    """What the trainer needs of a loaded base."""

    network: Any
    tokenizer: Any
    name: str = "tiny"
    fingerprint: str = "tiny-fingerprint"


def make_tokenizer() -> Any:
    """Build a byte-level BPE tokenizer with a ChatML template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    fast.chat_template = TEMPLATE
    return fast


def make_network(*, positions: int = 512, **changes: Any) -> Any:
    """Build a small Llama with seeded random weights."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    settings = {
        "vocab_size": 320, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": positions,
        "eos_token_id": 2, "bos_token_id": None, "pad_token_id": 0, "initializer_range": 0.2,
    }  # fmt: skip
    return LlamaForCausalLM(LlamaConfig(**(settings | changes)))


def make_base() -> Base:
    """Make a fresh base; equal every time."""
    return Base(network=make_network(), tokenizer=make_tokenizer())


def save_base(folder: Path) -> Path:
    """Write the base as a folder that `models.load` takes."""
    base = make_base()
    base.network.save_pretrained(folder)
    base.tokenizer.save_pretrained(folder)
    return folder


def question(place: str) -> Prompt:
    """Ask for one distance."""
    return Prompt(messages=({"role": "user", "content": f"How far is {place}?"},))


def says(text: str) -> dict[str, Any]:
    """One assistant message."""
    return {"role": "assistant", "content": text}


def row(objective: str, index: int, fields: dict[str, Any]) -> Example:
    """One row on the place of that number, with some fields changed."""
    prompt = question(PLACES[index % len(PLACES)])
    plain = {"id": f"{objective}{index}", "objective": objective, "prompt": prompt, "source": ("m",)}
    return Example(**(plain | fields))


def sft(index: int, **fields: Any) -> Example:
    """A row with one accepted answer."""
    text = f"{PLACES[index % len(PLACES)]} is {index + 3} miles away."
    return row("sft", index, {"chosen": says(text)} | fields)


def dpo(index: int, **fields: Any) -> Example:
    """A correction: miles instead of km on the same prompt."""
    pair = {"chosen": says(f"{index + 3} miles"), "rejected": says(f"{index + 5} km or so")}
    return row("dpo", index, pair | fields)


def kto(index: int, **fields: Any) -> Example:
    """A rated answer, good and bad by turns."""
    good = index % 2 == 0
    return row("kto", index, {"chosen": says(f"{index} {'miles' if good else 'km'}"), "label": good} | fields)


def write_rows(path: Path, examples: list[Example]) -> Path:
    """Write a dataset as one example per line."""
    path.write_text("".join(json.dumps(to_json(example)) + "\n" for example in examples), encoding="utf-8")
    return path


def job(dataset: Path | str = "rows.jsonl", base: Path | str = "tiny", **fields: Any) -> Job:
    """A short job on one thread."""
    settings = {
        "rank": 4,
        "epochs": 1,
        "batch": 4,
        "max_tokens": 400,
        "min_rows": 4,
        "max_minutes": 60.0,
        "device": "cpu",
    }
    return Job(base=str(base), dataset=str(dataset), dataset_hash="abc", **(settings | fields))
