"""The second scan: looks at the masked text with other eyes, and says only whether it is sure.

It shares no pattern with the first scan. It walks over words, weighs how random each one is and
what is named near it, and rather doubts a harmless hash beside the word `token` than believes it.
"""

from __future__ import annotations

import re

from nightschool.redact.checks import entropy, is_card, is_iban, is_placeholder
from nightschool.redact.found import MARK

_WORD = re.compile(r"[^\s\"'`<>()\[\]{},;|\\]+")
_NAMES = (
    "password", "passwd", "passphrase", "passwort", "kennwort", "passcode", "contrase", "mot de passe", "senha",
    "wachtwoord", "secret", "token", "api key", "api_key", "apikey", "api-key", "private key", "access key",
    "credential", "bearer", "authorization", "cookie", "session id", "sessionid", "seed phrase", "recovery code",
)  # fmt: skip
_NEAR = 48
"""Characters after a name in which a value is looked for."""
_ALGORITHM = re.compile(
    r"(?i)^(?:pbkdf2|sha-?\d+|md5|bcrypt|argon2\w*|scrypt|base64|base32|utf-?8|oauth2?|2fa|u2f|fido2|x509|tls\S*"
    r"|http\S*|rs256|hs\d+|es256"
    r"|aes\S*|rsa\S*|ed25519|ipv[46]|python3|v\d\S*|[\d.,:%/-]+|\d+(?:st|nd|rd|th|px|ms|s|h|d|k|kb|mb|gb|x|min|days?|hours?"
    r"|chars?)|#\d+|[a-z]+\d{1,2})$"
)
_HARMLESS_LINE = re.compile(
    r"(?i)data:[\w/+.-]+;base64,|\bsha(?:256|384|512)[-:]|\bh1:|^\s*peer: |\bssh-(?:rsa|ed25519|dss)\b|ecdsa-sha2"
    r"|-----BEGIN (?:CERTIFICATE|PUBLIC KEY|PGP (?:MESSAGE|PUBLIC|SIGNATURE))"
)
_BASE64_LINE = re.compile(r"^[A-Za-z0-9+/]{60,76}={0,2}$")
_ID = re.compile(
    r"(?x)^(?:(?:call|toolu|msg|chatcmpl|resp|run|thread|asst|file|req|cus|price|prod|sub|pi|in|evt|acct|batch|ses"
    r"|prt|item|fc|rs|cmpl|org|proj)[-_]\w+"
    r"|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{7,128}|0x[0-9a-fA-F]+|[0-9A-HJKMNP-TV-Z]{26}"
    r"|[\d.:,T+Z/-]+)$"
)
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----\s*(?:\\[nr]|\s)*[A-Za-z0-9+/]{8}")
_LOGIN_URL = re.compile(r"\w://[^\s/:@]*:([^\s/@]{3,})@")
_DIGITS = re.compile(r"(?<![\w.-])\d[\d -]{10,26}\d(?![\w.-])")
_ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}\d{2}[A-Z0-9 ]{11,40}")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?!example\.|\d)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?![:(])", re.I)
_NO_MAIL = re.compile(
    r"(?i)^(?:git|hg|svn|user|you|name|root)@|\.(?:png|jpe?g|svg|js|ts|py|service|local)$"
    r"|@example\.(?:com|org|net)$"
)
_CALL = re.compile(r"(?<![\w.])\+\d[\d ()./-]{7,}\d(?!\w)")


def is_clean(text: str, *, keep_contact: bool = False) -> bool:
    """Tell whether a second, stricter look at a text finds nothing to doubt."""
    text = MARK.sub(" ", text)
    if _KEY_BLOCK.search(text) or any(not is_placeholder(m[1]) for m in _LOGIN_URL.finditer(text)):
        return False
    if any(is_card(re.sub(r"\D", "", m.group())) for m in _DIGITS.finditer(text)):
        return False
    if any(_holds_account(m.group()) for m in _ACCOUNT.finditer(text)):
        return False
    if not keep_contact and (
        any(not _NO_MAIL.search(m.group()) for m in _MAIL.finditer(text))
        or any(not m.group().startswith("+1500555") for m in _CALL.finditer(text))
    ):
        return False
    return all(_is_clean_line(line) for line in text.split("\n"))


def _holds_account(run: str) -> bool:
    bare = run.replace(" ", "")
    return any(is_iban(bare[:length]) for length in range(15, min(len(bare), 34) + 1))


def _is_clean_line(line: str) -> bool:
    lowered = line.lower()
    if _HARMLESS_LINE.search(line) or _BASE64_LINE.match(line.strip()):
        return True
    named = [place for name in _NAMES for place in _places(lowered, name)]
    for match in _WORD.finditer(line):
        word = match.group()
        near = any(0 <= match.start() - place <= _NEAR for place in named)
        for piece in re.split(r"[=:&?]", word) if "://" not in word else re.split(r"[=&?]", word)[1:]:
            if _is_doubtful(piece.strip(".,!*_#~-"), near):
                return False
    return True


def _places(lowered: str, name: str) -> list[int]:
    """Where each mention of a name ends."""
    return [match.end() for match in re.finditer(re.escape(name), lowered)]


def _is_doubtful(word: str, near: bool) -> bool:
    """Whether a word may be a secret: random enough, less so where a secret is named before it."""
    if len(word) < 6 or is_placeholder(word) or not re.search(r"\d", word) or _ALGORITHM.match(word):
        return False
    if (
        re.search(r"[/\\]\w+[/\\]|\.\w{1,4}$|^[a-z_]+(?:[._-][a-z0-9_]+)*$|^[A-Z]+(?:[_-][A-Z0-9]+)+$", word)
        and len(word) < 40
    ):
        # Paths, files, identifiers and constants, which all hold digits now and then.
        return near and entropy(word) > 4.0
    if _ID.match(word):
        return near and len(word) >= 20 and not word.startswith("0x")
    if near:
        return bool(re.search(r"[A-Za-z]", word)) and entropy(word) >= 2.5
    core = re.sub(r"[^A-Za-z0-9]", "", word)
    mixed = re.search(r"[A-Z]", core) and re.search(r"[a-z]", core)
    return len(core) >= 28 and bool(mixed) and entropy(core) >= 4.3
