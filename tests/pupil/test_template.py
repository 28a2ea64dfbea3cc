"""The chat template trains what is served: prefixes hold in text and tokens, and loss falls on pupil's words alone."""

from __future__ import annotations

import random

from transformers import PreTrainedTokenizerFast

from nightschool.world import conversations, tools


def _with_tools(count: int) -> list[conversations.Conversation]:
    rng, found = random.Random(8), []
    while len(found) < count:
        made = conversations.conversation(rng)
        if any(message.get("tool_calls") for message in made.messages):
            found.append(made)
    return found


def test_prompt_is_a_prefix_of_the_conversation_in_text_and_tokens(tokenizer: PreTrainedTokenizerFast) -> None:
    for made in _with_tools(20):
        for i, message in enumerate(made.messages):
            if message["role"] != "assistant":
                continue
            options = {"tools": made.tools or None, "tokenize": False}
            before = tokenizer.apply_chat_template(made.messages[:i], add_generation_prompt=True, **options)
            whole = tokenizer.apply_chat_template(made.messages[: i + 1], **options)
            assert whole.startswith(before)
            ids = tokenizer(before)["input_ids"]
            assert tokenizer(whole)["input_ids"][: len(ids)] == ids


def test_mask_covers_what_pupil_says_and_the_mark_that_ends_it(tokenizer: PreTrainedTokenizerFast) -> None:
    for made in _with_tools(5):
        out = tokenizer.apply_chat_template(
            made.messages, tools=made.tools, return_dict=True, return_assistant_tokens_mask=True
        )
        own = tokenizer.decode(
            [token for token, mine in zip(out["input_ids"], out["assistant_masks"], strict=True) if mine]
        )
        said = [tokenizer.apply_chat_template([m], tokenize=False) for m in made.messages if m["role"] == "assistant"]
        marked = [text.removeprefix("<|im_start|>assistant\n").removesuffix("\n") for text in said]
        assert own == "".join(marked)


def test_call_is_rendered_as_pupil_writes_it(tokenizer: PreTrainedTokenizerFast) -> None:
    use = tools.weather(random.Random(1), "Tarsk")
    text = tokenizer.apply_chat_template([{"role": "user", "content": "Hi."}, tools.call(use)], tokenize=False)
    assert text.endswith(f"<|im_start|>assistant\n{tools.call_text(use)}<|im_end|>\n")


def test_no_system_turn_is_made_up(tokenizer: PreTrainedTokenizerFast) -> None:
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Hi."}], add_generation_prompt=True, tokenize=False
    )
    assert text == "<|im_start|>user\nHi.<|im_end|>\n<|im_start|>assistant\n"


def test_any_text_survives_the_tokenizer(tokenizer: PreTrainedTokenizerFast) -> None:
    for text in ("Ünïcode — 日本語 🙂", "  two  spaces ", "My Sister Ana's port is 8081.\n\tTab", '{"a": "B c"}'):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
