"""A base of random weights in a size of one's choice: for measuring speed where no trained one is at hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
import transformers

from nightschool.models.base import PUPIL


def write(folder: Path, *, layers: int = 15, width: int = 768, heads: int = 12) -> Path:
    """Write a Llama of random weights, a hundred million with these sizes, in the small model's tokens."""
    folder.mkdir(parents=True)
    for file in PUPIL.glob("*.j*"):
        if file.name != "config.json":
            shutil.copy(file, folder)
    small = transformers.AutoConfig.from_pretrained(PUPIL)
    sizes = {
        "hidden_size": width, "intermediate_size": 2 * width + width // 2, "num_hidden_layers": layers,
        "num_attention_heads": heads, "num_key_value_heads": heads, "head_dim": width // heads,
    }  # fmt: skip
    torch.manual_seed(1)
    config = transformers.LlamaConfig(**small.to_dict() | sizes)
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return folder
