"""Secrets told in words: "my password is ...", door codes, backup codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.checks import is_command, is_placeholder
from nightschool.redact.codes import another
from nightschool.redact.found import Found
from nightschool.redact.lines import holding, lines
from nightschool.redact.plain_words import NEVER_PASSWORDS, NO_PASSWORD, PASSWORD, PASSWORD_HINTS

_CODE = (
    r"(?:alarm|door|gate|entry|access|lock|safe|unlock|security|bike lock|locker|garage|key ?box|lockbox|keypad|house"
    r"|building|sim|card"
    r"|wi-?fi|wlan|router|phone|voicemail|screen|bank|debit card|parental|burglar|front door|elevator|vault|device|puk"
    r"|atm"
    r"|ec)[- ]?(?:code|pin|combination|combo|number)?s?"
    r"|combination|pin(?: code| number)?|puk|(?:tür|alarm|zahlen|sicherheits|geheim|tor|entsperr|zugangs)-?code"
    r"|pin-?(?:nummer|code)?"
    r"|code (?:pin|de la porte|d'entrée|d'accès|de l'alarme|du portail|du coffre|de l'immeuble)|digicode"
    r"|c[oó]digo (?:pin|de la puerta|de acceso|de la alarma|del portal)|codice (?:pin|del cancello|di accesso"
    r"|della porta)|(?:dør|port|alarm)?koden?|(?:dörr|port|larm)kod(?:en)?"
    r"|(?:verification|confirmation|one[- ]time|login|sign[- ]in|2fa|mfa|sms|otp|authentication) (?:code|pin"
    r"|password)|otp"
)
_COPULA = (
    r"(?:\s*(?:[:=]|->|→)\s*|,?\s+(?:is|was|are|'s|ist|lautet|wäre|es|est|c'est|é|è|foi|sind|sera|será|är|er|jest|будет"
    r"|это|reads|remains"
    r"|set to|now|its|it's|used to be|will be|heißt|heisst|heet|se llama|s'appelle|si chiama)\s+(?:now |still |just "
    r"|jetzt |now: |currently |set to "
    r"|something like |irgendwas wie |algo como |changed to |: ?)?|[：=은는は]\s*)"
)
_COPULA = (
    rf"(?:{_COPULA}|['’]s\s+|(?<=salasana)\s+on\s+|(?<=parool)\s+on\s+|(?<=hasło)\s+to\s+|(?<=heslo)\s+je\s+"
    r"|(?<=lozinka)\s+je\s+|(?<=geslo)\s+je\s+|(?<=mật khẩu)\s+là\s+|(?<=sandi)\s+(?:adalah|nya)\s+"
    r"|(?<=nenosiri)\s+ni\s+)"
)
_QUOTED = r"[\"'“”„«‚‘`]"
_TOLD = re.compile(
    rf"(?i)(?<!\w)(?:{PASSWORD})\b(?!\s+(?:manager|policy|field|reset|generator|prompt|length|strength"
    rf"|hash)\b)(?P<of>(?:(?!\bis\b|\bist\b|\best\b)[ ,]+[^\s.:;!?=,]{{1,24}}){{0,7}}?){_COPULA}"
    rf"(?P<quote>{_QUOTED})?(?P<value>[^\s\"“”„«»`]{{3,80}})"
)
_GIVEN = re.compile(
    rf"(?i)\b(?:log ?in|sign in|connect|unlock\w*|authenticate|get in|log on|try|use|enter|type|with|anmelden"
    rf"|einloggen|con|avec|mit|and|und|et|y|/|,)\s+(?:(?:it|in|on|with|using|the|my|as|to|mit|dem|der|la|le|el"
    rf"|\w+/)\s+){{0,3}}"
    rf"(?:{PASSWORD})\s+(?P<quote>{_QUOTED})?(?P<value>[^\s\"“”„«»`]{{4,80}})"
)
_CHANGED = re.compile(
    rf"(?i)\b(?:chang|set|reset|updat|rotat|switch|geänder|setz|cambi|chang)\w*\s+(?:(?:the|my|our|your|his|her|das"
    rf"|mein|la|el|le|mon)\s+)?(?:[\w'-]+\s+){{0,4}}?(?:{PASSWORD})\b(?:\s+[\w'-]+){{0,5}}?\s+(?:to|into|auf|zu|a|à"
    rf"|en|por)\s+(?P<quote>{_QUOTED})?(?P<value>[^\s\"“”„«»`]{{4,80}})"
)
_BESIDE = re.compile(
    rf"(?i)(?<!\w)(?:(?:{PASSWORD})\d?|(?<=[(\[,;] )pass|(?<=[(\[])pass)\s+(?P<quote>{_QUOTED})?"
    r"(?P<value>(?=[^\s]*\d)(?=[^\s]*[A-Za-z])(?!v?\d+[.)]|\w+\(|(?:sha|md|v|http|utf|oauth|tls|aes|rsa"
    r"|base)-?\d)[^\s\"“”„«»`]{6,60})"
)
# `pass` is a word of many senses: beside a login, or before what no word is.
_LOGIN = (
    r"(?:wi-?fi|wlan|ssid|network|hotspot|router|user(?:name)?|login|log ?in|account|archive|zip|server|nas|drive|vault"
    r"|laptop|screen|admin|ssh|s?ftp|smb|vnc|rdp|vpn|mail|benutzer|konto|compte|cuenta|[\w.+-]{1,64}@[\w.-]{1,64})"
)
_PASS_TOLD = re.compile(
    rf"(?i)(?<![\w-])(?<!bus )(?<!ski )(?<!day )(?<!mountain )(?<!boarding )pass\s*(?:is|was|:|=|['’]s)\s+"
    rf"(?P<quote>{_QUOTED})?(?P<value>[^\s\"“”„«»`]{{5,80}})"
)
_AFTER_LOGIN = re.compile(
    rf"(?i)(?<!\w){_LOGIN}\b[^\n]{{0,60}}?[\s(\[,;](?:(?:{PASSWORD}|pass)(?!\s+(?:polic|manager|reset|prompt|length"
    rf"|hash|field|rule|change|strength|expir))(?:\s*[:=]\s*|\s+)|key\s*[:=]\s*)(?P<quote>{_QUOTED})?"
    r"(?P<value>[^\s\"“”„«»`,;()\[\]]{6,80})"
)
_CODE_WORD = re.compile(
    rf"(?i)(?<!\w)(?:{_CODE}|(?:guard|invite|gift card|voucher|redeem|pairing|activation|backup"
    rf"|recovery) codes?)\s*(?:is|:|=|ist)?\s+"
    r"(?-i:(?P<value>(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{4,12}))(?![\w-])"
)
_PIN_OF = re.compile(
    r"(?i)(?<![\w-])pin\b(?: (?!is\b)[a-zà-ÿ'-]{2,16}){1,4} (?P<value>\d{4,8})(?![\w/:%€$]|[.,-]\d| (?:is|was|ist|times"
    r"|users|people))"
)
_PHRASE = re.compile(
    r"(?i)\bpass\s?phrase\b[^.\n:]{0,40}?(?:\s(?:is|was|lautet|est|es)|:)\s+(?P<value>(?!(?:too|not|very|so|the"
    r"|a|in|on|stored"
    r"|wrong|empty|required)\b)[\w'-]+(?: [\w'-]+){2,9}?)(?=\s*(?:[.,;\n]|$))"
)
_PHRASE_QUOTED = re.compile(
    r"(?i)\b(?:pass\s?phrase|password|passwort"
    r"|kennwort)s?\b[^.\n:\"“”]{0,30}[\"“„«](?P<value>[\w'-]+(?: [\w'-]+){2,9})[\"”“»]"
)
_OPENS = re.compile(
    r"(?i)\b(?:opens?|unlocks?|disarms?|armed|locked) with\s+(?:code\s+)?(?P<value>[*#]?\d{3,8}[*#]?"
    r"|(?=\S*[A-Za-z])(?=\S*\d)"
    r"[^\s\"',;()]{6,40})(?!\w)"
)
_MIXED = r"(?=[^\s]*\d)(?=[^\s]*[A-Za-z])[^\s\"'“”`,;()/\\]{6,40}"
# A login and what opens it: "mia@home.net / popcorn44", "admin/adm1nRouter", "log in as root using toorToor9".
_BESIDE_LOGIN = re.compile(
    rf"(?i)(?:(?<![\w/.+-])[\w.+-]{{1,64}}@[\w.-]{{1,64}}\.[a-z]{{2,}}\s*[/|]\s*|(?<![\w/.-])(?:admin|root|system"
    rf"|sa|guest|user|pi"
    rf"|postgres)\s?/\s?"
    rf"|\b(?:get|gets you|log(?:ged)?|sign(?:ed)?|let) in\b[^\n.]{{0,30}}?\b(?:with|using)\s+)(?P<value>{_MIXED})"
)
_DIALLED = re.compile(
    r"(?i)\b(?:lock|safe|combination|combo|tresor|vault|padlock)\b[^\n\d]{0,24}?\b(?:opens?|left|right|dial|code|is|at"
    r"|:)[^\n\d]{0,8}"
    r"(?P<value>\d{1,2}(?:[- ]\d{1,2}){2,4})(?![\w:-])"
)
# "hunter77 or Hunter78": one password, and another right behind it.
_OR = re.compile(rf"(?i)[\"'”]?,? (?:or|oder|ou|o|eller|nor|then) (?:maybe |did |then )?[\"'“]?(?P<value>{_MIXED})")
_ASKED = re.compile(rf"(?i)(?<!\w)(?:{PASSWORD})\b[^\n?.!]{{0,24}}\?\s+(?:[\w'’]+,?\s+){{0,4}}?(?P<value>{_MIXED})")
_CHANGED_IT_IS = re.compile(
    rf"(?i)(?<!\w)(?:{PASSWORD})\b[^.\n]{{0,40}}[,;:] (?:now )?(?:it'?s|it is|es ist"
    rf"|c'est) (?:now )?(?P<value>(?=\S*[\d#$%^&*!+=_-])"
    r"[^\s\"',;()]{5,40})"
)
_CODE_TOLD = re.compile(
    rf"(?i)(?<![\w-])(?:{_CODE})\b(?:[ ,]+(?:of|for|to|on|at|the|my|our|your|du|de|la|le|des|der|die|das|dem|den|für"
    rf"|fürs|vom|am|del|di|della|to|ending|[a-zà-ÿ'-]{{2,20}}|\d{{2,4}}(?= (?:is|ist|est"
    rf"|es)\b))){{0,8}}?{_COPULA}{_QUOTED}?(?P<value>[#*]?(?:[A-Z](?=\d{{3}}))?\d(?:"
    rf"[ -]?\d){{2,9}}[#*]?)(?![\w/:]|[.,-]\d)"
)
_OF_AN_ERROR = re.compile(r"(?i)\b(?:error|fault|fehler|exit|status) ?codes?\b")
_CODE_SHORT = re.compile(
    rf"(?i)(?<![\w-])(?:{_CODE}|{PASSWORD})\s+(?P<value>[#*]?\d{{3,8}}[#*]?)(?![\w/:%€$]|[.,-]\d|\s*(?:digits?"
    rf"|characters?|chars|times|stellig|attempts|users|ms|px|bits?))"
)
_PAIR = re.compile(
    r"(?i)(?<![\w/])(?:credentials?|creds|log ?in(?:s| data| details)?|user(?:name)?s?(?:/pass(?:word)?)?"
    r"|zugangsdaten|identifiants|accesos?|credenciales|anmeldedaten)"
    r"(?:\s+(?:for|to|on|of|für|pour|de|fürs)\s+[^\n:=]{1,40}?)?\s*(?:[:=]|is|are|sind|ist|son"
    r"|sont)\s*[\"'`]?(?P<user>[\w.@+-]{2,40})\s*(?:/|:|\||,|;| [–—-] | and | und "
    r"| with )\s*[\"'`]?(?P<value>[^\s\"'`=]{4,60})(?!=)"
)
_TOTP = re.compile(
    r"(?i)\b(?:otpauth://\S*?secret=|(?:totp|2fa|mfa|otp|authenticator|two[- ]factor"
    r"|setup)\b[^\n]{0,40}?)(?-i:(?P<value>(?:[A-Z2-7]{16,64}|(?:[A-Z2-7]{4} ){3,15}[A-Z2-7]{4}"
    r"|(?:[a-z2-7]{4} ){3,15}[a-z2-7]{4}))(?![\w]))"
)
_CODES_NAMED = (
    r"(?:2fa (?:backup|recovery)|(?:backup|recovery|rescue|emergency|scratch|one[- ]time|2fa|mfa|login|verification"
    r"|wiederherstellungs|back-?up-?|notfall|ersatz|herstel|reserve)[- ]?(?:codes?|koder?|kodes)|reservkoder"
    r"|steam guard(?: backup)?(?: codes?)?|c[oó]d(?:es|igos) (?:de|da) (?:secours|récupération|recupera\w+|respaldo"
    r"|emerg\w+"
    r"|backup|reserva|seguridad|segurança|verificación)|codici di (?:backup|recupero|emergenza)|kody (?:zapasowe"
    r"|odzyskiwania)"
    r"|záložní kódy|varakoodit|yedek kodlar\w*|tartalék kódok|резервные коды|коды восстановления|バックアップコード"
    r"|リカバリーコード|备用码|恢复码|recovery keys?)"
)
_CODES = re.compile(
    rf"(?i)(?<![\w-]){_CODES_NAMED}(?!\w)[^\n:]{{0,40}}?[:：\n ]\s*"
    r"(?P<codes>(?:[\s,;|/•*.–-]*(?:(?:y|und|and|et|e|og|och|i|en)\s)?(?:\d{1,2}[.)]\s+)?(?=[\w-]*\d|\w{4,8}-)"
    r"[A-Za-z0-9]{4,10}(?:-[A-Za-z0-9]{4,8}|[ ](?=\w*\d)[A-Za-z0-9]{4,8}){0,7}(?![\w@.])){1,24})"
)
_ONE_CODE = re.compile(
    r"(?<![\w-])(?=[\w-]*\d|\w{4,8}-)(?:\d{4,5} \d{4,5}|[A-Za-z0-9]{4,10}(?:-[A-Za-z0-9]{4,8}){0,7})(?![\w-])"
)
_ETHEREUM = re.compile(
    r"(?i)\b(?:private|secret|wallet|signing)\s*_?keys?\b[^\n]{0,40}?(?P<value>(?:0x)?[0-9a-f]{64})\b"
)

_CODE_HINTS = ("cod", "cód", "kod", "pin", "puk", "combination", "combo", "number", "otp", *PASSWORD_HINTS)


def find(text: str) -> Iterator[Found]:
    """Find what a person tells in a sentence."""
    split = lines(text)
    for line in holding(split, PASSWORD_HINTS):
        for pattern in (_TOLD, _GIVEN, _CHANGED, _BESIDE, _PASS_TOLD, _AFTER_LOGIN):
            for match in pattern.finditer(text, line.start, line.end):
                value = match["value"].rstrip(".,;:)?'\"’”»]")
                if _is_told(value, match, text):
                    yield Found.of("password", match, length=len(value))
                    alternative = _OR.match(text, match.start("value") + len(value), line.end)
                    if alternative and not NO_PASSWORD.search(alternative["value"]):
                        yield Found.of("password", alternative)
    for line in holding(split, _CODE_HINTS):
        for pattern in (_CODE_TOLD, _CODE_SHORT, _CODE_WORD, _PIN_OF) if re.search(r"\d", line.lowered) else ():
            for match in pattern.finditer(text, line.start, line.end):
                if not _OF_AN_ERROR.search(text, max(line.start, match.start() - 30), match.start("value")):
                    yield Found.of("password", match)
                    yield from another(text, match.end("value"), line.end)
    for pattern in (_PHRASE, _PHRASE_QUOTED):
        for match in pattern.finditer(text):
            first = match["value"].split(" ")[0].casefold()
            told = text[match.start("value") - 2] == ":" or not re.search(r"(?:ed|ing|er|in|on|at)$", first)
            if told or pattern is _PHRASE_QUOTED:
                yield Found.of("password", match)
    for pattern in (_BESIDE_LOGIN, _DIALLED, _ASKED):
        for match in pattern.finditer(text):
            value = match["value"].rstrip(".?:")
            if not is_placeholder(value) and not NO_PASSWORD.search(value):
                yield Found.of("password", match, length=len(value))
    for match in _CHANGED_IT_IS.finditer(text):
        value = match["value"].rstrip(".!?)")
        yield Found.of("password", match, length=len(value))
    for match in _OPENS.finditer(text):
        yield Found.of("password", match)
    for match in _PAIR.finditer(text):
        value = match["value"].rstrip(".,;)")
        named = "." not in match["user"] and not value.startswith("/")
        if named and re.search(r"[\d#$%^&*!+=_]", value) and not is_placeholder(value):
            yield Found.of("password", match, length=len(value))
    yield from _tokens(text)


def _is_told(value: str, match: re.Match[str], text: str) -> bool:
    """Whether the word after "is" can be a password rather than go on with the sentence."""
    word = value.casefold()
    if len(value) < 3 or is_placeholder(value) or is_command(value) or word in NEVER_PASSWORDS or value[:1] in "([{<$%":
        return False
    if re.match(r"[\w.]+\(|(?:https?|ftp)://|//|/\w+/", value) or (
        match.re is not _AFTER_LOGIN and re.fullmatch(r"[A-Za-z_]+(?:\.[A-Za-z_]+)+", value)
    ):
        return False
    if (
        re.search(r"[\d#$%^&*!+=_@]", value.rstrip("!"))
        or re.search(r"[a-z][A-Z]", value)
        or match.groupdict().get("quote")
    ):
        return True
    if match.re is _AFTER_LOGIN and "@" in value:
        return False
    ending = r"ed$|ing$|ly$" if match.re in (_AFTER_LOGIN, _PASS_TOLD) else r"ed$|ing$|ly$|t$"
    if re.search(ending, word) and value.islower() and match.re is not _CHANGED:
        return False
    after = text[match.start("value") + len(value) :]
    # "password is sunshine, the user is bob" ends with the word; "password is stored on disk" goes on.
    ends = re.match(
        r"\s*(?:$|\n|[.,;:!?)]|(?:and|und|et|y|e|en|but|with|if|so|user|login|benutzer|capital|all|lower|for the"
        r"|please|pls|bitte|por favor|now|today|todo|tout|alles|again|asap)\b)",
        after,
    )
    if value.islower() and match.re is not _CHANGED:
        named = (
            match.re is _TOLD
            or match.re is _AFTER_LOGIN
            or (match.re is _PASS_TOLD and re.search(_LOGIN, text[max(0, match.start() - 80) : match.end() + 80], re.I))
        )
        return bool(ends) and len(value) >= 6 and bool(named)
    return bool(ends) and len(value) >= 4


def _tokens(text: str) -> Iterator[Found]:
    for match in _TOTP.finditer(text):
        yield Found.of("token", match)
    for match in _ETHEREUM.finditer(text):
        yield Found.of("private_key", match)
    for match in _CODES.finditer(text):
        for code in _ONE_CODE.finditer(text, match.start("codes"), match.end("codes")):
            yield Found.of("token", code, 0)
