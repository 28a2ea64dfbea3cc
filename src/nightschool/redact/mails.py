"""E-mail addresses, as they are written and as they are spelt out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.found import Found

_EMAIL = re.compile(
    r"(?<![\w.+%@/:-])[A-Za-z0-9][\w.+%'-]{0,63}@(?:[A-Za-z0-9](?:[\w-]{0,62})\.)+[A-Za-z]{2,24}(?![\w@(])(?!:[/~\w])"
    r"|(?<=mailto:)[\w.+%-]+@[\w.-]+\.[a-z]{2,24}"
)
_EMAIL_AFTER_COLON = re.compile(
    r"(?<=[\w\]]:)[A-Za-z0-9][\w.+%-]{0,63}@(?:[\w-]+\.)+[A-Za-z]{2,24}(?![\w@(])(?!:[/~\w])"
)
_EMAIL_SPOKEN = re.compile(
    r"(?i)\b[a-z0-9][\w.+-]{1,40}\s?[\[({]\s?(?:at|@|ät|arroba"
    r"|chez)\s?[\])}]\s?[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,30}){1,3}\b"
    r"|\b[a-z0-9][\w.+-]{1,40}(?:\s?[\[(]\s?(?:at|@|ät)\s?[\])]\s?|\s+at\s+)[a-z0-9-]{2,40}(?:(?:\s?[\[(]\s?(?:dot"
    r"|\.|punkt|point)\s?[\])]\s?|\s+dot\s+)[a-z0-9-]{2,30}){1,3}\b"
)
_NO_EMAIL = re.compile(
    r"(?ix)@example\.(?:com|org|net)$ | @(?:np|jnp|torch|tf|scipy|linalg)\. | ^(?:git|hg|svn|root|ubuntu|ec2-user|pi"
    r"|admin)@ | @(?:domain"
    r"|email|mail|company|yourdomain|yourcompany|test|localhost)\.\w+$"
    r" | \.(?:png|jpe?g|gif|svg|webp|js|ts|tsx|css|py|json|ya?ml|service|socket|timer|mount|target|md|txt|lock|tgz|gz"
    r"|local|localdomain)$"
    r" | ^(?:you|your|user|username|name|someone|john\.?doe|jane\.?doe|foo|bar|test|email|no-?reply|noreply|dein|ihr)@"
)
_LOGIN_BEFORE = re.compile(
    r"(?i)\b(?:ssh|scp|sftp|rsync|mosh|plink|pscp|psftp|putty"
    r"|ssh-copy-id|git clone|remote add \w+|remote set-url \w+)\s[^\n]*$"
)


def find(text: str) -> Iterator[Found]:
    """Find e-mail addresses, one's own and others' alike."""
    for pattern in (_EMAIL, _EMAIL_AFTER_COLON):
        for match in pattern.finditer(text):
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if (
                not _NO_EMAIL.search(match.group())
                and not _LOGIN_BEFORE.search(line)
                and not re.search(r"://\S*$", line)
            ):
                yield Found.of("email", match, 0)
    for match in _EMAIL_SPOKEN.finditer(text):
        yield Found.of("email", match, 0)
