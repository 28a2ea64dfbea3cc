"""The adapter: which weights get one, and how it is written down.

Plain LoRA only (integer alpha, no dropout, no rsLoRA, no DoRA, no whole modules), because every
converter downstream takes that and some silently mis-scale the rest. No file of the folder names a
path, a user or a time, so equal trainings give equal files.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model

from nightschool.train.job import Job
from nightschool.train.trained import Refused

_EXPERTS = ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts")
_ATTENTION = re.compile(r"(^|\.)(self_attn|self_attention|attn|attention)\.")


def attach(network: Any, job: Job) -> PeftModel:
    """Put a fresh LoRA adapter on every linear layer, or on attention alone for a mixture of experts.

    A job that goes on from an older adapter gets that one instead.
    """
    if job.onto:
        return PeftModel.from_pretrained(network, job.onto, is_trainable=True)  # type: ignore[no-any-return]
    config = LoraConfig(
        r=job.rank,
        lora_alpha=2 * job.rank,
        lora_dropout=0.0,
        bias="none",
        target_modules=targets(network),
        task_type="CAUSAL_LM",
    )
    return get_peft_model(network, config)  # type: ignore[no-any-return]


def targets(network: Any) -> list[str]:
    """Name the layers that get an adapter, the output layer never."""
    config = network.config.get_text_config()
    mixture = any((getattr(config, name, 0) or 0) > 1 for name in _EXPERTS)
    head = network.get_output_embeddings()
    layers = [
        name
        for name, module in network.named_modules()
        if (isinstance(module, torch.nn.Linear) or type(module).__name__ == "Conv1D") and module is not head
    ]
    chosen = {name.rsplit(".", 1)[-1] for name in layers if not mixture or _ATTENTION.search(name)}
    if not chosen:
        raise Refused("This base has no linear layer that an adapter could be put on")
    return sorted(chosen)


def check(model: Any) -> None:
    """Refuse weights that are not finite, or that training left where they began."""
    norms = [weight.detach().norm().item() for name, weight in model.named_parameters() if ".lora_B." in name]
    if not all(math.isfinite(norm) for norm in norms):
        raise Refused("The trained weights are not finite")
    if not any(norms):
        raise Refused("Training left the weights where they were")


def save(model: Any, folder: Path, *, base: str, card: str) -> str:
    """Write the adapter folder and return the hash of its weights."""
    model.save_pretrained(str(folder), selected_adapters=["default"], save_embedding_layers=False)
    return tidy(folder, base=base, card=card)


def tidy(folder: Path, *, base: str, card: str) -> str:
    """Leave settings, weights and card alone in an adapter folder, readable, and return the hash of its weights."""
    config_file, weights = folder / "adapter_config.json", folder / "adapter_model.safetensors"
    config = json.loads(config_file.read_text(encoding="utf-8"))
    config |= {"base_model_name_or_path": base, "revision": None, "target_modules": sorted(config["target_modules"])}
    config_file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(card, encoding="utf-8")
    for stray in set(folder.iterdir()) - {config_file, weights, folder / "README.md"}:
        stray.unlink()
    for file in folder.iterdir():
        file.chmod(0o644)  # safetensors writes 0600, which a server under another user could not read
    return hashlib.sha256(weights.read_bytes()).hexdigest()


def card(job: Job, *, base: str, fingerprint: str, rows: Mapping[str, int], versions: Mapping[str, str]) -> str:
    """Describe an adapter: what it was made from and with, and nothing of what it says."""
    trained = ", ".join(f"{count} {objective.upper()}" for objective, count in rows.items() if count)
    beginning = "an older adapter" if job.onto else "the base"
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"""---
library_name: peft
pipeline_tag: text-generation
---
# A nightschool adapter

LoRA of rank {job.rank} on `{base}`, trained from {beginning}. It is private: it was made from one person's talks.

| | |
|---|---|
| base | `{base}`, fingerprint `{fingerprint}` |
| dataset | `{job.dataset_hash}` |
| rows | {trained} |
| seed | {job.seed} |
| packages | {packages} |

It belongs on exactly this base; on another one it means nothing.
"""
