"""MLX: a folder that mlx-lm's server reads beside the base, under one lasting name for whoever answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.models.delivery.llama_server import point
from nightschool.models.delivery.parcel import MLX, Parcel
from nightschool.models.delivery.place import Heard
from nightschool.records import Prompt


class MlxFolder:
    """A folder of adapters for `mlx_lm.server --model BASE --adapter-path FOLDER/NAME-mlx`."""

    kind = "mlx"
    form = MLX

    def __init__(self, base: Path, *, folder: Path, name: str, tokenizer: Callable[[], Any]) -> None:
        self._base = base
        self._folder = folder
        self._link = folder / f"{name}-mlx"
        self._told = tokenizer
        self._loaded: dict[str | None, Any] = {}

    @property
    def _tokenizer(self) -> Any:
        return self._told()

    def ready(self) -> None:
        """Raise UserError where MLX is not installed."""
        try:
            import mlx_lm  # noqa: F401
        except ImportError as error:
            raise UserError(
                "mlx-lm is not installed, so that nothing can be compared",
                hint="`pip install mlx-lm`; on Linux also `pip install 'mlx[cpu]'`",
            ) from error

    def exact(self) -> bool:
        """Whether it computes as we do: the base is the same folder, its numbers perhaps of 16 bits."""
        return '"float32"' in (self._base / "config.json").read_text(encoding="utf-8")

    def has(self, name: str) -> bool:
        """Whether a version's folder is there."""
        return (self._folder / name / MLX).is_dir()

    def put(self, parcel: Parcel) -> None:
        """Read it once, so that a damaged one is found here and not in the morning."""
        self._network(parcel.name)

    def ask(self, name: str | None, prompt: Prompt, *, max_tokens: int) -> Heard:
        """Answer a conversation: mlx-lm renders with the base's own template, as we do."""
        from nightschool.models import chat

        row = chat.render(self._tokenizer, prompt)
        return self._continued(name, row.ids, max_tokens)

    def ask_raw(self, name: str | None, text: str, *, max_tokens: int) -> Heard:
        """Continue a text, behind the begin mark that other servers put there themselves."""
        begin = self._tokenizer.bos_token_id
        ids = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return self._continued(name, ids if begin is None else [begin, *ids], max_tokens)

    def promote(self, name: str | None) -> str:
        """Point the lasting name at a version."""
        point(self._link, None if name is None else self._folder / name / MLX)
        return str(self._link)

    def withdraw(self, name: str) -> None:
        """Nothing is kept but the folder, which goes with the parcel."""
        self._loaded.pop(name, None)

    def _network(self, name: str | None) -> Any:
        from mlx_lm import load

        if name not in self._loaded:
            adapter = str(self._folder / name / MLX) if name else None
            self._loaded = {name: load(str(self._base), adapter_path=adapter)[0]}
        return self._loaded[name]

    def _continued(self, name: str | None, ids: list[int], max_tokens: int) -> Heard:
        import mlx.core as mx
        from mlx_lm.generate import generate_step

        stops = {self._tokenizer.eos_token_id}
        spoken: list[int] = []
        first: dict[str, float] = {}
        for token, logs in generate_step(mx.array(ids), self._network(name), max_tokens=max_tokens):
            if not first:
                best: Any = mx.argsort(-logs)[:5].tolist()
                first = {self._tokenizer.decode([each]): float(logs[each].item()) for each in best}
            if int(token) in stops:
                break
            spoken.append(int(token))
        return Heard(text=self._tokenizer.decode(spoken, skip_special_tokens=True), first=first)
