"""What tells a real secret from what only looks like one: checksums, randomness, placeholders."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter

_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28,
    "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip

_TEST_CARDS = """
4242424242424242 4000056655665556 4111111111111111 4012888888881881 4000000000000002 4000000000000077
5555555555554444 5105105105105100 2223003122003222 5200828282828210 378282246310005 371449635398431
6011111111111117 6011000990139424 3530111333300000 3566002020360505 30569309025904 4222222222222
4000000000003220 4000002500003155 4000000000009995 4917610000000000 4000000000000069
"""
TEST_CARDS = frozenset(_TEST_CARDS.split())
"""Numbers that the payment providers print in their documentation."""


_PLACEHOLDER = re.compile(
    r"""(?ix)
    ^\[?(?:secret|redacted|masked|filtered|hidden|removed|scrubbed|omitted|sanitized)\b  # masked
    | ^[<\[{(]+[^<>\[\](){}]{0,60}[>\])}]+$ | ^<[a-z][\w .-]*>?$ | ^[<{[(]{2}              # <your-key>, {{ key }}
    | ^\$\{? | ^![a-z]+$ | ^%\w+%$ | ^@\w+@$ | ^%[sd]$ | ^\{\w*\}  # ${VAR}, %VAR%, {}
    | ^(?:process\.env|import\.meta|os\.(?:environ|getenv)|getenv|env[.\[(]|secrets?[.\[]|vars?\.|config[.\[(]
        |settings\.|self\.|this\.|ctx\.|args\.|options?\.|opts\.|req(?:uest)?\.|params?[.\[]|data\.|local\.)
    | ^(?:op|vault|bws?|keychain|keyring|secretref|ssm|awssm|gcpsm|akv|doppler|env|file|sops|ref\+\w+)://? | ^arn:aws
    | ^[x*•.\-_#?X0]{3,}$ | [x*•]{6,} | \.\.\.|…                                           # xxxx, sk-...
    | (?<![a-z])(?:your|my|the|some|any|insert|replace|put|enter|paste|dein|ihr|votre|tu)[-_ ]?
        (?:own|new|api|secret|access|auth|private|super|very|strong|db|app|key|token|pass|real)
    | change[-_]?(?:me|it|this|in) | replace[-_]?(?:me|with|this) | ^to[-_]?be[-_] | ^todo\b | ^tbd$ | ^fixme
    | (?<![a-z])(?:example|placeholder|dummy|sample|lorem|foobar|redacted|xxxx)(?![a-z]{3}) | (?-i:EXAMPLE(?:KEY)?$)
    | ^(?:null|none|nil|undefined|true|false|yes|no|empty|unset|nothing|unknown|n/?a|default|test|foo|bar|baz)$
    | ^(?:password|passwd|secret|token|api[-_]?key|key|user(?:name)?|string|str|text|int|bytes|bool|any|char|varchar)
        (?:[-_]?(?:here|value|hash|goes|hashed|field|input|string))*$
    | ^(?-i:[a-z_]*(?:password|passwd|secret|token|apikey|api_key)[a-z_]*)$                     # valid_token
    | ^(?:1234|12345|123456|secretstr)$ | ^(?:deadbeef)+$
    """
)


_WORDS_FOR_IT = """
password passwords passwd passwort kennwort passphrase passcode contraseña contrasena motdepasse mot_de_passe
mot-de-passe senha wachtwoord lösenord losenord adgangskode passord hasło haslo heslo salasana şifre sifre jelszó
jelszo parola пароль 密码 密碼 パスワード 비밀번호
geheim secret pass pw pwd secreto segreto geheimnis schlüssel clé chiave
clave token pin
"""
_NAMES_OF_IT = frozenset(_WORDS_FOR_IT.split())
_YOURS = (
    r"your|my|the|some|any|insert|replace|put|enter|paste|type|dein\w*|ihr\w*|euer|hier|votre|ton|mon|tu|su|sua|seu"
    r"|tua|tuo"
    r"|vostro|uw|jouw|din|ditt|ditt|sinun|twoje|twój|váš|vaše|bitte|remplacez|remplacer|reemplaza|sustituye|inserisci"
    r"|ersetzen|ändern|aendern|cambiar|cambiare|à|vervang|byt|skift"
)
_YOUR_OWN = re.compile(rf"(?i)^[<\[{{(]?(?:{_YOURS})(?:[-_ ]+[a-zà-ÿ]+){{1,6}}[>\])}}]?$")


_SEQUENCE = re.compile(r"(?i)0?123456789|abcdefgh(?:ijklmnop(?:qrstuvwxyz)?)?")


def is_placeholder(value: str) -> bool:
    """Tell whether a value stands for a secret instead of being one."""
    bare = value.strip("\"'`")
    plain = _SEQUENCE.sub("", bare)
    if plain != bare and len(plain) < 12:
        return True
    if _YOUR_OWN.match(bare) or bare.strip("<>[]{}():.*").casefold() in _NAMES_OF_IT:
        return True
    return len(set(bare)) <= 2 or bool(_PLACEHOLDER.search(bare))


def entropy(text: str) -> float:
    """Shannon entropy of the characters, in bits per character."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values()) if text else 0.0


def looks_random(value: str) -> bool:
    """Tell whether a value looks drawn by a machine: letters and digits in no order of a word."""
    core = re.sub(r"[^A-Za-z0-9]", "", value)
    digits = sum(c.isdigit() for c in core)
    letters = len(core) - digits
    if len(core) < 12 or not letters:
        return False
    if re.fullmatch(r"[0-9a-fA-F]+", core):
        return digits >= 2 and entropy(core) >= 2.8
    if digits:
        return entropy(core) >= 3.2 and _changes(core) >= 0.25
    mixed = any(c.isupper() for c in core[1:]) and any(c.islower() for c in core)
    return len(core) >= 20 and entropy(core) >= 3.8 and (_changes(core) >= 0.3 if mixed else core.isupper())


def _changes(core: str) -> float:
    """Share of neighbours of different classes: camelCase names and version strings change seldom."""
    classes = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in core]
    return sum(a != b for a, b in itertools.pairwise(classes)) / max(1, len(core) - 1)


_NAME_OF_SOMETHING = re.compile(
    r"0x[0-9a-fA-F]{40}$|T[1-9A-HJ-NP-Za-km-z]{33}$|(?:AC|SK|MG|PN|VA|CA|SM)[0-9a-f]{32}$|AAAA|\d{4}-\d\d-\d\d"
    r"|[\w-]+(?:\.[\w-]+){2,}$|h1:"
    r"|(?:call|toolu|msg|chatcmpl|resp|phc)_|pk_(?:test|live)_|age1|B[\w-]{86}$"
)


def names_something(value: str) -> bool:
    """Tell whether a drawn value is a name that may be known: an address on a chain, an account's or a key's id."""
    return bool(_NAME_OF_SOMETHING.match(value))


_PUBLIC_BLOCK = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}(?:CERTIFICATE|PUBLIC|MESSAGE|SIGNATURE|PARAMETERS|REQUEST)|\bminisign public key"
)


_ENCODED = re.compile(r"LS0tLS1CRUdJTiB(?:DRV|QVUJ)[A-Za-z0-9+/]*={0,2}")


def public_blocks(text: str) -> list[tuple[int, int]]:
    """Where certificates, public keys and signatures stand."""
    blocks = []
    for match in _PUBLIC_BLOCK.finditer(text):
        end = text.find("-----END", match.end())
        blocks.append((match.start(), end if end >= 0 else len(text)))
    return blocks + encoded_certificates(text)


def encoded_certificates(text: str) -> list[tuple[int, int]]:
    """Where certificates and public keys stand in base64 once more, as cluster settings hold them."""
    return [match.span() for match in _ENCODED.finditer(text)]


def is_command(value: str) -> bool:
    """Tell whether a word is a command of PowerShell, whose verbs are few."""
    return bool(re.fullmatch(r"(?:Convert(?:To|From)|Get|Read|New|Import|Invoke|Set)-[A-Z]\w+", value))


def luhn(digits: str) -> bool:
    """Check the last digit of a card number."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_card(digits: str) -> bool:
    """Tell whether digits are a payment card's: issuer, length and checksum, and no published test number."""
    issuer = re.match(r"4|5[0-8]|2[2-7]|3[47]|6(?:011|4|5|2|3|7|0)|35|30|36|38", digits)
    amex = digits.startswith(("34", "37"))
    lengths = {15} if amex else {14, 16} if digits[0] == "3" else {13, 16, 19} if digits[0] == "4" else {16}
    lengths |= {12, 13, 14, 15, 17, 18, 19} if digits.startswith(("50", "56", "57", "58", "6")) else set()
    return bool(issuer) and len(digits) in lengths and luhn(digits) and digits not in TEST_CARDS


def is_iban(text: str) -> bool:
    """Tell whether text, spaces aside, is an account number of its country's length and checksum."""
    bare = re.sub(r"[\s-]", "", text).upper()
    if _IBAN_LENGTHS.get(bare[:2]) != len(bare):
        return False
    return int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 == 1
