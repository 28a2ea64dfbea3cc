"""Secrets that are known by their own shape, whatever stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.checks import is_card, is_iban, is_placeholder, looks_random
from nightschool.redact.found import Found

# Prefixes that vendors put before a secret, so that scanners can find it. The tail's length is left
# open, because vendors lengthen their keys more often than they rename them.
_PREFIXED = re.compile(
    r"""(?x)(?<![A-Za-z0-9])(?:
      (?P<api_key>
        sk-(?:proj-|ant-|or-|svcacct-|admin-|live-|test-)?[\w-]{20,}
      | (?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,}
      | (?:gsk|hf|r8|re|ntn|phx|phs|sbp|xai|nvapi|pplx|tvly|fc|csk|jina|voyage|pa|lsv2_[ps]t|lin_api|key|figd|PMAK
          |NRAK|NRAA|NRII|CFPAT|HRKU|shippo_(?:live|test)|rubygems|rnd|napi|api|apikey|together|dsk|cohere|ai21|sg|mlsn
          |brevo|xkeysib|xsmtpsib|pk_prod|secret|fw|up|bw|ak|sb_secret|tskey(?:-\w+)?|ops|lip|vcp|trk|fio-u|duffel
          |EZ[AT]K|FLWSECK|AKCp|cio|pnu|GOCSPX|atlasv1)[-_](?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{18,}
      | (?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])
      | AIza[\w-]{30,} | AQ\.[\w-]{40,} | ya29\.[\w.-]{20,} | 1//0[\w-]{30,} | LTAI[A-Za-z0-9]{12,24}(?![\w])
      | SG\.[\w-]{16,}\.[\w-]{20,} | [a-z]{2,8}\.[0-9a-f]{48,} | [st]k\.eyJ[\w-]{20,}\.[\w-]{15,}
      | dapi[0-9a-f]{32} | [0-9a-f]{32}-us\d{1,2}(?!\w) | [0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:fx(?!\w)
      | rpa_[A-Z0-9]{30,} | pk_\d{5,10}_[A-Z0-9]{20,} | sl\.[\w-]{60,}
      | t1\.[\w-]{20,}\.[\w-]{40,} | v[1-4]\.local\.[\w-]{40,}
      | [012]/\d{13,17}[:/][0-9a-f]{32} | [0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![\w-])
      | [0-9a-f]{32,40}(?:FFFF)?NRAL | o\.[A-Za-z0-9]{32}(?!\w)
      | (?:[scatu]k|pat|tok|key|sec|secret|api|app|auth|live|test|prod)_[0-9a-f]{32,64}(?!\w)
      )
    | (?P<token>
        gh[pousr]_[A-Za-z0-9]{20,} | github_pat_\w{20,} | gl[a-z]{2,5}-[\w-]{16,}(?:\.[\w.-]+)?
      | xox[a-z](?:\.xox[a-z])?-[\w-]{10,} | xapp-[\w-]{15,} | npm_[A-Za-z0-9]{20,} | pypi-[\w-]{30,}
      | do[orp]_v1_[0-9a-f]{32,} | hv[sbr]\.[\w-]{20,} | shp(?:at|ca|pa|ss|ua)_[0-9a-fA-F]{20,}
      | gl(?:sa|c)_[\w+/=]{20,} | AT[AC]TT3[\w=-]{20,} | ATBB\w{24,} | dckr_[a-z]+_[\w-]{20,}
      | pat[A-Za-z0-9]{12,16}\.[0-9a-f]{30,} | pat-[a-z]{2}\d-[0-9a-f-]{30,} | whsec_[\w+/=-]{16,}
      | pscale_[a-z]+_[\w.-]{20,} | dp\.[a-z]{2,5}\.(?:[\w-]+\.)?\w{20,} | sntry[su]_[\w+/=-]{20,}
        | sq0[a-z]{3}-[\w-]{20,}
      | EAA[A-Za-z0-9]{50,} | \d{8,10}:AA[\w-]{30,} | [MNO][A-Za-z\d_-]{22,27}\.[\w-]{6}\.[\w-]{27,}
      | fm[12][a-z]?_[\w+/=]{30,} | CCI(?:PAT|PRJ)_\w{20,}
      | A3-[A-Z0-9]{6}-[A-Z0-9-]{20,} | A{18,}[A-Za-z0-9%]{60,} | nf[pocub]_[A-Za-z0-9]{30,} | EAAAE[\w-]{50,}
      )
    | (?P<private_key>AGE-SECRET-KEY-1[A-Z0-9]{30,} | nsec1[a-z0-9]{40,} | [xyz]prv[1-9A-HJ-NP-Za-km-z]{70,}
      | [5KL][1-9A-HJ-NP-Za-km-z]{50,51}(?![A-Za-z0-9]) )
    | (?P<jwt>eyJ[\w-]{10,}\.[\w-]{10,}\.[\w.-]*[\w-] | eyJ[\w-]{10,}\.(?:[\w-]*\.){3}[\w-]+ )
    )"""
)
# Ids that some of these prefixes also stand for, and keys meant to be public.
_PUBLIC = re.compile(r"^(?:pk_(?!\d)|sk-\.|api[-_](?:v\d|docs|reference)|key[-_](?:value|id)|secret[-_]manager)", re.I)

_WEBHOOK = re.compile(
    r"https?://(?:hooks\.slack\.com/(?:services|workflows|triggers)/[\w/+-]{20,}"
    r"|(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[\w-]{20,}"
    r"|hooks\.zapier\.com/hooks/catch/\d+/\w+/?|maker\.ifttt\.com/[^\s\"']*/key/[\w-]{10,}"
    r"|chat\.googleapis\.com/v1/spaces/[^\s\"']*token=[^\s\"'&]+|api\.telegram\.org/bot\d+:[\w-]{20,})"
)
# Any other address that takes a message from whoever knows it: a part of its path is drawn.
_HOOK = re.compile(
    r"https?://(?:(?:[\w-]+\.)*(?:web)?hooks?\d?\.[\w.-]+/[\w@/.-]{20,}"
    r"|[\w.-]+(?::\d+)?/(?:[\w-]+/)*(?:webhook\w{0,2}|hooks?)/[\w@/-]{16,})"
)
_PEM = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?=(?:\\[nr]|[\s|\"'+\\>])*[A-Za-z0-9+/])"
    r"(?:[A-Za-z0-9+/=\s\\|\"'>.:,()-](?!-{4}END)){20,}?(?:.?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"|(?=\n\s*\n|\Z|\n[^\n]* [^\n]* ))",
    re.S,
)
_PUTTY = re.compile(r"PuTTY-User-Key-File-\d:.*?(?:Private-MAC: \w+|\Z)", re.S)
_SECRET_IN_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,30}://(?P<user>[^\s:/@\"'<>?#]*):(?P<value>[^\s/@\"'<>]+)@(?=[\w\[])", re.I
)
_DATA_SOURCE = re.compile(r"[\"'`][\w.-]{1,40}:(?P<value>[^\s@\"'`]{3,80})@(?:tcp|unix|udp)\(")
_TOKEN_IN_URL = re.compile(r"\bhttps?://(?P<value>[\w.~%-]{20,})(?::x-oauth-basic|:)?@(?=\w)", re.I)
_SIGNED = re.compile(
    r"[?&;](?:(?P<key>x-amz-credential|awsaccesskeyid|googleaccessid)|sig|signature|x-amz-signature|x-goog-signature"
    r"|x-amz-security-token|(?:access|refresh|id|auth|api|session|reset|invite)?_?-?token|api_?-?key|auth(?:key)?|key"
    r"|sas|hmac|client_secret|code|hash|secret|jwt|k|t|s)=(?P<value>[\w%+/.~=-]{16,})",
    re.I,
)
# What opens an account to whoever holds the address: reset, invitation, a calendar's private feed.
_OPENING_PATH = re.compile(
    r"(?i)\bhttps?://[^\s\"'<>?#]{3,200}?[/-](?:reset|re-?set-?password|verify|verification|confirm|invite|invitation"
    r"|magic"
    r"|magic-?link|login|signin|sign-in|sso|token|activate|activation|unsubscribe|private|secret|auth|session|join|feed"
    r"|share|s|key|recover|recovery|access)[/-](?P<value>[\w.~%-]{16,})"
)
# `/api/<user>/lights`: what is drawn at random in a path stands for a login there.
_API_PATH = re.compile(
    r"(?i)(?<![\w-])(?:https?://[^\s\"'<>?#]{3,120}?)?/(?:api|bot|hooks?|key|auth|u"
    r"|user)/(?P<value>[A-Za-z0-9_-]{28,80})(?=/|\s|[\"'?]|$)"
)
_JWK = re.compile(r"\"(?:d|p|q|dp|dq|qi|k)\"\s*:\s*\"(?P<value>[\w-]{20,})\"")
_GROUPS_OF_SIX = re.compile(r"(?<![\w-])\d{6}(?:-\d{6}){7}(?![\w-])")
_CARD = re.compile(
    r"(?<![\w.,/-])\d(?:[ -]?\d){11,18}(?![\w/-]|[.,]\d)"
    r"|(?<=,)(?<!\d,)\d{15,16}(?=[,;\n]|\Z)|(?<![\w.,/-])\d{16}(?=,)"
)
_CARD_DOTTED = re.compile(r"(?<![\w.])\d{4}(?:\.\d{4}){3}(?![\w.])")
_AFTER_CARD = re.compile(r"(?i)\W{1,3}(?:exp\w*|valid|until|bis)?\W{0,3}\d\d/\d\d(?:\d\d)?\W{1,4}(?P<value>\d{3,4})\b")
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])[a-z]{2}\d{2}(?: ?[a-z0-9]){11,30}"
)
_CVV = re.compile(
    r"\b(?:cvv2?|cvc2?|security code|card code|prüfziffer|csc)\b\W{0,4}(?:(?:is|ist|est"
    r"|es)\W)?\s*(?P<value>\d{3,4})\b",
    re.I,
)


def find(text: str) -> Iterator[Found]:
    """Find everything whose shape alone gives it away."""
    for match in _PREFIXED.finditer(text):
        kind = match.lastgroup
        value = match.group()
        if kind and not is_placeholder(value) and not _PUBLIC.match(value) and _is_keyed(value):
            yield Found.of(kind, match, 0)  # type: ignore[arg-type]
    for pattern in (_PEM, _PUTTY):
        for match in pattern.finditer(text):
            yield Found.of("private_key", match, 0)
    for match in _HOOK.finditer(text):
        if any(re.search(r"\d", piece) and looks_random(piece) for piece in re.split("[/@]", match.group())):
            yield Found.of("token", match, 0)
    for match in _WEBHOOK.finditer(text):
        if not is_placeholder(match.group().rstrip("/").rsplit("/", 1)[1]):
            yield Found.of("token", match, 0)
    if '"kty"' in text:
        for match in _JWK.finditer(text):
            yield Found.of("private_key", match)
    for match in _GROUPS_OF_SIX.finditer(text):
        yield Found.of("token", match, 0)
    yield from _in_urls(text)
    yield from _numbers(text)


def _is_keyed(value: str) -> bool:
    """Whether the tail is drawn at random; words joined by hyphens are a name, not a key."""
    tail = re.sub(r"^[A-Za-z]+[-_.]", "", value)
    return bool(re.search(r"\d", tail)) or any(looks_random(piece) for piece in re.split(r"[-_.]", tail))


def _in_urls(text: str) -> Iterator[Found]:
    for match in _SECRET_IN_URL.finditer(text):
        if not is_placeholder(match["value"]) and match["value"] not in ("x-oauth-basic", "password", "pass"):
            yield Found.of("password", match)
    for match in _DATA_SOURCE.finditer(text):
        if not is_placeholder(match["value"]):
            yield Found.of("password", match)
    for match in _TOKEN_IN_URL.finditer(text):
        if looks_random(match["value"]):
            yield Found.of("token", match)
    for match in _OPENING_PATH.finditer(text):
        if looks_random(match["value"]) and not is_placeholder(match["value"]):
            yield Found.of("token", match)
    for match in _API_PATH.finditer(text):
        mixed = re.search(r"[a-z]", match["value"]) and re.search(r"[A-Z]", match["value"])
        if mixed and re.search(r"\d", match["value"]) and looks_random(match["value"]):
            yield Found.of("token", match)
    for match in _SIGNED.finditer(text):
        value = match["value"]
        if match["key"]:
            value = re.split(r"%2F|/", value, flags=re.I)[0]
        if looks_random(value.replace("%", "")) and not is_placeholder(value):
            yield Found.of("api_key" if match["key"] else "token", match, length=len(value))


def _numbers(text: str) -> Iterator[Found]:
    for match in (*_CARD.finditer(text), *_CARD_DOTTED.finditer(text)):
        digits = re.sub(r"\D", "", match.group())
        if is_card(digits) and len(set(digits)) > 3:
            yield Found.of("credit_card", match, 0)
            check = _AFTER_CARD.match(text, match.end())
            if check:
                yield Found.of("credit_card", check)
    for match in _CVV.finditer(text):
        yield Found.of("credit_card", match)
    for match in _IBAN.finditer(text):
        # Words may follow the number: try the longest run first, then fewer groups.
        run = match.group()
        while len(run) >= 15 and not is_iban(run):
            run = re.sub(r"[ -]?[^ -]+$", "", run) if re.search(r"[ -]", run) else ""
        if is_iban(run):
            yield Found.of("iban", match, 0, len(run))
