"""llama.cpp's server, vLLM and an MLX folder: what is promoted answers there, and what may not goes from there too."""

# ruff: noqa: F401, F811 - pytest takes fixtures by their names

from __future__ import annotations

import dataclasses
import json
import shutil

import pytest

from nightschool.config import BaseConfig, Config, DeliverConfig, Home, write_config
from nightschool.models.delivery import record
from nightschool.models.delivery.mlx_folder import MlxFolder
from nightschool.models.delivery.record import Delivery
from nightschool.night import delivery
from nightschool.store import facts, versions
from nightschool.store.database import open_database
from tests.models.delivery import fake_ollama, fake_servers
from tests.night.test_delivery import (
    DOG,
    SISTER,
    adapters,
    base,
    laid,
    loaded,
    promoted,
    shelved,
    typed,
    written,
)


@pytest.fixture(scope="module")
def engine(base, tmp_path_factory):
    """A tiny base that answers for both servers."""
    return fake_ollama.Fake(base=shutil.copytree(base, tmp_path_factory.mktemp("there") / "base"))


@pytest.fixture
def llama(engine):
    with fake_servers.running(fake_servers.LlamaServer(engine=engine)) as fake:
        fake.start()
        yield fake


@pytest.fixture
def vllm(engine):
    with fake_servers.running(fake_servers.Vllm(engine=engine)) as fake:
        yield fake
    vars(engine).pop("_mount", None)


@pytest.fixture
def home(tmp_path, base, loaded, monkeypatch):
    """A home that delivers nowhere yet, its probes short."""
    monkeypatch.setattr(delivery, "PROMPTS", 2)
    made = Home(tmp_path / "home").create()
    db = open_database(made.database)
    yield delivery.post(db, made, Config(base=BaseConfig(name=str(base), device="cpu")), lambda: loaded)
    db.close()


def to(home, **settings):
    return dataclasses.replace(home, config=dataclasses.replace(home.config, deliver=DeliverConfig(**settings)))


@pytest.fixture
def at_llama(home, llama):
    return to(home, to="llama-server", llama_url=llama.url)


@pytest.fixture
def at_vllm(home, vllm):
    return to(home, to="vllm", vllm_url=vllm.url)


def started(at, llama):
    """The server, started again with all adapters that lie ready for it, as the hint says."""
    llama.start(*sorted(at.folder("llama-server").glob("nightschool-*/adapter.gguf")))


def switched(at, llama, adapter):
    """A version promoted, the server started again with it, and switched to it."""
    name = promoted(at, adapter)
    (asked, *_) = delivery.follow(at)
    assert (asked.state, asked.answers) == ("failed", False)
    started(at, llama)
    (done, *_) = delivery.follow(at)
    assert (done.state, done.answers) == ("delivered", True), done.reason
    return name


def on(llama):
    return [file.parent.name for file, scale in zip(llama.files, llama.scales, strict=True) if scale]


def test_llama_server_has_to_be_started_with_an_adapter_and_is_told_how(at_llama, llama, adapters):
    promoted(at_llama, adapters[0])
    (asked,) = delivery.follow(at_llama)
    assert "takes adapters only when it starts" in asked.reason
    file = at_llama.folder("llama-server") / "nightschool-v-0001" / "adapter.gguf"
    assert f"--lora {file} --lora-init-without-apply -c 2048" in asked.hint
    assert file.is_file()
    assert not (at_llama.folder("llama-server") / "nightschool.gguf").exists()


def test_llama_server_is_switched_by_scales_and_the_lasting_name_points_at_who_answers(at_llama, llama, adapters):
    switched(at_llama, llama, adapters[0])
    switched(at_llama, llama, adapters[1])
    assert on(llama) == ["nightschool-v-0002"]
    link = at_llama.folder("llama-server") / "nightschool.gguf"
    assert link.resolve().parent.name == "nightschool-v-0002"
    (done, *_) = [each for each in record.read(at_llama.home.deliveries) if each.answers]
    assert done.parity.exact and done.parity.apart < 1e-2
    assert done.parity.version == done.parity.prompts and done.parity.applied == done.parity.changed > 0


def test_taking_one_version_from_llama_server_leaves_the_other_on(at_llama, llama, adapters):
    gone = switched(at_llama, llama, adapters[0])
    switched(at_llama, llama, adapters[1])
    versions.set_state(at_llama.db, gone, "blocked")
    done = delivery.follow(at_llama)
    assert (gone, "withdrawn") in [(each.version, each.state) for each in done]
    assert on(llama) == ["nightschool-v-0002"]
    assert not (at_llama.folder("llama-server") / f"nightschool-{gone}").exists()


def test_a_forgotten_champion_is_off_in_llama_server_and_its_file_gone(at_llama, llama, adapters):
    name = switched(at_llama, llama, adapters[0])
    versions.set_state(at_llama.db, name, "blocked")
    delivery.take_back(at_llama.db, at_llama.home, at_llama.config)
    assert on(llama) == []
    assert not list(at_llama.folder("llama-server").glob("**/*.gguf"))


def test_a_llama_server_that_does_not_use_the_adapter_is_not_switched(at_llama, llama, adapters):
    switched(at_llama, llama, adapters[0])
    promoted(at_llama, adapters[1])
    delivery.follow(at_llama)
    started(at_llama, llama)
    llama.scales[0] = 1.0
    llama.deaf = True
    (done, *_) = delivery.follow(at_llama)
    assert (done.state, "as the untouched base does" in done.reason) == ("stopped", True)
    assert on(llama) == ["nightschool-v-0001"]


def test_a_llama_server_that_still_loads_its_base_is_a_sentence(at_llama, llama, adapters):
    promoted(at_llama, adapters[0])
    llama.loading = True
    (done,) = delivery.follow(at_llama)
    assert done.state == "failed"
    assert "503 Loading model" in done.reason


def test_vllm_loads_each_version_under_a_name_of_its_own(at_vllm, vllm, adapters):
    for adapter in adapters[:2]:
        promoted(at_vllm, adapter)
        (done, *_) = delivery.follow(at_vllm)
        assert (done.state, done.answers) == ("delivered", True), done.reason
    assert set(vllm.loaded) == {"nightschool-v-0001", "nightschool-v-0002"}
    assert done.ask_for == "nightschool-v-0002"
    assert done.parity.version == done.parity.prompts and not done.parity.exact


def test_vllm_that_was_started_again_gets_the_champion_anew(at_vllm, vllm, adapters):
    promoted(at_vllm, adapters[0])
    delivery.follow(at_vllm)
    vllm.loaded.clear()
    (done,) = delivery.follow(at_vllm)
    assert (done.state, list(vllm.loaded)) == ("delivered", ["nightschool-v-0001"])
    vllm.calls.clear()
    delivery.follow(at_vllm)
    assert set(vllm.calls) == {"/v1/models"}


def test_a_forgotten_fact_is_unloaded_from_vllm_and_skill_and_facts_answer_as_one(at_vllm, vllm, adapters):
    name = promoted(at_vllm, adapters[0])
    written(at_vllm, laid(at_vllm, versions.get(at_vllm.db, name).adapter_hash), SISTER, DOG)
    (before,) = delivery.follow(at_vllm)
    assert (before.state, before.parity.shown) == ("delivered", 2), before.reason
    facts.forget(at_vllm.db, SISTER.id)
    (gone,) = delivery.take_back(at_vllm.db, at_vllm.home, at_vllm.config)
    assert (gone.name, gone.state, vllm.loaded) == (before.name, "withdrawn", {})
    after, *_ = delivery.follow(at_vllm)
    assert (after.state, after.facts, list(vllm.loaded)) == ("delivered", ("f-2",), [after.name])
    assert after.name != before.name


def test_a_vllm_that_does_not_use_the_adapter_keeps_what_it_had(at_vllm, vllm, adapters):
    promoted(at_vllm, adapters[0])
    delivery.follow(at_vllm)
    vllm.deaf = True
    promoted(at_vllm, adapters[1])
    (done, *_) = delivery.follow(at_vllm)
    assert done.state == "stopped"
    assert list(vllm.loaded) == ["nightschool-v-0001"]
    assert [each.version for each in record.read(at_vllm.home.deliveries) if each.answers] == ["v-0001"]


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [({"updating": False}, "404"), ({"largest": 2}, "greater than max_lora_rank 2")],
)
def test_a_vllm_that_takes_no_adapter_is_a_sentence_that_says_how_to_start_it(
    spoilt, sentence, at_vllm, vllm, adapters
):
    for key, value in spoilt.items():
        setattr(vllm, key, value)
    promoted(at_vllm, adapters[0])
    (done,) = delivery.follow(at_vllm)
    assert (done.state, sentence in done.reason) == ("failed", True), done.reason
    assert "VLLM_ALLOW_RUNTIME_LORA_UPDATING" in done.hint
    assert not vllm.loaded


@pytest.mark.parametrize("kind", ["llama-server", "vllm"])
def test_a_server_that_is_not_there_ends_the_command_with_its_sentence(kind, home, adapters, capsys, monkeypatch):
    at = to(home, to=kind, llama_url="http://127.0.0.1:9", vllm_url="http://127.0.0.1:9")
    promoted(at, adapters[0])
    write_config(at.home.config_file, at.config)
    with pytest.raises(SystemExit) as left:
        typed(monkeypatch, at, "deliver")
    assert left.value.code == 2
    assert f"{kind}: v-0001 was not delivered:" in (said := capsys.readouterr().err)
    assert "does not answer" in said and "Traceback" not in said


def test_an_mlx_folder_is_pointed_at_who_answers_and_loses_what_was_forgotten(home, base, adapters):
    at = to(home, to="mlx")
    name = promoted(at, adapters[0])
    folder = at.folder("mlx")
    (folder / "nightschool-v-0001" / "mlx").mkdir(parents=True)
    there = MlxFolder(base, folder=folder, name="nightschool", tokenizer=lambda: None)
    link = there.promote("nightschool-v-0001")
    assert there.has("nightschool-v-0001") and not there.has("nightschool-v-0002")
    assert (folder / "nightschool-mlx").samefile(folder / "nightschool-v-0001" / "mlx")
    at.home.deliveries.write_text("[]")
    record.note(
        at.home.deliveries,
        Delivery(place="mlx", version=name, name="nightschool-v-0001", state="delivered", answers=True, ask_for=link),
    )
    versions.set_state(at.db, name, "blocked")
    (gone,) = delivery.take_back(at.db, at.home, at.config)
    assert (gone.version, gone.state) == (name, "withdrawn")
    assert not (folder / "nightschool-v-0001").exists() and not (folder / "nightschool-mlx").is_symlink()


def test_an_mlx_folder_answers_as_here(home, adapters):
    pytest.importorskip("mlx_lm", reason="MLX is an extra")
    at = to(home, to="mlx")
    promoted(at, adapters[0])
    (done,) = delivery.follow(at)
    assert (done.state, done.answers) == ("delivered", True), done.reason
    assert done.parity.version == done.parity.prompts
    assert json.loads((at.folder("mlx") / "nightschool-mlx" / "adapter_config.json").read_text())["num_layers"] > 0
