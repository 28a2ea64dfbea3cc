"""The words that say what a string drawn at random is: a key, or something that everybody may see.

The nearest such word decides, because the same forty hex digits are a commit in one sentence and
a token in the next.
"""

from __future__ import annotations

import re
from typing import Literal

Label = Literal["secret", "harmless"]

_SECRET = """
key keys apikey apikeys appkey appid authkey token tokens authtoken secret secrets clientsecret auth oauth
authorization bearer credential credentials creds cred login pat password passwd passphrase passcode pass pwd psk
totp otp mfa authenticator seed hmac signing jwt aes cipher fernet chacha encrypt decrypt accesskey secretkey
privatekey privkey mnemonic metamask wallet wallets signer
signers accounts schlüssel apischlüssel zugangsschlüssel klucz
klucza klíč kľúč kulcs clé cle jeton clave llave chiave chave sleutel nøgle nøglen nøkkel nøkkelen nyckel nyckeln
avain anahtar anahtarı ključ ключ ключа токен токена секрет пароль キー トークン 密钥 令牌 키 토큰 κλειδί hasło
heslo kennwort passwort wachtwoord contraseña senha segreto secreto geheimnis shared refresh
openai anthropic mistral gemini deepgram assemblyai elevenlabs openweather openweathermap weatherapi strava wandb
sparkpost mailgun sendgrid mailchimp algolia twilio datadog pagerduty opsgenie tmdb omdb lastfm giphy unsplash pexels
newsapi civitai replicate huggingface kaggle sonarr radarr prowlarr jellyfin speech
"""
_HARMLESS = """
id ids sid uuid guid ulid oid commit commits cherry pick revert checkout merge branch refs ref rev revision tag hash
hashes hashed sha md digest checksum checksums fingerprint thumbprint integrity etag tree blob object trace
traceparent span request correlation tx txn transaction txid block topic topics slot slots root contract address
addresses peer node user users username u tenant project workspace zone order invoice issue task job run build
deployment version image container layer file files path page video playlist track album doc document documents
folder sheet serial nonce iv boundary cid ipfs cert certificate certificates signature signatures recipient
idempotency partition cache foreign primary pub public publishable pubkey kid site sitekey ssh pgp openpgp rsa ecdsa
endpoint error event events message record row entry item device group team member channel thread conversation
organisation organization org customer subscription product resource cursor keccak salt spki vapid minisign
contentkey chunk asset font name names ключом адрес хеш prüfsumme empreinte huella impronta
"""
SECRET = frozenset(_SECRET.split())
HARMLESS = frozenset(_HARMLESS.split())
# "the public key", "a cache key", "an idempotency key": what stands before the word for a key makes it harmless.
_QUALIFYING = """
public pub publishable site primary foreign partition sort cache idempotency verify verifying verification peer recv
öffentliche öffentlicher öffentlichen publique pública pubblica openbare vapid rsa dsa ecdsa gpg pgp commit hash object
etag digest checksum git blob tree ref md sha fingerprint
image docker zone row react signed off by thumbprint page next continuation cursor sync stop
"""
_QUALIFIES = frozenset(_QUALIFYING.split())
_OBJECT_BEFORE_VALUE = re.compile(
    r"(?i)\b(?:for|of|from|to|on|at|in|with|für|vom|von|zum|fürs|de|du|del|pour|per|di|do|da|dla|till|til|voor|van)"
    r" (?:(?:the|my|our|your|his|her|die|den|das|mein\w*|le|la|el|mon|ma|mi|il|o|a|de|het) )?[\w-]+"
    r"(?=(?: [\w-]+){0,2} ?(?:[:=]|\b(?:is|was|ist|est|es|to|er|är|è|é|jest)\b)\W*$)"
)
_PIECE = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_NAMED_AFTER = re.compile(
    r"(?i)[\"'`)\],;]{0,4}\s{0,3}(?:(?:is|was|ist|war|est|es|è|é|är|er|jest) (?:(?:the|my|our|your|their|his|her|mein"
    r"|der"
    r"|das|le|la|mon|ma|mi|il|el|an?) )?|<[-=]+|←|//|#|\(|[—–-]+ |as |als "
    r"|into )\s{0,2}(?P<words>(?:[^\W_][\w'’-]{0,20} ?){1,5})"
)
_KEY_BEHIND = re.compile(r"(?i) (?:(?:api|admin|access|write|master|my|auth) )?(?:key|token|secret|schlüssel|clé)\b")
# "api: 3f9a...", "Secret ID = 3f9a...": read as a key though the word alone names something else.
_DIRECTLY = re.compile(r"(?i)(?:(?<![\w-])(?:api|app)\d?|\bsecret[ _-]?id)[ \t]*[:= ]?[ \t]*[\"'`]?$")
# Scripts that write no spaces between words.
_NO_SPACES = re.compile(r"キー|トークン|パスワード|シークレット|密钥|密鑰|令牌|密码|비밀|토큰|키")
_FAR = 110
_MOST_WORDS = 14


def before(text: str, start: int) -> Label | None:
    """What the nearest telling word before a place says of what stands there."""
    line = text.rfind("\n", 0, start) + 1
    if not text[line:start].strip(" \t\"'`*>-("):
        line = text.rfind("\n", 0, max(0, line - 1)) + 1
    if _DIRECTLY.search(text, max(line, start - 20), start):
        return "secret"
    lead = _OBJECT_BEFORE_VALUE.sub(" ", text[max(line, start - _FAR) : start])
    words = [word for piece in _PIECE.findall(lead) for word in _split(piece)][-_MOST_WORDS:]
    for place in range(len(words) - 1, -1, -1):
        label = _label(words[place])
        if label:
            return "harmless" if _is_open(words, place) else label
    return None


def after(text: str, end: int) -> Label | None:
    """What a remark right after a place says of what stands there: "is my token", "<- the key", "// admin key"."""
    if _KEY_BEHIND.match(text, end):
        return "secret"
    match = _NAMED_AFTER.match(text, end, min(len(text), end + _FAR))
    said = re.split(r"(?i)\b(?:for|of|from|to|für|von|vom|de|pour|di)\b", match["words"])[0] if match else ""
    told = [word for piece in _PIECE.findall(said) for word in _split(piece)]
    if any(word in _QUALIFIES for word in told):
        return "harmless"
    return next((label for word in reversed(told) if (label := _label(word))), None)


def of(text: str, start: int, end: int) -> Label | None:
    """What is said of a stretch of a text, before it or, where nothing is, after it."""
    return before(text, start) or after(text, end)


def _is_open(words: list[str], place: int) -> bool:
    """Whether a word beside the one for a key says that all may see it: "public key token", "clé publique"."""
    near = words[max(0, place - 1) : place] + words[place + 1 : place + 2]
    if place > 1 and words[place - 1] in SECRET:
        near.append(words[place - 2])
    return any(word in _QUALIFIES for word in near)


def _label(word: str) -> Label | None:
    if word in HARMLESS:
        return "harmless"
    return "secret" if word in SECRET or _NO_SPACES.search(word) else None


def _split(piece: str) -> list[str]:
    whole = piece.casefold()
    if whole in SECRET or whole in HARMLESS:
        return [whole]
    return [word.casefold() for word in _CAMEL.split(piece) if len(word) < 24]
