"""What opens a wireless network: told in any language, beside its name, or in a picture to join it with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.checks import is_placeholder
from nightschool.redact.found import Found
from nightschool.redact.plain_words import PASSWORD

_NET = (
    r"(?:wi-?fi|w-?lan|ssid|hotspot|network|netzwerk|internet|réseau|red|rete|rede|nett(?:verk)?|nätverk|netwerk|sieć"
    r"|síť|вай-?фай|ワイファイ)"
)
_KEY = (
    r"(?:key|schlüssel|clé|clave|chiave|chave|sleutel|nøkkel\w*|nyckel\w*|nøgle\w*|klucz|klíč|code|codice|código"
    r"|kod\w{0,2}"
    rf"|pass|{PASSWORD})"
)
_MIXED = r"(?=[^\s]*\d)(?=[^\s]*[^\W\d]{2})[^\s\"'“”`,;()/\\]{6,63}"
# A picture to join a network with.
_JOIN = re.compile(r"(?i)\bWIFI:(?:[A-Z]:[^;\n]{0,80};){0,4}?P:(?P<value>[^;\n]{4,80});")
# "Wi-Fi: Birdhouse / rookery2020", "SSID Birdhouse, key rookery2020": the network's name, then what opens it.
_NAME_AND_KEY = re.compile(
    rf"(?i)(?<!\w){_NET}\b(?: ?name)?\s*[:=]?\s*[\"“«]?[\w][\w .'’&-]{{1,32}}?[\"”»]?\s*(?:/|\||,|;|–|→)\s*"
    rf"(?:{_KEY}\s*[:=]?\s*)?(?P<value>{_MIXED})"
)
# "le code wifi c'est ...", "the key to the network is ...": a word for a key and one for a network, in either order.
_KEY_OF = re.compile(
    rf"(?i)(?<![\w:])(?:{_KEY}\b[^\n.:=?!,;]{{0,24}}?\b{_NET}|{_NET}\b[^\n.?!]{{0,60}}?\b{_KEY})\b"
    rf"(?:\s*[:=]\s*|\s+(?:[\w'’]{{1,12}}\s+){{0,6}}?)[«\"“'`]?(?P<value>{_MIXED})"
)
_ALONE = re.compile(
    rf"(?im)(?<![\w-])(?:wi-?fi|w-?lan)\s*[:=]\s*[\"'“]?(?P<value>(?-i:(?=[a-z])){_MIXED})(?=[\"'”.!]*$)"
)
# Names of devices and of ways to transmit.
_NO_KEY = re.compile(
    r"(?i)^(?:802|wpa\d?|wep|\d+(?:[gm]hz|[mg]b|g\b)|(?:eth|wlan|wlp|br|vlan|en)\d|ipv|aes|tkip|v\d|\d+(?:st|nd|rd"
    r"|th|days?|min|sec|hours?|ms|h)\b)"
    r"|@|\.\w{2,4}$|^[\d.:-]+$"
)


def find(text: str) -> Iterator[Found]:
    """Find the keys of networks."""
    patterns = (_JOIN, _NAME_AND_KEY, _KEY_OF, _ALONE) if re.search(_NET, text, re.I) else ()
    for pattern in patterns:
        for match in pattern.finditer(text):
            value = match["value"].rstrip(".,;:!?") if pattern is not _JOIN else match["value"]
            if not is_placeholder(value) and (pattern is _JOIN or not _NO_KEY.search(value)):
                yield Found.of("password", match, length=len(value))
