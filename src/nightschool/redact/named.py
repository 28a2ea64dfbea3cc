"""Secrets that are known by the name they are given: assignments, flags, headers, cookies, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact import labels
from nightschool.redact.checks import entropy, is_command, is_placeholder, looks_random, names_something
from nightschool.redact.found import Found, SecretKind
from nightschool.redact.lines import holding, lines
from nightschool.redact.plain_words import NEVER_PASSWORDS

# A short name counts only as a word of its own: `pin`, `db_pw`, `apiKey`; not `monkey`, not `spin`.
_OWN = r"(?:(?<![A-Za-z])|(?<=(?-i:[a-z]))(?=(?-i:[A-Z])))"
_PASSWORD_NAME = (
    r"passw(?:or)?ds?|passwrd|passphrase|passcode|pswd|passwort|kennwort|contrase[nñ]a|mot_?de_?passe|senha|wachtwoord"
    rf"|requirepass|bindpw|(?:store|key|trust|export|import|src|dest|user|root|admin|db|smtp|mail|ftp|bind)pass"
    rf"|wpa_?psk"
    rf"|has[łl]o|heslo|lösenord|passord|adgangskode|salasana|[şs]ifre|jelsz[oó]|parola|{_OWN}(?:pass|pwd?|pin|mdp|psk)"
)
_KEY_NAME = (
    r"(?:api|app|access|auth|secret|private|encryption|signing|master|account|shared|service|license|licence|client"
    r"|admin"
    r"|deploy|session|storage|primary|subscription|webhook|integration|ssh|rsa|aes|hmac|jwt|bot|user|consumer|server"
    r"|write|read|rest|publish|anon|ingest|push|secret_?access|access_?secret|service_?role|auth)"
    r"[_.\- ]?(?:key|secret|token|hash)s?|secret|token|bearer|credentials?|webhook_?url|app_?id_?secret"
    rf"|{_OWN}(?:key|tok|pat|salt|pepper|jwt|sas|t?otp|2fa|mfa|seed|dsn|creds?)"
)
_NAME = rf"[\w.$-]{{0,40}}?(?:(?P<pass>{_PASSWORD_NAME})|(?P<key>{_KEY_NAME}))"
# `token_count` and `password_hash` name something else; `API_KEY_STAGING` and `token2` do not.
_TAIL = (
    r"(?P<tail>(?:[_-](?:\d+|prod|production|dev|staging|stage|test|live|main|old|new|primary|secondary|base64|b64"
    r"|value|eu|us|root"
    r"|admin|user|db|ro|rw|[ab]|env))|\d)?"
)
_ASSIGNED = re.compile(
    rf"""(?ix)(?<![A-Za-z]){_NAME}{_TAIL}(?![A-Za-z])
    (?P<sep>["'`]?\]?[ \t]{{0,3}}(?::=|=>|==?|:)[ \t]{{0,3}}(?:[brf@](?=["'])|!!str[ ])?)
    (?:"(?P<double>[^"\n]{{3,400}})"|'(?P<single>[^'\n]{{3,400}})'|`(?P<tick>[^`\n]{{3,400}})`
      |(?P<bare>[^\s"'`<>,;]{{3,400}}))
    """
)
_FLAG = re.compile(
    rf"""(?ix)(?<![\w-])--?{_NAME}{_TAIL}(?:\s+|=)
    (?:"(?P<double>[^"\n]{{3,400}})"|'(?P<single>[^'\n]{{3,400}})'|(?P<bare>(?!-)[^\s"'<>|;]{{3,400}}))"""
)
# Environment lines of a Dockerfile, `machine h login u password p`, `set config password p`.
_SPACED = re.compile(
    rf"(?im)(?:^\s*(?:ENV|ARG|SET|export)\s+{_NAME}{_TAIL}|\b(?:login|user(?:name)?"
    rf"|account)\s+\S{{1,60}}\s+(?P<netrc>password|pass))"
    r"[ \t]+[\"']?(?P<bare>[^\s\"'<>,;=]{3,400})"
)
# `<add key="DbPassword" value="..."/>`, `name: SMTP_PASSWORD, value: ...`: the name stands in an attribute of its own.
_ATTRIBUTES = re.compile(
    rf"""(?ix)\b(?:key|name|id)["']?\s*[=:]\s*["']?{_NAME}{_TAIL}["']?[\s,]+["']?value["']?\s*[=:]\s*
    (?:"(?P<double>[^"\n]{{3,400}})"|'(?P<single>[^'\n]{{3,400}})'|(?P<bare>[^\s"'<>,;]{{3,400}}))"""
)
_TAG = re.compile(
    rf"(?i)<(?P<tag>[\w.:-]*?(?:(?P<pass>{_PASSWORD_NAME})|(?P<key>{_KEY_NAME})))\b[^>]*>\s*(?P<bare>[^<\s]"
    rf"[^<]{{2,400}}?)\s*</"
)
_CALL = re.compile(
    rf"""(?ix)["'](?:[\w.-]*?(?:(?P<pass>{_PASSWORD_NAME})|(?P<key>{_KEY_NAME})))["']\s*,\s*
    (?:"(?P<double>[^"\n]{{6,400}})"|'(?P<single>[^'\n]{{6,400}})')"""
)
_HEADER = re.compile(
    r"(?i)\b(?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?(?P<scheme>basic|bearer|token|apikey|digest|bot|negotiate"
    r"|key|splunk)?"
    r"[ \t:=]+[\"']?(?P<bare>[\w.+/=~:%-]{8,})|\bbearer[ \t:=]+[\"']?(?P<bearer>[\w.+/=~-]{16,})"
)
_SHELL = re.compile(
    r"""(?x)(?:\b(?:curl|wget|http|https|xh|aria2c|youtube-dl|yt-dlp|rclone|lftp|ldapsearch|smbclient
      |svn)\b[^\n|]{0,200}?\s
          (?:-u|-U|--user|--auth|-a|--proxy-user|-e)[= ]?\s*["']?[\w.@%+\\-]{1,60}[:%,](?P<user>[^\s"'@/]{3,})
      | \bnet\ use\b[^\n|]{0,200}?\s/user:\S+\s+(?P<share>[^\s"'/][^\s"']{3,})
      | \bsshpass\s+-p\s*["']?(?P<sshpass>[^\s"']{3,})
      | \b(?:mysql\w*|mariadb|sqlcmd|7z)\b[^\n|]{0,200}?\s(?:-p|-P[ ]?
        |--password[= ])["']?(?P<db>(?!\d{2,5}\b)[^\s"'-][^\s"']{3,})
      | \b(?:zip|unzip|mongo\w*|redis-cli|mosquitto_\w+|ldapsearch|docker\ login|podman\ login|helm|az|oc|kinit|ipmitool
        |xfreerdp|rdesktop|vncviewer)
          \b[^\n|]{0,200}?\s(?:-p|-P|-a|-w|/p:)[ ]?["']?(?P<cli>(?!\d{2,5}\b)[^\s"'-][^\s"']{3,})
      | \bIDENTIFIED\s+(?:WITH\s+\w+\s+)?BY\s+["'](?P<sql>[^"'\n]{3,})["']
      | \b(?:WITH\s+)?(?:ENCRYPTED\s+)?PASSWORD\s+'(?P<role>[^'\n]{3,})'
      | \becho\s+["']?(?P<echo>[^\s"'|]{6,})["']?\s*\|[^\n]{0,120}(?:--password-stdin|passwd|sudo\s+-S|chpasswd
        |cryptsetup)
      | \bopenssl\b[^\n]{0,200}?(?:\bpass:|-k\ |-pass\ pass:)(?P<openssl>[^\s"']{3,}) )"""
)
_COOKIE_LINE = re.compile(
    r"(?i)(?:\b(?:set-)?cookie2?[\"']?\s*[:=]\s*|\s(?:-b|--cookie)\s*)[\"']?(?P<pairs>[^\n\"']{4,4000})"
)
_PAIR = re.compile(r"(?P<name>[\w.$-]{1,64})=(?P<value>[^;\s\"',]{6,})")
_SESSION_NAME = (
    r"(?:__(?:Host|Secure)-)?[\w.-]*(?:sess(?:ion)?(?:[_-]?id|[_-]?token|[_-]?key)?|sid|sso|auth(?:[_-]?token)?"
    r"|remember[\w-]*|xsrf[\w-]*"
    r"|csrf[\w-]*|jwt|login[_-]?token|ticket|wordpress_logged_in\w*|cf_clearance|li_at|c_user|xs|datr|sapisid|hsid"
    r"|ssid|apisid"
    r"|aspxauth|aspxanonymous)"
)
_SESSION = re.compile(rf"(?i)(?<![\w.-])(?:{_SESSION_NAME})=(?P<value>[\w%.+/~:=-]{{12,}})")
# A line of a file of cookies; `{"name": "sessionid", "value": "..."}` of an export; `cookies.set("sid", "...")`.
_COOKIE_FILE = re.compile(
    r"(?m)^(?:#\s?)?\S+[ \t]+(?:TRUE|FALSE)[ \t]+\S+[ \t]+(?:TRUE|FALSE)[ \t]+\d+[ \t]+\S+[ \t]+(?P<value>\S{12,4000})"
)
_COOKIE_EXPORT = re.compile(
    rf"(?i)[\"']name[\"']\s*:\s*[\"']{_SESSION_NAME}[\"']\s*,(?:[^{{}}]{{0,200}},)?\s*[\"']value[\"']\s*:\s*[\"']"
    rf"(?P<value>[^\"'\s]{{12,4000}})"
)
_COOKIE_SET = re.compile(
    rf"(?i)cookies?\w*(?:\.\w+)?\(\s*[\"']{_SESSION_NAME}[\"']\s*,\s*[\"'](?P<value>[^\"'\s]{{12,4000}})"
)
_WARNED = re.compile(r"DO-NOT-SHARE[^|\n]{0,160}\|_(?P<value>\w{40,4000})")
_SESSION_QUOTED = re.compile(rf"(?i)[\"']{_SESSION_NAME}[\"']\s*:\s*[\"'](?P<value>[\w%.+/~:=-]{{12,400}})[\"']")
_USER_AND_PASSWORD = re.compile(
    r"(?i)(?:auth|login|creds?|credentials?|userpass|user_pass"
    r"|userpwd)[\"']?[ \t]*[=:][ \t]*[\"']?[\w.@-]{2,40}:(?P<value>[^\s\"'@:/]{4,60})"
)
_WIREGUARD = re.compile(r"(?i)\b(?:private_?key|preshared_?key|psk)\s*[=:]\s*[\"']?(?P<value>[A-Za-z0-9+/]{42,43}=)")

# `key: value` pairs whose name says that the value is no secret.
_HARMLESS = re.compile(
    r"(?i)(?:public|pub|primary|foreign|partition|sort|cache|idempotency|composite|unique|ssh-(?:rsa|ed25519)"
    r"|private_key_id|publishable|site|hot|arrow"
    r"|object|s3|shortcut|dedupe|dict|json|map|group|row|hash|range|storage|translation|i18n|react|color|max|min|num"
    r"|total|next[_-]?page"
    r"|page|continuation|cursor|sync|pagination|eos|bos|pad|unk|stop|special|csrf_?field)[\w. -]{0,3}(?:key|token"
    r"|hash)s?(?:_?id)?$"
)


_NAMING = (
    "passw", "passphrase", "passcode", "pass", "pwd", "pw", "pswd", "kennwort", "contrase", "mot", "mdp", "senha",
    "wachtwoord", "bindpw", 
    "haslo", "hasło", "heslo", "lösenord", "passord", "adgangskode", "salasana", "ifre", "jelsz", "parola",
    "pin", "secret", "token", "tok", "bearer", "cred", "webhook", "key", "pat", "psk", "salt",
    "pepper", "jwt", "sas", "otp", "2fa", "mfa", "seed", "dsn", "hash",
)  # fmt: skip


def find(text: str) -> Iterator[Found]:
    """Find the values of everything that is named like a secret."""
    for line in holding(lines(text), _NAMING):
        patterns = [_SPACED]
        patterns += [_ASSIGNED] if "=" in line.lowered or ":" in line.lowered else []
        patterns += [_FLAG] if "-" in line.lowered else []
        patterns += [_TAG] if "<" in line.lowered else []
        patterns += [_CALL] if "," in line.lowered else []
        patterns += [_ATTRIBUTES] if "value" in line.lowered else []
        for pattern in patterns:
            for match in pattern.finditer(text, line.start, line.end):
                yield from _value(match, text)
    for match in _USER_AND_PASSWORD.finditer(text):
        if re.search(r"[\d#$%^&*!+]", match["value"]) and not is_placeholder(match["value"]):
            yield Found.of("password", match)
    for match in _WIREGUARD.finditer(text):
        yield Found.of("private_key", match)
    for match in _HEADER.finditer(text):
        group = "bearer" if match["bearer"] else "bare"
        value = match[group]
        if not is_placeholder(value) and (re.search(r"\d", value) or entropy(value) > 3.5):
            basic = (match["scheme"] or "").lower() == "basic"
            yield Found.of("password" if basic else "token", match, group)
    for match in _SHELL.finditer(text):
        last = match.lastgroup
        if last and not is_placeholder(match[last]):
            yield Found.of("password", match, last)
    yield from _cookies(text)


def _value(match: re.Match[str], text: str) -> Iterator[Found]:
    groups = match.groupdict()
    group = next((name for name in ("double", "single", "tick", "bare") if groups.get(name)), None)
    if group is None:
        return
    value = match[group]
    if names_something(value) or (match.re is _CALL and text[match.end() :].lstrip()[:1] == ":"):
        return
    quoted = group != "bare"
    if not quoted:
        # `user=a&password=b&x=1`, `f(password=b)`: the value ends where the next one begins.
        value = re.split(r"[&)\]}](?=\W|$|\w+=)|\\[nrt]", value)[0].rstrip(".,;:!?")
    typed = ":" in match.group() and re.fullmatch(r"(?:[A-Z][a-z]+)+", value)
    if is_placeholder(value) or (not quoted and (typed or _is_code(value))):
        return
    if groups.get("pass") or groups.get("netrc"):
        real = _is_password(value, quoted=quoted, match=match, text=text)
        kind: SecretKind = "password"
    else:
        if labels.before(text, match.start(group)) == "harmless":
            return
        real = _is_key(value, name=re.split(r"[=:,>\s]", match.group())[0])
        kind = "api_key" if re.search(r"(?i)key", groups.get("key") or "") else "token"
    if real:
        yield Found.of(kind, match, group, len(value))


def _is_code(value: str) -> bool:
    """Whether an unquoted value is an expression: a call, an attribute, a type, an option."""
    return bool(
        re.match(r"^[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+(?:\(|\[|$)", value)
        or re.match(r"^[A-Za-z_][\w.]*[(\[]", value)
        or re.match(r"^[$&*@!~|%(\[{]", value)
        or re.match(r"^\w+[|?]", value)
        or is_command(value)
    )


def _is_password(value: str, *, quoted: bool, match: re.Match[str], text: str) -> bool:
    """Whether a named value is a password: anything quoted, and bare words that are no plain words."""
    if re.search(r"\s", value):
        return quoted and bool(re.search(r"\d", value)) and len(value) < 60
    if value.isdigit():
        return len(value) >= 3 and not re.search(r"(?i)length|min|max|count|age|expir|retr", match.group())
    if re.search(r"[\d@#$%^&*!+=~]", value) or re.search(r"[a-z][A-Z]", value):
        return True
    if value.casefold() in NEVER_PASSWORDS:
        return False
    if quoted:
        return len(value) >= 4 and (not re.fullmatch(r"[a-z_]+", value) or (len(value) >= 6 and "_" not in value))
    # `DB_PASSWORD=sunshine` on a line of its own; `password=sunshine` in code is another name.
    ends_line = not text[match.end() : match.end() + 1].strip()
    named = match.group()[:1].isupper() or re.match(r"[a-z]+(?:[_.-][a-z]+)+=\w", match.group())
    return ends_line and bool(named) and len(value) >= 6


def _is_key(value: str, *, name: str) -> bool:
    """Whether a value named as a key or token is one: it looks drawn at random."""
    if re.search(r"\s", value) or _HARMLESS.search(name.strip("\"'`[]-")):
        return False
    if re.search(r"^(?:https?:)?//|^/\w|^\w:\\|\.(?:py|js|ts|json|pem|crt|pub|md|txt|yaml|yml|html)$", value):
        return False
    if re.fullmatch(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", value, re.I):
        return True
    if re.fullmatch(r"(?i)ctrl.*|cmd.*|alt.*|shift.*|\d+", value):
        return False
    if re.search(r"(?i)secret|passw", name) and len(value) >= 8 and re.search(r"\d", value):
        return entropy(value) >= 2.5
    return looks_random(value) or (len(value) >= 20 and entropy(value) >= 4.0 and bool(re.search(r"\d", value)))


def _cookies(text: str) -> Iterator[Found]:
    for line in _COOKIE_LINE.finditer(text):
        for pair in _PAIR.finditer(line["pairs"]):
            named = re.fullmatch(f"(?i){_SESSION_NAME}", pair["name"])
            value = pair["value"]
            if not is_placeholder(value) and (looks_random(value) or (named and len(value) >= 8)):
                start = line.start("pairs") + pair.start("value")
                yield Found(kind="cookie", start=start, end=start + len(value))
    for match in _SESSION_QUOTED.finditer(text):
        # An agent's log names its sessions as well; only what is passed as a cookie opens anything.
        near = text[max(0, match.start() - 80) : match.start()].lower()
        if "cookie" in near and looks_random(match["value"]) and not is_placeholder(match["value"]):
            yield Found.of("cookie", match)
    for pattern in (
        (_COOKIE_FILE, _COOKIE_EXPORT, _COOKIE_SET, _WARNED) if re.search("(?i)cookie|TRUE|name", text) else ()
    ):
        for match in pattern.finditer(text):
            if looks_random(match["value"]) and not is_placeholder(match["value"]):
                yield Found.of("cookie", match)
    for match in _SESSION.finditer(text) if "=" in text else ():
        if looks_random(match["value"]) and not is_placeholder(match["value"]):
            yield Found.of("cookie", match)
