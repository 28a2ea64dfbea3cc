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
    r"|people|users?|lines?|rows?|words?|pages?|pieces?|items?|votes?"
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
_CODE = (
    r"(?:c[oó]d(?:es?|igo|ice|ul)|kod(?:e|en|et|u|em)?|kood(?:i)?|k[oó]d(?:ja)?|код\w?|combina(?:ison|ción|zione|ção)"
    r"|kombination(?:en)?|şifre\w*|pin(?:-?code)?|mã|κωδικός|cijfercode)"
)
_OPENED = (
    r"(?:port\w*|cancell\w*|puerta|cadenas|candado|cadeado|lucchetto|\w*l[åa]s(?:et|en)?|\w*dør\w*|\w*dörr\w*"
    r"|ov[ie]\w{0,2}"
    r"|välisuk\w*|uks\w*|deur|poort|hek|slot|bram\w*|brán\w*|furt\w*|drzwi|dveř\w*|vrat\w*|kapu\w*|ajtó\w*|domofon\w*"
    r"|домофон\w*|подъезд\w*|калитк\w*|двер\w*|ворот\w*|сейф\w*|coffre|cofre|caja fuerte|cassaforte|interfon\w*|seif\w*"
    r"|kluis|kapı\w*|kasa\w*|cửa|πόρτας|safe|tresor\w*|alarm\w*|\w*box\w*|garag\w*|parking|immeuble|interphone"
    r"|ascenseur"
    r"|lift|elevator|vélo|bici\w*|skap\w*|skåp\w*|nøgle\w*|nøkkel\w*|schlüssel\w*|tor|(?:haus|keller|hof)?tür|keller"
    r"|spind|schrank|(?:gym )?locker|bâtiment|escalier|hall|maison|casa|huis|hus\w*|(?:back |front |side )?(?:door"
    r"|gate)"
    r"|shed|cellar|building|gym|bike(?: lock)?)"
)
_LINK = (
    r"(?:d[eoau]l?|de la|des|della|dello|dell|al|til|till|zum|zur|für|vom|von|van|voor|от|од|do|da|od|na|para|per|pour"
    r"|for|to|of|the|den|der|die|le|la|el|il|het|de|l|o|our|my)"
)
_CODE_OF = re.compile(
    rf"(?i)(?<!\w)(?<!error )(?<!fault )(?<!status )(?<!exit )(?:{_CODE}\s+(?:{_LINK}[ '’]){{0,3}}{_OPENED}"
    rf"|{_OPENED}[ -]{_CODE})(?!\w)[^.!?\n\d]{{0,24}}?(?<![\w.,:/-])"
    rf"(?P<value>[#*]?(?:[A-ZА-Я]?\d[\dA-ZА-Я]{{2,7}}|\d\d(?:[ -]\d\d){{1,3}})[#*]?)(?![\w/:%€$£°]|[.,-]\d)"
    rf"{_UNITS}"
)
# Many languages put the words together, Tresorcode, ovikoodi, kapukód, or side by side; some codes are for all to know.
_COMPOSED = re.compile(
    r"(?i)\b(?!(?:error|fehler|zip|post\w*|bar|qr|exit|status|source|quell|uni|byte|area|country|swift|bank|http|farb"
    r"|color|colour|produkt|product|artikel|item|rabatt|discount|promo|vs|op|trans|en|de|shader|micro|morse|gen"
    r"|dress|bin"
    r"|pin|feil|fel|fejl|virhe|hiba|chyb|streck|strek|stregk|vonal|lähde|käll|kilde|forrás|irányító|stat|land\w*|valuta"
    r"|vor|short|time|rang|geo|ort\w*|fund|tele|region\w*)-?(?:codes?|kod\w{0,2}|kood\w?|k[oó]d\w{0,2})\b)"
    rf"(?P<what>[^\W\d_]{{3,16}})-?(?:codes?|koden?|kod[ue]?|koodi?|kód(?:ja)?)\b"
    rf"[^.!?\n\d]{{0,30}}?\s(?:ist|is|lautet|war|=|:)?\s*{_VALUE}{_UNITS}"
)
_PIN = re.compile(
    rf"(?i)(?<!\w)(?:[\w-]{{2,20}}pin|geheim(?:zahl|nummer)|zahlenkombination|screen ?lock|lock ?screen|passcode)\b\s*"
    rf"(?:ist|lautet|is|was|on|=|:)?\s*(?:die |now )?{_VALUE}{_UNITS}"
)
# What stands for the lock itself: "keybox left of the door, 2580", "gym locker: 5521", "the key safe is C1947X".
_AT_LOCK = re.compile(
    rf"(?i)\b(?:key ?box|lock ?box|key ?safe|padlock|keypad|burglar alarm|bike lock|suitcase lock|combination lock"
    rf"|digicode"
    r"|gym locker|schlüsseltresor|schlüsselbox|schlüsselsafe|boîte à clés|zahlenschloss)\b"
    r"[^.!?\n\d]{0,30}?(?:[:,=]|\b(?:is|ist|est|c'est|es))\s+"
    rf"(?P<value>(?!(?:19|20)\d\d\b)[#*]?(?-i:(?=[A-Z]*\d[A-Z]*\d))[A-Z0-9]{{4,8}}[#*]?)(?![\w/:%€$£°]|[.,-]\d){_UNITS}"
)
# "code: 4417 for the back gate", "tap 4417 on the panel by the door", "set pin to 4417", "to get in dial 4417".
_FOR_DOOR = re.compile(
    rf"(?i)\b(?:code:?|(?P<typed>tap|type|press|dial|enter|punch in|key in|tippe|gib|tapez|marca|digita))\s+{_VALUE} "
    rf"(?:for|für|pour|para|per|(?(typed)on|for)|(?(typed)at|for)) (?:[\w'’]+ ){{0,5}}?{_OPENED}\b"
)
_SET_TO = re.compile(
    r"(?i)\b(?:set|reset|chang|program|geänder|setz|cambi)\w*\b[^\n.\d]{0,30}\b(?:pin|code|combination|combo|lock"
    r"|safe|keypad)\b"
    rf"(?:(?!timeout|length|size|delay|count|limit)[^\n.\d]){{0,20}}?(?: from (?P<old>\d{{4,8}}))? (?:to|auf|zu|à|a"
    rf"|en) {_VALUE}{_UNITS}"
)
_PAIRING = re.compile(r"(?i)\b(?:homekit|homebridge|pairing)\b[^\n\d]{0,24}(?P<value>\d{3}-\d{2}-\d{3})(?![\w-])")
_GET_IN = re.compile(
    rf"(?i)\bto (?:get in\w*|open|unlock|disarm)\b[^\n.\d]{{0,30}}?\b(?:dial|press|turn to|type|enter|tap|use"
    rf"|punch in) {_VALUE}{_UNITS}"
)
# "my pin is 7730 and dad's is 1187": one code, and another's right behind it.
_ANOTHER = re.compile(
    r"(?i)\W{1,3}(?:and|und|et|y|e|en|og|och|i|,)? ?(?:[\w'’]+ ){0,3}?(?:[\w]+['’]?s|mine|the other|hers|his|theirs"
    r"|the \w+|seine|ihre"
    r"|meine|\w+code|\w+pin)(?: one)?(?: is|:| =| ist| est)? (?P<value>[#*]?\d{4,8}[#*]?)(?![\w/:%€$£°]|[.,-]\d)"
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
_YOUR_CODE = re.compile(
    r"(?i)(?<![\w.,:/])(?:[A-Z]-)?(?P<value>\d{3}[ -]?\d{3,5}) (?:is|ist|est|es|è|é|är|er|jest|on)\b (?:your|ihr"
    r"|dein|votre|ton"
    r"|tu|su|il tuo|o seu|uw|je|din|ditt|twój)\b[^\n.]{0,40}?(?:code|pin|tan|c[oó]d\w+|passwor[dt]|kod\w*|kood\w?)\b"
    r"|\buse (?:code )?(?P<used>\d{3}[ -]?\d{3,5}) (?:to|as your) (?:sign|log|verify|confirm|code|pass)"
)
_HINTS = (
    "cod", "cód", "kod", "kood", "kód", "код", "şifre", "pin", "mã", "κωδ", "geheim", "screen", "box", "safe",
    "combin", "kombin", "tan", "press", "typ", "dial", "digit", "then", "punch", "key", "enter", "tap",
    "hash", "star", "#", "ziffer", "eingeb", "tippe", "chiffre", "cifr", "marca", "puls", "lock", "auth", "otp", "2fa",
    "opens", " is ", " as ", " for ", "sms", "einmal", "use", "alarm", "clés", "homek", "homebr", "pairing",
)  # fmt: skip


def find(text: str) -> Iterator[Found]:
    """Find short codes that the words around them give away."""
    for line in holding(lines(text), _HINTS):
        if not re.search(r"\d{3}|\d[ -]\d|\d[a-z]\d", line.lowered):
            continue
        for pattern in (
            _KEYPAD,
            _NUMBERED,
            _AS_CODE,
            _CODE_OF,
            _COMPOSED,
            _PIN,
            _AT_LOCK,
            _FOR_DOOR,
            _SET_TO,
            _PAIRING,
            _GET_IN,
        ):
            for match in pattern.finditer(text, line.start, line.end):
                yield Found.of("password", match)
                if match.groupdict().get("old"):
                    yield Found.of("password", match, "old")
                yield from another(text, match.end("value"), line.end)
        for pattern in (_ONE_TIME, _YOUR_CODE):
            for match in pattern.finditer(text, line.start, line.end):
                yield Found.of("token", match, "used" if match.groupdict().get("used") else "value")


def another(text: str, start: int, end: int) -> Iterator[Found]:
    """Find the code of somebody else that is told right behind a first one."""
    match = _ANOTHER.match(text, start, end)
    if match:
        yield Found.of("password", match)
