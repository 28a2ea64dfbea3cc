"""pupil's tokenizer: byte-level BPE from generated conversations, single digits, ChatML marks, a chat template."""

from __future__ import annotations

import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from nightschool.world import conversations, names

TEMPLATE = Path(__file__).with_name("chat_template.jinja")
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CALL_MARKS = ("<tool_call>", "</tool_call>")
VOCABULARY = 1536
CONVERSATIONS = 20_000


def learn(seed: int, size: int = VOCABULARY) -> PreTrainedTokenizerFast:
    """Learn the tokenizer from generated conversations."""
    rng = random.Random(f"words:{seed}")
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            # A name has the same tokens after a space, a quote and a line break: copying it is one habit, not three.
            pre_tokenizers.Split(Regex(" (?=[A-Z])"), behavior="isolated"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(CALL_MARKS),
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(_texts(rng), trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        clean_up_tokenization_spaces=False,
        model_max_length=4096,
    )
    tokenizer.add_tokens(list(CALL_MARKS))
    tokenizer.chat_template = TEMPLATE.read_text(encoding="utf-8").rstrip("\n")
    return tokenizer


def _texts(rng: random.Random) -> list[str]:
    """Conversations, and as many made-up words, so that pieces of unseen names are tokens too."""
    texts = []
    for _ in range(CONVERSATIONS):
        made = conversations.conversation(rng)
        texts += [f"{message['role']}\n" for message in made.messages]
        texts += [message["content"] for message in made.messages]
        texts += [str(tool["function"]).replace("'", '"') for tool in made.tools]
        texts.append(
            " ".join(
                [
                    names.made_up(rng),
                    names.made_up(rng, capital=False),
                    rng.choice(names.PLACES),
                    rng.choice(names.PEOPLE),
                ]
            )
        )
    return texts
