"""What cannot serve as a base is refused with a sentence and the next step."""

from __future__ import annotations

import json
import shutil

import pytest

from nightschool import models
from nightschool.errors import UserError
from nightschool.models.base import find, fingerprint, lasting
from nightschool.records import Prompt
from tests import tiny


@pytest.fixture
def copy(base, tmp_path):
    """A copy of the tiny base that a test may spoil."""
    folder = tmp_path / "base"
    shutil.copytree(base, folder)
    return folder


def refusal(name) -> UserError:
    with pytest.raises(UserError) as refused:
        models.load(str(name), "cpu")
    assert refused.value.hint
    assert "\n" not in refused.value.message
    return refused.value


def settings(folder, **changes) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_name_that_is_not_on_this_machine_names_the_command_that_downloads_it(monkeypatch, tmp_path):
    refused = refusal("Qwen/Qwen3-0.6B-not-here")
    assert "not on this machine" in refused.message
    assert "hf download Qwen/Qwen3-0.6B-not-here" in refused.hint


@pytest.mark.parametrize("name", ["/nowhere/model", "./nowhere", "a b", "a/b/c", ""])
def test_a_folder_that_is_not_there_is_refused(name):
    assert "There is no folder" in refusal(name).message


def test_a_file_is_no_base(tmp_path):
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    assert "is a file" in refusal(tmp_path / "model.gguf").message
    assert "GGUF weights" in refusal(tmp_path).message


def test_an_empty_folder_is_no_base(tmp_path):
    assert "no `config.json`" in refusal(tmp_path).message


def test_an_adapter_folder_is_no_base(adapters):
    assert "holds an adapter" in refusal(adapters[0]).message


def test_a_base_without_weights_is_refused(copy):
    (copy / "model.safetensors").unlink()
    assert "no weights" in refusal(copy).message


def test_pickled_weights_are_never_read(copy):
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    assert "can run code" in refusal(copy).message


def test_a_half_downloaded_base_is_refused(copy):
    (copy / "model.safetensors").unlink()
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (copy / "model.safetensors.index.json").write_text(json.dumps(index))
    (copy / "model-00001-of-00002.safetensors").write_bytes(b"")
    assert "1 of 2 weight files are missing" in refusal(copy).message


@pytest.mark.parametrize("spoil", [lambda data: data[:-100], lambda data: b"", lambda data: b"\xff" * 64])
def test_damaged_weights_are_refused(copy, spoil):
    path = copy / "model.safetensors"
    path.write_bytes(spoil(path.read_bytes()))
    assert "cannot be loaded" in refusal(copy).message


def test_weights_of_another_size_are_refused_instead_of_made_up(copy):
    settings(copy, num_hidden_layers=3, layer_types=["full_attention"] * 3)
    assert "do not fit its `config.json`" in refusal(copy).message


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00\x01", '{"architectures": ["Qwen3ForCausalLM"]}'])
def test_damaged_settings_are_refused(copy, text):
    (copy / "config.json").write_text(text)
    refusal(copy)


@pytest.mark.parametrize("kind", ["BertForMaskedLM", "BertModel", "ViTForImageClassification"])
def test_a_model_that_does_not_continue_text_is_refused(copy, kind):
    settings(copy, architectures=[kind])
    assert kind in refusal(copy).message


def test_an_encoder_decoder_is_refused(copy):
    settings(copy, architectures=["T5ForConditionalGeneration"], is_encoder_decoder=True, model_type="t5")
    assert "does not continue text" in refusal(copy).message


def test_a_model_that_needs_its_own_code_is_refused_and_the_code_not_run(copy):
    settings(copy, model_type="own", auto_map={"AutoConfig": "own.Own", "AutoModelForCausalLM": "own.Own"})
    (copy / "own.py").write_text("import pathlib; pathlib.Path('/tmp/nightschool-ran').touch(); Own = None")
    assert "does not know" in refusal(copy).message
    from pathlib import Path

    assert not Path("/tmp/nightschool-ran").exists()


def test_a_base_without_a_tokenizer_is_refused(copy):
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        (copy / name).unlink()
    refusal(copy)


def test_a_tokenizer_of_another_model_is_refused(copy, tmp_path):
    words = tiny.tokenizer("qwen3")
    words.add_tokens([f"new{index}" for index in range(50)])
    words.save_pretrained(copy)
    assert "the weights only" in refusal(copy).message


@pytest.mark.parametrize("template", ["{% for m in messages %}", "{{ raise_exception('no') }}", "Hello"])
def test_a_broken_chat_template_is_refused(copy, template):
    (copy / "chat_template.jinja").write_text(template)
    assert "chat template" in refusal(copy).message


def test_weights_that_no_memory_here_holds_are_refused_before_they_are_read(base, monkeypatch):
    monkeypatch.setattr("os.sysconf", lambda name: 100)
    assert "GB of memory" in refusal(base).message


def test_a_name_that_was_downloaded_is_found_without_the_network(base, tmp_path, monkeypatch):
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    cached = tmp_path / "models--someone--tiny"
    shutil.copytree(base, cached / "snapshots" / "abc")
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("abc")
    model = models.load("someone/tiny", "cpu")
    assert (model.name, model.fingerprint) == ("someone/tiny", fingerprint(base))


def test_a_device_that_is_not_there_is_refused(base):
    with pytest.raises(UserError, match="has no device 'cuda:99'"):
        models.load(str(base), "cuda:99")


def test_the_fingerprint_depends_on_settings_weights_tokenizer_and_template_and_not_on_the_folder(base, copy):
    first = fingerprint(base)
    assert fingerprint(copy) == first
    seen = {first}
    for name in ("config.json", "tokenizer.json", "chat_template.jinja", "model.safetensors"):
        data = (copy / name).read_bytes()
        (copy / name).write_bytes(data + b" ")
        seen.add(fingerprint(copy))
        (copy / name).write_bytes(data)
    assert len(seen) == 5
    assert fingerprint(copy) == first


def test_a_base_that_thinks_is_another_base_than_the_same_one_that_does_not(base):
    silent, thinking = models.load(str(base), "cpu"), models.load(f"{base}:thinking", "cpu")
    asked = Prompt(messages=({"role": "user", "content": "Hello"},))
    assert silent.count_tokens(asked) > thinking.count_tokens(asked)
    assert silent.fingerprint == fingerprint(str(base)) == fingerprint(base)
    assert thinking.fingerprint == fingerprint(f"{base}:thinking") != silent.fingerprint


def test_what_is_named_by_a_home_folder_sign_is_found(monkeypatch, copy):
    monkeypatch.setenv("HOME", str(copy.parent))
    assert find("~/base") == copy


def test_nothing_is_looked_up_on_the_network(base, monkeypatch):
    import socket

    monkeypatch.setattr(socket, "getaddrinfo", pytest.fail)
    monkeypatch.setattr(socket.socket, "connect", pytest.fail)
    models.load(str(base), "cpu")
    refusal("some/name-that-is-nowhere")


def test_a_relative_folder_is_kept_by_its_whole_path_and_pupil_by_its_name(copy, monkeypatch):
    monkeypatch.chdir(copy.parent)
    (copy.parent / "pupil").mkdir()
    assert lasting("base") == str(copy)
    assert lasting("base:thinking") == f"{copy}:thinking"
    assert lasting("pupil") == "pupil"
    assert lasting("someone/tiny") == "someone/tiny"
