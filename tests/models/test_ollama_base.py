"""A base that Ollama holds is found, read as it is, and refused with a way on where it cannot be."""

from __future__ import annotations

import hashlib
import json
import shutil

import gguf
import pytest

from nightschool import models
from nightschool.errors import UserError
from nightschool.models import ollama_base
from tests import tiny
from tests.models.delivery import llama_cpp


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny.make(tmp_path_factory.mktemp("base"), "llama")


@pytest.fixture(scope="module")
def file(base, tmp_path_factory):
    """The base as GGUF with its own words and template."""
    return llama_cpp.write_base(base, tmp_path_factory.mktemp("gguf") / "base.gguf", words=True)


@pytest.fixture
def there(tmp_path, file):
    """Ollama's folder with one model `tiny:1b`."""
    root = tmp_path / "ollama"
    hold(root, file)
    return root


def hold(root, file, name="registry.ollama.ai/library/tiny/1b", kinds=("model",)):
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    (root / "blobs").mkdir(parents=True, exist_ok=True)
    (root / "blobs" / f"sha256-{digest}").write_bytes(file.read_bytes())
    manifest = root / "manifests" / name
    manifest.parent.mkdir(parents=True, exist_ok=True)
    kind = "application/vnd.ollama.image."
    layers = [{"mediaType": kind + each, "digest": f"sha256:{digest}"} for each in (*kinds, "template")]
    manifest.write_text(json.dumps({"layers": layers}))
    return digest


def test_a_model_is_read_as_it_is_and_made_once(there, base, tmp_path):
    found = ollama_base.held("tiny:1b", there)
    assert found.architecture == "llama"
    folder = ollama_base.unpack(found, tmp_path / "bases")
    assert ollama_base.unpack(found, tmp_path / "bases") == folder
    ours, theirs = models.load(str(base), "cpu"), models.load(str(folder), "cpu")
    ids = list(range(20, 60))
    # The folder holds 16 bits a weight.
    assert (ours.logits(ids) - theirs.logits(ids)).abs().max() < 0.5
    assert theirs.tokenizer.chat_template == ours.tokenizer.chat_template
    text = "How far is it from Oslo to Bergen? <|eot_id|>"
    assert theirs.tokenizer(text)["input_ids"] == ours.tokenizer(text)["input_ids"]
    assert not list((tmp_path / "bases").glob(".*"))


def test_a_full_name_is_understood(there):
    for name in ("library/tiny:1b", "registry.ollama.ai/library/tiny:1b"):
        assert ollama_base.held(name, there).parameters > 100_000


def wrong_kind(root, tmp_path):
    writer = gguf.GGUFWriter(tmp_path / "x.gguf", "qwen35")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    hold(root, tmp_path / "x.gguf", "registry.ollama.ai/library/odd/latest")


def cut_off(root, tmp_path):
    (tmp_path / "y.gguf").write_bytes(b"GGUF nothing more")
    hold(root, tmp_path / "y.gguf", "registry.ollama.ai/library/odd/latest")


def two_files(root, tmp_path):
    file = next((root / "blobs").iterdir())
    hold(root, file, "registry.ollama.ai/library/odd/latest", ("model", "model"))


def blob_gone(root, tmp_path):
    two_files(root, tmp_path)
    hold(root, next((root / "blobs").iterdir()), "registry.ollama.ai/library/odd/latest")
    next((root / "blobs").iterdir()).unlink()


@pytest.mark.parametrize(
    ("spoil", "name", "sentence", "way"),
    [
        (wrong_kind, "odd", "kind 'qwen35'", "hf download Qwen/Qwen3.5-4B"),
        (cut_off, "odd", "cannot be read", "ollama pull odd"),
        (two_files, "odd", "2 weight files", "Hugging Face name or folder"),
        (blob_gone, "odd", "not on disk", "ollama pull odd"),
        (lambda *_: None, "nothing:7b", "no model 'nothing:7b'", "there are tiny"),
        (lambda *_: None, "../../etc", "no name of a model", "ollama list"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_with_a_way_on(spoil, name, sentence, way, there, tmp_path):
    spoil(there, tmp_path)
    with pytest.raises(UserError, match=sentence) as told:
        ollama_base.held(name, there)
    assert way in told.value.hint


def test_a_full_disk_is_said_before_anything_is_written(there, tmp_path, monkeypatch):
    found = ollama_base.held("tiny:1b", there)
    monkeypatch.setattr(ollama_base.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(UserError, match="unpacks to"):
        ollama_base.unpack(found, tmp_path / "bases")
    assert not list((tmp_path / "bases").iterdir())


def test_no_ollama_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path))
    with pytest.raises(UserError, match="models are not in"):
        ollama_base.held("tiny")
