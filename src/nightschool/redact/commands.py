"""Passwords known by their place in a command line, in a line of a protocol, or among the arguments of a call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.checks import is_placeholder
from nightschool.redact.found import Found
from nightschool.redact.lines import holding, lines

_BARE = r"[\"']?(?P<value>(?!-)[^\s\"'<>|;`]{3,80})"
# `sqlplus scott/hunter77@host`, `connect scott/hunter77`, `jdbc:oracle:thin:scott/hunter77@host`.
_SLASHED = re.compile(
    r"(?i)\b(?:(?:sqlplus|sqlcl|sql|rman|expdp|impdp|exp|imp|sqlldr|conn|connect|dbca|tkprof|wrap)(?:\s+-\w+)*\s+"
    r"(?:(?:target|catalog|auxiliary)\s+)?|userid=|jdbc:oracle:\w+:)[\"']?[\w$#.-]{1,40}/\"?"
    r"(?P<value>[^\s/@\"'<>]{4,60})(?=[\"']?@|\"|'|\s|$)"
)
# The flag that gives the password, by the programs that know it.
_FLAGS = (
    (r"isql|osql|bcp|fisql|tsql|vncpasswd|ipmitool", r"-P"),
    (r"plink|pscp|psftp|putty|kitty|winscp|mstsc", r"-pw"),
    (r"psexec|paexec|unrar|rar|7z[ar]?|arj|unzip|zip|dd-wrt|mqttx?|xrdp|vpnc|sqsh|pg_dumpall|neomutt|msmtp|cadaver"
     r"|psql_wrapper|cqlsh|arangosh|clickhouse-client|influx|rabbitmqadmin|ldapmodify|ldapadd|dokku", r"-p"),
    (r"ldapadd|ldapmodify|ldapdelete|ldappasswd", r"-w"),
    (r"snmp(?:walk|get|set|bulkwalk|table|getnext)", r"-c"),
    (r"pdftk", r"(?:user|owner|input)_pw"),
    (r"keytool|jarsigner|apksigner", r"(?:-(?:key|store|src|dest)\w*pass|--ks-pass\s+pass:|-storepass:?)"),
    (r"rdesktop|xfreerdp|wfreerdp|cmdkey|runas|schtasks|wmic", r"/(?:p|pass|password|rp):?"),
    (r"wpa_passphrase\s+(?:\"[^\"\n]+\"|'[^'\n]+'|\S+)", r""),
    (r"net\s+user\s+(?!/)\S{1,40}", r""),
    (r"net\s+use\s+(?:\w:|\*)?\s*\\\\\S+", r""),
    (r"runas\s[^\n]{0,40}/user:\S+", r""),
    (r"\w+ctl\s+(?:add_user|change_password|set_password|reset_password)\s+\S+", r""),
    (r"iw(?:config)?\s+\w+\s+key(?:\s+s:|\s)", r""),
    (r"useradd|usermod|adduser|net\s+user", r"(?:-p|--password)"),
    (r"(?:ftp>\s*)?user\s+(?!-|name\b|id\b)[^\s:]{1,40}(?=\s+\S+\s*$)", r""),
)  # fmt: skip
_BY_FLAG = tuple(
    re.compile(
        rf"(?im)(?<![\w/.-])(?:{programs})\b(?:\s[^\n|;]{{0,160}}?)??\s{flag}[ =]?{_BARE}"
        if flag
        else rf"(?im)(?:^|[>$#;&]\s{{0,3}})(?:{programs})\s*(?<=[\s:]){_BARE}"
    )
    for programs, flag in _FLAGS
)
# `wifi-sec.psk hunter77`, `keyMaterial=hunter77`: a setting that only a password can have.
_SETTING = re.compile(
    r"(?i)\b(?:[\w-]{0,40}\.(?:psk|password|pin)|key-?material|wpa-?psk|psk|passphrase|preshared-?key|sshpass|user_?pw"
    r"|owner_?pw|storepass|keypass)(?:=|\s+)(?P<quote>[\"'])?(?P<value>(?(quote)[^\"'\n]{4,80}|[^\s\"'<>|;]{4,80}))"
)
# Lines of a switch or a router: `enable secret hunter77`, `crypto isakmp key hunter77 address 10.1.1.1`.
_DEVICE = re.compile(
    r"(?im)^[^\n]{0,60}?\b(?:enable|username \S+|privilege \d+|isakmp|sip|radius\S*|tacacs\S*|snmp\S*|neighbor \S+"
    r"|psk)[^\n]{0,40}?"
    r"\b(?:secret|password|key|community)\s+(?:[057]\s+)?(?P<value>(?=\S*\d)(?=\S*[A-Za-z])[^\s\"'<>]{6,60})"
)
_HERE_STRING = re.compile(
    r"\b(?:kinit|su|sudo -S|passwd|cryptsetup|gpg2?|ssh-add|mysql|openssl)\b[^\n"
    r"|]{0,80}<<<\s*[\"']?(?P<value>[^\s\"'$]{4,80})"
)
_USER_THEN_PASS = re.compile(
    r"(?m)^(?:[CS>]:? ?)?USER \S+\s*\n(?:\S*[+\d][^\n]*\n)?(?:[CS>]:? ?)?PASS (?P<value>\S{4,80})\s*$"
)
_SASL = re.compile(
    r"(?m)^(?:S: ?)?334 (?:VXNlcm5hbWU6|UGFzc3dvcmQ6)\s*\n(?:C: ?)?(?P<value>[A-Za-z0-9+/]{4,80}={0,2})\s*$"
)
# Lines of a protocol: IMAP, FTP and POP, Redis, SQL of several dialects, `expect`.
_PROTOCOL = re.compile(
    r"""(?x)(?:^|(?<=\n)|(?<=[\"'])|(?<=redis:\ ))(?:(?:[CS><]:?|[->]{1,3})[ ])?(?:
      (?-i:[A-Za-z]{0,3}\d{1,4}[ ]LOGIN[ ][\"']?[^\s\"']{2,60}[\"']?)[ ]
    | (?-i:PASS)[ ]:?(?=\S*[\d\#$%^&*!+=_-]|[^\n]{0,30}$)
    | (?-i:AUTH)[ ](?:PLAIN[ ]|LOGIN[ ]|default[ ])?(?!PLAIN|LOGIN)
    )[\"']?(?P<value>[^\s\"']{5,100})"""
)
_SQL = re.compile(
    r"""(?ix)\b(?:sp_addlogin|sp_password|sp_addlinkedsrvlogin
      |dblink_connect)\s*\(?(?:\s*N?'[^'\n]{0,60}'\s*,){1,3}\s*N?'
      (?P<login>[^'\n]{4,60})'
    | \bPRAGMA\s+(?:re)?key\s*=\s*['\"](?P<pragma>[^'\"\n]{4,80})['\"]
    | \b(?:PASSWORD|OLD_PASSWORD|CRYPT|PGP_SYM_(?:EN
      |DE)CRYPT)\s*\((?:\s*[\w.]{1,40}\s*,)?\s*N?'(?P<function>[^'\n]{4,60})'
    | \bPASSWORD\s*=\s*N?'(?P<equals>[^'\n]{4,60})'"""
)
_SENT = re.compile(
    r"(?i)\bsend(?:_user|line)?\b(?:\s+--)?\s*\(?\s*[\"'](?P<value>[^\s\"'$\\]{6,60})(?:\\[rn]){1,2}[\"']"
)
_PIPED = re.compile(
    r"""(?ix)\b(?:echo|printf)\s+(?:-\w+\s+)*(?:(?P<quote>["'])(?P<quoted>[^"'\n$]{4,80}?)(?:\\n)?(?P=quote)
      |(?P<bare>[^\s"'|$<>-][^\s"'|$<>]{4,80}))
    \s*\|\s*(?:sudo\s+)?(?:kinit|su\b|ssh-add|gpg2?|openssl|cryptsetup|chpasswd|passwd|smbpasswd|pdbedit|docker\s+login
      |podman\s+login|helm\s+registry|vncpasswd|htpasswd|saslpasswd2|secret-tool|security|mysql|keyctl|op\b|veracrypt
        |zuluCrypt)"""
)
# `Sheets("Wages").Protect "hunter77"`, `auth=("kim", "hunter77")`, `imap.login("kim", "four short words here")`.
_PROTECTED = re.compile(r"(?i)\.(?:un)?protect\w*\s*\(?\s*(?:password\s*:=\s*)?[\"'](?P<value>[^\"'\n]{4,60})[\"']")
_AUTH_PAIR = re.compile(
    r"(?i)\b(?:auth|credentials?|creds|login|basic_?auth|httpbasicauth|user_?pass\w*)\s*[=(:,]\s*[\[(]?\s*"
    r"(?:(?:user(?:name)?|login)\s*[=:]\s*)?[\"'][^\"'\n]{1,60}[\"']\s*,\s*(?:(?:pass\w*|pwd?)\s*[=:]\s*)?"
    r"[\"'](?P<value>[^\"'\n]{4,60})[\"']\s*[\])]"
)
_WORDY = re.compile(r"(?i)^[a-z]+$|^https?:|^[a-z_]+=|^[\w.-]+\.(?:com|org|net|lan|local|example|io)$|^\d+$")
_HINTS = (
    "sql", "rman", "exp", "imp", "conn", "jdbc", "userid", "bcp", "tsql", "pw", "ipmitool", "plink", "pscp", "psftp",
    "putty", "rar", "7z", "zip", "ldap", "snmp", "pdftk", "keytool", "signer", "rdp", "rdesktop", "cmdkey", "runas",
    "wpa_pass", "net ", "user ", "psk", "keymaterial", "key-material", "passphrase", "preshared", "pass", "auth",
    "login", "pragma", "crypt", "send", "echo", "printf", "protect", "cred", "-p", "password", ".pin",
    "schtasks", "wmic", "useradd", "ctl", "iw",
)  # fmt: skip


def find(text: str) -> Iterator[Found]:
    """Find passwords by their place in a command."""
    for line in holding(lines(text), _HINTS):
        for pattern in (_SLASHED, *_BY_FLAG, _SETTING, _SENT, _AUTH_PAIR, _PROTECTED):
            for match in pattern.finditer(text, line.start, line.end):
                value = match["value"].rstrip(",.")
                if _is_given(value, named=pattern in (_PROTECTED, _AUTH_PAIR)):
                    yield Found.of("password", match, length=len(value))
        for pattern in (_SQL, _PIPED):
            for match in pattern.finditer(text, line.start, line.end):
                group = match.lastgroup
                if group and not is_placeholder(match[group]) and re.search(r"[^a-z]", match[group]):
                    yield Found.of("password", match, group)
    for pattern in (_DEVICE, _HERE_STRING, _USER_THEN_PASS, _SASL):
        for match in pattern.finditer(text):
            if not is_placeholder(match["value"]):
                yield Found.of("password", match)
    for match in _PROTOCOL.finditer(text):
        if (
            _is_given(match["value"], named=False)
            and re.search(r"\d|[^\w.]", match["value"])
            and "/" not in match["value"]
        ):
            yield Found.of("password", match)


def _is_given(value: str, *, named: bool) -> bool:
    """Whether a value can be a password where one is expected: no option, no variable, no plain word."""
    if is_placeholder(value) or value[:1] in "$-/({[" or (_WORDY.search(value) and not named):
        return False
    return len(value) >= 4 and not re.search(r"^\w+\(|\)$|^\*+$", value)
