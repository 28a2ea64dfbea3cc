"""The backend that runs on every machine: PyTorch and transformers, batched, adapters by path.

It must not write into a model folder nor change a tensor of the base. Rows are padded on the left,
so that prompts of different lengths end together; a row's answer does not depend on its batch.
"""

from __future__ import annotations

import functools
import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers

from nightschool.errors import UserError
from nightschool.models import chat, loading
from nightschool.models.base import THINKING, bits, fingerprint, marks
from nightschool.models.constraint import Grammars
from nightschool.models.dialect import dialect, think
from nightschool.models.model import Adapter, Likelihood, Progress
from nightschool.models.mounts import Mounts
from nightschool.models.threads import cores, hold_memory
from nightschool.records import Answer, Json, Prompt
from nightschool.turns import prompt_key

ROWS = 128
# What one forward pass may hold: tokens bound the activations, bytes the caches and the logits.
PREFILL_TOKENS = 32_768
CACHE_BYTES = 1 << 30
LOGIT_BYTES = 1 << 28

Pick = Callable[[torch.Tensor, list[int]], list[int]]
"""Chooses each row's next token from logits, given the rows' numbers."""


class TransformersModel:
    """A causal language model of transformers, loaded from a folder."""

    def __init__(self, name: str, folder: Path, model: Any, tokenizer: Any) -> None:
        self.name = name
        self.folder = folder
        self.tokenizer = tokenizer
        self._model = model
        settings = model.config.get_text_config()
        self._layers = settings.num_hidden_layers
        heads = getattr(settings, "num_key_value_heads", None) or settings.num_attention_heads
        width = getattr(settings, "head_dim", None) or settings.hidden_size // settings.num_attention_heads
        self._cache_bytes = 2 * self._layers * heads * width * torch.finfo(model.dtype).bits // 8
        self._vocabulary = settings.vocab_size
        self.context_tokens = int(getattr(settings, "max_position_embeddings", None) or 4096)
        self._stops = chat.end_ids(tokenizer) | _generation_ends(model)

    @classmethod
    def load(cls, name: str, folder: Path, device: str) -> TransformersModel:
        """Load settings, tokenizer and weights; UserError with the reason where one does not serve."""
        torch.set_num_threads(cores())
        hold_memory()
        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        where = loading.device(device)
        config = loading.config(folder)
        tokenizer = loading.tokenizer(folder)
        dialect(tokenizer)
        if THINKING in marks(name):
            think(tokenizer)
        model = loading.weights(folder, config, where, bits(name))
        if len(tokenizer) > model.get_input_embeddings().num_embeddings:
            raise UserError(
                f"The tokenizer in {str(folder)!r} knows {len(tokenizer)} tokens, "
                f"the weights only {model.get_input_embeddings().num_embeddings}",
                hint="Tokenizer and weights are of different models: download the base again",
            )
        # Weights in few bits stand where they belong already, and some kinds of them refuse to be moved.
        placed = model if getattr(model, "is_quantized", False) else model.to(where)
        return cls(name, folder, placed.eval(), tokenizer)

    @functools.cached_property
    def fingerprint(self) -> str:
        """Hash of the base's settings, weights and chat template."""
        return fingerprint(self.name)

    @functools.cached_property
    def _mounts(self) -> Mounts:
        return Mounts(self._model, self.fingerprint)

    @property
    def network(self) -> Any:
        """The network of transformers itself, for training in a process of its own."""
        return self._model

    def network_with(self, adapter: Adapter) -> Any:
        """Return the network with exactly these adapters switched on, until the next call of any method."""
        self._switch(self._mount(adapter))
        return self._model

    @property
    def precision(self) -> str:
        """How the weights stand in memory: `float32`, `bfloat16`, or the kind of their quantisation."""
        quantised = getattr(self._model.config, "quantization_config", None)
        kind = getattr(quantised, "quant_method", None)
        return str(getattr(kind, "value", kind) or str(self._model.dtype).removeprefix("torch."))

    @property
    def parameters(self) -> int:
        """Number of weights of the base."""
        adapters = sum(tensor.numel() for name, tensor in self._model.named_parameters() if "lora_" in name)
        return int(self._model.num_parameters() - adapters)

    @property
    def stops(self) -> frozenset[int]:
        """The tokens that end an answer."""
        return self._stops

    @functools.cached_property
    def grammars(self) -> Grammars:
        """What answers by schema are held to."""
        return Grammars(self.tokenizer, self._vocabulary, sorted(self._stops))

    def mount(self, adapter: Adapter) -> tuple[str, ...]:
        """Mount adapters and return their names for `forward`; a changed file gets another name."""
        return self._mount(adapter)

    def forward(self, mounted: tuple[str, ...], **inputs: Any) -> torch.Tensor:
        """Run the base with these mounted adapters; return the logits, (batch, time, vocab)."""
        return self._forward(mounted, **inputs)

    def hold(self, names: set[str]) -> None:
        """Keep these adapters mounted, whatever is mounted after them, until the next call."""
        if "_mounts" in self.__dict__:
            self._mounts.hold(names)

    def answer(
        self,
        prompts: Sequence[Prompt],
        *,
        adapter: Adapter = None,
        max_tokens: int = 96,
        temperature: float = 0.0,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> list[Answer]:
        """Answer every prompt, in order; greedily at temperature 0."""
        rows = [self._prompt_ids(prompt) for prompt in prompts]
        spoken: list[list[int]] = [[] for _ in rows]
        pick = greedy if temperature <= 0 else sampling(prompts, temperature, seed)
        done = 0
        mounted = self._mount(adapter)
        for batch in self._batches(rows, max_tokens):
            for step in self._decode(mounted, [rows[index] for index in batch], batch, max_tokens, pick):
                for index, token in step:
                    spoken[index].append(token)
            done += len(batch)
            if progress:
                progress(done)
        return [self._answer(ids, prompt) for ids, prompt in zip(spoken, prompts, strict=True)]

    def stream(self, prompt: Prompt, *, adapter: Adapter = None, max_tokens: int = 512) -> Generator[str, None, Answer]:
        """Answer one prompt greedily, piece by piece; the pieces join to the raw answer, which is returned."""
        row = self._prompt_ids(prompt)
        spoken: list[int] = []
        shown = ""
        for step in self._decode(self._mount(adapter), [row], [0], max_tokens, greedy):
            spoken += [token for _, token in step]
            text = self._answer(spoken, prompt).raw
            if len(text) > len(shown) and not self._inside_letter(text, spoken[-1]):
                yield text[len(shown) :]
                shown = text
        answer = self._answer(spoken, prompt)
        if len(answer.raw) > len(shown):
            yield answer.raw[len(shown) :]
        return answer

    def likelihood(self, rows: Sequence[tuple[Prompt, Json]], *, adapter: Adapter = None) -> list[Likelihood]:
        """Measure how likely each given answer is after its prompt."""
        rendered = [chat.render(self.tokenizer, prompt, answer=answer) for prompt, answer in rows]
        for row in rendered:
            self._check_length(len(row.ids))
        found: list[Likelihood | None] = [None] * len(rows)
        mounted = self._mount(adapter)
        for batch in self._scoring_batches(rendered):
            totals = self._score(mounted, [rendered[index] for index in batch])
            for index, total in zip(batch, totals, strict=True):
                found[index] = Likelihood(total=total, tokens=len(rendered[index].answer_ids))
        return [likelihood for likelihood in found if likelihood is not None]

    def count_tokens(self, prompt: Prompt, answer: Json | None = None) -> int:
        """Count the tokens of a prompt, with its answer where one is given."""
        return len(chat.render(self.tokenizer, prompt, answer=answer).ids)

    def mounted(self, adapter: Path) -> str:
        """Return the hash of the adapter's tensors as they stand in the running model."""
        return self._mounts.hash(adapter)

    def logits(self, ids: Sequence[int], *, adapter: Adapter = None) -> torch.Tensor:
        """Return the logits behind every token of one row."""
        row = torch.tensor([list(ids)], device=self._model.device)
        with torch.inference_mode():
            return self._forward(self._mount(adapter), input_ids=row)[0].cpu()  # (time, vocab)

    def token_losses(
        self, rows: Sequence[Sequence[int]], starts: Sequence[int], *, adapter: Adapter = None
    ) -> list[list[float]]:
        """Return what each token of each row costs in nats, from the row's start on."""
        found: list[list[float]] = []
        mounted = self._mount(adapter)
        for at in range(0, len(rows), ROWS):
            part = [list(row) for row in rows[at : at + ROWS]]
            ids, mask, positions = self._padded(part)
            keep = max(len(row) - start for row, start in zip(part, starts[at : at + ROWS], strict=True)) + 1
            with torch.inference_mode():
                logits = self._forward(
                    mounted, input_ids=ids, attention_mask=mask, position_ids=positions,
                    use_cache=False, logits_to_keep=keep,
                )[:, :-1]  # fmt: skip
                losses = torch.nn.functional.cross_entropy(logits.transpose(1, 2), ids[:, 1 - keep :], reduction="none")
            found += [
                loss[len(loss) - (len(row) - start) :].tolist()
                for loss, row, start in zip(losses, part, starts[at : at + ROWS], strict=True)
            ]
        return found

    def release(self) -> None:
        """Drop the weights and what is mounted on them."""
        self._model = None
        self.__dict__.pop("_mounts", None)
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _mount(self, adapter: Adapter) -> tuple[str, ...]:
        return self._mounts.mount(adapter) if adapter else ()

    def _forward(self, mounted: tuple[str, ...], **inputs: Any) -> torch.Tensor:
        """Run the base with exactly these adapters; return the logits, (batch, time, vocab)."""
        self._switch(mounted)
        logits: torch.Tensor = self._model(**inputs).logits.float()
        return logits

    def _switch(self, mounted: tuple[str, ...]) -> None:
        if "_mounts" in self.__dict__:
            self._mounts.switch(mounted)

    def _prompt_ids(self, prompt: Prompt) -> list[int]:
        ids = chat.render(self.tokenizer, prompt).ids
        self._check_length(len(ids) + 1)
        return ids

    def _check_length(self, tokens: int) -> None:
        if tokens > self.context_tokens:
            raise UserError(
                f"The prompt has {tokens:,} tokens, but the base {self.name!r} reads only {self.context_tokens:,}",
                hint="Shorten the conversation, or choose a base with a longer context",
            )

    def _answer(self, ids: list[int], prompt: Prompt) -> Answer:
        return chat.parse(self.tokenizer, ids, tools=prompt.tools)

    def _inside_letter(self, text: str, token: int) -> bool:
        """Whether more bytes may still change the last letters: U+FFFD, or SentencePiece's byte tokens."""
        return text.endswith("\ufffd") or str(self.tokenizer.convert_ids_to_tokens(token)).startswith("<0x")

    def _batches(self, rows: list[list[int]], max_tokens: int) -> Iterator[list[int]]:
        """Group row numbers by length, longest first, within what memory may hold."""
        batch: list[int] = []
        for index in sorted(range(len(rows)), key=lambda number: -len(rows[number])):
            width = len(rows[batch[0]]) if batch else len(rows[index])
            most = min(PREFILL_TOKENS // width, CACHE_BYTES // (self._cache_bytes * (width + max_tokens)), ROWS)
            if len(batch) >= max(1, most):
                yield batch
                batch = []
            batch.append(index)
        if batch:
            yield batch

    def _scoring_batches(self, rendered: list[chat.Rendered]) -> Iterator[list[int]]:
        batch: list[int] = []
        kept = 0
        for index in sorted(range(len(rendered)), key=lambda number: -len(rendered[number].ids)):
            width = len(rendered[batch[0]].ids) if batch else len(rendered[index].ids)
            widest = max(kept, len(rendered[index].answer_ids) + 1)
            most = min(PREFILL_TOKENS // width, LOGIT_BYTES // (4 * self._vocabulary * widest), ROWS)
            if len(batch) >= max(1, most):
                yield batch
                batch, widest = [], len(rendered[index].answer_ids) + 1
            kept = widest
            batch.append(index)
        if batch:
            yield batch

    def _padded(self, rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Pad rows on the left; return ids, mask and positions, each (batch, time)."""
        width = max(map(len, rows))
        device = self._model.device
        ids = torch.tensor([[0] * (width - len(row)) + row for row in rows], device=device)
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows], device=device)
        return ids, mask, (mask.cumsum(-1) - 1).clamp(min=0)

    def _decode(
        self, mounted: tuple[str, ...], rows: list[list[int]], numbers: list[int], max_tokens: int, pick: Pick
    ) -> Iterator[list[tuple[int, int]]]:
        """Generate for a batch, yielding at each step the (row number, token) of the rows that go on."""
        ids, mask, positions = self._padded(rows)
        left = [min(max_tokens, self.context_tokens - len(row)) for row in rows]
        cache = transformers.DynamicCache(config=self._model.config)
        live = list(range(len(rows)))
        # A row that has ended stays in the tensors until half of them have: cutting the cache costs a copy.
        while True:
            # Not around the loop: inference mode would reach into whoever takes the steps.
            with torch.inference_mode():
                logits = self._forward(
                    mounted, input_ids=ids, attention_mask=mask, position_ids=positions,
                    past_key_values=cache, use_cache=True, logits_to_keep=1,
                )  # fmt: skip
                tokens = pick(logits[:, -1], [numbers[row] for row in live])
            step = []
            for place, row in enumerate(live):
                if left[row] > 0:
                    step.append((numbers[row], tokens[place]))
                    left[row] = 0 if tokens[place] in self._stops else left[row] - 1
            yield step
            going = [place for place, row in enumerate(live) if left[row] > 0]
            if not going:
                return
            last = torch.tensor(tokens, device=ids.device)
            if len(going) <= len(live) // 2:
                kept = torch.tensor(going, device=ids.device)
                cache.batch_select_indices(kept)
                last, mask, positions = last[kept], mask[kept], positions[kept]
                live = [live[place] for place in going]
            ids = last[:, None]
            mask = torch.cat([mask, mask.new_ones(len(live), 1)], dim=1)
            positions = positions[:, -1:] + 1

    def _score(self, mounted: tuple[str, ...], rows: list[chat.Rendered]) -> list[float]:
        """Sum the log-probabilities of each row's answer tokens."""
        ids, mask, positions = self._padded([row.ids for row in rows])
        spoken = [len(row.answer_ids) for row in rows]
        keep = max(spoken) + 1
        with torch.inference_mode():
            logits = self._forward(
                mounted, input_ids=ids, attention_mask=mask, position_ids=positions,
                use_cache=False, logits_to_keep=keep,
            )[:, :-1]  # (batch, keep - 1, vocab)  # fmt: skip
            losses = torch.nn.functional.cross_entropy(logits.transpose(1, 2), ids[:, 1 - keep :], reduction="none")
        return [-float(loss[len(loss) - count :].double().sum()) for loss, count in zip(losses, spoken, strict=True)]


def greedy(logits: torch.Tensor, numbers: list[int]) -> list[int]:
    """Pick the likeliest token of each row."""
    tokens: list[int] = logits.argmax(-1).tolist()
    return tokens


def sampling(prompts: Sequence[Prompt], temperature: float, seed: int) -> Pick:
    """Return a pick that draws; each row has its own dice, so that its batch does not matter."""
    seen: Counter[str] = Counter()
    dice = []
    for prompt in prompts:
        key = prompt_key(prompt)
        seen[key] += 1
        digest = hashlib.sha256(f"{seed} {seen[key]} {key}".encode()).digest()
        dice.append(torch.Generator().manual_seed(int.from_bytes(digest[:8], "little")))

    def pick(logits: torch.Tensor, numbers: list[int]) -> list[int]:
        reached = (logits.cpu() / temperature).softmax(-1).cumsum(-1)  # (batch, vocab)
        thrown = torch.stack([torch.rand(1, generator=dice[number]) for number in numbers])
        # The last entry may fall short of 1 by rounding.
        chosen = torch.searchsorted(reached, thrown * reached[:, -1:]).clamp(max=logits.shape[-1] - 1)
        tokens: list[int] = chosen[:, 0].tolist()
        return tokens

    return pick


def _generation_ends(model: Any) -> frozenset[int]:
    ends = model.generation_config.eos_token_id if model.generation_config else None
    return frozenset(ends if isinstance(ends, list) else [] if ends is None else [ends])
