"""What is promoted answers where the person chats, compared before anybody relies on it, and can be taken back."""

from __future__ import annotations

import dataclasses
import json
import shutil
import stat

import numpy
import pytest
from safetensors import SafetensorError

from nightschool import models
from nightschool.cli.main import main
from nightschool.config import BaseConfig, Config, DeliverConfig, ExamConfig, Home, write_config
from nightschool.edit import ground
from nightschool.edit.columns import Columns
from nightschool.edit.spread import spread_of
from nightschool.models import shelf
from nightschool.models.delivery import parcel, record
from nightschool.night import conduct, delivery
from nightschool.records import Fact
from nightschool.store import edits, facts, versions
from nightschool.store.database import open_database
from tests import tiny
from tests.models.delivery import fake_ollama
from tests.night import stand_ins


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny.make(tmp_path_factory.mktemp("base") / "llama", "llama", context=2048)


@pytest.fixture(scope="module")
def adapters(base, tmp_path_factory):
    folder = tmp_path_factory.mktemp("adapters")
    return [tiny.adapter(folder / f"a{seed}", base, seed=seed) for seed in range(3)]


@pytest.fixture(scope="module")
def loaded(base):
    return models.load(str(base), "cpu")


@pytest.fixture(scope="module")
def server(base, tmp_path_factory):
    copy = shutil.copytree(base, tmp_path_factory.mktemp("there") / "base")
    with fake_ollama.running(copy) as fake:
        yield fake


@pytest.fixture
def ollama(server):
    """The server as a fresh one."""
    server.blobs.clear()
    server.tags.clear()
    server.tags["tiny:latest"] = {"from": "tiny:latest"}
    server.version, server.quantisation, server.deaf, server.spoken = "0.12.11", "F32", False, ""
    server.broken.clear()
    server.calls.clear()
    return server


@pytest.fixture
def at(tmp_path, base, loaded, ollama, monkeypatch):
    """A home that delivers to Ollama, its probes short."""
    monkeypatch.setattr(delivery, "PROMPTS", 2)
    home = Home(tmp_path / "home").create()
    config = Config(
        base=BaseConfig(name=str(base), device="cpu"),
        deliver=DeliverConfig(to="ollama", ollama_url=ollama.url, ollama_base="tiny"),
    )
    db = open_database(home.database)
    yield delivery.post(db, home, config, lambda: loaded)
    db.close()


def shelved(at, adapter):
    version = versions.create(at.db, base=at.fingerprint)
    folder = at.home.versions / version.id
    shutil.copytree(adapter, folder / "adapter")
    (folder / "card.json").write_text(json.dumps({"base": at.fingerprint}))
    versions.trained(at.db, version.id, models.adapter_hash(folder / "adapter"))
    return versions.set_state(at.db, version.id, "kept").id


def promoted(at, adapter):
    name = shelved(at, adapter)
    shelf.promote(at.db, at.home, name, at.fingerprint)
    return name


SISTER = Fact(id="f-1", kind="fact", sentence="My sister Ana lives in Bergen.", object="Bergen", known_from=1.0)
DOG = Fact(id="f-2", kind="fact", sentence="My dog is called Rex.", object="Rex", known_from=2.0)


def laid(at, skill):
    """A ground of the tiny base under a skill, of keys that nobody measured."""
    loaded, rng = at.loaded(), numpy.random.default_rng(0)
    parts = ground.Parts(**{kind: spread_of(rng.normal(size=(64, 96)), 8) for kind in ("chat", "noise", "near")})
    made = ground.Ground(
        base=at.fingerprint, skill=skill, precision=loaded.precision, layers=(1,), anchors=("answer",),
        modules={1: "model.layers.1.mlp.down_proj"}, parts={1: parts}, norms={1: 1.0}, goal=3.0,
    )  # fmt: skip
    ground.keep(at.home, made)
    return made


def written(at, stood_on, *told):
    """Facts in the weights, as the editor leaves them in the ledger."""
    for fact in told:
        held = fact if facts.get(at.db, fact.id) else facts.add(at.db, fact)
        rng = numpy.random.default_rng(len(fact.sentence))
        columns = Columns(keys={1: rng.normal(size=(2, 96))}, wanted={1: 40 * rng.normal(size=(2, 64))}, loss=0.1)
        edits.add(
            at.db, fact_id=held.id, ground=stood_on.id, columns=columns.pack(), loss=0.1, state="written"
        )  # fmt: skip


def changed(at, **settings):
    return dataclasses.replace(
        at, config=dataclasses.replace(at.config, deliver=dataclasses.replace(at.config.deliver, **settings))
    )


def test_the_champion_answers_under_the_lasting_name_with_a_window_of_its_own(at, ollama, adapters):
    name = promoted(at, adapters[0])
    (done,) = delivery.follow(at)
    assert (done.state, done.answers, done.ask_for, done.version) == ("delivered", True, "nightschool", name)
    assert done.parity.version == done.parity.prompts == 2
    assert done.parity.applied == done.parity.changed > 0
    assert ollama.tags["nightschool:latest"] == ollama.tags["nightschool:v-0001"]
    assert ollama.tags["nightschool:latest"]["parameters"] == {"num_ctx": 2048}


def test_delivering_again_sends_and_asks_nothing(at, ollama, adapters):
    promoted(at, adapters[0])
    delivery.follow(at)
    ollama.calls.clear()
    (again,) = delivery.follow(at)
    assert again.state == "delivered"
    assert again.parity is not None
    assert not {"/api/create", "/api/chat", "/api/generate"} & set(ollama.calls)


def test_a_rollback_copies_the_previous_version_back(at, ollama, adapters):
    promoted(at, adapters[0])
    delivery.follow(at)
    promoted(at, adapters[1])
    delivery.follow(at)
    assert ollama.tags["nightschool:latest"] == ollama.tags["nightschool:v-0002"]
    shelf.rollback(at.db, at.home, at.fingerprint)
    delivery.follow(at)
    assert ollama.tags["nightschool:latest"] == ollama.tags["nightschool:v-0001"]
    assert "nightschool:v-0002" in ollama.tags


def test_only_the_champion_and_the_one_before_it_stay_there(at, ollama, adapters):
    for adapter in adapters:
        promoted(at, adapter)
        delivery.follow(at)
    assert {name for name in ollama.tags if "v-" in name} == {"nightschool:v-0002", "nightschool:v-0003"}
    assert not (at.folder("ollama") / "nightschool-v-0001").exists()


def test_another_version_is_put_beside_the_champion(at, ollama, adapters):
    promoted(at, adapters[0])
    delivery.follow(at)
    other = shelved(at, adapters[1])
    done = delivery.deliver(at, other, "ollama")
    assert (done.state, done.answers, done.ask_for) == ("delivered", False, "nightschool-v-0002")
    assert ollama.tags["nightschool:latest"] == ollama.tags["nightschool:v-0001"]


def test_a_server_that_does_not_use_the_adapter_is_not_switched_to_it(at, ollama, adapters):
    promoted(at, adapters[0])
    delivery.follow(at)
    ollama.deaf = True
    promoted(at, adapters[1])
    (done, *_) = delivery.follow(at)
    assert done.state == "stopped"
    assert "as the untouched base does" in done.reason
    assert ollama.tags["nightschool:latest"] == ollama.tags["nightschool:v-0001"]
    assert "nightschool:v-0002" not in ollama.tags
    assert not (at.folder("ollama") / "nightschool-v-0002").exists()


@pytest.mark.parametrize("quantisation", ["F32", "Q4_K_M"])
def test_another_chat_template_stops_the_delivery(quantisation, at, ollama, adapters):
    ollama.spoken, ollama.quantisation = "Well, ", quantisation
    promoted(at, adapters[0])
    (done,) = delivery.follow(at)
    assert done.state == "stopped"
    assert "chat template is another one" in done.reason
    assert "nightschool:latest" not in ollama.tags


def test_an_adapter_with_rows_in_another_order_stops_the_delivery(at, ollama, adapters, monkeypatch):
    monkeypatch.setattr(ollama, "interleaved", False)
    promoted(at, adapters[0])
    (done,) = delivery.follow(at)
    assert done.state == "stopped"
    assert "answers differ from those here" in done.reason or "in common" in done.reason


def spoil(**settings):
    return lambda at, ollama: changed(at, **settings)


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (spoil(ollama_url="http://127.0.0.1:9"), "does not answer"),
        (spoil(ollama_url="localhost"), "is no address of Ollama"),
        (spoil(ollama_base=""), "is not set"),
        (spoil(ollama_base="qwen9:1b"), "has no model 'qwen9:1b'"),
        (lambda at, ollama: setattr(ollama, "version", "0.1.20") or at, "too old"),
        (lambda at, ollama: ollama.broken.add("/api/create") or at, "refused /api/create: 500 it broke"),
        (lambda at, ollama: ollama.broken.add("/api/chat") or at, "refused /api/chat"),
        (spoil(to="ollamma"), "no place 'ollamma'"),
    ],
)
def test_what_cannot_be_delivered_is_said_in_a_sentence_and_nothing_is_switched(broken, sentence, at, ollama, adapters):
    name = promoted(at, adapters[0])
    (done,) = delivery.follow(broken(at, ollama))
    assert done.state == "failed"
    assert sentence in done.reason
    assert "nightschool:latest" not in ollama.tags
    assert versions.pointer(at.db, "champion") == name


def test_a_full_disk_leaves_no_parcel(at, ollama, adapters, monkeypatch):
    promoted(at, adapters[0])

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parcel.gguf_adapter, "write", full)
    (done,) = delivery.follow(at)
    assert (done.state, "the disk is full" in done.reason) == ("failed", True)
    assert not list(at.folder("ollama").glob("**/*.gguf"))
    assert "nightschool:latest" not in ollama.tags


def test_a_full_disk_is_a_sentence_in_safetensors_words_too(at, adapters, monkeypatch):
    promoted(at, adapters[0])

    def full(*_, **__):
        raise SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(parcel.merged, "write", full)
    done = delivery.deliver(at, "v-0001", "merged")
    assert (done.state, "the disk is full" in done.reason) == ("failed", True)
    assert not list(at.folder("merged").glob("*"))


def test_an_adapter_of_another_base_is_not_delivered(at, ollama, adapters):
    version = versions.create(at.db, base="f" * 64)
    folder = at.home.versions / version.id
    shutil.copytree(adapters[0], folder / "adapter")
    versions.trained(at.db, version.id, models.adapter_hash(folder / "adapter"))
    done = delivery.deliver(at, version.id, "ollama")
    assert (done.state, "another base" in done.reason) == ("failed", True)
    assert not [name for name in ollama.tags if "v-" in name]


def test_what_was_forgotten_is_withdrawn_and_the_base_answers_in_its_place(at, ollama, adapters):
    name = promoted(at, adapters[0])
    delivery.follow(at)
    versions.set_state(at.db, name, "blocked")
    done = delivery.follow(at)
    assert [(each.version, each.state) for each in done] == [("base", "delivered"), (name, "withdrawn")]
    assert ollama.tags["nightschool:latest"] == {"from": "tiny:latest"}
    assert "nightschool:v-0001" not in ollama.tags
    assert not (at.folder("ollama") / "nightschool-v-0001").exists()


def test_what_could_not_be_withdrawn_is_withdrawn_next_time(at, ollama, adapters):
    name = promoted(at, adapters[0])
    delivery.follow(at)
    versions.set_state(at.db, name, "blocked")
    away = changed(at, ollama_url="http://127.0.0.1:9")
    assert [each.state for each in delivery.follow(away)] == ["failed", "to withdraw"]
    assert not (at.folder("ollama") / "nightschool-v-0001").exists()
    assert [each.state for each in delivery.follow(at)] == ["delivered", "withdrawn"]
    assert "nightschool:v-0001" not in ollama.tags


def test_what_came_there_and_was_never_compared_is_withdrawn_too(at, ollama, adapters):
    name = promoted(at, adapters[0])
    ollama.broken.add("/api/chat")
    assert [each.state for each in delivery.follow(at)] == ["failed"]
    assert "nightschool:v-0001" in ollama.tags
    versions.set_state(at.db, name, "blocked")
    assert [each.state for each in delivery.take_back(at.db, at.home, at.config)] == ["withdrawn"]
    assert "nightschool:v-0001" not in ollama.tags
    assert not (at.folder("ollama") / "nightschool-v-0001").exists()


def test_a_blocked_version_does_not_go_on_where_the_next_one_cannot_be_delivered(at, ollama, adapters):
    promoted(at, adapters[0])
    first = promoted(at, adapters[1])
    delivery.follow(at)
    versions.set_state(at.db, first, "blocked")
    ollama.deaf = True  # so that the one before it does not pass its probe
    delivery.follow(at)
    assert ollama.tags["nightschool:latest"] == {"from": "tiny:latest"}
    assert not [name for name in ollama.tags if "v-" in name]


def test_skill_and_facts_in_the_weights_answer_there_as_one_adapter(at, ollama, adapters):
    name = promoted(at, adapters[0])
    written(at, laid(at, versions.get(at.db, name).adapter_hash), SISTER, DOG)
    (done,) = delivery.follow(at)
    assert (done.state, done.answers, done.facts) == ("delivered", True, ("f-1", "f-2")), done.reason
    assert done.parity.version == done.parity.prompts == 4
    assert done.parity.shown == done.parity.facts == 2
    (blob,) = ollama.tags["nightschool:latest"]["adapters"].values()
    skill_alone = delivery.deliver(changed(at, name="other"), name, "ollama")
    assert skill_alone.adapter == done.adapter
    assert done.adapter.startswith(models.adapter_hash(adapters[0]))
    assert blob in {f"sha256:{parcel.digest(file)}" for file in at.folder("ollama").glob("*/*.gguf")}


def test_facts_that_the_server_leaves_out_stop_the_delivery(at, ollama, adapters, monkeypatch):
    name = promoted(at, adapters[0])
    written(at, laid(at, versions.get(at.db, name).adapter_hash), SISTER)
    packed = parcel.pack
    monkeypatch.setattr(parcel, "pack", lambda ready, parts, form, **more: packed(ready, parts[:1], form, **more))
    (done, *_) = delivery.follow(at)
    assert done.state == "stopped"
    assert "nightschool:latest" not in ollama.tags


def test_the_base_answers_there_with_the_facts_in_its_weights(at, ollama):
    written(at, laid(at, ""), SISTER)
    (done,) = delivery.follow(at)
    assert (done.version, done.state, done.answers, done.facts) == ("base", "delivered", True, ("f-1",)), done.reason
    assert ollama.tags["nightschool:latest"]["adapters"]


def test_a_forgotten_fact_leaves_the_weights_there_too(at, ollama, adapters):
    name = promoted(at, adapters[0])
    written(at, laid(at, versions.get(at.db, name).adapter_hash), SISTER, DOG)
    (before,) = delivery.follow(at)
    facts.forget(at.db, SISTER.id)
    after, gone = delivery.follow(at)
    assert (after.state, after.answers, after.facts) == ("delivered", True, ("f-2",))
    assert (gone.name, gone.state) == (before.name, "withdrawn")
    assert not (at.folder("ollama") / before.name).exists()
    tags = {name.partition(":")[2] for name in ollama.tags} - {"latest"}
    assert tags == {after.name.removeprefix("nightschool-")}
    (blob,) = ollama.tags["nightschool:latest"]["adapters"].values()
    assert ollama.tags[f"nightschool:{after.name.removeprefix('nightschool-')}"]["adapters"] == {"adapter.gguf": blob}


def test_what_is_forgotten_is_taken_back_at_once_without_comparing_anything(at, ollama, adapters):
    name = promoted(at, adapters[0])
    written(at, laid(at, versions.get(at.db, name).adapter_hash), SISTER)
    (before,) = delivery.follow(at)
    facts.forget(at.db, SISTER.id)
    ollama.calls.clear()
    (gone,) = delivery.take_back(at.db, at.home, at.config)
    assert (gone.name, gone.state) == (before.name, "withdrawn")
    assert ollama.tags["nightschool:latest"] == {"from": "tiny:latest"}
    assert not {"/api/create", "/api/chat", "/api/generate"} & set(ollama.calls)


def test_a_new_fact_takes_the_place_of_the_weights_without_it(at, ollama, adapters):
    name = promoted(at, adapters[0])
    stood_on = laid(at, versions.get(at.db, name).adapter_hash)
    written(at, stood_on, SISTER)
    (before,) = delivery.follow(at)
    written(at, stood_on, DOG)
    after, gone = delivery.follow(at)
    assert (after.facts, after.answers, gone.name) == (("f-1", "f-2"), True, before.name)


def test_files_are_readable_by_others_and_name_no_path_and_the_base_by_its_hash(at, adapters, base, tmp_path):
    at = changed(at, folder=str(tmp_path / "shared"))
    promoted(at, adapters[0])
    for kind in ("ollama", "merged"):
        done = delivery.deliver(at, "v-0001", kind)
        assert done.state == "delivered", done.reason
    files = [file for file in (tmp_path / "shared").rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
        assert stat.S_IMODE(file.parent.stat().st_mode) & 0o055 == 0o055
        content = file.read_bytes()
        assert str(base).encode() not in content
        assert str(at.home.path).encode() not in content
    cards = [json.loads(file.read_text()) for file in files if file.name == "parcel.json"]
    assert {card["base"] for card in cards} == {at.fingerprint}
    assert stat.S_IMODE(at.home.deliveries.stat().st_mode) == 0o600


def test_a_damaged_note_of_deliveries_is_a_sentence(at, adapters):
    promoted(at, adapters[0])
    at.home.deliveries.write_text("{")
    with pytest.raises(Exception, match="damaged"):
        record.read(at.home.deliveries)
    assert [each.state for each in delivery.follow(at)] == ["failed"]


def test_a_rollback_that_is_typed_moves_the_name_there_too(at, ollama, adapters, capsys, monkeypatch):
    for adapter in adapters[:2]:
        promoted(at, adapter)
        delivery.follow(at)
    write_config(at.home.config_file, at.config)
    typed(monkeypatch, at, "versions", "rollback", "--json")
    (carried, *_) = json.loads(capsys.readouterr().out)["deliveries"]
    assert (carried["version"], carried["answers"]) == ("v-0001", True)
    assert ollama.tags["nightschool:latest"] == ollama.tags["nightschool:v-0001"]


def test_what_is_forgotten_by_hand_is_withdrawn_in_the_same_command(at, ollama, adapters, capsys, monkeypatch):
    sentence = "My sister lives in Bergen."
    fact = facts.add(at.db, Fact(id="f-1", kind="fact", sentence=sentence, known_from=1.0))
    name = promoted(at, adapters[0])
    at.db.execute("UPDATE versions SET dataset = 'd1'")
    (at.home.datasets / "d1.jsonl").write_text(sentence)
    delivery.follow(at)
    write_config(at.home.config_file, at.config)
    typed(monkeypatch, at, "memory", "forget", fact.id)
    said = capsys.readouterr().out
    assert f"because they were trained on it: {name}" in said
    assert f"ollama: {name} withdrawn" in said
    assert ollama.tags["nightschool:latest"] == {"from": "tiny:latest"}


def test_a_delivery_that_fails_ends_the_command_with_its_sentence_and_exit_code_two(
    at, ollama, adapters, capsys, monkeypatch
):
    promoted(at, adapters[0])
    write_config(at.home.config_file, changed(at, ollama_url="http://127.0.0.1:9").config)
    with pytest.raises(SystemExit) as left:
        typed(monkeypatch, at, "deliver")
    assert left.value.code == 2
    assert "ollama: v-0001 was not delivered: Ollama at http://127.0.0.1:9 does not answer" in capsys.readouterr().err


def typed(monkeypatch, at, *words):
    monkeypatch.setattr("sys.argv", ["nightschool", "--home", str(at.home.path), *words])
    main()


def test_a_night_carries_what_it_promotes_and_ends_well_where_that_fails(home, week):
    config = Config(
        exam=ExamConfig(battery_items=84, min_battery=60),
        deliver=DeliverConfig(to="ollama", ollama_url="http://127.0.0.1:9", ollama_base="tiny"),
    )
    parrot = stand_ins.Parrot(week, items=84)
    night = conduct.sleep(home, config, model=parrot, trainer=stand_ins.trainer(week))
    assert (night.state, night.champion_after) == ("done", "v-0001"), night.error
    (carried,) = night.output("publish")["deliveries"]
    assert (carried["place"], carried["version"], carried["state"]) == ("ollama", "v-0001", "failed")
