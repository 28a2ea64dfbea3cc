"""Answers several requests at once on one base: rows join and leave between two steps.

One thread owns the model. What was computed for earlier prompts is used again; a row keeps the
adapter that it began with to its end.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import torch
import transformers

from nightschool.models.generation import Finished, Piece, Wanted
from nightschool.models.mixed import Factors, Mixed, factors
from nightschool.models.prefixes import Layers, Prefixes
from nightschool.models.row import Row
from nightschool.models.threads import cores
from nightschool.models.transformers_backend import TransformersModel

MOST_ROWS = 32
PREFILL_TOKENS = 2048
"""Read in one go of a long prompt, so that memory stays bounded."""
MOST_FACTORS = 64
PLAIN_LAYERS = {"full_attention", "sliding_attention"}

Event = Piece | Finished | Exception
T = TypeVar("T")
log = logging.getLogger("nightschool.models")


class Batcher:
    """The loop of one model."""

    def __init__(self, model: TransformersModel, *, most_rows: int = MOST_ROWS) -> None:
        self.model = model
        self._network = model.network
        kinds = set(getattr(self._network.config.get_text_config(), "layer_types", None) or PLAIN_LAYERS)
        # Caches of recurrent layers cannot be cut or put side by side: such a base answers one by one.
        self._plain = kinds <= PLAIN_LAYERS
        self._most = most_rows if self._plain else 1
        self._prefixes = Prefixes()
        self._inbox: queue.SimpleQueue[Row | Callable[[], None] | None] = queue.SimpleQueue()
        self._waiting: list[Row] = []
        self._idle: list[Callable[[], None]] = []
        self._rows: list[Row] = []
        self._cache: Any = None
        self._mask = self._positions = self._last = torch.empty(0)
        self._factors: dict[str, Factors] = {}
        self._mixed: Mixed | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="batcher", daemon=True)
        self._thread.start()

    def submit(self, wanted: Wanted, told: Callable[[Event], None]) -> Row:
        """Queue an answer; `told` is called from the batcher's thread with what comes of it."""
        row = Row(wanted, told)
        self._inbox.put(row)
        return row

    @property
    def waiting(self) -> int:
        """How many answers have not begun yet."""
        return len(self._waiting) + self._inbox.qsize()

    def between(self, job: Callable[[TransformersModel], T]) -> Future[T]:
        """Run a job on the model between two steps, and return what will come of it."""
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(job(self.model))
            except Exception as error:
                future.set_exception(error)

        self._inbox.put(run)
        return future

    def when_idle(self, job: Callable[[TransformersModel], object]) -> None:
        """Run a job on the model once nobody waits for an answer; what it raises is dropped."""

        def queue_it() -> None:
            self._idle.append(lambda: _dropped(job, self.model))

        self._inbox.put(queue_it)

    def close(self) -> None:
        """End the loop; rows that are still running are told so."""
        self._closed = True
        self._inbox.put(None)
        self._thread.join(timeout=30)

    def _run(self) -> None:
        torch.set_num_threads(cores())
        while not self._closed:
            self._receive()
            self._drop_cancelled()
            while self._waiting and len(self._rows) < self._most and not self._closed:
                self._admit(self._waiting.pop(0))
            if self._rows:
                self._guarded(self._step, self._rows)
            elif self._idle and not self._waiting:
                self._idle.pop(0)()
        for row in (*self._rows, *self._waiting):
            row.fail(RuntimeError("The server is closing"))

    def _receive(self) -> None:
        """Take in what has come; wait for it where there is nothing else to do."""
        while not self._closed:
            try:
                item = self._inbox.get(block=not (self._rows or self._waiting or self._idle))
            except queue.Empty:
                return
            if isinstance(item, Row):
                self._waiting.append(item)
            elif item is not None:
                item()

    def _guarded(self, work: Callable[[], None], rows: Sequence[Row]) -> None:
        """Tell rows what went wrong with them; the loop goes on."""
        try:
            work()
        except Exception as error:
            for row in list(rows):
                row.fail(error)
            gone = {id(row) for row in rows}
            if gone & {id(row) for row in self._rows}:
                self._rows, self._cache = [], None
                self._hold()

    def _drop_cancelled(self) -> None:
        self._waiting = [row for row in self._waiting if not row.cancelled]
        if any(row.cancelled for row in self._rows):
            self._select([place for place, row in enumerate(self._rows) if not row.cancelled])

    def _admit(self, row: Row) -> None:
        self._guarded(lambda: self._begin(row), [row])

    def _begin(self, row: Row) -> None:
        """Read a row's prompt and put it beside the others, with its first token chosen."""
        row.prepare(self.model)
        row.mounted = self.model.mount(row.wanted.adapter)
        known, layers = self._prefixes.longest(row.mounted, row.ids[:-1]) if self._plain else (0, [])
        row.cached = known
        with torch.inference_mode():
            cache, logits = self._read(row, known, layers)
        row.take(self.model.tokenizer, logits)
        if self._plain:
            self._prefixes.keep(row.mounted, row.ids, _layers(cache))
        if not row.done:
            self._join(row, cache)

    def _read(self, row: Row, known: int, layers: Layers) -> tuple[Any, torch.Tensor]:
        device = self._network.device
        cache = transformers.DynamicCache() if self._plain else transformers.DynamicCache(config=self._network.config)
        for index, (keys, values) in enumerate(layers):
            cache.update(keys, values, index)
        step = PREFILL_TOKENS if self._plain else len(row.ids)
        for start in range(known, len(row.ids), step):
            ids = row.ids[start : start + step]
            logits = self._forward(
                [row],
                input_ids=torch.tensor([ids], device=device),
                position_ids=torch.arange(start, start + len(ids), device=device)[None],
                past_key_values=cache, use_cache=True, logits_to_keep=1,
            )  # fmt: skip
        return cache, logits[0, -1]

    def _join(self, row: Row, cache: Any) -> None:
        device = self._network.device
        length = len(row.ids)
        mask = torch.ones(1, length, dtype=torch.long, device=device)
        last = torch.tensor([row.spoken[-1]], device=device)
        position = torch.tensor([[length]], device=device)
        if not self._rows:
            self._cache, self._mask, self._positions, self._last = cache, mask, position, last
        else:
            width = max(length, self._mask.shape[1])
            for ours, theirs in zip(self._cache.layers, cache.layers, strict=True):
                ours.keys = torch.cat([_padded(ours.keys, width, 2), _padded(theirs.keys, width, 2)])
                ours.values = torch.cat([_padded(ours.values, width, 2), _padded(theirs.values, width, 2)])
            self._mask = torch.cat([_padded(self._mask, width, 1), _padded(mask, width, 1)])
            self._positions = torch.cat([self._positions, position])
            self._last = torch.cat([self._last, last])
        self._rows.append(row)
        self._hold()

    def _step(self) -> None:
        """Choose one more token for every row."""
        rows = self._rows
        self._mask = torch.cat([self._mask, self._mask.new_ones(len(rows), 1)], dim=1)
        with torch.inference_mode():
            logits = self._forward(
                rows,
                input_ids=self._last[:, None], attention_mask=self._mask, position_ids=self._positions,
                past_key_values=self._cache, use_cache=True, logits_to_keep=1,
            )[:, -1]  # (rows, vocab)  # fmt: skip
            likeliest = logits.argmax(-1).tolist()
        for place, row in enumerate(rows):
            row.take(self.model.tokenizer, logits[place], likeliest[place])
        self._positions = self._positions + 1
        going = [place for place, row in enumerate(rows) if not (row.done or row.cancelled)]
        if len(going) < len(rows):
            self._remember([place for place, row in enumerate(rows) if row.done])
            self._select(going)
        if going:
            self._last = torch.tensor([row.spoken[-1] for row in self._rows], device=self._network.device)

    def _forward(self, rows: Sequence[Row], **inputs: Any) -> torch.Tensor:
        """Run one step with every row's own adapters."""
        names = [row.mounted for row in rows]
        for name in {name for each in names for name in each} - self._factors.keys():
            self._factors[name] = factors(self._network, name)
        if len(set(names)) == 1 and not all(self._factors[name].plain for name in names[0]):
            return self.model.forward(names[0], **inputs)
        if not any(names):
            return self.model.forward((), **inputs)
        if self._mixed is None or self._mixed.rows != names:
            self._mixed = Mixed(names, self._factors)
        with self._mixed.applied():
            return self.model.forward((), **inputs)

    def _remember(self, places: Sequence[int]) -> None:
        """Keep what was computed for finished answers: the next question comes behind them."""
        if not self._plain:
            return
        for place in places:
            row = self._rows[place]
            # The last token was chosen, but never read.
            ids = [*row.ids, *row.spoken[:-1]]
            layers = [(layer.keys[place : place + 1, :, -len(ids) :], layer.values[place : place + 1, :, -len(ids) :])
                      for layer in self._cache.layers]  # fmt: skip
            self._prefixes.keep(row.mounted, ids, [(k.clone(), v.clone()) for k, v in layers])

    def _select(self, going: Sequence[int]) -> None:
        """Go on with these rows, without the padding that no one of them needs."""
        self._rows = [self._rows[place] for place in going]
        if not self._rows:
            self._cache = None
        else:
            kept = torch.tensor(going, device=self._mask.device)
            self._mask, self._positions = self._mask[kept], self._positions[kept]
            self._last = self._last[kept]
            width = int(self._mask.sum(1).max())
            self._mask = self._mask[:, -width:]
            for layer in self._cache.layers:
                layer.keys, layer.values = layer.keys[kept, :, -width:], layer.values[kept, :, -width:]
        self._hold()

    def _hold(self) -> None:
        """Keep mounted what is answering; of what is away no factor stays."""
        self.model.hold({name for row in self._rows for name in row.mounted})
        if not self._rows and len(self._factors) > MOST_FACTORS:
            self._factors, self._mixed = {}, None


def _dropped(job: Callable[[TransformersModel], object], model: TransformersModel) -> None:
    try:
        job(model)
    except Exception:
        log.exception("A job between answers failed")


def _layers(cache: Any) -> Layers:
    return [(layer.keys, layer.values) for layer in cache.layers]


def _padded(tensor: torch.Tensor, width: int, axis: int) -> torch.Tensor:
    """Put zeros before what is there, along one axis."""
    missing = width - tensor.shape[axis]
    if not missing:
        return tensor
    shape = list(tensor.shape)
    shape[axis] = missing
    return torch.cat([tensor.new_zeros(shape), tensor], dim=axis)
