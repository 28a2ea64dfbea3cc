"""Tiny models with random weights, one of each architecture, with a tokenizer and a chat template of its family.

`make(folder, "qwen3")` writes a model folder as it would come from a hub, in well under a second.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

_TEXT = [
    "system user assistant tool model You are a kind and helpful assistant. Answer in one word.",
    "What is the weather in Oslo today? It is rainy in Oslo. Use the weather tool for Oslo and for Bergen.",
    '{"name": "weather", "arguments": {"place": "Oslo"}} <tool_call> </tool_call> <think> </think>',
    "I should look it up, she said. Yes, I know.",
    "How far is it from Oslo to Bergen? It is 304 miles. Give me distances in miles, please. 0 1 2 3 4 5 6 7 8 9",
]

_MISTRAL = (
    "{{ bos_token }}{% if messages[0].role == 'system' %}{% set system = messages[0].content %}"
    "{% set messages = messages[1:] %}{% endif %}"
    "{% set ns = namespace(index=0) %}{% for m in messages %}"
    "{% if m.role == 'user' or (m.role == 'assistant' and not m.tool_calls) %}"
    "{% if (m.role == 'user') != (ns.index % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}"
    "{% set ns.index = ns.index + 1 %}{% endif %}{% if m.role == 'user' %}{% set ns.asked = loop.index0 %}{% endif %}"
    "{% endfor %}"
    "{% for m in messages %}{% if m.role == 'user' %}"
    "{% if tools and loop.index0 == ns.asked %}[AVAILABLE_TOOLS] {{ tools | tojson }}[/AVAILABLE_TOOLS]{% endif %}"
    "[INST] {% if loop.first and system is defined %}{{ system }}\n\n{% endif %}{{ m.content }}[/INST]"
    "{% elif m.tool_calls %}[TOOL_CALLS] [{% for call in m.tool_calls %}"
    "{% if call.id | length != 9 %}{{ raise_exception('ids have nine letters') }}{% endif %}"
    '{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}, "id": "{{ call.id }}"}'
    "{% if not loop.last %}, {% endif %}{% endfor %}]{{ eos_token }}"
    "{% elif m.role == 'assistant' %} {{ m.content }}{{ eos_token }}"
    "{% elif m.role == 'tool' %}[TOOL_RESULTS] "
    '{"content": {{ m.content | tojson }}, "call_id": "{{ m.tool_call_id }}"}[/TOOL_RESULTS]'
    "{% else %}{{ raise_exception('unknown role') }}{% endif %}{% endfor %}"
)
_OLMO = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}<|system|>\n{{ m.content }}\n"
    "{% elif m.role == 'user' %}<|user|>\n{{ m.content }}\n"
    "{% elif m.role == 'assistant' %}<|assistant|>\n{{ m.content }}{{ eos_token }}{% if not loop.last %}\n{% endif %}"
    "{% endif %}{% if loop.last and add_generation_prompt %}<|assistant|>\n{% endif %}{% endfor %}"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """How one architecture is written small."""

    config: str
    """Name of the configuration class in transformers."""
    template: str | None
    """A template's text, a file of TRL's collection, or None."""
    bos: str | None
    eos: str
    special: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    """Tokens that are added but not special, as Qwen's `<tool_call>`."""
    metaspace: bool = False
    """A tokenizer as SentencePiece makes it; byte-level otherwise."""
    settings: tuple[tuple[str, Any], ...] = ()


_EOT = "<|endoftext|>"
_CHATML = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
_LLAMA = ("<|begin_of_text|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|python_tag|>")
_MOE = (("num_experts", 4), ("num_experts_per_tok", 2), ("moe_intermediate_size", 32), ("norm_topk_prob", True))

FAMILIES: dict[str, Family] = {
    "llama": Family(config="LlamaConfig", template="llama3_1.jinja", bos=_LLAMA[0], eos=_LLAMA[1], special=_LLAMA),
    "qwen2": Family(
        config="Qwen2Config", template="qwen2_5.jinja", bos=None, eos="<|im_end|>", special=_CHATML,
        added=("<tool_call>", "</tool_call>"),
    ),
    "qwen3": Family(
        config="Qwen3Config", template="qwen3.jinja", bos=None, eos="<|im_end|>", special=_CHATML,
        added=("<tool_call>", "</tool_call>", "<think>", "</think>"),
    ),
    "gemma3": Family(
        config="Gemma3TextConfig", template="gemma3.jinja", bos="<bos>", eos="<eos>",
        special=("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"), metaspace=True,
        settings=(("head_dim", 16), ("sliding_window", 24), ("layer_types", ["sliding_attention", "full_attention"])),
    ),
    "mistral": Family(
        config="MistralConfig", template=_MISTRAL, bos="<s>", eos="</s>", metaspace=True,
        settings=(("sliding_window", 24),),
        special=("<s>", "</s>", "[INST]", "[/INST]", "[TOOL_CALLS]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]",
                 "[TOOL_RESULTS]", "[/TOOL_RESULTS]"),
    ),
    "phi3": Family(
        config="Phi3Config", template="phi3.jinja", bos="<s>", eos="<|endoftext|>", metaspace=True,
        special=("<s>", "<|endoftext|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>"),
        settings=(("pad_token_id", 1),),
    ),
    "olmo2": Family(config="Olmo2Config", template=_OLMO, bos=_EOT, eos=_EOT, special=(_EOT,)),
    "qwen3_moe": Family(
        config="Qwen3MoeConfig", template="qwen3_instruct_2507.jinja", bos=None, eos="<|im_end|>", special=_CHATML,
        added=("<tool_call>", "</tool_call>"), settings=_MOE,
    ),
    "gpt2": Family(config="GPT2Config", template=None, bos=_EOT, eos=_EOT, special=(_EOT,)),
}  # fmt: skip


def make(
    folder: Path, name: str, *, seed: int = 0, context: int = 2048, template: str | None = None, inner: int = 96
) -> Path:
    """Write a tiny model of an architecture, with random weights, into a folder and return it."""
    network(name, seed=seed, context=context, inner=inner).save_pretrained(folder)
    tokenizer(name, template=template).save_pretrained(folder)
    return folder


def network(name: str, *, seed: int = 0, context: int = 2048, inner: int = 96) -> Any:
    """Return the tiny network of an architecture, with random weights that depend on the seed alone."""
    import torch
    import transformers

    transformers.logging.disable_progress_bar()
    words = tokenizer(name)
    settings = {
        "vocab_size": len(words), "hidden_size": 64, "intermediate_size": inner, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": context,
        "bos_token_id": words.bos_token_id, "eos_token_id": words.eos_token_id,
        # Wide enough that answers of random weights differ from prompt to prompt.
        "initializer_range": 0.3, "tie_word_embeddings": False,
    } | dict(FAMILIES[name].settings)  # fmt: skip
    torch.manual_seed(seed)
    config = getattr(transformers, FAMILIES[name].config)(**settings)
    return transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()


def adapter(folder: Path, base: Path, *, seed: int = 0, rank: int = 4, layers: str | list[str] = "all-linear") -> Path:
    """Write a LoRA adapter for a tiny model, with random weights that change its answers, and return its folder."""
    import peft
    import torch
    import transformers

    torch.manual_seed(seed)
    on = transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    settings = peft.LoraConfig(
        r=rank, lora_alpha=2 * rank, target_modules=layers, task_type="CAUSAL_LM", init_lora_weights=False
    )
    peft.get_peft_model(on, settings).save_pretrained(folder)
    return folder


def tokenizer(name: str, *, template: str | None = None) -> Any:
    """Return the small tokenizer of a family, with its chat template."""
    from transformers import PreTrainedTokenizerFast

    family = FAMILIES[name]
    words = PreTrainedTokenizerFast(
        tokenizer_object=_metaspace() if family.metaspace else _byte_level(),
        bos_token=family.bos, eos_token=family.eos, clean_up_tokenization_spaces=False,
    )  # fmt: skip
    words.add_special_tokens({"additional_special_tokens": list(family.special)})
    words.add_tokens(list(family.added))
    text = template or family.template
    words.chat_template = template_of_trl(text) if text and text.endswith(".jinja") else text
    return words


def template_of_trl(name: str) -> str:
    """Return a family's published chat template from the collection that TRL ships."""
    return (files("trl") / "chat_templates" / name).read_text(encoding="utf-8")


def _byte_level() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    words.train_from_iterator(_TEXT, trainer)
    return words


def _metaspace() -> Any:
    """A tokenizer that puts a space before the first word and spells unknown letters as bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    vocabulary, merges = _metaspace_merges()
    words = Tokenizer(models.BPE(dict(vocabulary), list(merges), unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    words.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    words.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return words


@functools.lru_cache(maxsize=1)
def _metaspace_merges() -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, str], ...]]:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.Metaspace()
    words.train_from_iterator(_TEXT, trainers.BpeTrainer(vocab_size=180, show_progress=False))
    model = json.loads(words.to_str())["model"]
    pieces = ["<unk>", *(f"<0x{byte:02X}>" for byte in range(256)), *model["vocab"]]
    return tuple((piece, index) for index, piece in enumerate(pieces)), tuple(map(tuple, model["merges"]))
