"""The benches over labelled files: their figures, and what they say to bad input."""

import gzip
import json

import pytest
from click.testing import CliRunner

from nightschool.cli.main import Session, cli
from nightschool.errors import UserError


def write(path, rows, *, packed=False):
    text = "\n".join(json.dumps(row) for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return str(path)


def figures(*arguments) -> dict:
    result = CliRunner().invoke(cli, ["bench", *arguments, "--json"], obj=Session(None))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_redaction_figures_count_overlaps_and_name_what_was_missed(tmp_path):
    rows = [
        {"id": "a", "text": "my password is Sommer#2024", "spans": [[15, 26, "password"]]},
        {"id": "b", "text": "the magic word is abracadabra", "spans": [[18, 29, "password"]]},
        {"id": "c", "text": "write to max@firma-huber.de", "spans": []},
    ]
    found = figures("redaction", write(tmp_path / "x.jsonl.gz", rows, packed=True))
    assert (found["recall"], found["precision"]) == (0.5, 0.5)
    assert [each["id"] for each in found["missed"]] == ["b"]


def test_signal_figures_compare_polarity_kind_and_coverage(tmp_path):
    def item(id_, words, signal, polarity):
        messages = [{"role": "user", "content": "in miles please"}, {"role": "assistant", "content": "12 km"}]
        return {"id": id_, "messages": [*messages, {"role": "user", "content": words}], "turn": 1, "signal": signal,
                "polarity": polarity}  # fmt: skip

    rows = [
        item("a", "I asked for miles", "correction", -1),
        item("b", "perfect, thank you", "acceptance", 1),
        item("c", "hm", "acceptance", 1),
        item("d", "perfect", "none", 0),
    ]
    found = figures("signals", write(tmp_path / "x.jsonl", rows))
    assert (found["polarity_precision"], found["coverage"], found["polarity_error"]) == (0.6667, 0.6667, 0.0)
    assert found["per_label"]["correction"]["f1"] == 1.0


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{]\n", b'{"id": 1}\n', b"\x1f\x8bbroken"])
def test_a_file_that_is_no_labelled_file_is_a_sentence(tmp_path, content):
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    for bench in ("redaction", "signals"):
        with pytest.raises(UserError):
            cli.main(["bench", bench, str(path)], standalone_mode=False)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        cli.main(["bench", "signals", str(tmp_path / "none.jsonl")], standalone_mode=False)
