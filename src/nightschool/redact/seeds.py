"""Phrases of twelve to twenty-four words that restore a wallet: in a row, numbered, or one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.found import Found
from nightschool.redact.plain_words import FUNCTION_WORDS

_LENGTHS = (12, 15, 18, 21, 24)
_NUMBER = r"(?:\d{1,2}\s?[.):=-]?\s?)?"
_RUN = re.compile(
    rf"(?<![\w-]){_NUMBER}[a-z]{{3,8}}(?:(?:[,;|/]?\s+|\s*[,;|/-]\s*){_NUMBER}[a-z]{{3,8}}){{11,23}}(?![\w-])"
)
_NAMED = re.compile(
    r"(?i)\b(?:seed|mnemonic|recovery|wallet|backup|metamask|ledger|trezor|bip-?39|phantom|electrum|secret|12|15|18"
    r"|21|24"
    r"|twelve|twenty-?four)\b[^\n]{0,30}\b(?:phrase|words?|seed|mnemonic)|\bseed phrase|mnemonic"
    r"|wiederherstellungs(?:phrase"
    r"|wörter)|phrase de récupération|frase (?:semilla|de recuperación)|seed ?words"
)
# A word for what the phrase opens, or for words counted out, in the languages people write about their savings in.
_OPENS = re.compile(
    r"(?i)wallet|metamask|\bledger\b|trezor|phantom|electrum|exodus|bitcoin|\bbtc\b|\beth\b|ethereum|solana|monero"
    r"|krypto"
    r"|crypto|cripto|\bcoins?\b|cold storage|bip-?39|mnemon|\bseed\b|portafoglio|portefeuille|cartera|billetera"
    r"|monedero"
    r"|carteira|geldbörse|brieftasche|portemonnee|portfel|lompakko|lommebok|plånbok|tegnebog|peněžen|кошел[её]к"
    r"|\b(?:12|24|twelve|twenty-?four|zwölf|douze|vingt-quatre|doce|veinticuatro|dodici|ventiquattro|doze|twaalf|tolv"
    r"|dwanaście|kaksitoista|двенадцать)\s+(?:\w+\s+)?(?:words?|wörter|worte|mots|palabras|parole|palavras|woorden"
    r"|ord|słów"
    r"|sanaa|слов)\b|(?:recovery|secret|backup|restore) (?:phrase|words)|\b(?:frase|phrase|fras|zin)\b"
    r"|(?:steel|metal|titanium) plate|\bengrave"
)
# What twelve numbered words are printed for; a numbered list of things to buy is not.
_KEPT = re.compile(
    r"(?i)\b(?:safe|vault|tresor|coffre|caja fuerte|cassaforte|kluis|laminat\w*|checksum|restor\w*|recover\w*|backup"
    r"|paper"
    r"|phrase|words? (?:in )?order|offline|steel|metal)\b"
)
# "(las palabras de la) cartera son ...": the run begins before the phrase does.
_COUNTED_IN = re.compile(r"\w+ (?:son|sono|sind|sont|zijn|ovat)\b")
_NEAR = 160


def find(text: str) -> Iterator[Found]:
    """Find phrases that restore a wallet."""
    for match in _RUN.finditer(text):
        words = re.findall(r"[a-z]{3,8}", match.group())
        if FUNCTION_WORDS & set(words) or len(set(words)) < len(words) * 0.45:
            yield from _inside(match, text)
        elif _is_seed(match.group(), match.start(), text):
            yield Found.of("private_key", match, 0)


def _inside(match: re.Match[str], text: str) -> Iterator[Found]:
    """The longest stretch of a run without function words, where it is long enough to be a phrase."""
    words = [
        (m.group(), m.start() + match.start(), m.end() + match.start()) for m in re.finditer(r"[a-z]+", match.group())
    ]
    stretch: list[tuple[str, int, int]] = []
    for word in [*words, ("the", 0, 0)]:
        if word[0] not in FUNCTION_WORDS:
            stretch.append(word)
            continue
        if len(stretch) >= 12 and _is_seed(text[stretch[0][1] : stretch[-1][2]], stretch[0][1], text):
            yield Found(kind="private_key", start=stretch[0][1], end=stretch[-1][2])
        stretch = []


def _is_seed(phrase: str, start: int, text: str) -> bool:
    """Whether a run of words is named as such a phrase near by, or counted out beside what it opens."""
    around = (
        text[max(0, start - _NEAR) : start]
        + (text[start : start + 40] if _COUNTED_IN.match(phrase) else "")
        + " … "
        + text[start + len(phrase) : start + len(phrase) + 80]
    )
    if _NAMED.search(text[max(0, start - 120) : start] + phrase + text[start + len(phrase) : start + len(phrase) + 80]):
        return True
    count = len(re.findall(r"[a-z]+", phrase))
    if _OPENS.search(around):
        return True
    numbered = [int(each) for each in re.findall(r"\d+", phrase)]
    in_order = numbered == list(range(1, count + 1)) and count in _LENGTHS
    plain = bool(re.fullmatch(r"[a-z]+(?: [a-z]+)*", phrase)) and count in _LENGTHS
    return (in_order or plain) and bool(_KEPT.search(around))
