"""Contact data: e-mail addresses, telephone numbers and postal addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.found import Found

_EMAIL = re.compile(
    r"(?<![\w.+%@/:-])[A-Za-z0-9][\w.+%'-]{0,63}@(?:[A-Za-z0-9](?:[\w-]{0,62})\.)+[A-Za-z]{2,24}(?![\w@])(?!:[/~\w])"
    r"|(?<=mailto:)[\w.+%-]+@[\w.-]+\.[a-z]{2,24}"
)
_EMAIL_AFTER_COLON = re.compile(
    r"(?<=[\w\]]:)[A-Za-z0-9][\w.+%-]{0,63}@(?:[\w-]+\.)+[A-Za-z]{2,24}(?![\w@])(?!:[/~\w])"
)
_EMAIL_SPOKEN = re.compile(
    r"(?i)\b[a-z0-9][\w.+-]{1,40}\s?[\[({]\s?(?:at|@|ät|arroba"
    r"|chez)\s?[\])}]\s?[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,30}){1,3}\b"
    r"|\b[a-z0-9][\w.+-]{1,40}(?:\s?[\[(]\s?(?:at|@|ät)\s?[\])]\s?|\s+at\s+)[a-z0-9-]{2,40}(?:(?:\s?[\[(]\s?(?:dot"
    r"|\.|punkt|point)\s?[\])]\s?|\s+dot\s+)[a-z0-9-]{2,30}){1,3}\b"
)
_NO_EMAIL = re.compile(
    r"(?ix)@example\.(?:com|org|net)$ | ^(?:git|hg|svn|root|ubuntu|ec2-user|pi|admin)@ | @(?:domain"
    r"|email|mail|company|yourdomain|yourcompany|test|localhost)\.\w+$"
    r" | \.(?:png|jpe?g|gif|svg|webp|js|ts|tsx|css|py|json|ya?ml|service|socket|timer|mount|target|md|txt|lock|tgz|gz"
    r"|local|localdomain)$"
    r" | ^(?:you|your|user|username|name|someone|john\.?doe|jane\.?doe|foo|bar|test|email|no-?reply|noreply|dein|ihr)@"
)
_LOGIN_BEFORE = re.compile(
    r"(?i)\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id|git clone|remote add \w+|remote set-url \w+)\s[^\n]*$"
)

_COUNTRY = r"(?:\+|00)[1-9]\d{0,2}"
_PHONE = re.compile(
    rf"""(?x)(?:(?<![\w.+:/#=-])(?<!\d[ ])|(?<=\btel:)|(?<=callto:)|(?<=sms:)|(?<=tel=))(?:
      {_COUNTRY}[ ./-]{{0,2}}(?:\(0?\d{{0,4}}\)[ ./-]?)?\d(?:[ ./-]{{0,2}}\d){{5,12}}       # international
    | (?:1[ .-])?\([2-9]\d\d\)[ ./-]?\d{{3}}[ .-]\d{{4}} | (?:1[ .-])?[2-9]\d\d([.-])[2-9]\d\d\1\d{{4}}  # North America
    | 0[1-9](?:[ .-]?\d\d){{4}} | \(0\d{{2,5}}\)[ /-]?\d(?:[ -]?\d){{4,9}}                    # France; Germany, Britain
    | 07\d{{3}}[ ]?\d{{3}}[ ]?\d{{3}} | 0\d{{4}}[ ]\d{{6}} | 02\d[ ]\d{{4}}[ ]\d{{4}} | 01[5-7]\d[ /-]\d{{7,8}}
    )(?![\w/-]|[.:,]\d)"""
)
_PHONE_LIKE = re.compile(r"(?<![\w.+:/#=$€£-])\(?\d[\d() ./-]{5,20}\d(?![\w/%€$£-]|[.:,]\d)")
_PHONE_CONTEXT = re.compile(
    r"""(?ix)(?:\b(?:call|ring|phone|telephone|tel|mobile|cell|cellphone|whats\s?app|text\ (?:me|him|her|us|them)|sms
      |fax|landline|reach(?:able)?|dial|signal|telegram
    |handy|telefon|mobil|mobilnummer|festnetz|rufnummer|anrufen|ruf|erreichbar|t[ée]l[ée]phone|portable|appel\w*
      |joindre|fixe
    |tel[ée]fono|m[oó]vil|celular|ll[aá]m\w*|cellulare|chiam\w*|telefone|telem[oó]vel|lig\w+|bel|mobiel|telefoon
      |puhelin|telefonnummer|telefonu|numer
      |numero\ di\ (?:casa|telefono)|n[uú]mero\ de\ (?:casa|tel[eé]fono|m[oó]vel)|telefonn[íi])\b
    |\b(?:my|her|his|our|your|their|phone|contact|mein\w*|mon|ma|mi|il\ mio|mijn|o\ meu)[ ]
        (?:\w+\ )?(?:number|nummer|num[ée]ro
        |n[uú]mero|numero)\b|☎|📞|📱)[^\n]{0,40}$"""
)
_DIGIT = re.compile(r"\d")
_NO_PHONE = re.compile(
    r"^[^()]*\([^)]*$|^(?=.*/)(?=.*\.)|^(?![2-9]\d\d\.[2-9]\d\d\.\d{4}$)\d+(?:\.\d{1,4}){2}$|^\d{4}-\d\d-\d\d|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$"
    r"|^\+1 ?500 ?555|^\d{1,3}(?:\.\d{1,3}){3}$|^\d+(?:\.\d+)?$(?<!\d{7})|^\d{4}-\d{4}$"
)

_DIGIT_WORDS = (
    r"zero|oh|o|null|nil|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|ten|eleven|twelve|hundred"
    r"|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|doppel|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf"
    r"|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|doble|due|tre|quattro|cinque|sei|sette|otto|nove|um|dois"
    r"|quatro|sete|oito"
    r"|een|twee|drie|vijf|zes|zeven|negen|nul|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|plus"
)
_DICTATED = re.compile(rf"(?i)\b(?:{_DIGIT_WORDS}|\d{{1,4}})(?:[\s,-]+(?:{_DIGIT_WORDS}|\d{{1,4}})){{6,20}}\b")

_STREET = (
    r"Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Dr\.?|Row|Bend|Close|Way|Court|Ct\.?|Place|Pl\.?|Square"
    r"|Sq\.?|Terrace|Crescent|Hill"
    r"|Gardens?|Grove|Mews|Park|Boulevard|Blvd\.?|Circle|Cir\.?|Parkway|Pkwy\.?|Trail|Highway|Hwy\.?|Walk|Rise|Green"
    r"|Quay|Wharf|Parade|Yard|Alley"
    r"|Gate|View|Heights|Loop|Path|Pass|Run|Ridge|Point|Cove|Crossing|Croft|Drove|Vale|Meadows?|Fields?|Bank|Side|End"
)
_UNIT = r"(?:,?\s*(?:Flat|Apt\.?|Apartment|Unit|Suite|Ste\.?|Room|Floor|Fl\.?|Bldg\.?|\#|c/o)\s*\#?\w{1,5})?"
_CITY = r"[A-ZÀ-ÞŁŚŻ][a-zß-ÿąćęłńśźż][^\W\d_]*(?:[ '’-](?:[a-z]{1,4}[ -])?[A-ZÀ-ÞŁŚŻ][a-zß-ÿąćęłńśźż][^\W\d_]*){0,3}"
_NAME = r"(?:[A-Z0-9À-Þ][\w'’.-]*\s+){1,4}"
_ADDRESS = re.compile(
    rf"""(?x)(?<![\w.$-])(?:
      \d{{1,5}}[A-Za-z]?(?:-\d+)?\s+{_NAME}?(?:{_STREET})\b(?:\s[NS]?[EW]?\b\.?)?{_UNIT}(?:,\s*{_CITY}){{1,3}}(?:,?\s+(?:[A-Z]{{2,3}}\s+)?(?:\d{{4,5}}(?:-\d{{4}})?|[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[A-Z]{{2}}|[A-Z]\d[A-Z]\s?\d[A-Z]\d))?
    | \d{{1,5}}[A-Za-z]?\s+{_NAME}{_UNIT},?\s*(?:{_CITY},?\s+)?(?:{_CITY},?\s+)?
        (?:[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[A-Z]{{2}}|[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)\b
    | \d{{1,4}}(?:\s?(?:bis|ter|quater|[a-dA-D]))?,?\s+(?:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|all[ée]e
      |quai|route|cours|passage|square|villa|ruelle
        |faubourg|sentier|mont[ée]e)\s+[^\n,;]{{2,50}}?,?\s+\d{{5}}\s+{_CITY}
    | (?:Calle|C/|Avenida|Av\.|Avda?\.?|Plaza|Pza\.?|Paseo|P[ºo]\.?|Camino|Carrer|Carrera|Ronda|Traves[ií]a|Via|Viale
      |Piazza|Corso|Vicolo|Largo|Rua|Travessa|Praça|Pra[çc]eta|Estrada
        |Rue|Ul\.|ul\.|ulica|al\.|os\.)\s?[^\n,;\d]{{2,50}}?,?\s*(?:n[ºo.]\s*)?\d{{1,4}}\s?(?:/\d+)?[a-zA-Z]?(?:,\s*[^\n,]{{1,20}}){{0,2}},?\s+(?:\d{{4}}-\d{{3}}|\d{{2}}-\d{{3}}|\d{{5}})\s+{_CITY}
    | [A-ZÀ-ÞŁŚŻ][\w'’.-]+(?:\s+(?:[a-zà-ÿ]{{1,4}}\s+)?[A-ZÀ-ÞŁŚŻ][\w'’.-]*){{0,3}}\s+\d{{1,4}}\s?(?:[a-zA-Z]
      |[-/]\s?\d+[a-z]?)?(?:,\s*[^\n,\d]{{1,20}})?,\s*(?:[A-Z]{{1,2}}-)?\d{{3}}(?:\s?\d{{1,2}}
      |-\d{{2,3}})?(?:\s?[A-Z]{{2}}\b)?\s+{_CITY}
    )"""
)
_BOX = re.compile(
    r"\b(?:P\.?\s?O\.? Box|Postfach|Postbus|Apartado(?: de Correos)?|Casella Postale"
    r"|BP) \d{1,6}(?:,\s*[A-ZÀ-Þ][\w .'-]{2,30}){0,2}"
    r"(?:,?\s+(?:[A-Z]{2}\s+)?\d{4,5}(?:-\d{4})?(?:\s+[A-ZÀ-Þ][\w-]+)?)?"
)
_AT_HOME = re.compile(
    rf"""(?x)(?i:\b(?:i|we|she|he|they|mum|mom|dad|grandma|grandpa|\w+)\s+(?:live|lives|moved|stay|reside)\w*\s+(?:at
      |in|on|to)|\b(?:my|our|home|her|his|shipping|billing|delivery|postal|mailing|new|full)\s+(?:home\s+)?(?:address
      |place|house|flat)(?:\s+is)?
    |\b(?:deliver(?:ed|y)?|ship(?:ped)?|send(?:\s+\w+)?|mail(?:ed)?|post|come|bring\s+\w+|pick\ (?:me|us)\ up
      |drop\ \w+\ off)\s+(?:to|at|from|over\ to)|address\s*[:=]|adresse\s*(?:ist|:)|ich\ wohne|wir\ wohnen|wohnhaft
      |j'habite|nous\ habitons|vivo\ en|vivimos\ en|abito\ in|moro\ n[ao]|ik\ woon)
    [^\n.]{{0,25}}?(?P<value>\d{{1,5}}[A-Za-z]?\s+{_NAME}(?:{_STREET})\b{_UNIT}(?:,\s*{_CITY}){{0,2}}
      |\d{{1,4}},?\s+(?:rue|avenue|boulevard|chemin|impasse|all[ée]e|quai|route)\s+[^\n,.;]{{3,40}}
    |(?:[A-ZÄÖÜ][\w-]+(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|ufer|damm|steig|hof|graben|laan|straat|plein
      |gracht|kade|dijk|gata|gatan|vägen|vej|veien|katu|tie)|[A-ZÄÖÜ]\w+er\s(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee
      |Ring|Damm))\s+\d{{1,4}}\s?[a-z]?(?:,?\s+(?:in\s+)?\d{{4,5}}\s+{_CITY})?
    |(?:Calle|C/|Avenida|Plaza|Paseo|Via|Viale|Piazza|Corso|Rua)\s+[^\n,.;\d]{{2,40}},?\s+\d{{1,4}}\w?)"""
)


def find(text: str) -> Iterator[Found]:
    """Find contact data, one's own and others' alike."""
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
    yield from _phones(text)
    for pattern in (_ADDRESS, _BOX):
        for match in pattern.finditer(text):
            yield Found.of("address", match, 0)
    for match in _AT_HOME.finditer(text) if _DIGIT.search(text) else ():
        yield Found.of("address", match)


def _phones(text: str) -> Iterator[Found]:
    for match in _PHONE.finditer(text):
        if not _NO_PHONE.search(match.group()):
            yield Found.of("phone", match, 0)
    for match in _PHONE_LIKE.finditer(text):
        digits = sum(c.isdigit() for c in match.group())
        before = text[max(0, match.start() - 80) : match.start()]
        if 7 <= digits <= 15 and not _NO_PHONE.search(match.group()) and _PHONE_CONTEXT.search(before):
            yield Found.of("phone", match, 0)
    for match in _DICTATED.finditer(text):
        words = re.findall(r"[^\W\d_]+", match.group())
        before = text[max(0, match.start() - 80) : match.start()]
        if len(words) >= 7 and (
            len(words) >= 9 or re.search(r"(?i)number|phone|call|nummer|num[eé]ro|número|tel", before)
        ):
            yield Found.of("phone", match, 0)
