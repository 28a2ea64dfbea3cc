"""The first scan: everything that any of the finders finds, joined and replaced by marks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nightschool.redact import (
    addresses,
    afterwards,
    codes,
    columns,
    commands,
    drawn,
    formats,
    forms,
    gitleaks,
    logins,
    loose,
    mails,
    named,
    networks,
    phones,
    seeds,
    spoken,
)
from nightschool.redact.checks import encoded_certificates
from nightschool.redact.found import MARK, Found

# Which kind names a stretch that several finders claim.
_ORDER = (
    "private_key", "jwt", "credit_card", "iban", "cookie", "password", "token", "api_key", "email", "phone", "address",
)  # fmt: skip
_ROUNDS = 6
# Up to where a claim begins: the name of a thing in a cloud, or a password that is hashed already.
_NO_SECRET = re.compile(r"\barn:[\w-]+:\S*$|\$(?:2[aby]|[156y]|argon2\w*|scrypt|pbkdf2[\w-]*)\$\S*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Redacted:
    """A text with marks in place of what was found; the places are those of the text as it came."""

    text: str
    found: tuple[Found, ...]


def redact(text: str, *, keep_contact: bool = False) -> Redacted:
    """Replace secrets and contact data by marks; doing it again changes nothing."""
    found: list[Found] = []
    places = list(range(len(text) + 1))
    """Where each character of the text so far stood in the text as it came."""
    for _ in range(_ROUNDS):
        fresh = [each for each in find(text) if not (keep_contact and each.contact)]
        if not fresh:
            break
        found += [Found(kind=f.kind, start=places[f.start], end=places[f.end - 1] + 1) for f in fresh]
        for each in reversed(fresh):
            text = text[: each.start] + each.mark + text[each.end :]
            places[each.start : each.end] = [places[each.start]] * len(each.mark)
    return Redacted(text=text, found=tuple(sorted(found, key=lambda each: each.start)))


def find(text: str) -> list[Found]:
    """Find all stretches that must not be passed on, in order, none overlapping another."""
    marks = [match.span() for match in MARK.finditer(text)] + encoded_certificates(text)
    claims = [
        each
        for finder in (
            formats,
            named,
            drawn,
            commands,
            spoken,
            seeds,
            codes,
            columns,
            forms,
            networks,
            afterwards,
            logins,
            loose,
            mails,
            phones,
            addresses,
            gitleaks,
        )
        for each in finder.find(text)
        if each.end > each.start
        and not _NO_SECRET.search(text, max(0, each.start - 120), each.start)
        and not any(each.start < end and start < each.end for start, end in marks)
    ]
    return _joined(claims)


def _joined(claims: Iterable[Found]) -> list[Found]:
    joined: list[Found] = []
    for claim in sorted(claims, key=lambda each: (each.start, each.end)):
        if joined and claim.start < joined[-1].end:
            last = joined.pop()
            kind = min((last.kind, claim.kind), key=_ORDER.index)
            claim = Found(kind=kind, start=last.start, end=max(last.end, claim.end))
        joined.append(claim)
    return joined
