"""What a clause tells of the person in German, Spanish, French, Italian or Portuguese, in its commonest forms. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.curate.told.telling import Told

_NAME = r"(?-i:[A-ZÀ-Ý][\w'-]+)"
_DE_KIN = (
    r"(?:Sohn|Söhne|Tochter|Töchter|Kind(?:er)?|Mann|Frau|Partner(?:in)?|Freund(?:in)?|Mutter|Vater|Eltern|Oma|Opa"
    r"|Großmutter"
    r"|Großvater|Schwester|Bruder|Baby|Zwillinge|Hund|Hündin|Katze|Kater|Kaninchen|Pferd|Enkel(?:in)?"
    r"|Mitbewohner(?:in)?)"
)
_ES_KIN = (
    r"(?:hij[oa]s?|niñ[oa]s|espos[oa]|marido|mujer|pareja|novi[oa]|madre|padre|mamá|papá|padres|abuel[oa]s?"
    r"|herman[oa]s?|bebé"
    r"|perr[oa]s?|gat[oa]s?|niet[oa]s?|mellizos|gemel[oa]s|compañer[oa] de piso)"
)
_FR_KIN = (
    r"(?:fils|filles?|enfants?|mari|femme|conjointe?|compagne|compagnon|mère|père|parents|grand-mère|grand-père|mamie"
    r"|papi"
    r"|sœurs?|soeurs?|frères?|bébé|jumeaux|jumelles|chiens?|chienne|chats?|chatte|lapins?|cheval|coloc\w*|petit-fils)"
)
_IT_KIN = (
    r"(?:figli[oae]?|marito|moglie|compagn[oa]|ragazz[oa]|madre|padre|mamma|papà|genitori|nonn[oaie]|sorella|fratello"
    r"|sorelle"
    r"|fratelli|bimb[oai]|gemell[iea]|cane|cagna|gatt[oaie]|coniglio|cavallo|nipote)"
)
_PT_KIN = (
    r"(?:filh[oa]s?|marido|esposa|mulher|companheir[oa]|namorad[oa]|mãe|pai|avó|avô|irmã|irmão|cão|cadela"
    r"|gat[oa]s?|bebé|bebê)"
)
_RULES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:ich hei(?:ß|ss)e|me llamo|je m'appelle|mi chiamo|(?:eu )?me chamo"
        r"|chamo-me) (?P<o>(?-i:[A-ZÀ-Ý])[\w '-]*)$",
        # German: subject first or verb first.
        r"^(?:ich|wir) (?:wohnen?|leben?|arbeiten?|spielen?|essen?|esse|trinken?|trinke|fahren?|lerne|studiere"
        r"|unterrichte|züchten?"
        r"|halten?|vertrage|mag|mögen|hasse|(?:nutzen?|benutzen?|verwenden?)(?= (?!di|de|da|ein|hier|es)\w)|singe"
        r"|tanze|koche|heizen?|sammle|rauche"
        r"|schwimme|leite"
        r"|trainiere|spreche|komme aus|backe|stricke|häkle|betreibe|führe) (?!(?:das|dir|es|dich|dies\w*|mit dir"
        r"|gerade) )(?P<o>\S[^?]*)$",
        r"^(?:ich bin|bin) (?P<o>(?:von Beruf |gelernte[rn]? |selbstständige[rn]? )?(?-i:[A-ZÄÖÜ])\w+(?:er|in|ist"
        r"|mann|frau|ent|or|ant"
        r"|arzt|ärztin|hilfe|kraft|wart)\b[^?]*|(?:vegan|veganer\w*|vegetarier\w*|allergisch|taub|blind|farbenblind"
        r"|schwerhörig|gehörlos"
        r"|linkshänder\w*|diabetiker\w*|rentner\w*|selbstständig|alleinerziehend|laktoseintolerant|zöliakie\w*"
        r"|legastheniker\w*)\b[^?]*)$",
        r"^(?:ich habe|ich hab|wir haben|wir hab'n|hab) (?P<o>(?:eine?n? |zwei |drei |vier |keine?n? |\d )(?:\w+ )?(?:"
        + _DE_KIN
        + r"|Kinder|Hunde|Katzen|Hühner|Bienen|Auto|Führerschein|Garten|Haustiere|\w*allergie"
        r"|\w*unverträglichkeit|\w*intoleranz)\b[^?]*|(?:Diabetes|Asthma"
        r"|Migräne|Zöliakie|Rheuma|ADHS|Heuschnupfen|Bluthochdruck|Arthrose|Neurodermitis|Epilepsie)\b[^?]*)$",
        r"^(?:meine?|unsere?) (?P<s>"
        + _DE_KIN
        + rf"(?: {_NAME})?) (?P<o>(?:ist|sind|hat|haben|heißt|heißen|verträgt|vertragen|isst|essen|trinkt|mag|mögen"
        rf"|hasst|lebt|leben|wohnt"
        r"|wohnen|arbeitet|kann kein\w*|kann nicht|geht|gehen|spielt|spricht|braucht|kommt|sitzt"
        r"|fährt)\b(?! (?:gerade|krank|müde|weg"
        r"|sauer|heute)\b)[^?]*)$",
        r"^(?P<o>[\w -]{3,30} (?:ist|sind) (?:bei (?:uns|mir) )?(?:immer |jeden |jede |jedes |stets |montags"
        r"|dienstags|mittwochs|donnerstags"
        r"|freitags|samstags|sonntags)[^?]*)$",
        r"^(?P<o>(?:montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags|jeden \w+tag) (?:bin|habe|hab"
        r"|arbeite|gehe|spiele|ist"
        r"|sind|haben|fahre|koche|singe|trainiere) [^?]*)$",
        r"^wir sind (?P<o>(?:zu (?:zweit|dritt|viert|fünft|sechst)|vegetarier|veganer|vegan|eine (?:familie"
        r"|wg))\b[^?]*)$",
        # Spanish.
        r"^(?:yo )?(?:vivo (?!con (?:miedo|el|la))|trabajo (?=como|de |para |por la|desde casa|en (?:un|una|el hosp"
        r"|(?-i:[A-Z])))|como|bebo|toco|juego|hablo|estudio|conduzco|uso (?=(?:el |la )?(?-i:[A-Z])|siempre|silla"
        r"|audífono|gafas)|enseño|cultivo|crío|canto"
        r"|colecciono|vivimos|tenemos"
        r" (?=(?:un|una|dos|tres|cuatro|\d) )|doy clases|vengo de|no como|no bebo|no conduzco|no fumo"
        r"|no tengo (?=coche|hijos|carn[eé]|mascotas"
        r"|horno|microondas)|no tomo|nunca como|nunca bebo|odio|detesto|prefiero) ?(?!(?:que|lo|la de|esto|eso"
        r"|el mismo)\b)(?P<o>[^?¿]*)$",
        r"^(?:yo )?soy (?P<o>(?:un |una )?(?!de los\b|consciente|capaz|yo\b)(?:\w+ ){0,2}?(?:\w+(?:er[oa]|or|ora|ista"
        r"|ante|ente|ic[oa]|óg[oa]|og[oa]"
        r"|nt[ae]|án|ana|ano)|vegetarian[oa]|vegan[oa]|celíac[oa]|celiac[oa]|alérgic[oa] [^?]+|intolerante [^?]+"
        r"|diabétic[oa]|sord[oa]|cieg[oa]"
        r"|daltónic[oa]|zurd[oa]|disléxic[oa]|bombero|médic[oa]|maestr[oa]|abogad[oa]|jubilad[oa]"
        r"|autónom[oa])\b[^?¿]*)$",
        r"^tengo (?P<o>(?:diabetes|asma|migrañas?|artritis|epilepsia|hipertensión|la tensión alta|(?:una )?alergia"
        r"|(?:una )?intolerancia|celiaquía"
        r"|(?:un|una|dos|tres|cuatro|\d) (?:" + _ES_KIN + r"|coche|moto|gallinas|huerto))\b[^?¿]*)$",
        r"^(?:mi|mis|nuestr[oa]s?|los|las) (?P<s>"
        + _ES_KIN
        + rf"(?: {_NAME})?) (?P<o>(?:se llaman?|es|son|tienen?|viven?|trabajan?|comen?|beben?|no (?:come|bebe|puede"
        rf"|tolera|soporta)|juega|juegan"
        r"|toca|habla|odia|estudia|van? al?|usa|nació|vienen? los|toma)\b[^?¿]*)$",
        # French.
        r"^(?:j'habite|je vis|je travaille(?= (?:comme|chez|à|de nuit|dans une?|en tant|pour|depuis chez))|je joue"
        r"|je mange|je ne mange|je bois|je ne bois|je parle(?= (?!d[ue']|de |à |avec)\w)|j'utilise"
        r"|j'enseigne|j'étudie|je conduis"
        r"|je ne conduis|j'élève|je cultive|je chante|je fais (?:du|de la|de l'|des)|je viens d[e']|je ne fume"
        r"|je déteste|je préfère|nous"
        r" habitons|nous vivons|on habite|nous avons (?=(?:un|une|deux|trois|quatre|\d) )|on a (?=(?:deux|trois"
        r"|quatre|\d) ))\s?(?!(?:que"
        r"|ça|cela|ce|le même|pas encore)\b)(?P<o>[^?]*)$",
        r"^je suis (?P<o>(?:une? )?(?:\w+ )?(?:\w+(?:eure?|ière?|iste|ien(?:ne)?|ante?|ologue|rice|ateur|ecin|aire)"
        r"|végétarien(?:ne)?|végane?|vegan"
        r"|sourde?|aveugle|daltonien(?:ne)?|gauch(?:er|ère)|diabétique|allergique|intolérante?|asthmatique|dyslexique"
        r"|retraitée?|infirmi[eè]re?"
        r"|prof|cuistot|boulang\w+|d'origine|né\w*)\b(?<!contente)(?<!patiente)[^?]*)$",
        r"^j'ai (?P<o>(?:le diabète|du diabète|de l'asthme|des migraines|une allergie|une intolérance|de l'arthrose"
        r"|de l'hypertension|(?:un|une|deux"
        r"|trois|quatre|\d) (?:" + _FR_KIN + r"|poules|ruches|voiture|potager|jardin))\b[^?]*)$",
        r"^(?:mon|ma|mes|notre|nos) (?P<s>"
        + _FR_KIN
        + rf"(?: {_NAME})?) (?P<o>(?:s'appellent?|est|sont|a|ont|vit|vivent|habitent?|travaillent?|mange|mangent"
        rf"|ne (?:mange|boit|supporte|tolère|peut)"
        r"|joue|parle|déteste|étudie|vont?|utilise|boit|dort|porte)\b(?! (?:malade|fatigué|en retard|parti))[^?]*)$",
        # Italian.
        r"^(?:io )?(?:vivo|abito|lavoro(?= (?:come|in|per|da casa|di notte|presso|a (?-i:[A-Z])|nel|alla|con i))"
        r"|suono|gioco a|mangio|non mangio|bevo|non bevo|insegno|studio|uso(?= (?-i:[A-Z])| la sedia| sempre)"
        r"|parlo(?= (?!d[ie]|con|del)\w)|guido"
        r"|non guido|allevo|coltivo|canto"
        r"|vengo da|odio|detesto|preferisco|non fumo|abitiamo|viviamo|abbiamo (?=(?:un|una|due|tre|quattro"
        r"|\d) ))\s?(?!(?:che|questo|quello|lo"
        r" stesso)\b)(?P<o>[^?]*)$",
        r"^(?:io )?sono (?P<o>(?:un |una |un')?(?:\w+ )?(?:\w+(?:tore|trice|ista|iere|iera|aio|aia|ologo|ologa|ante"
        r"|ente|ico|ica)|vegetarian[oa]|vegan[oa]"
        r"|celiac[oa]|allergic[oa] [^?]+|intollerante [^?]+|diabetic[oa]|sord[oa]|ciec[oa]|daltonic[oa]|mancin[oa]"
        r"|dislessic[oa]|pensionat[oa]|medico"
        r"|cuoc[oa]|maestr[oa]|avvocat[oa]|idraulico)\b(?<!contente)[^?]*)$",
        r"^ho (?P<o>(?:il diabete|l'asma|l'emicrania|la celiachia|la pressione alta|un'allergia|un'intolleranza|(?:un"
        r"|una|due|tre|quattro|\d) (?:" + _IT_KIN + r"|galline|orto|macchina))\b[^?]*)$",
        r"^(?:(?:il|la|i|le) )?(?:mio|mia|miei|mie|nostro|nostra) (?P<s>"
        + _IT_KIN
        + rf"(?: {_NAME})?) (?P<o>(?:si chiaman?o?|è|sono|ha|hanno|vive|vivono|abita|lavora|mangia|non (?:mangia|beve"
        rf"|può|tollera|sopporta)|suona|gioca"
        r"|parla|odia|studia|va|usa|dorme)\b[^?]*)$",
        r"^(?P<o>(?:le prove|gli allenamenti|la lezione|le lezioni|el ensayo|los ensayos|los entrenamientos"
        r"|les répétitions|répétitions|l'entraînement"
        r"|os ensaios) (?:sono|è|es|son|sont|est|são|le|il|los)\b[^?]*)$",
        # Portuguese.
        r"^(?:eu )?(?:agora )?(?:moro|trabalho|toco|não como|não bebo|uso (?=o? ?(?-i:[A-Z]))|estudo|falo|ensino|crio"
        r"|cultivo"
        r"|venho d[eao]|odeio|prefiro|moramos)"
        r" (?!(?:que|isso|isto|o mesmo)\b)(?P<o>[^?]*)$",
        r"^(?:eu )?(?:sou) (?P<o>(?:\w+ )?(?:\w+(?:eir[oa]|ora?|ista|ante|ente|ic[oa])|vegetarian[oa]|vegan[oa]"
        r"|celíac[oa]|alérgic[oa] [^?]+|diabétic[oa]"
        r"|surd[oa]|ceg[oa]|canhot[oa])\b[^?]*)$",
        r"^(?:(?:o|a|os|as) )?(?:meu|minha|meus|minhas|nosso|nossa) (?P<s>"
        + _PT_KIN
        + rf"(?: {_NAME})?) (?P<o>(?:se chama|chama-se|é|são|tem|têm|vive|mora|trabalha|come|não (?:come|bebe|pode"
        rf"|tolera)|toca|fala|odeia|estuda)\b[^?]*)$",
    )
)
_ALSO = re.compile(r"^(?:y|e|et|und) ", re.IGNORECASE)
_MOMENT = re.compile(
    r"\b(?:gerade|heute|jetzt grad|morgen|gestern|hoy|ahora mismo|mañana|ayer|aujourd'hui|demain|hier soir"
    r"|en ce moment|oggi|domani|ieri|adesso"
    r"|hoje|amanhã|ontem|würde|hätte|wäre|si tuviera|sería|serais|aurais|fosse|sarei|avrei|problema|problème|problem"
    r"|fehler|error|erreur|errore"
    r"|pregunta|question|frage|domanda|encanta|mehr als|en retard)\b",
    re.IGNORECASE,
)


def told(text: str) -> Iterator[Told]:
    """Read a telling in another language, with whoever it is about."""
    if _MOMENT.search(text):
        return
    for pattern in _RULES:
        match = pattern.match(_ALSO.sub("", text))
        if match is not None and match["o"].strip():
            subject = match.groupdict().get("s") or "user"
            yield Told(
                subject=subject.strip(), relation="", object=" ".join(match["o"].strip(" ,.").split()[:14]), words=text
            )
            return
