"""The vendored rules: unchanged, usable, really asked."""

import hashlib
import re

from nightschool.redact import gitleaks


def test_the_vendored_file_is_the_one_that_is_written_down():
    noted = re.search(r"`([0-9a-f]{64})`", (gitleaks.RULES.parent / "VENDORED.md").read_text())[1]
    assert hashlib.sha256(gitleaks.RULES.read_bytes()).hexdigest() == noted


def test_every_rule_compiles_and_names_its_keywords():
    rules = gitleaks.rules()
    assert len(rules) >= 200
    for rule in rules:
        gitleaks._compiled(rule.pattern)
        assert rule.keywords and rule.kind


def test_a_format_that_only_the_vendored_rules_know_is_found():
    text = (
        "see dt0c01."
        + "K3VQ7ZP4XJ2M9RTB6WHN5YDC."
        + "F8GL" * 2
        + "Q2W9E4R7T6Y1U3I5O0PASDFGHJKLZXCVBNM4T6Y8U1I2O3P5A7S9D0F2"
    )
    assert [each.kind for each in gitleaks.find(text)] == ["token"]
