"""The vendored rules of gitleaks: formats of some two hundred services, kept by others.

Only the rules' regular expressions, entropies and allowlists are used; a rule that looks at file
names is left out, because a conversation has none.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightschool.redact.checks import entropy, is_placeholder
from nightschool.redact.found import Found, SecretKind

RULES = Path(__file__).parent / "vendor" / "gitleaks.toml"
# Looked at with more care in `named`; what is called a key there is the name of one, the secret stands beside it.
_LEFT_OUT = frozenset({"generic-api-key", "curl-auth-user", "twilio-api-key"})


@dataclass(frozen=True, kw_only=True, slots=True)
class VendoredRule:
    """One rule; its pattern is compiled when one of its keywords first occurs."""

    id: str
    kind: SecretKind
    pattern: str
    keywords: tuple[str, ...]
    entropy: float
    allowed: tuple[str, ...]
    stopwords: tuple[str, ...]


@functools.cache
def rules() -> tuple[VendoredRule, ...]:
    """Read the vendored rules once."""
    table = tomllib.loads(RULES.read_text(encoding="utf-8"))
    shared = table["allowlist"]
    made = []
    for rule in table["rules"]:
        if "regex" not in rule or "path" in rule or rule["id"] in _LEFT_OUT:
            continue
        lists = [shared, *rule.get("allowlists", [])]
        made.append(
            VendoredRule(
                id=rule["id"],
                kind=_kind(rule["id"]),
                pattern=rule["regex"],
                keywords=tuple(word.lower() for word in rule["keywords"]),
                entropy=float(rule.get("entropy", 0.0)),
                allowed=tuple(p for entry in lists for p in entry.get("regexes", [])),
                stopwords=tuple(w for entry in lists for w in entry.get("stopwords", [])),
            )
        )
    return tuple(made)


def _kind(rule_id: str) -> SecretKind:
    for part, kind in (
        ("private-key", "private_key"),
        ("age-secret", "private_key"),
        ("jwt", "jwt"),
        ("password", "password"),
    ):
        if part in rule_id:
            return kind  # type: ignore[return-value]
    return "token" if "token" in rule_id or "pat" in rule_id or "webhook" in rule_id else "api_key"


def find(text: str) -> Iterator[Found]:
    """Find what the vendored rules find."""
    lowered = text.lower()
    for rule in rules():
        if any(word in lowered for word in rule.keywords):
            for match in _compiled(rule.pattern).finditer(text):
                # As gitleaks does: the secret is the first group that took part, else the match.
                group = next((i for i, value in enumerate(match.groups(), 1) if value), 0)
                secret = match.group(group)
                if secret and _counts(rule, secret):
                    yield Found.of(rule.kind, match, group)


def _counts(rule: VendoredRule, secret: str) -> bool:
    if entropy(secret) < rule.entropy or is_placeholder(secret):
        return False
    lowered = secret.lower()
    return not any(word in lowered for word in rule.stopwords) and not any(
        _compiled(p).search(secret) for p in rule.allowed
    )


@functools.cache
def _compiled(pattern: str) -> Any:
    import regex

    # Go writes the end of the text as \z.
    return regex.compile(pattern.replace(r"\z", r"\Z"))
