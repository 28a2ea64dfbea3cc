"""pupil as it ships, loaded once, and a way to hear it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerFast

import nightschool
from nightschool.world.battery import Item

FOLDER = Path(nightschool.__file__).parent / "pupil"


class Says(Protocol):
    """Answer each item greedily."""

    def __call__(self, items: list[Item]) -> list[str]: ...


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    return AutoTokenizer.from_pretrained(FOLDER)


@pytest.fixture(scope="session")
def model() -> PreTrainedModel:
    return AutoModelForCausalLM.from_pretrained(FOLDER).eval()


@pytest.fixture(scope="session")
def says(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> Says:
    def answer(items: list[Item]) -> list[str]:
        prompts = [
            tokenizer.apply_chat_template(
                item.messages, tools=item.tools or None, add_generation_prompt=True, tokenize=False
            )
            for item in items
        ]
        batch = tokenizer(prompts, add_special_tokens=False, padding=True, padding_side="left", return_tensors="pt")
        with torch.inference_mode():
            out = model.generate(**batch, max_new_tokens=48, do_sample=False)
        return tokenizer.batch_decode(out[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)

    return answer
