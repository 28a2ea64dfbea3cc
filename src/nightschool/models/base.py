"""Find a base by name, refuse with a sentence what cannot serve, take its fingerprint, load it.

Nothing is downloaded here, no code from a model folder is run, and nothing is written into one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nightschool.errors import UserError
from nightschool.records import Json

if TYPE_CHECKING:
    from nightschool.models.model import Model
    from nightschool.models.transformers_backend import TransformersModel

PUPIL = Path(__file__).parent.parent / "pupil"
THINKING = ":thinking"
BITS = {":4bit": 4, ":8bit": 8}
_MARKS = (THINKING, *BITS)
_SAYS_TEXT = re.compile(r"(ForCausalLM|LMHeadModel|ForConditionalGeneration)$")
_CHOOSE = "Choose a Hugging Face causal language model with safetensors weights, by name or folder"
_READ = ("config.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "chat_template.jinja")


def load(name: str, device: str = "auto") -> TransformersModel:
    """Load a base: `pupil`, a folder, or a Hugging Face name that is on this machine.

    `:thinking` behind a name lets it think before it answers, `:4bit` or `:8bit` keeps its weights in
    so many bits; each makes it another base, with another fingerprint, because its adapters are
    trained behind other prompts, or beside other weights.

    Raises UserError with the reason where it cannot serve.
    """
    folder = find(name)
    refuse(folder)
    from nightschool.models.transformers_backend import TransformersModel

    return TransformersModel.load(name, folder, device)


def free(model: Model) -> None:
    """Drop a loaded model's weights from memory; it is of no use afterwards."""
    from nightschool.models.transformers_backend import TransformersModel

    if isinstance(model, TransformersModel):
        model.release()


def offline() -> None:
    """Forbid the libraries every look-up, before they are imported."""
    for variable in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK", "TRANSFORMERS_NO_ADVISORY_WARNINGS"):
        os.environ[variable] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def find(name: str) -> Path:
    """Return the folder of a base; UserError where there is none on this machine."""
    if plain(name) == "pupil":
        if not (PUPIL / "config.json").is_file():
            raise UserError("The small model `pupil` is not in this installation", hint="`make pupil` trains it")
        return PUPIL
    name = plain(name)
    path = Path(name).expanduser()
    if name and path.is_dir():
        return path.resolve()
    if name and path.exists():
        raise UserError(f"The base {name!r} is a file, not a model folder", hint=_CHOOSE)
    if name.startswith(("/", ".", "~")) or not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name):
        raise UserError(f"There is no folder {name!r}", hint=_CHOOSE)
    offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise UserError(
            f"The base {name!r} is not on this machine",
            hint=f"Download it with `hf download {name}`, or name a folder",
        ) from error


def cached() -> tuple[str, ...]:
    """Hugging Face names of the models that were downloaded to this machine."""
    offline()
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        return tuple(sorted(each.repo_id for each in scan_cache_dir().repos if each.repo_type == "model"))
    except CacheNotFound:
        return ()


def plain(name: str) -> str:
    """A base's name without the marks behind it."""
    while mark := next((mark for mark in _MARKS if name.endswith(mark)), ""):
        name = name.removesuffix(mark)
    return name


def marks(name: str) -> str:
    """The marks behind a base's name, always in one order."""
    behind = name.removeprefix(plain(name))
    return "".join(mark for mark in _MARKS if mark in behind)


def bits(name: str) -> int:
    """In how many bits a base's weights are kept, 0 for as they are."""
    return next((number for mark, number in BITS.items() if mark in marks(name)), 0)


def context_tokens(name: str) -> int:
    """Return how many tokens a base takes, from its settings alone; 0 where they do not say."""
    settings = _json(find(name) / "config.json")
    stated = settings.get("max_position_embeddings") or settings.get("n_positions")
    inner = settings.get("text_config") or {}
    return int(stated or inner.get("max_position_embeddings") or 0)


def lasting(name: str) -> str:
    """Return a name that means the same base from every working folder."""
    folder = Path(plain(name)).expanduser()
    if plain(name) == "pupil" or not folder.is_dir():
        return name
    return f"{folder.resolve()}{marks(name)}"


def refuse(folder: Path) -> None:
    """Raise UserError where a folder's files say already that it cannot serve as a base."""
    if not (folder / "config.json").is_file():
        if (folder / "adapter_config.json").is_file():
            raise UserError(f"{str(folder)!r} holds an adapter, not a base", hint="Name the base it was trained on")
        if any(folder.glob("*.gguf")):
            raise UserError(f"{str(folder)!r} holds GGUF weights, which cannot be trained", hint=_CHOOSE)
        raise UserError(f"{str(folder)!r} is no model folder: it has no `config.json`", hint=_CHOOSE)
    settings = _json(folder / "config.json")
    _refuse_class(folder, settings)
    weights(folder)


def _refuse_class(folder: Path, settings: Json) -> None:
    kinds = settings.get("architectures") or []
    if settings.get("is_encoder_decoder") or (kinds and not any(_SAYS_TEXT.search(kind) for kind in kinds)):
        named = kinds[0] if kinds else "an encoder-decoder"
        raise UserError(
            f"The model in {str(folder)!r} is {named}, which does not continue text as a causal language model does",
            hint=_CHOOSE,
        )
    if not settings.get("model_type"):
        raise UserError(f"{str(folder / 'config.json')!r} does not name a `model_type`", hint=_CHOOSE)


def weights(folder: Path) -> tuple[Path, ...]:
    """Return a base's weight files, all there; UserError where one is missing or none is safetensors."""
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        shards = sorted(set(_json(index).get("weight_map", {}).values()))
        missing = [shard for shard in shards if not (folder / shard).is_file()]
        if missing or not shards:
            raise UserError(
                f"{len(missing)} of {len(shards)} weight files are missing in {str(folder)!r}",
                hint="Download the base again; `hf download NAME` continues where it stopped",
            )
        return tuple(folder / shard for shard in shards)
    if (folder / "model.safetensors").is_file():
        return (folder / "model.safetensors",)
    if any(folder.glob("*.bin")) or any(folder.glob("*.pt")):
        raise UserError(
            f"The weights in {str(folder)!r} are in a format that can run code when it is read",
            hint="Only safetensors are loaded: choose a version of this base that has them",
        )
    raise UserError(f"There are no weights in {str(folder)!r}", hint=_CHOOSE)


def _json(path: Path) -> Json:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{str(path)!r} cannot be read: {error}", hint="Download the base again") from error
    if not isinstance(value, dict):
        raise UserError(f"{str(path)!r} is not a JSON object", hint="Download the base again")
    return value


def fingerprint(base: Path | str | Model) -> str:
    """Hash a base's settings, tokenizer, chat template and weights, and the marks behind its name."""
    if isinstance(base, str):
        return _hash_folder(find(base), marks(base))
    return _hash_folder(base, "") if isinstance(base, Path) else base.fingerprint


def _hash_folder(base: Path, behind: str) -> str:
    digest = hashlib.sha256(behind.encode())
    files = [base / name for name in _READ if (base / name).is_file()]
    for path in [*files, *weights(base)]:
        digest.update(f"{path.name} {_file_hash(path)}\n".encode())
    return digest.hexdigest()


def _file_hash(path: Path) -> str:
    real = path.resolve()
    # Hugging Face's cache names large files by their sha256.
    if real.parent.name == "blobs" and re.fullmatch(r"[0-9a-f]{64}", real.name):
        return real.name
    state = real.stat()
    return _hash_content(real, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _hash_content(path: Path, changed: int, size: int) -> str:
    """Hash a file once for each state that it has been in."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
