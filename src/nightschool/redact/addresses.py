"""Postal addresses as several countries write them: house and street, then a town or its post code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.found import Found

_STREET = (
    r"Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Dr\.?|Row|Bend|Close|Way|Court|Ct\.?|Place|Pl\.?|Square"
    r"|Sq\.?|Terrace|Ter\.?|Crescent|Cres\.?|Hill|Gardens?|Gdns\.?|Grove|Mews|Park|Boulevard|Blvd\.?|Circle|Cir\.?"
    r"|Parkway|Pkwy\.?|Trail|Trl\.?|Highway|Hwy\.?|Walk|Rise|Green|Quay|Wharf|Parade|Pde\.?|Yard|Alley|Gate|View"
    r"|Heights"
    r"|Loop|Path|Pass|Run|Ridge|Point|Cove|Crossing|Croft|Drove|Vale|Meadows?|Fields?|Bank|Side|End|Fold|Esplanade"
    r"|Promenade|Nagar|Marg|Colony|Brae|Wynd|Lea|Chase|Spur|Hollow|Creek|Landing|Pike|Turnpike|Causeway|Strand|Villas"
    r"|Buildings|Cottages?|Orchard|Estate"
)
_UNIT = r"(?:,?\s*(?:Flat|Apt\.?|Apartment|Unit|Suite|Ste\.?|Room|Rm\.?|Floor|Fl\.?|Bldg\.?|Lot|\#|c/o)\s*\#?\w{1,5})?"
_UNIT_FIRST = r"(?:(?:Flat|Apt\.?|Apartment|Unit|Suite|Studio|Lot)\s+\w{1,5},?\s+|\d{1,4}[A-Za-z]?\s?[-–/]\s?)?"
_CITY = (
    r"[A-ZÀ-ÞŁŚŻİŞÇČŘŠŽ][a-zß-ÿąćęłńśźż][^\W\d_]*(?:[ '’-](?:[a-z]{1,4}[ -])?[A-ZÀ-ÞŁŚŻ][a-zß-ÿąćęłńśźż][^\W\d_]*){0,3}"
)
_TOWN = rf"(?:Co\.\s+)?{_CITY}"
_NAME = r"(?:[A-Z0-9À-Þ][\w'’.-]*\s+){1,4}"
_BRITISH = r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}"
_IRISH = r"[A-Z]\d[\dW]\s?[A-Z\d]{4}"
_CANADIAN = r"[A-Z]\d[A-Z]\s?\d[A-Z]\d"
_ENGLISH_CODE = rf"(?:{_BRITISH}|{_IRISH}|{_CANADIAN}|\d{{4,6}}(?:-\d{{4}})?)\b"
_CODE = r"(?:(?:[A-Z]{1,3}-)?(?:\d{4}-\d{3}|\d{5}-\d{3}|\d{2}-\d{3}|\d{3}\s\d{2}|\d{4}\s?[A-Z]{2}|\d{4,6}))(?![\d.,]\d)"
_END = r"(?:\s?,?\s*[\n;,]\s*|\s+[–-]\s+|,\s*)"
_FLOOR = (
    r"(?:,?\s*(?:\d{1,2}\s?[.ºª°]\s?(?:Stock|OG|Etage|etg\.?|etasje|izq\w*|[Ee]sq\w*|[Dd]to|izda|dcha|der|sal|tr\.?"
    r"|vån\.?|piso|andar"
    r"|th|tv|mf"
    r"|[A-Za-z]{1,2}\b)?"
    r"|(?:Whg|Wohnung|App|Top|Stiege|lok|lokal|m|kv|lgh|bus|bte|boîte|apto|ap|bloco|casa|esc|pta|piso|porta|int|interno"
    r"|scala|bât|appt|étage|em|fszt)\.?\s?\w{1,5}|[A-Z]\s?\d{1,3}))"
)
_HOUSE = rf"(?:No\s?[:.]\s?)?\d{{1,4}}\s?(?:[a-zA-Z]\b)?(?:\s?[-–/]\s?\d+\s?[a-zA-Z]?\b)?(?:\s?[A-Z]\b)?{_FLOOR}{{0,2}}"
_FRENCH = (
    r"rue|avenue|av\.|boulevard|bd|place|chemin|impasse|all[ée]es?|quai|route|cours|passage|square|villa|ruelle"
    r"|faubourg"
    r"|sentier|mont[ée]e|clos|hameau|lotissement|résidence|esplanade|traverse|venelle|voie"
)
_STREET_FIRST = (
    r"(?:Calle|C/|Avenida|Av\.|Avda?\.?|Plaza|Pza\.?|Paseo|P[ºo]\.?|Camino|Carrer|Carrera|Ronda|Traves[ií]a|Cuesta"
    r"|Glorieta"
    r"|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Vv]icolo|[Ll]argo|[Cc]ontrada|[Ss]trada|Rua|R\.|Travessa|Pra[çc]a|Pra[çc]eta"
    r"|Estrada|Alameda|Rodovia|Beco|Largo|Rue|Ul\.|ul\.|[Uu]lica|[Aa]l\.|[Aa]leja|[Oo]s\.|[Pp]l\.|Strada|Str\.|Bd\.)"
)
# Ends of a word that names a street, for those that a number of four digits could as well be a year after.
_STREETLIKE = (
    r"(?:stra(?:ß|ss)e|str\.?|weg|platz|allee|gasse|ring|ufer|damm|steig|hof|graben|berg|rain|matte?|acker|markt|halde"
    r"|laan|straat|plein|gracht|kade|dijk|singel|dreef|lei|gata|gatan|vägen|väg|vej|vejen|vei|veien|gade|gate|gaten"
    r"|allé|bakken"
    r"|katu|tie|kuja|utca|út|útja|tér|körút|u\.|sokak|sokağı|caddesi|cad\.|ulica|náměstí|třída|tänav|iela|gatvė)"
)
_ADDRESS = re.compile(
    rf"""(?x)(?<![\w.$-])(?:
      {_UNIT_FIRST}\d{{1,5}}[A-Za-z]?(?:-\d+)?,?\s+{_NAME}?(?:{_STREET})\b(?:\s[NS]?[EW]?\b\.?)?{_UNIT}
        (?:[,\n]\s*{_TOWN}){{1,3}}(?:[,\s]+(?:-\s)?(?:[A-Z]{{2,3}}[ ,]+)?{_ENGLISH_CODE})?
    | {_UNIT_FIRST}\d{{1,5}}[A-Za-z]?\s+{_NAME}(?:{_STREET})\b{_UNIT}
        [,\n]\s*(?:{_TOWN}[,\s]+){{0,2}}(?:[A-Z]{{2,3}}\s+)?{_ENGLISH_CODE}
    | \d{{1,5}}[A-Za-z]?\s+{_NAME}{_UNIT},?\s*(?:{_TOWN},?\s+)?(?:{_TOWN},?\s+)?
        (?:{_BRITISH}|{_IRISH}|{_CANADIAN}|[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)\b
    | \d{{1,4}}(?:\s?(?:bis|ter|quater|[a-dA-D])\b)?,?\s+(?:{_FRENCH})\s+[^\n,;]{{2,50}}?(?:,[^\n,;]{{2,30}})?
        {_END}?\s*(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s+{_CITY}(?:\s\d{{1,2}}(?:er?|e|ème)?\b)?
    | {_STREET_FIRST}\s?[^\n,;\d]{{2,50}}?,?\s*(?:n[ºo°.]{{1,2}}\s*)?{_HOUSE}
        (?:,\s*[^\n,\d]{{1,24}}){{0,2}}{_END}?\s*{_CODE}[ ,;]+{_CITY}(?:\s\d{{1,2}}\b)?
    | (?:Rua|R\.|Avenida|Av\.|Alameda|Travessa|Pra[çc]a
      |Rodovia)\s[^\n,;\d]{{2,50}},\s*(?:n[ºo°.]{{1,2}}\s*)?\d{{1,5}}\w?(?:\s?[,–-]\s?(?:ap(?:to|t|\.)?|bloco|casa
        |sala|bl\.?|[^\n,\d-]{{2,30}})\.?\s?\w{{0,5}}){{0,3}}
        [,\s–/-]+[A-Z]{{2}}\b(?:[,\s–-]+(?:CEP:?\s*)?\d{{5}}-?\d{{3}})?
    )"""
)
# The house number after the name of the street, of whatever country: taken with care, since many things are counted.
_CONTINENTAL = re.compile(
    rf"""(?x)(?<![\w.$-])(?P<street>[A-ZÀ-ÞŁŚŻČŘŠŽ][\w'’.-]+(?:\s+(?:[a-zà-ÿ]{{1,4}}\s+)?[A-ZÀ-ÞŁŚŻČŘŠŽ][\w'’.-]*){{0,3}}
        (?:\s{_STREETLIKE})?)\s+{_HOUSE}(?:,\s*[^\n,;\d]{{1,20}})?
        {_END}(?P<code>{_CODE})[ ,;]+{_CITY}(?:\s\d{{1,2}}\b|/{_CITY})?"""
)
_TOWN_FIRST = re.compile(
    rf"(?x)(?<![\w.$-]){_CODE}\s+{_CITY},\s+[A-ZÀ-ÞŁŚŻ][\w'’.-]*(?:\s+[\w'’.-]+){{0,3}}?\s?{_STREETLIKE}\s+{_HOUSE}"
)
_CYRILLIC = re.compile(
    r"(?x)(?:\d{6},?\s+)?(?:(?:г\.|город)\s*)?(?:[А-ЯЁ][\w-]+,\s+)?(?:ул\.?|улица|пр-т|просп?\.?|проспект|пер\.?"
    r"|переулок|наб\.?"
    r"|набережная|бул\.?|бульвар|шоссе|вул\.?|вулиця)\s+[А-ЯЁІЇЄ][\w -]{2,30}?,?\s+(?:д\.?|дом|буд\.?)?\s*\d{1,4}\w?"
    r"(?:,?\s*(?:к|корп|кв|квартира|стр|под)\.?\s*\d+)*"
)
_EAST_ASIAN = re.compile(
    r"〒?\s?(?:\d{3}-\d{4}\s*)?(?:(?:東京都|北海道|(?:京都|大阪)府|[一-龥]{2,3}県)[一-龥ぁ-んァ-ヶ々]{1,12}?[市区町村郡]"
    r"|(?<=\d{4})\s?)[一-龥ぁ-んァ-ヶ々]{1,14}"
    r"[\d０-９]{1,4}(?:[-－−ー丁目番地号の]{1,2}[\d０-９]{1,5}){0,3}[号室]?"
    r"|[一-龥]{2,8}(?:省|市|区|區|县)[一-龥\d]{0,16}(?:路|街|道|巷|弄)\d{1,5}[号號](?:[一-龥\d-]{0,12}(?:室|楼|樓|单元|號))*"
)
_BOX = re.compile(
    r"\b(?:P\.?\s?O\.? Box|Postfach|Postbus|Apartado(?: de Correos)?|Casella Postale|Postboks|Skrytka|Caixa Postal|Box"
    r"(?=\s\d{2,5}[,\n]\s*\d{3}\s?\d{2}\s)"
    r"|BP) \d{1,6}(?:,\s*[A-ZÀ-Þ][\w .'-]{2,30}){0,2}"
    r"(?:,?\s+(?:[A-Z]{2}\s+)?\d{4,5}(?:-\d{4})?(?:\s+[A-ZÀ-Þ][\w-]+)?)?"
)
_HOME = (
    r"(?i:\b(?:i|we|she|he|they|mum|mom|dad|grandma|grandpa|\w+)\s+(?:live|lives|moved|stay|reside)\w*\s+(?:at"
    r"|in|on|to)|\b(?:my|our|home|her|his|their|shipping|billing|delivery|postal|mailing|new"
    r"|full)\s+(?:home\s+)?(?:address"
    r"|place|house|flat)(?:\s+is)?"
    r"|\b(?:deliver(?:ed|y)?|ship(?:ped)?|send(?:\s+\w+)?|mail(?:ed)?|post|come|bring\s+\w+|pick\ (?:me|us)\ up"
    r"|picked?\ up"
    r"|pickup|courier|drop\ \w+\ off|drop)\s+(?:to|at|from|over\ to)|\b(?:i'?m|we'?re|it'?s)\s+at|address\s*[:=]"
    r"|address\s+is"
    r"|adresse\s*(?:ist|:)|ich\ wohne|wir\ wohnen|wohnhaft|wohnt|anschrift|lieferung\ an"
    r"|j'habite|nous\ habitons|vivo\ en|vivimos\ en|abito\ in|moro\ n[ao]|ik\ woon|bor\ (?:på|i)|asun)"
)
_AT_HOME = re.compile(
    rf"""(?x){_HOME}
    [^\n.]{{0,25}}?(?P<value>\d{{1,5}}[A-Za-z]?\s+{_NAME}(?:{_STREET})\b{_UNIT}(?:,\s*{_CITY}){{0,2}}
      |\d{{1,4}},?\s+(?:rue|avenue|boulevard|chemin|impasse|all[ée]e|quai|route)\s+[^\n,.;]{{3,40}}
    |(?:[A-ZÄÖÜ][\w-]+(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|ufer|damm|steig|hof|graben|laan|straat|plein
      |gracht|kade|dijk|gata|gatan|vägen|vej|veien|katu|tie)|[A-ZÄÖÜ]\w+er\s(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee
      |Ring|Damm))\s+\d{{1,4}}\s?[a-z]?(?:,?\s+(?:in\s+)?\d{{4,5}}\s+{_CITY})?
    |(?:Calle|C/|Avenida|Plaza|Paseo|Via|Viale|Piazza|Corso|Rua)\s+[^\n,.;\d]{{2,40}},?\s+\d{{1,4}}\w?)"""
)
_COUNTED = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen"
    r"|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|and|oh)"
)
_DICTATED = re.compile(
    rf"""(?x)(?:{_HOME}|(?i:\b(?:number|address|house)\b))[^\n.\d]{{0,20}}?(?<!\w)
    (?P<value>(?i:(?:number\s+)?{_COUNTED}(?:[ -]{_COUNTED}){{0,4}},?\s+(?:[a-z][\w'’-]*\s+){{1,3}}?
        (?:{_STREET})\b(?!\s+from)
        (?:,?\s+(?!and\b|is\b|buzz|ring|in\ the
          |please)[a-z][\w'’-]+){{0,2}})(?:,\s*{_CITY}){{0,2}}(?:,?\s+{_ENGLISH_CODE})?)"""
)
_DICTATED_AFTER = re.compile(
    rf"(?x)\b(?P<value>[A-ZÄÖÜ]\w+(?:stra(?:ß|ss)e|weg|platz|allee|gasse|ring|ufer"
    rf"|damm)\s+[a-zäöüß]{{3,22}}\s+in\s+(?:\d{{4,5}}\s+)?{_CITY})"
)
_CARD = re.compile(r"(?mi)^(?:item\d\.)?ADR(?:;[^:\n]*)?:(?P<value>(?=[^\n]*\w)[^\n]+?)\r?$")
_FIELD = re.compile(
    r"(?i)[\"']?\b(?:street(?:_?address|_?line_?\d?)?|strasse|straße|str|address(?:_?line)?_?\d?|addr(?:_?line)?\d?"
    r"|line_?1|rue"
    r"|calle|direcci[oó]n|indirizzo|adresse|adres|adress|endere[çc]o"
    r"|anschrift)[\"']?\s*[:=]\s*[\"'](?P<value>(?=[^\"'\n@:=]*\d)"
    r"(?=[^\"'\n]*[^\W\d_]{3,})[^\"'\n@:=]{6,120})[\"']"
)
# Things that are counted with their names first, and months.
_NO_STREET = re.compile(
    r"(?i)\b(?:psalm|chapter|section|figure|table|article|page|vol(?:ume)?|level|season|episode|version|windows"
    r"|python|java"
    r"|route|bus|line|gate|room|train|flight|class|grade|day|week|year|part|act|verse|figur|kapitel|seite|abb|tabelle"
    r"|nr|no"
    r"|art|§|sprint|item|step|phase|lot|order|invoice|rechnung|jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz"
    r"|apr(?:il)?"
    r"|ma[iy]|june?i?|july?i?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|summer"
    r"|winter|spring"
    r"|release|build|psaume|salmo|django|node|ios|android|ubuntu|debian|apollo|formula|area|studio|channel|radio)\W*$"
)
_DIGIT = re.compile(r"\d")


def find(text: str) -> Iterator[Found]:
    """Find postal addresses."""
    if _DIGIT.search(text):
        for pattern in (_ADDRESS, _BOX, _TOWN_FIRST, _CYRILLIC, _EAST_ASIAN):
            for match in pattern.finditer(text):
                yield Found.of("address", match, 0)
        for match in _CONTINENTAL.finditer(text):
            if _is_street(match, text):
                yield Found.of("address", match, 0)
        for pattern in (_AT_HOME, _CARD, _FIELD, _DICTATED_AFTER):
            for match in pattern.finditer(text):
                yield Found.of("address", match)
    for match in _DICTATED.finditer(text):
        yield Found.of("address", match)


def _is_street(match: re.Match[str], text: str) -> bool:
    street, code = match["street"], re.sub(r"\D", "", match["code"])
    if re.search(rf"(?i){_STREETLIKE}$", street):
        return True
    if _NO_STREET.search(street):
        return False
    year = len(code) == 4 and "1500" <= code < "2100"
    return not year or bool(re.search(_HOME, text[max(0, match.start() - 40) : match.start()]))
