"""Passwords that are known by the place they stand in: beside their user, in a line of a password file, in a call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.checks import is_placeholder, looks_random, names_something
from nightschool.redact.found import Found, SecretKind
from nightschool.redact.lines import holding, lines
from nightschool.redact.plain_words import NEVER_PASSWORDS, PASSWORD

_MIXED = r"(?=[^\s\"',]*[\d#$%^&*!+=_])(?=[^\s\"',]*[A-Za-z])[^\s\"'“”`,;()\\]{5,60}"
# `db.lan:5432:orders:app:hunter77`, as PostgreSQL keeps it.
_PGPASS = re.compile(r"(?m)^[\w.*-]{1,80}:(?:\d{2,5}|\*):[\w*.-]{1,60}:[\w*.-]{1,60}:(?P<value>[^\s:]{4,100})$")
_USER = r"(?:user(?:name)?|login|account|zugang\w*|benutzer\w*|acceso|accès|identifiants?|credenziali|usuario)"
_LOG_IN = (
    r"(?:log|sign|get|connect|anmeld|einlogg|inlogg|logga|logg|connect|connexion|iniciar sesión|entra|acced|zaloguj"
    r"|přihlá"
    r"|sisään)\w*"
)
_WITH = r"(?:as|with|using|mit|als|met|med|som|avec|comme|con|come|com|como|jako|z|s)"
_AND = r"(?:and|with|und|et|y|e|en|og|och|i|a|mit|avec)"
_AS_USER = re.compile(
    rf"(?i)\b(?:{_LOG_IN}\s+(?:in |on )?{_WITH}\s+[\w.@+-]{{2,40}}(?:\s*[/|]|,? ?{_AND}\b)"
    rf"|(?:{_USER}|wp-admin|admin)\s*:?\s+[\w.@+-]{{2,40}}\s*(?:/{{1,2}}|\|))\s*(?P<value>{_MIXED})"
)
# "disney login kim@home.net hunter77": an address one logs in with, then what no word is.
_MAIL_AND = re.compile(
    r"(?im)\b(?:log ?in|account|id|icloud|konto|compte|cuenta|zugang|user|pw|netflix|disney\+?|spotify|steam|insta\w*"
    r"|facebook|amazon|paypal|google|gmail|outlook|apple|xbox|psn|roblox|minecraft|twitch|nas|router|vpn)\b[^\n]{0,30}?"
    rf"[\w.+-]{{1,64}}@[\w-]{{1,40}}(?:\.[\w-]{{2,30}}){{1,3}}(?:[ \t]*[,/|][ \t]*|[ \t]+)"
    rf"(?P<value>{_MIXED})(?=[ \t.,;!]*$)"
)
_ROOT = re.compile(
    rf"(?im)(?:\b\d{{1,3}}(?:\.\d{{1,3}}){{3}}|\b(?:router|server|nas|switch|camera|printer)\b)[ :,\w.-]{{0,24}}?[ ,:]"
    rf"(?:admin|root)[ ,:/|]+(?P<value>(?=\S*[A-Z!#$%&*+=?_-]|\S{{9}}){_MIXED})(?=[\s.,;]*$)"
)
# `new mysqli("localhost", "kim", "hunter", "shop")`: a database takes its password third.
_DATABASE = re.compile(
    r"(?i)\b(?:mysqli?(?:_connect)?|pdo|get_?connection|sequelize|odbc_connect|pg_connect|oci_connect|dbconnect)\s*\("
    r"(?:\s*(?:[\"'][^\"'\n]{0,120}[\"']|[\w.$]{1,40})\s*,){2}\s*[\"'](?P<value>[^\"'\s]{4,60})[\"']"
)
# "the password went from hunter77 to hunter78": the old one and the new one.
_FROM_TO = re.compile(
    rf"(?i)(?<!\w)(?:{PASSWORD}|login)\b[^\n]{{0,40}}?\b(?:from|von|de|da|van|från|fra"
    rf"|z)\s+[\"'“]?(?P<old>{_MIXED})[\"'”]?\s+"
    rf"(?:to|auf|zu|à|a|en|naar|till|til|na)\s+[\"'“]?(?P<value>{_MIXED})"
)
# `client.set_api_key("...")`, `new Resend('...')`: what is called names what it is given.
_CALLED = re.compile(
    r"(?i)\b[\w.]{0,60}(?P<name>key|token|secret|passw(?:or)?d|auth|login|client|bearer|credentials?|connect)\w{0,12}"
    r"\(\s*[brf]?(?P<quote>[\"'`])(?P<value>[^\"'`\s]{6,400})(?P=quote)"
)
# `get_password("mailbot")`: asks for one by its name.
_LOOKED_UP = re.compile(
    r"(?i)(?:get|read|load|fetch|find|look_?up|ask|prompt|require|has|delete|forgot|reset|show|input|need)[_a-z]*\("
)
_NAME_BEFORE = (
    r"пароль\w*|кодов\w+ слов\w+|密码|密碼|口令|パスワード"
    r"|暗証番号|비밀번호|κωδικός|סיסמה|كلمة (?:السر|المرور)|पासवर्ड"
)
_FOREIGN = re.compile(
    rf"(?i)(?:{_NAME_BEFORE})(?:[^\n]{{0,30}}?(?<![A-Za-z0-9_.@/-])(?P<value>[A-Za-z0-9!#$%&*+.@^_~-]{{4,60}})"
    r"|[^\n]{0,40}?(?:[:—–=-]|это)\s+[\"«„]?(?P<spelt>(?=[^\s,]*\d)[\w!#$%&*+.@^~-]{6,60}))"
)
_TURNED_INTO = re.compile(
    r"(?i)\b(?:pass(?:word|code|phrase)|pw|pin|passwort|kennwort|contraseña|mot de passe|wachtwoord)\b[^.\n]{0,40}?"
    r"\b(?:got|was|is|has been|been|were|have been|wurde|fue)\s+(?:now\s+|just\s+|all\s+)?(?:changed|set|reset"
    r"|updated|rotated|switched"
    r"|geändert|cambiada)\s+(?:[\w']+\s+){0,3}?(?:to|into|auf|zu|a|à|en)\s+[\"'“„«`]?(?P<value>[^\s\"'“”„«»`]{4,80})"
)
_SPELT = re.compile(
    r"(?i)\b(?:pass(?:word|code|phrase)|passwort|kennwort|contraseña|mot de passe)\b[^.\n]{0,40}?\b(?:is|it'?s|ist"
    r"|es|est)\b,?\s+"
    r"(?P<value>(?:[\w-]+,?\s+){0,8}?(?:capital|lower ?case|upper ?case|underscore|dash|hyphen|hash|at sign|exclamation"
    r"|asterisk|dollar|all one word|one word|klein|groß|großes|unterstrich|bindestrich|ausrufezeichen|minuscule"
    r"|majuscule"
    r"|mayúscula|minúscula|guion bajo)\b[^.\n;!?]{2,80})"
)
# `bindpw hunter77` of a settings file; `new Account('db', 'root', 'hunter77')`, where the third opens.
_SET = re.compile(
    r"(?im)\b(?:bindpw|requirepass|masterauth|rootpw|olcRootPW|neo4j_auth)\s+[\"']?(?P<value>[^\s\"'<>,;=]{4,100})"
)
_THIRD = re.compile(
    r"(?i)\b[\w.:>$-]{0,40}(?:connect|mysqli?\w*|pdo|login|auth\w*|credentials?|account"
    r"|userpass)\s*\((?:\s*[\"'][^\"'\n]{0,80}[\"']\s*,)"
    rf"{{1,3}}\s*[\"'](?P<value>{_MIXED})[\"']"
)
# `admin:hunter77@`, `netflix password? hunter77`: the sign between says what is what.
_SIGNED = re.compile(
    r"(?i)(?:(?<![\w/.:-])(?:admin|root|user|sa|postgres|guest|pi|ubuntu|test):|\b(?:password|passwort|pw|pwd|pass"
    r"|mdp)\?\s+)"
    r"(?P<value>(?=[^\s:]*[\d#$%^&*!+=_])(?=[^\s:]*[A-Z])[A-Za-z0-9][^\s:/\"'“”`,;()@\\]{5,60})(?![\w:/])"
)
_APP_PASSWORD = re.compile(
    r"(?i)\bapp(?:[- ]specific)?(?: password| passwort| pass"
    r"|-passwort)?\b[^\n]{0,20}?(?<![\w-])(?-i:(?P<value>[a-z]{4}(?:([ -])[a-z]{4})"
    r"(?:\2[a-z]{4}){2}))(?![\w-])"
)
_COMMUNITY = re.compile(rf"(?i)\b(?:snmp )?community(?: string)?(?: is| ?[:=])? (?P<value>{_MIXED})")
_HTPASSWD = re.compile(r"\bhtpasswd\s+-\w*b\w*\s+\S+\s+\S+\s+[\"']?(?P<value>[^\s\"']{4,})")
_SESSION_LINE = re.compile(
    r"(?i)\b(?:jsessionid|phpsessid|asp\.net_sessionid"
    r"|connect\.sid)\s*:\s*(?P<value>[\w%.+~=-]{16,400})"
)
_SECURE_STRING = re.compile(r"(?i)\bSecureString\s+(?:-String\s+)?[\"']?(?P<value>[^\s\"'$(-][^\s\"']{3,})")
# Any word for a password, whatever the grammar between it and what no word is.
_NO_WORD = re.compile(
    rf"(?i)(?<![\w-])(?:{PASSWORD})(?![\w-])(?:[ ,]+[\w'’]{{1,16}}(?<!\bfor)(?<!\bof)(?<!user)){{1,5}}?"
    r"[ :,]+[«“„\"]? ?"
    r"(?P<value>(?=[^\s]*\d)(?=[^\s]*[A-Za-z]{2})(?!v?\d+[.)]|\w+\(|(?:sha|md|v|http|utf|oauth|tls|aes|rsa|base"
    r"|bcrypt|argon|ipv"
    r"|win|python|php|mp)-?\d"
    r"|\d+(?:st|nd|rd|th|px|ms|min|h|d|x|k|gb|mb|days?|hours?|weeks?|months?|times)\b)[^\s\"“”„«»`/\\()]{6,60})"
)
_SESSION_VALUE = re.compile(
    r"(?i)\b\w{0,24}(?:session|sess_?id|auth_?token|csrf_?token)\s+(?P<value>[\w%.+~=-]{24,400})"
)
_BYTES = re.compile(r"\[\s*(?P<value>\d{1,3}(?:\s*,\s*\d{1,3}){31,63})\s*\]")
_SPEAKS_OF = re.compile(
    r"(?i)\b(?:must|should|need|needs|required?|rules?|policy|at least|letters?\W*$|characters?|sensitive)\b"
)


# A settings file of words and values: `host mail.lan`, `user kim`, `password hunter77`.
_SETTINGS = re.compile(
    r"(?mi)^[ \t]*[\w.]{0,40}?(?:host|user(?:_?name)?|login|account|machine|server|port|e-?mail|remote|benutzer"
    r"|utilisateur|usuario)"
    r"[ \t]*[:= \t][ \t]*\S+[ \t]*$"
)
_PASSWORD_LINE = re.compile(
    rf"(?mi)^[ \t]*(?:{PASSWORD}|pass|psk|(?P<secret>secret))(?:(?P<sign>[ \t]*[:=][ \t]*)"
    rf"|[ \t]+)[\"']?(?P<value>[^\s\"']{{4,100}})[\"']?[ \t]*$"
)
# What a scheme says of a password instead of giving it.
_TYPE = re.compile(r"(?i)^(?:secretstr|\w*(?:string|field|type|input|required)\w*|.*[(\[<{|?].*)$")
# "I changed the login, it used to be hunter77 and now it's hunter78!"
_OLD_AND_NEW = re.compile(
    r"(?i)\b(?:pass\w*|pw|login|passwort|kennwort|pin|code|key)\b[^\n]{0,60}?\b(?:used to be|was|old one (?:is|was)|war"
    r"|vorher)\s+"
    r"(?P<old>[^\s,;]{5,60}),?\s+(?:(?:and|but|und|jetzt|now|to|it'?s|new|one|is|ist)\s+){1,5}(?P<value>[^\s,;]{5,60})"
)


def find(text: str) -> Iterator[Found]:
    """Find passwords by where they stand."""
    for pattern in (_PGPASS, _FOREIGN):
        for match in pattern.finditer(text):
            group = "spelt" if pattern is _FOREIGN and match["spelt"] else "value"
            if pattern is not _FOREIGN or re.search(r"\d", match[group]):
                yield from _one(match, "password", group)
    if _SETTINGS.search(text):
        for match in _PASSWORD_LINE.finditer(text):
            plain = re.fullmatch("[a-z]+", match["value"])
            if match["secret"] and "=" not in (match["sign"] or ""):
                continue
            if not (plain and (not match["sign"] or match["value"] in NEVER_PASSWORDS)) and not _TYPE.match(
                match["value"]
            ):
                yield from _one(match, "password")
    for match in _FROM_TO.finditer(text):
        for group in ("old", "value"):
            yield from _one(match, "password", group)
    for match in _OLD_AND_NEW.finditer(text):
        for group in ("old", "value"):
            if re.search(r"[\d#$%^&*!+=_]", match[group]):
                yield from _one(match, "password", group)
    for line in holding(lines(text), ("(",)):
        for match in _CALLED.finditer(text, line.start, line.end):
            password = match["name"].lower().startswith("passw")
            if password and _LOOKED_UP.search(match.group()[: match.start("quote") - match.start()]):
                continue
            if password or (looks_random(match["value"]) and not names_something(match["value"])):
                yield from _one(match, "password" if password else "token")
        for pattern in (_DATABASE, _THIRD):
            for match in pattern.finditer(text, line.start, line.end):
                yield from _one(match, "password")
    for match in (*_SESSION_VALUE.finditer(text), *_SESSION_LINE.finditer(text)):
        if looks_random(match["value"].replace("%", "")):
            yield from _one(match, "cookie")
    for match in _BYTES.finditer(text) if re.search(r"(?i)solana|wallet|keypair|secret|private|id\.json", text) else ():
        if match["value"].count(",") in (31, 63) and all(int(n) < 256 for n in match["value"].split(",")):
            yield from _one(match, "private_key")
    for pattern in (
        _AS_USER,
        _TURNED_INTO,
        _SET,
        _SIGNED,
        _MAIL_AND,
        _ROOT,
        _SECURE_STRING,
        _NO_WORD,
        _COMMUNITY,
        _HTPASSWD,
    ):
        for match in pattern.finditer(text):
            yield from _one(match, "password")
    for match in _APP_PASSWORD.finditer(text):
        if re.search(r"(?i)specific|pass", match.group()[: match.start("value") - match.start()]):
            yield from _one(match, "password")
    for match in _SPELT.finditer(text):
        if not _SPEAKS_OF.search(match["value"]):
            yield from _one(match, "password")


def _one(match: re.Match[str], kind: SecretKind, group: str = "value") -> Iterator[Found]:
    value = match[group].rstrip(".,;:!?)\"'")
    if not is_placeholder(value) and not re.match(r"(?:https?|ftp|op|vault|arn):", value) and len(value) >= 4:
        yield Found.of(kind, match, group, len(value))
