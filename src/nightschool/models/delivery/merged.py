"""A version as full weights: base and adapter added up, for servers that take no adapter."""

from __future__ import annotations

import shutil
from pathlib import Path

from nightschool.errors import UserError
from nightschool.models import base as bases

_ALONG = ("tokenizer*", "special_tokens_map.json", "chat_template*", "vocab.*", "merges.txt", "generation_config.json")


def write(adapter: Path, folder: Path, *, base: str) -> None:
    """Write a model folder of base and adapter in the base's own precision; UserError where the disk is too small."""
    source = bases.find(base)
    needed = sum(path.stat().st_size for path in bases.weights(source))
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed * 1.02:
        raise UserError(
            f"The full weights need {needed / 1e9:.1f} GB of disk, {free / 1e9:.1f} GB are free",
            hint="Deliver the adapter alone, or set `folder` under [deliver] in config.toml to a larger disk",
        )
    bases.offline()
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    network = AutoModelForCausalLM.from_pretrained(
        source, dtype="auto", use_safetensors=True, local_files_only=True, trust_remote_code=False
    )
    merged = PeftModel.from_pretrained(network, str(adapter)).merge_and_unload(safe_merge=True)
    merged.config._name_or_path = ""
    merged.save_pretrained(folder)
    for pattern in _ALONG:
        for file in source.glob(pattern):
            if not (folder / file.name).exists():
                shutil.copyfile(file, folder / file.name)
