"""Telephone numbers: international ones by their form, national ones by form and by what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.found import Found

_COUNTRY = r"(?:\+|00)[1-9]\d{0,2}"
_FORM = re.compile(
    rf"""(?x)(?:(?<![\w.+:/#=-])(?<!\d[ ])|(?<=\btel:)|(?<=callto:)|(?<=sms:)|(?<=tel=)|(?<=[A-Za-z]:)(?=\+))(?:
      {_COUNTRY}[ ./-]{{0,2}}(?:\(0?\d{{0,4}}\)[ ./-]?)?\d(?:[ ./-]{{0,2}}\d){{5,12}}       # international
    | (?:1[ .-])?\([2-9]\d\d\)[ ./-]?\d{{3}}[ .-]\d{{4}} | (?:1[ .-])?[2-9]\d\d([.-])[2-9]\d\d\1\d{{4}}  # North America
    | 0[1-9](?:[ .-]?\d\d){{4}} | \(0\d{{1,5}}\)[ /-]?\d(?:[ -]?\d){{4,9}}                    # France; Germany, Britain
    | 07\d{{3}}[ ]?\d{{3}}[ ]?\d{{3}} | 0\d{{4}}[ ]\d{{6}} | 02\d[ ]\d{{4}}[ ]\d{{4}} | 01[5-7]\d[ /-]\d{{7,8}}
    )(?![\w/-]|[.:,]\d)"""
)
_LIKE = re.compile(
    r"(?:(?<![A-Za-z0-9_.+:/#=$€£-])|(?<=[A-Za-z]:))\(?\d[\d() ./-]{5,20}\d(?![A-Za-z0-9_/%€$£-]|[.:,]\d)"
)
_LABEL = (
    r"tel|tél|puh|τηλ\w*|tlph|tfn|sđt|telp|tlf|tfno|telno|phone|telephone|telefon\w*|telefoon\w*|téléphone"
    r"|tel[ée]fono|telefone|telem[oó]vel"
    r"|puhelin\w*"
    r"|mob(?:ile?|iel)?|móvil|celular|cell?(?:phone|ulare)?|gsm|natel|handy\w*|fon|fax|festnetz|landline|rufnummer"
    r"|fixe|fijo|fisso"
    r"|portable|whats\s?app|wa|sms|signal|telegram|viber|hotline|ph|voice|nummer|numer|тел|телефон\w*|моб\w*"
)
_TOLD = re.compile(
    rf"""(?ix)(?:\b(?:{_LABEL}|call(?:s|ed|ing)?|ring(?:e|er|a|ing)?|text(?:s|ed|ing)?\ (?:[\w'’]+\ ){{1,4}}(?:on|at)
      |text\ (?:me|him|her|us|them)|message|reach(?:able)?|dial|contact\w*|kontakt\w*|contatt\w*|anrufen|ruf\w*
        |erreichbar
      |appel\w*|joindre|joignable|texte\w*|ll[aá]m\w*|telefon\w*|chiam\w*|lig\w{{1,3}}|bel(?:len)?|mobil\w*|soit\w+
      |zadzwo\w*|dzwo\w*|zavol\w*|vol(?:ej|at)\w*|hív\w*|ara\w{{0,3}}|позвон\w*|звон\w*|набер\w*|numero\ di\ (?:casa
        |telefono)
      |n[uú]mero\ de\ (?:casa|tel[eé]fono|m[oó]vel)|telefonn[íi])\b
    |\b(?:my|her|his|our|your|their|phone|contact|mein\w*|mon|ma|mi|il\ mio|mijn|o\ meu|min|mitt)[ ]
        (?:\w+\ )?(?:number|nummer|num[ée]ro|n[uú]mero|numero)\b
    |☎|📞|📱|電話|携帯|でんわ|打电话|电话|電話|手机|手機|전화)[^\n]{{0,40}}$"""
)
_LABELLED = re.compile(
    rf"(?:(?i:\b(?:{_LABEL})\b)[^\w\n]{{0,4}}|(?:^|[\s|·•,;/(])[TMPFHWC][.:]?\s{{1,2}}|;TYPE=\w+(?:,\w+)*:|;(?:HOME"
    rf"|WORK|CELL|VOICE"
    r"|PREF|FAX)(?:;\w+)*:)\(?$"
)
# What else is written in groups of digits.
_OTHER = re.compile(
    r"(?i)(?:\b(?:order|invoice|article|part|item|product|ticket|serial|ref|reference|case|meter|reading|isbn|issn"
    r"|ean|upc"
    r"|sku|imei"
    r"|vin|account|acct|policy|contract|patient|member|customer|insurance|tax|vat|nif|siren|siret|org|person\w*|pid"
    r"|hex|port"
    r"|version|lot|los|batch|tracking|parcel|population|score|lat|lon\w*|id|licen[cs]e|booking|barcode|model|sample|row"
    r"|grid|seed"
    r"|phase|run|docket|file|claim|commande|facture|pedido|factura|ordine|fattura|zamówieni\w*|faktur\w*|ordre\w*"
    r"|\w*konto|kunden\w*|rechnung\w*|bestell\w*|artikel\w*|teile\w*|ersatzteil\w*|steuer\w*|vertrag\w*|auftrag\w*"
    r"|sendung\w*"
    r"|versicherung\w*|zähler\w*|akten\w*|mitglied\w*|sv|az)\b|#)[\s:.-]{0,3}(?:(?:no|nr|num|number|nummer|code"
    r"|n[°º])\b)?[\s:.#-]{0,3}$"
)
_NO_PHONE = re.compile(
    r"^[^()]*\([^)]*$|^(?=.*/)(?=.*\.)|^(?![2-9]\d\d\.[2-9]\d\d\.\d{4}$)\d+(?:\.\d{1,4}){2}$|^\d{4}-\d\d-\d\d"
    r"|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\+1 ?500 ?555|^\d{1,3}(?:\.\d{1,3}){3}$|^\d+(?:\.\d+)?$(?<!\d{7})"
    r"|^\d{4}-\d{4}$"
    r"|\d\d\.\d\d\.\d{4}"
)
# A national number from its trunk digit on, in groups: enough beside a name or in a sentence.
_TRUNK = re.compile(r"\(?0[1-9]\d{0,4}\)?[ /-]\d{2,8}(?:[ -]?\d{2,5}){0,4}")
_EXTENDED = re.compile(r"\s?(?:x|(?:ext\.?|extension|durchwahl|dw|poste|int\.)\s?)\d{1,5}\b", re.I)
_SAID_AFTER = re.compile(
    r"(?i)\W{0,2}\s(?:is|ist|est|es|è|é|är|er|jest|on) (?:my|meine?|mon|ma|mi|il mio|o meu|mijn|min|mitt|mój|the|her"
    r"|his)"
    r" (?:\w+ )?(?:number|nummer|num[ée]ro|n[uú]mero|numero|numer|mobile|cell|phone|handy\w*|landline|portable"
    r"|móvil)\b(?! plate)"
)
_WORD_BEFORE = re.compile(r"[^\W\d_]{2,}[)\"'’]?[,;:]?\s{1,2}$|[,;|][ \"']?$")
_DIGIT_WORDS = (
    r"zero|oh|o|null|nil|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|ten|eleven|twelve|hundred"
    r"|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|doppel|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf"
    r"|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|doble|due|tre|quattro|cinque|sei|sette|otto|nove|um|dois"
    r"|quatro|sete|oito"
    r"|een|twee|drie|vijf|zes|zeven|negen|nul|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|plus"
)
_DICTATED = re.compile(rf"(?i)\b(?:{_DIGIT_WORDS}|\d{{1,4}})(?:[\s,-]+(?:{_DIGIT_WORDS}|\d{{1,4}})){{6,20}}\b")


def find(text: str) -> Iterator[Found]:
    """Find telephone numbers."""
    for match in _FORM.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if not _NO_PHONE.search(match.group()) and not _OTHER.search(before):
            yield Found.of("phone", match, 0)
    for match in _LIKE.finditer(text):
        if not _NO_PHONE.search(match.group()) and _is_national(match.group(), match.start(), match.end(), text):
            extension = _EXTENDED.match(text, match.end())
            yield Found(kind="phone", start=match.start(), end=extension.end() if extension else match.end())
    for match in _DICTATED.finditer(text):
        words = re.findall(r"[^\W\d_]+", match.group())
        before = text[max(0, match.start() - 80) : match.start()]
        if len(words) >= 7 and (
            len(words) >= 9 or re.search(r"(?i)number|phone|call|nummer|num[eé]ro|número|tel", before)
        ):
            yield Found.of("phone", match, 0)


def _is_national(number: str, start: int, end: int, text: str) -> bool:
    """Whether a run of digits is dialled: labelled so, told so, or of a national form beside a word."""
    digits = sum(c.isdigit() for c in number)
    before = text[max(0, start - 80) : start]
    if not 7 <= digits <= 15:
        return False
    if digits >= 8 and _LABELLED.search(before):
        return True
    if _EXTENDED.match(text, end) or _SAID_AFTER.match(text, end):
        return True
    if _OTHER.search(before):
        return False
    if _TOLD.search(before):
        return True
    alone = not re.search(r"\d[ .,-]{0,2}$", before) and not re.match(r"[ .,-]{0,2}\d", text[end : end + 3])
    return 9 <= digits <= 12 and alone and bool(_TRUNK.fullmatch(number)) and bool(_WORD_BEFORE.search(before))
