"""The only renderer: chat messages to tokens, for training and serving alike, and tokens back.

The tokens of a prompt never depend on the answer that follows, so that what is trained behind
them is what the model is asked to say there, token for token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from nightschool.models import toolcalls
from nightschool.models.dialect import CLOSE, OPEN, THINKING_OPENER, Dialect, dialect
from nightschool.records import Answer, Json, Prompt

_THOUGHT = re.compile(r"^\s*<think>.*?</think>\s*", re.DOTALL)
_MARKED = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")


class PrefixError(ValueError):
    """The template writes a prompt differently once an answer follows it; such a row is left out and counted."""


class Rendered(NamedTuple):
    """A prompt, or a prompt with its answer, as tokens."""

    ids: list[int]
    mask: list[int]
    """1 on each token that the model must produce, the end of its turn included."""
    text: str

    @property
    def prompt_ids(self) -> list[int]:
        """The tokens that the model is given."""
        return self.ids[: len(self.ids) - sum(self.mask)]

    @property
    def answer_ids(self) -> list[int]:
        """The tokens that the model must produce."""
        return self.ids[len(self.ids) - sum(self.mask) :]


def render(tokenizer: Any, prompt: Prompt, *, answer: Json | None = None) -> Rendered:
    """Write a prompt as the model is given it, and the answer as the model would generate it.

    Raises PrefixError where the template gives the prompt another text once the answer is there.
    """
    speech = dialect(tokenizer)
    messages, tools = speech.shape(prompt.messages, prompt.tools)
    opened = _write(speech, messages, tools, opening=True)
    ids = _encode(speech, opened)
    if answer is None:
        return Rendered(ids, [0] * len(ids), _plain(opened))
    tail = _tail(speech, prompt, answer, opened)
    spoken = _spoken_ids(speech, opened, ids, tail)
    return Rendered(ids + spoken, [0] * len(ids) + [1] * len(spoken), _plain(opened + tail))


def tail(tokenizer: Any, prompt: Prompt, answer: Json) -> str:
    """Write what the model is to say behind a prompt, as the template has it, without any thinking before it."""
    speech = dialect(tokenizer)
    messages, tools = speech.shape(prompt.messages, prompt.tools)
    written = _tail(speech, prompt, answer, _write(speech, messages, tools, opening=True))
    return _THOUGHT.sub("", written) if speech.opening != "open" else written.partition("</think>")[2]


def parse(tokenizer: Any, completion: Sequence[int] | str, *, tools: Sequence[Json] = ()) -> Answer:
    """Take a completion apart into its text, its tool calls and its thinking.

    The tools on offer say which arguments are numbers, where the family's form does not.
    """
    speech = dialect(tokenizer)
    ended = True
    tokens = 0
    if isinstance(completion, str):
        raw = completion
    else:
        ids = list(completion)
        tokens = len(ids)
        ended = bool(ids) and ids[-1] in end_ids(tokenizer)
        raw = tokenizer.decode(
            ids[:-1] if ended else ids, skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
    thought, said = _split_thinking(speech, raw)
    if ended:
        said = said.rstrip().removesuffix(speech.closing)
    text, calls = speech.form(said)
    return Answer(
        text=text.strip(),
        tool_calls=toolcalls.typed(calls, tools) if speech.form is toolcalls.tagged_xml else calls,
        thinking=thought.strip(),
        raw=raw,
        tokens=tokens,
        stop="stop" if ended else "length",
    )


def end_ids(tokenizer: Any) -> frozenset[int]:
    """Return the tokens that end an answer."""
    return frozenset(token for token in (dialect(tokenizer).end, tokenizer.eos_token_id) if token is not None)


def _write(speech: Dialect, messages: list[Json], tools: list[Json], *, opening: bool) -> str:
    try:
        return speech.write(messages, tools, opening=opening)
    except Exception as error:
        # Templates are programs from outside: whatever they raise concerns this one row.
        raise PrefixError(f"The chat template does not take this conversation: {error}") from error


def _tail(speech: Dialect, prompt: Prompt, answer: Json, opened: str) -> str:
    """Return what the model must write behind the opened prompt, up to wherever the template ends."""
    opener = THINKING_OPENER.search(opened)
    # Where the prompt has closed the thinking already, the model never writes any.
    thought = "" if opener and opener["close"] else str(answer.get("reasoning_content") or "")
    said = {key: value for key, value in answer.items() if key != "reasoning_content"}
    said["content"] = said.get("content") or ""
    if thought:
        said["reasoning_content"] = thought
    messages, tools = speech.shape([*prompt.messages, said], prompt.tools)
    full = _write(speech, messages, tools, opening=False)
    if full.startswith(opened):
        return full[len(opened) :]
    if opener is None or not full.startswith(opened[: opener.start()]):
        raise PrefixError("The chat template rewrites this prompt once the answer is there")
    tail = full[opener.start() :]
    if opener["close"]:
        return _THOUGHT.sub("", tail)
    if _THOUGHT.match(tail):
        return tail.lstrip().removeprefix("<think>").lstrip("\n")
    return f"{thought.strip()}\n</think>\n\n{tail}"


def _spoken_ids(speech: Dialect, opened: str, prompt_ids: list[int], tail: str) -> list[int]:
    """Encode the answer behind its prompt and cut it at the end of the turn.

    Where the tokenizer would merge letters across the border, the answer is encoded by itself:
    a model that was given the prompt's tokens cannot take them back.
    """
    together = _encode(speech, opened + tail)
    if together[: len(prompt_ids)] == prompt_ids:
        spoken = together[len(prompt_ids) :]
    else:
        spoken = _encode_behind(speech, tail)
        decode = speech.tokenizer.decode
        if decode(prompt_ids + spoken) != decode(together):
            raise PrefixError("The tokenizer does not split this row between prompt and answer")
    ends = end_ids(speech.tokenizer)
    last = next((index for index, token in enumerate(spoken) if token in ends), None)
    if last is None:
        assert speech.end is not None
        return [*spoken, speech.end]
    return spoken[: last + 1]


def _encode(speech: Dialect, text: str) -> list[int]:
    """Encode a written conversation; what stands between marks becomes plain letters."""
    pieces = _MARKED.split(text)
    ids = _letters(speech, pieces[0])
    for index, piece in enumerate(pieces[1:], start=1):
        if piece:
            ids += _encode_behind(speech, piece, forged=index % 2 == 1)
    return ids


def _encode_behind(speech: Dialect, text: str, *, forged: bool = False) -> list[int]:
    """Encode text that stands behind other text.

    SentencePiece puts a space before whatever opens a string; behind a newline it does not.
    """
    if OPEN in text:
        return [token for index, piece in enumerate(_MARKED.split(text)) if piece
                for token in _encode_behind(speech, piece, forged=index % 2 == 1)]  # fmt: skip
    newline = _letters(speech, "\n", forged=forged)
    ids = _letters(speech, "\n" + text, forged=forged)
    if ids[: len(newline)] == newline:
        return ids[len(newline) :]
    return _letters(speech, text, forged=forged)


def _letters(speech: Dialect, text: str, *, forged: bool = False) -> list[int]:
    ids: list[int] = speech.tokenizer.encode(text, add_special_tokens=False, split_special_tokens=forged)
    return ids


def _plain(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")


def _split_thinking(speech: Dialect, raw: str) -> tuple[str, str]:
    """Split a completion into what was thought and what was said."""
    opened = speech.opening == "open" or raw.lstrip().startswith("<think>")
    if not opened:
        return "", raw
    thought, closed, said = raw.partition("</think>")
    return thought.strip().removeprefix("<think>"), said if closed else ""
