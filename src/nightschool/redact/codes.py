"""Short codes told in words: what a door, a safe or a lock opens to, and codes that are good for once.

A few digits are a secret only beside a word for what they open and a word for how they are typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.found import Found
from nightschool.redact.lines import holding, lines

_OPENS = (
    r"(?:doors?|gates?|garage|lock(?:er|box)?s?|keybox|key ?safe|safe|vault|alarm|keypad|padlock|suitcase|luggage"
    r"|entrance"
    r"|intercom|barrier|shed|cabin|cellar|mailbox|bike|tür|haustür|tor|tresor|schloss|alarmanlage|porte|portail"
    r"|coffre|puerta"
    r"|portal|caja fuerte|candado|porta|cancello|cassaforte|lucchetto|deur|kluis|slot)"
)
_TYPED = (
    r"(?:code|pin|combination|combo|number|digits?|press|type|typ|dial|punch(?: in)?|key(?: in)?|enter|tap|then"
    r"|hash|star|#"
    r"|kombination|ziffern|eingeben|tippen|chiffres|tapez|taper|cifras|marca|pulsa|cifre|digita|cijfers)"
)
_VALUE = r"(?P<value>[#*]?\d(?:[ -]?\d){2,7}[#*]?)(?![\w/:%€$£°]|[.,-]\d)"
_UNITS = (
    r"(?!\s*(?:digits?|characters?|chars|times|mm|cm|m|km|kg|g|ml|l|euros?|eur|usd|pounds?|minutes?|hours?|days?"
    r"|people|users?"
    r"|years?|percent|metres?|meters?|feet|ft|inches|watts?|volts?|lumen|am|pm|o'clock|uhr)\b)"
)
_KEYPAD = re.compile(
    rf"(?i)\b{_OPENS}\b[^.!?\n]{{0,40}}?(?<!\w){_TYPED}(?!\w)[^.!?\n\d]{{0,12}}?(?<![\w.,:/-]){_VALUE}{_UNITS}"
)
_NUMBERED = re.compile(r"(?i)\b(?:entry|entrance|keypad|buzzer|gate)\b[ :]{1,3}(?P<value>[#*]\d{4,8}[#*]?)(?![\w/-])")
_AS_CODE = re.compile(
    rf"(?i)(?<![\w.,:/-]){_VALUE} (?:is|as|for|opens|als|comme|como|come) (?:the |its |our |my |a |der |den |le "
    rf"|el |il )?"
    rf"(?:{_OPENS}|code|pin|combination|{_OPENS}[- ]?(?:code|pin|combination))\b(?! (?:area|zone|size|model))"
)
# "o código do portão é 4471#", "le code du cadenas": a code, and in any of these languages what it is the code of.
_OF = (
    r"(?:c[oó]d(?:e|igo|ice)|koden?|kood(?:i)?|k[oó]d|код|combina(?:ison|ción|zione|ção)|kombination(?:en)?|şifre"
    r"|pin)\s+"
    r"(?:(?:d[eoau]l?|de la|des|della|dello|dell|al|til|till|zum|zur|für|vom|von|van|voor|от|do|da|na|para|per|pour"
    r"|the|den|der|die"
    r"|le|la|el|il|het|de|l)[ '’]){0,3}"
    r"(?:port\w*|cancell\w*|puerta|cadenas|candado|cadeado|lucchetto|hengel[åa]s\w*|hängl[åa]s\w*|l[åa]s\w*|dør\w*"
    r"|dörr\w*|ov\w{1,3}"
    r"|deur|poort|slot|bram\w*|drzwi|domofon\w*|домофон\w*|подъезд\w*|калитк\w*|сейф\w*|coffre|cofre|caja fuerte"
    r"|cassaforte"
    r"|kluis|safe|alarm\w*|box|garag\w*|parking|immeuble|interphone|ascenseur|vélo|bici\w*|skap\w*|skåp\w*|nøgle\w*"
    r"|nøkkel\w*"
    r"|schlüssel\w*|tor|tür|keller|spind|locker|bâtiment|escalier|hall|maison|casa|huis|hus\w*)"
)
_CODE_OF = re.compile(
    rf"(?i)(?<!\w)(?<!error )(?<!fault )(?<!fehler){_OF}\b[^.!?\n\d]{{0,24}}?(?<![\w.,:/-])"
    rf"(?P<value>\d{{1,2}}(?:[- ]\d{{1,2}}){{2,4}}|[#*]?[A-ZА-Я]?\d[\dA-ZА-Я]{{2,7}}[#*]?)(?![\w/:%€$£°]|[.,-]\d)"
    rf"{_UNITS}"
)
# German puts the words together: Tresorcode, Haustürcode. Some codes are for all to know.
_COMPOSED = re.compile(
    r"(?i)\b(?!(?:error|fehler|zip|post|bar|qr|exit|status|source|quell|uni|byte|area|country|swift|bank"
    r"|http|farb"
    r"|color|colour|produkt|rabatt|vs|op|trans|en|de|shader|micro|morse|gen|dress|bin|pin)codes?\b)"
    rf"(?P<what>[a-zäöüß]{{3,16}})codes?\b[^.!?\n\d]{{0,30}}?\s(?:ist|is|lautet|war|=|:)?\s*{_VALUE}{_UNITS}"
)
_ONE_TIME = re.compile(
    r"(?i)(?:\b(?:(?:m|push|sms-?|chip|photo)?TAN|(?:verification|confirmation|security|login|sign-?in|one[- ]time"
    r"|two[- ]factor"
    r"|2fa|otp|sms|auth(?:entication|enticator)?|activation|access|pairing|bestätigungs-?|sicherheits-?"
    r"|einmal-?)[- ]?(?:code"
    r"|passcode|pin|password)?|code de (?:vérification|confirmation|sécurité)|código de (?:verificación"
    r"|confirmación|seguridad)"
    r"|codice di (?:verifica|conferma|sicurezza))\b)(?: (?:is|for|von|für|de|from|i got|just came|says|was|ist|est"
    r"|es|it'?s|now"
    r"|today|\w+)){0,4}?[: ]+(?P<value>(?:[A-Z]{1,3}-)?\d{3}[ -]?\d{3,5})(?![\w/%€$-]|[.,]\d)"
)
_HINTS = (
    "cod", "cód", "kod", "kood", "kód", "код", "şifre", "pin",
    "combin", "kombin", "tan", "press", "typ", "dial", "digit", "then", "punch", "key", "enter", "tap",
    "hash", "star", "#", "ziffer", "eingeb", "tippe", "chiffre", "cifr", "marca", "puls", "lock", "auth", "otp", "2fa",
    "opens", " is ", " as ", " for ", "sms", "einmal",
)  # fmt: skip


def find(text: str) -> Iterator[Found]:
    """Find short codes that the words around them give away."""
    for line in holding(lines(text), _HINTS):
        if not re.search(r"\d{3}|\d[ -]\d", line.lowered):
            continue
        for pattern in (_KEYPAD, _NUMBERED, _AS_CODE, _CODE_OF, _COMPOSED, _ONE_TIME):
            for match in pattern.finditer(text, line.start, line.end):
                yield Found.of("token" if pattern is _ONE_TIME else "password", match)
