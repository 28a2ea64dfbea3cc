"""A base that Ollama already holds: its GGUF found on disk, read and written once as a model folder.

What is trained is then what Ollama computes with, quantisation included, and the same folder serves
every engine. Nothing in Ollama's folder is written to, and nothing is downloaded.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.models import base
from nightschool.records import Json

PREFIX = "ollama:"
SOURCE = "source.json"
KNOWN: dict[str, str] = {
    "llama": "meta-llama/Llama-3.1-8B-Instruct",
    "qwen2": "Qwen/Qwen2.5-7B-Instruct",
    "qwen3": "Qwen/Qwen3-8B",
    "qwen3moe": "Qwen/Qwen3-30B-A3B",
    "gemma3": "google/gemma-3-4b-it",
    "phi3": "microsoft/Phi-4-mini-instruct",
    "mistral": "mistralai/Mistral-7B-Instruct-v0.3",
}
"""Architectures that are read, each with a base of its kind to download where a file cannot be."""
NEAREST = {"gemma2": "google/gemma-3-4b-it", "gptoss": "openai/gpt-oss-20b", "qwen35": "Qwen/Qwen3.5-4B"}
_MODEL = "application/vnd.ollama.image.model"


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A model as it lies in Ollama's folder."""

    name: str
    file: Path
    digest: str
    """sha256 of the file, as Ollama names it."""
    architecture: str
    gigabytes: float
    parameters: int
    vocabulary: int
    """Number of its tokens."""
    template: str | None
    """The chat template that the file carries, in Jinja."""
    layers: int = 0
    hidden: int = 0
    inner: int = 0
    """Width of the feed-forward layers."""
    heads: int = 0
    sizes: tuple[tuple[int, ...], ...] = ()
    """Of every tensor."""

    @property
    def unpacked(self) -> float:
        """Gigabytes of the model folder, two bytes a weight."""
        return 2 * self.parameters / 1e9


def held(name: str, folder: Path | None = None) -> Held:
    """Find a model of Ollama's; UserError where it is not there or of a kind that cannot be read."""
    root = folder or models_folder()
    manifest = _manifest(root, name)
    layers = [layer for layer in _json(manifest).get("layers", ()) if layer.get("mediaType") == _MODEL]
    if len(layers) != 1:
        raise UserError(
            f"Ollama's model {name!r} is made of {len(layers)} weight files, which cannot be read as one",
            hint="Choose a Hugging Face name or folder instead: `nightschool init --base NAME`",
        )
    digest = str(layers[0]["digest"]).removeprefix("sha256:")
    file = root / "blobs" / f"sha256-{digest}"
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or not file.is_file():
        raise UserError(f"The weights of Ollama's model {name!r} are not on disk", hint=f"`ollama pull {name}`")
    return _described(name, file, digest)


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Ollama's names of the models that it holds on this machine; none where it is not here."""
    try:
        root = (folder or models_folder()) / "manifests"
    except UserError:
        return ()
    found = []
    for file in sorted(root.glob("*/*/*/*")):
        if file.is_file():
            path = "/".join(file.relative_to(root).parts[:-1])
            short = path.removeprefix("registry.ollama.ai/").removeprefix("library/")
            found.append(f"{short}:{file.name}")
    return tuple(found)


def models_folder() -> Path:
    """Where Ollama keeps its models."""
    chosen = os.environ.get("OLLAMA_MODELS")
    places = [Path(chosen)] if chosen else [Path.home() / ".ollama/models", Path("/usr/share/ollama/.ollama/models")]
    for place in places:
        if (place / "manifests").is_dir():
            return place
    raise UserError(
        f"Ollama's models are not in {str(places[0])!r}",
        hint="Set OLLAMA_MODELS to their folder, or choose a Hugging Face name or folder",
    )


def unpack(model: Held, folder: Path) -> Path:
    """Write a model as a folder of safetensors with tokenizer and chat template; return it, made once.

    UserError where a weight cannot be read, the disk is too small, or there is no chat template.
    """
    target = folder / f"{re.sub(r'[^A-Za-z0-9.-]+', '-', model.name)}-{model.digest[:12]}"
    if (target / "config.json").is_file():
        return target
    if model.template is None:
        raise UserError(
            f"The file of {model.name!r} carries no chat template, so that it could not be trained as it is served",
            hint=_download(model.architecture),
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    free = shutil.disk_usage(folder).free / 1e9
    if free < 1.05 * model.unpacked:
        raise UserError(
            f"{model.name!r} unpacks to {model.unpacked:.1f} GB, and {free:.1f} GB of disk are free",
            hint="Free some space, or choose a smaller base",
        )
    partial = folder / f".{target.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _convert(model, partial)
        partial.rename(target)
    except OSError as error:
        raise UserError(f"The base could not be written to {str(folder)!r}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def source(folder: Path) -> str:
    """Ollama's name of a folder that was unpacked from it, or nothing."""
    file = folder / SOURCE
    return str(_json(file)["ollama"]) if file.is_file() else ""


def _convert(model: Held, folder: Path) -> None:
    """Read the GGUF with transformers, dequantised, and save what it read."""
    base.offline()
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    # transformers wants a file with an ending inside of a folder.
    folder.mkdir(parents=True)
    link = folder / "base.gguf"
    link.symlink_to(model.file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder, gguf_file=link.name)
            network: Any = transformers.AutoModelForCausalLM.from_pretrained(
                folder, gguf_file=link.name, dtype=torch.bfloat16
            )
    except Exception as error:
        # A quantisation that is not known, a cut-off file, a tokenizer of another kind: the sentence tells.
        raise UserError(
            f"The file of {model.name!r} cannot be read: {str(error).splitlines()[0] if str(error) else error!r}",
            hint=_download(model.architecture),
        ) from error
    finally:
        link.unlink(missing_ok=True)
    tokenizer.chat_template = model.template
    network.config._name_or_path = ""
    # The weights are plain numbers by now, but transformers still takes them for quantised and would not save them.
    network.hf_quantizer = None
    if hasattr(network.config, "quantization_config"):
        del network.config.quantization_config
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    _drop_made_up(folder / "tokenizer.json", model.vocabulary)
    (folder / SOURCE).write_text(json.dumps({"ollama": model.name, "sha256": model.digest}) + "\n")


def _drop_made_up(file: Path, count: int) -> None:
    """Take out the tokens that transformers adds to every vocabulary of this form, for which there is no weight."""
    words = _json(file)
    words["added_tokens"] = [each for each in words["added_tokens"] if each["id"] < count]
    file.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def _manifest(root: Path, name: str) -> Path:
    """The file that lists a model's layers: `qwen3:8b`, `user/model:tag` or `host/user/model:tag`."""
    path, _, tag = name.partition(":")
    pieces = path.split("/")
    if not path or not all(
        re.fullmatch(r"[\w.-]+", piece) and piece.strip(".") for piece in [*pieces, tag or "latest"]
    ):
        raise UserError(f"{name!r} is no name of a model in Ollama", hint="`ollama list` shows the names")
    pieces = [*["registry.ollama.ai", "library"][: max(0, 3 - len(pieces))], *pieces]
    found = root / "manifests" / Path(*pieces) / (tag or "latest")
    if not found.is_file():
        near = sorted({each.parent.name for each in (root / "manifests").glob("*/*/*/*")})
        raise UserError(
            f"Ollama has no model {name!r} on this machine",
            hint=f"`ollama pull {name}`" + (f"; there are {', '.join(near)}" if near else ""),
        )
    return found


def _described(name: str, file: Path, digest: str) -> Held:
    import gguf

    try:
        reader = gguf.GGUFReader(file)
        architecture = _text(reader, "general.architecture") or ""
        parameters = sum(int(each.n_elements) for each in reader.tensors)
        template = _text(reader, "tokenizer.chat_template")
        words = reader.get_field("tokenizer.ggml.tokens")
        sizes = tuple(tuple(int(side) for side in each.shape) for each in reader.tensors)
    except Exception as error:
        # The reader of the library fails in many ways on a file that is none.
        raise UserError(
            f"The weights of Ollama's model {name!r} cannot be read: {str(error).splitlines()[0]}",
            hint=f"`ollama pull {name}` brings them again",
        ) from error
    if architecture not in KNOWN:
        raise UserError(
            f"Models of the kind {architecture!r}, as Ollama's {name!r}, cannot be read from its file",
            hint=_download(architecture),
        )
    return Held(
        name=name,
        file=file,
        digest=digest,
        architecture=architecture,
        gigabytes=file.stat().st_size / 1e9,
        parameters=parameters,
        vocabulary=len(words.data) if words is not None else 0,
        template=template,
        layers=_number(reader, f"{architecture}.block_count"),
        hidden=_number(reader, f"{architecture}.embedding_length"),
        inner=_number(reader, f"{architecture}.feed_forward_length"),
        heads=_number(reader, f"{architecture}.attention.head_count"),
        sizes=sizes,
    )


def _number(reader: Any, key: str) -> int:
    """A number, the largest where the file has one for each layer; 0 where it has none."""
    field = reader.get_field(key)
    found = 0 if field is None else field.contents()
    return int(max(found)) if isinstance(found, list) else int(found)


def _text(reader: Any, key: str) -> str | None:
    field = reader.get_field(key)
    return None if field is None else str(field.contents())


def _download(architecture: str) -> str:
    model = (KNOWN | NEAREST).get(architecture, "Qwen/Qwen3-4B")
    return f"Download the model instead: `hf download {model}`, then `nightschool init --base {model}`"


def _json(path: Path) -> Json:
    try:
        read: Json = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{str(path)!r} cannot be read: {error}", hint="`ollama pull` brings it again") from error
    return read
