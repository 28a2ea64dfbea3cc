"""Read a base's parts with transformers: settings, tokenizer, weights; each failure is a sentence."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import torch

from nightschool.errors import UserError
from nightschool.models import base

base.offline()
import transformers  # noqa: E402


def device(wanted: str) -> torch.device:
    """Return the device of that name, the fastest there is for `auto`."""
    if wanted == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        return torch.empty(0, device=wanted).device
    except (RuntimeError, AssertionError) as error:
        raise UserError(
            f"This machine has no device {wanted!r}", hint='Set `device = "auto"` under [base] in config.toml'
        ) from error


def config(folder: Path) -> Any:
    """Return the settings of a causal language model that transformers has built in."""
    try:
        found = transformers.AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise UserError(
            f"The model in {str(folder)!r} is of a kind that transformers {transformers.__version__} does not know: "
            f"{str(error).splitlines()[0]}",
            hint="Code from a model folder is never run: choose a base that transformers has built in",
        ) from error
    if type(found) not in transformers.AutoModelForCausalLM._model_mapping:
        raise UserError(
            f"The model in {str(folder)!r} is of type {found.model_type!r}, which is no causal language model",
            hint="Choose a base that continues text, such as Llama, Qwen, Gemma or Mistral",
        )
    return found


def tokenizer(folder: Path) -> Any:
    """Return the tokenizer."""
    try:
        return transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        # Tokenizer files fail in as many ways as there are kinds of them.
        raise UserError(
            f"The tokenizer in {str(folder)!r} cannot be read: {str(error).splitlines()[0]}",
            hint="Download the base again",
        ) from error


def weights(folder: Path, settings: Any, where: torch.device, bits: int = 0) -> Any:
    """Return the network, in 32 bits on a CPU and in bfloat16 elsewhere, with every tensor from the files.

    With `bits` of 4 (NF4) or 8 its linear layers are kept in so many, the rest as above.
    """
    dtype = torch.float32 if where.type == "cpu" else torch.bfloat16
    _refuse_too_large(folder, settings, dtype, where, bits)
    squeezed = _squeezed(settings, dtype, where, bits) if bits else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model, info = transformers.AutoModelForCausalLM.from_pretrained(
                folder, config=settings, dtype=dtype, use_safetensors=True, local_files_only=True,
                trust_remote_code=False, output_loading_info=True, **squeezed,
            )  # fmt: skip
    except Exception as error:
        # From a cut-off file to a missing quantisation library: the sentence tells, the cause is chained.
        raise UserError(
            f"The weights in {str(folder)!r} cannot be loaded: {str(error).splitlines()[0]}",
            hint="Download the base again, or choose another one",
        ) from error
    for module in model.modules() if bits else ():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            # bitsandbytes' packed form for such processors passes no gradient back and takes few widths.
            module.support_avx512bf16_for_cpu = False
    wrong = [*info["missing_keys"], *(entry[0] for entry in info["mismatched_keys"])]
    if wrong:
        raise UserError(
            f"The weights in {str(folder)!r} do not fit its `config.json`: {len(wrong)} tensors, such as {wrong[0]!r}",
            hint="Settings and weights are of different models: download the base again",
        )
    return model


def _squeezed(settings: Any, dtype: torch.dtype, where: torch.device, bits: int) -> dict[str, Any]:
    """What transformers is told so that bitsandbytes keeps the linear layers in few bits."""
    from importlib.util import find_spec

    if getattr(settings, "quantization_config", None):
        raise UserError(
            "This base's weights are kept in few bits already", hint="Name it without `:4bit` or `:8bit` behind"
        )
    if where.type == "mps":
        raise UserError(
            f"bitsandbytes does not keep weights in {bits} bits on Apple's chips",
            hint="Name the base without `:4bit` or `:8bit`, or a smaller one",
        )
    if find_spec("bitsandbytes") is None:
        raise UserError(
            f"Keeping a base in {bits} bits needs bitsandbytes", hint='Install it: `pip install "nightschool[cuda]"`'
        )
    few = transformers.BitsAndBytesConfig(
        load_in_4bit=bits == 4, load_in_8bit=bits == 8, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype,
    )  # fmt: skip
    return {"quantization_config": few, "device_map": {"": where}}


def _refuse_too_large(folder: Path, settings: Any, dtype: torch.dtype, where: torch.device, bits: int) -> None:
    """Say beforehand what the system would end by killing the process."""
    stored = getattr(settings, "dtype", None) or torch.bfloat16
    wide = bits / 8 if bits else dtype.itemsize
    needed = sum(path.stat().st_size for path in base.weights(folder)) * wide / stored.itemsize
    if where.type == "cuda":
        there = torch.cuda.get_device_properties(where).total_memory
    elif hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    else:
        return
    if needed > there:
        raise UserError(
            f"The weights in {str(folder)!r} need {needed / 1e9:.0f} GB of memory, the device has {there / 1e9:.0f} GB",
            hint="Choose a smaller base",
        )
