"""Turns tokens into what a person may see while they come: thinking apart, no half tool calls.

The pieces of text join to exactly the text of the finished answer; whatever may still turn out to
be markup, a stop or trailing space is held back until it is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nightschool.models import toolcalls
from nightschool.models.dialect import Dialect

END_OF_THINKING = "</think>"
_OPENERS: dict[toolcalls.Form, tuple[str, ...]] = {
    toolcalls.tagged: ("<tool_call>",),
    toolcalls.tagged_xml: ("<tool_call>",),
    toolcalls.listed: ("[TOOL_CALLS]",),
    toolcalls.named: ("[TOOL_CALLS]",),
    toolcalls.bare_json: ("<|python_tag|>",),
}


class Letters:
    """Decodes a growing list of tokens into whole letters."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._from = self._read = 0

    def feed(self, token: int) -> str:
        """Add one token and return the letters that are certain with it."""
        self._ids.append(token)
        # Decoded together with the tokens before it: SentencePiece drops a space that opens a text.
        known = self._decode(self._ids[self._from : self._read])
        text = self._decode(self._ids[self._from :])
        if len(text) <= len(known) or self._inside_letter(text, token):
            return ""
        self._from, self._read = self._read, len(self._ids)
        return text[len(known) :]

    def rest(self) -> str:
        """Return what is left when no more tokens come."""
        known = self._decode(self._ids[self._from : self._read])
        text = self._decode(self._ids[self._from :])
        self._from = self._read = len(self._ids)
        return text[len(known) :]

    def _decode(self, ids: list[int]) -> str:
        text: str = self._tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        return text

    def _inside_letter(self, text: str, token: int) -> bool:
        return text.endswith("\ufffd") or str(self._tokenizer.convert_ids_to_tokens(token)).startswith("<0x")


class Unfolding:
    """Splits an answer's letters, as they come, into thinking and text."""

    def __init__(self, speech: Dialect, *, calls: bool, stop: Sequence[str] = ()) -> None:
        self.text = ""
        """What was shown."""
        self.stopped = False
        """Whether one of the stop texts was reached."""
        self.thinking = speech.opening == "open"
        self._openers = _OPENERS.get(speech.form, ()) if calls else ()
        self._bare = calls and speech.form is toolcalls.bare_json
        self._stop = tuple(text for text in stop if text)
        self._watched = (*self._stop, *self._openers, *((speech.closing,) if speech.closing else ()))
        self._closing = speech.closing
        self._held = ""
        self._silent = False
        self._begun = self.thinking
        self._thought = False

    def feed(self, letters: str) -> tuple[str, str]:
        """Add letters and return what may be shown of the thinking and of the text."""
        self._held += letters
        if not self._begun and not self._begin():
            return "", ""
        thinking = self._think() if self.thinking else ""
        return thinking, "" if self.thinking else self._say()

    def end(self, *, ended: bool) -> tuple[str, str]:
        """Return what is still to be shown when no more letters come; calls stay held."""
        self._begun = True
        if self.thinking:
            thinking, self._held = self._held.rstrip(), ""
            return thinking, ""
        if self._silent or self.stopped:
            return "", ""
        text = self._held.rstrip()
        if ended and self._closing:
            text = text.removesuffix(self._closing).rstrip()
        self._held = ""
        return "", self._show(text)

    def _begin(self) -> bool:
        """Find out whether the answer opens with thinking, once enough of it is there."""
        said = self._held.lstrip()
        if said.startswith("<think>"):
            self.thinking = True
            self._held = said.removeprefix("<think>")
        elif "<think>".startswith(said):
            return False
        self._begun = True
        return True

    def _think(self) -> str:
        if not self._thought:
            self._held = self._held.lstrip()
            self._thought = bool(self._held)
        inside, mark, after = self._held.partition(END_OF_THINKING)
        if mark:
            self.thinking, self._held = False, after
            return inside.rstrip()
        shown = _safe(self._held, (END_OF_THINKING,))
        self._held = self._held[len(shown) :]
        return shown

    def _say(self) -> str:
        if self._silent or self.stopped:
            return ""
        if not self.text:
            self._held = self._held.lstrip()
            self._silent = self._bare and self._held.startswith("{")
        for mark in self._stop:
            before, found, _ = self._held.partition(mark)
            if found:
                self.stopped, self._held = True, before
        if self.stopped:
            shown, self._held = self._held.rstrip(), ""
            return self._show(shown)
        if any(opener in self._held for opener in self._openers):
            self._silent = True
            place = min(self._held.index(opener) for opener in self._openers if opener in self._held)
            shown = self._held[:place].rstrip()
            return self._show(shown)
        if self._silent:
            return ""
        shown = _safe(self._held, self._watched)
        self._held = self._held[len(shown) :]
        return self._show(shown)

    def _show(self, text: str) -> str:
        self.text += text
        return text


def _safe(text: str, watched: Sequence[str]) -> str:
    """Return the text without an ending that may be the beginning of something watched, or trailing space."""
    cut = len(text)
    for mark in watched:
        for size in range(min(len(mark), len(text)), 0, -1):
            if text.endswith(mark[:size]):
                cut = min(cut, len(text) - size)
                break
    return text[:cut].rstrip()
