"""Words that tell a secret told in a sentence from an ordinary sentence."""

from __future__ import annotations

import re

_FUNCTION_WORDS = """
the and for are but not had her was our has him his how man its who did let she too with have from been were
them into which their would could should these those does because please und der die das ist nicht mit von den
des ein eine auf für les une est dans pour que qui los las una del por con para
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that nearly every sentence holds and the word list of seed phrases does not."""

_NEVER_PASSWORDS = """
the a an my your our his her its their this that these those it i we you he she they not no never always also
only very too so is are was were be been being has have had do does did will would can could should may might
must in on at of for from by with without to as if or and but when where how why what who which there here below
above later now then still already required optional mandatory hidden visible wrong incorrect correct right
invalid valid empty blank missing set unset reset weak strong secure safe short long simple good bad fine ok
okay stored saved hashed encrypted encoded sent shown needed used changed expired leaked compromised rejected
accepted protected generated created case-sensitive different same new old unknown known public private secret
text string null none false true field input type name hash manager reuse policy policies rules something
nothing everything anything just about more less enough up down going getting probably really actually under
over inside somewhere written stuck one two three sehr nicht falsch richtig zu im am auf der die das ein eine
hier weg abgelaufen geändert vergessen gespeichert nötig leer lang kurz sicher unsicher pas dans le la les un
une trop très incorrecta incorrecto muy en el los una está esta obligatorio requis obligatoire vide expiré faux
sbagliata scaduta nella il lo troppo verkeerd niet me us them him
"""
NEVER_PASSWORDS = frozenset(_NEVER_PASSWORDS.split())
"""What follows "the password is" where the sentence goes on."""

PASSWORD = (
    r"pass\s?words?|pass\s?codes?|pass\s?phrases?|passwd|pswd|pwd?|(?:wifi|wlan|network) keys?"
    r"|key (?:for|to|of) (?:the |my |our )?(?:wi-?fi|wlan|network)"
    r"|\w*passw[oö]rt(?:e[rns]|s)?|\w*kennw[oö]rt(?:e[rns]|s)?|zugangscode|losungswort|contrase[ñn]as?|contrasenya"
    r"|clave"
    r"|palabra de paso|mots? de passe|mdp|code secret|senhas?|palavra[- ]passe|parola d['’](?:ordine|accesso)"
    r"|\w*wachtwoord(?:en)?|wagwoord|lösenord\w*|passord\w*|adgangskode\w*|aðgangsorð\w*|lykilorð\w*|salasana\w*"
    r"|salasõna\w*|parool\w*|slaptažod\w*|has[łl]o|hasł(?:a|u|em)|hesl[oau]|lozink\w*|gesl[oau]|jelsz[oóa]\w*"
    r"|parol[aă]\w*|[şs]ifre\w*|fjalëkalim\w*|pasahitza\w*|cyfrinair|focal faire|mật khẩu|kata sandi|nenosiri"
    r"|парол\w*|лозинк\w*|κωδικ\w+|密码|密碼|口令|パスワード|暗証番号|비밀번호|סיסמה|पासवर्ड|كلمة (?:السر|المرور)"
)
"""The word for a password in the languages people write in, as part of a pattern."""
PASSWORD_HINTS = (
    "pass", "pw", "pswd", "key", "kennw", "code", "losung", "contrase", "clave", "palabra", "mot", "mdp", "senha",
    "palavra", "parol", "woord", "lösenord", "adgang", "aðgang", "lykilorð", "has", "hesl", "salas", "ifre", "slapta",
    "lozink", "gesl", "jelsz", "fjalë", "pasahitz", "cyfrin", "focal", "khẩu", "sandi", "nenosiri", "парол", "лозинк",
    "密", "口令", "パスワード", "暗証", "비밀번호", "κωδικ", "סיסמה", "पासवर्ड", "كلمة",
)  # fmt: skip
"""Parts of those words; a line that holds none of them needs no look."""

NO_PASSWORD = re.compile(
    r"(?i)^(?:base\d|x86|id_|oauth|python|ssh|tls|sha-?\d|v\d|2fa|http|utf|bluetooth|usb|802|eth\d|ipv|wlan\d|wpa\d?"
    r"|\d+(?:[gm]hz|[mg]b))|\.(?:\w{2,4})$|@|^\d+(?:st|nd|rd|th|-\w+)$"
)
"""Letters and digits mixed that are the name of a technique, a file or a count."""
