"""Strings drawn at random that nothing names: a key pasted alone, or under the name of its service.

Long ones only, and only where nothing beside them says what they are: a checksum, a public key, an
id, a part of an address on the web.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from nightschool.redact.checks import entropy, is_placeholder, looks_random, names_something, public_blocks
from nightschool.redact.found import Found

_WORD = re.compile(r"(?<![\w+/.~%@-])[A-Za-z0-9][\w+/~-]{23,}+={0,2}(?![\w@.=])")
_LONGEST = 512
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/]{60,76}={0,2}")
# What a vendor's or a network's public names begin with.
_PUBLIC_VALUE = re.compile(
    r"AAAA|pk_(?:test|live)_|pk\.|sha\d+-|(?:call|toolu|msg|chatcmpl|resp|run|thread|asst|file|req|cus|price|prod"
    r"|sub|pi|evt|acct|batch|item|rs|cmpl|org|proj)[-_]|Qm[1-9A-HJ-NP-Za-km-z]{44}$|bafy|age1|npub1|bc1|addr1"
    r"|PL[\w-]{16,34}$|iVBOR|R0lGO|/9j/"
)
_NAMED_HARMLESS = re.compile(
    r"(?i)(?:sha-?\d*|md5|integrity|digest|checksum|fingerprint|pub(?:lic|lishable)?(?:[_ -]?key)?|etag|nonce|cid"
    r"|ipfs|commit|hash"
    r"|video|playlist|track|folders?|documents?|sheet|drive|site[_ -]?key|analytics|address|recipient|tx|transaction"
    r"|boundary|trace|span|request|correlation|deploy(?:ment)?|build|version|revision|cursor|page|ssh-\w+|base64"
    r"|\b(?:next|page|cursor|continuation|sync)\w*token|\bids?|[a-z]Id|_id|example|sample|test|cache[_ -]?key|object"
    r"|file|image|img|blob|chunk|bundle|asset|font"
    r"|signature of|verify|publique|p[uú]blica|pubblica"
    r"|öffentlich\w*|openbare|vapid|x5t|narhash|rev)\b[^\n]{0,24}$|\bh1:$|\bpeer:? ?$"
    r"|[\"'](?:[xyne]|kid)[\"']:\s*[\"']$"
    r"|;base64,$|\bid[\"']?\s*[:=]\s*[\"']?$"
)
_NEAR = 48


def find(text: str) -> Iterator[Found]:
    """Find strings drawn at random that stand alone."""
    public = public_blocks(text)
    for match in _WORD.finditer(text):
        value, start, end = match.group(), match.start(), match.end()
        if end - start > _LONGEST or not is_drawn(value) or any(a <= start < b for a, b in public):
            continue
        line = text[text.rfind("\n", 0, start) + 1 : start]
        run = line.rsplit(None, 1)[-1] if line and not line[-1].isspace() else ""
        if (
            "://" in run
            or "?" in run
            or _NAMED_HARMLESS.search(line[-_NEAR:])
            or _PUBLIC_VALUE.match(value)
            or names_something(value)
        ):
            continue
        if not line.strip() and _BASE64_LINE.fullmatch(value) and text[end : end + 1] in ("", "\n"):
            # A line of an encoded file; a key of that length alone on a line is taken for one as well.
            continue
        yield Found(kind="token", start=start, end=end)


def is_drawn(value: str) -> bool:
    """Tell whether a long string is surely drawn by a machine, and is no number, no path, no encoded text."""
    core = re.sub(r"[^A-Za-z0-9]", "", value)
    if len(core) < 22 or is_placeholder(value) or not looks_random(value) or re.fullmatch(r"[0-9a-fA-F-]+", value):
        return False
    lower, upper = any(c.islower() for c in core), any(c.isupper() for c in core)
    digit = any(c.isdigit() for c in core)
    longest = max((len(run) for run in re.findall(r"[a-z]+|[A-Z]+", core)), default=0)
    if not digit or value.count("/") > len(value) / 12 or _is_encoded_text(value):
        return False
    if lower and upper:
        return entropy(core) >= 4.0 and longest <= (8 if sum(c.isupper() for c in core) < 0.7 * len(core) else 14)
    return lower and len(core) >= 32 and entropy(core) >= 4.0 and longest <= 12


def _is_encoded_text(value: str) -> bool:
    """Whether a string is readable text in base64."""
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return sum(32 <= byte < 127 or byte in (9, 10, 13) for byte in raw) >= len(raw) * 0.95
