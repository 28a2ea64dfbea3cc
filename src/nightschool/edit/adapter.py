"""From columns to a PEFT LoRA folder: the same set of columns gives the same folder, whatever their order."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nightschool.edit.columns import Columns
from nightschool.edit.ground import Ground
from nightschool.edit.solve import Factors, joint, pad

STEP = 32
"""Ranks grow in steps, so that a new fact seldom changes the shape of what is mounted."""


def factors(columns: Sequence[Columns], ground: Ground) -> dict[int, Factors]:
    """Solve all columns jointly, layer by layer."""
    return {layer: joint(*stacked(columns, layer), ground.spreads[layer], ground.goal) for layer in ground.layers}


def stacked(columns: Sequence[Columns], layer: int) -> tuple[np.ndarray, np.ndarray]:
    """Keys (d_in, n) and wanted changes (d_out, n) of one layer, float64."""
    keys = np.concatenate([each.keys[layer] for each in columns]).astype(np.float64)
    wanted = np.concatenate([each.wanted[layer] for each in columns]).astype(np.float64)
    return keys.T, wanted.T


def write(folder: Path, solved: dict[int, Factors], ground: Ground) -> Path:
    """Write factors as a LoRA adapter with alpha = rank, whole or not at all, and return its folder."""
    from safetensors.numpy import save_file

    rank = -(-max(each.rank for each in solved.values()) // STEP) * STEP
    tensors = {}
    for layer, each in solved.items():
        a, b = pad(each, rank)
        stem = f"base_model.model.{ground.modules[layer]}"
        tensors[f"{stem}.lora_A.weight"] = np.ascontiguousarray(a, dtype=np.float32)
        tensors[f"{stem}.lora_B.weight"] = np.ascontiguousarray(b, dtype=np.float32)
    partial = folder.with_name(f"{folder.name}-{uuid.uuid4().hex}.partial")
    partial.mkdir(parents=True, mode=0o700)
    try:
        save_file(tensors, str(partial / "adapter_model.safetensors"))
        _write_json(partial / "adapter_config.json", settings(rank, ground))
        _write_json(partial / "card.json", {"base": ground.base, "skill": ground.skill, "ground": ground.id})
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def settings(rank: int, ground: Ground) -> dict[str, object]:
    """The adapter's settings in PEFT's form; the scale is 1."""
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": ground.base,
        "inference_mode": True,
        "r": rank,
        "lora_alpha": rank,
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": sorted(ground.modules.values()),
    }


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")
