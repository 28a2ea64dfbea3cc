"""What a clause tells of the project, the team or the shop that the person works in. Pure."""

from __future__ import annotations

import re

from nightschool.curate.told.clauses import Clause
from nightschool.curate.told.lifewords import WEEKDAY
from nightschool.curate.told.telling import Told

_PLACE = (
    r"(?:codebase|code base|repo(?:sitory)?|mono-?repo|project|workspace|package|team|company|office|org|squad"
    r"|lab|practice)"
)
_PART = (
    r"(?:codebase|repo(?:sitory)?|mono-?repo|project|workspace|backend|back end|frontend|front end|api|app|apps|db"
    r"|database|ci"
    r"|pipeline|pipelines|staging|staging server|prod(?:uction)?|sandbox|(?:e2e |test |unit )?suite|tests?|build"
    r"|builds|linter"
    r"|formatter|search|cluster|clusters|stack|site|website|service|services|servers?|schema|migrations?|deploys?"
    r"|deployments?"
    r"|releases?|logs?|metrics|queue|cache|kube contexts|contexts|environments|branches|branch names?|tickets|json"
    r"|endpoints?"
    r"|components?|modules?|firmware|bot|newsletter|podcast|webshop|store|warehouse|erp|crm|stand-?up|sprint|sprints"
    r"|retro)"
)
_MOMENT = re.compile(
    r"\b(?:crash\w*|fail\w*|broken|down|stuck|times? out|slow|red|green|flaky|missing|wrong|not working"
    r"|doesn'?t (?:work|start"
    r"|build|run|compile)|won'?t|done|ready|late|too|very|still|again|just|almost|about to|at the moment|right now"
    r"|returns?"
    r"|throws?|says?|shows?|complains?|hangs?|empty|full|weird|odd|great|fine|nice|good|bad|a mess"
    r"|(?<!from )(?<!since )today|tomorrow|yesterday"
    r"|getting|going|looking|trying|thinking|planning|considering)\b",
    re.IGNORECASE,
)
_TOKEN = r"(?-i:[A-Z][\w.+#-]*|`[^`]+`|[\w.-]*\d[\w.]*|https?://\S+|[\w.-]+\.(?:internal|local|lan|io|dev)\S*|\w+_\w+)"
_CRAFT = (
    r"(?:use|deploy|lint|format|test|build|ship|release|squash|rebase|merge|branch|tag|log|store|host|target|support"
    r"|pin|vendor"
    r"|run|write|document|version|track|review|name|prefix|indent|bill|invoice|price|open|close|sell|publish|follow"
    r"|avoid|keep"
    r"|commit|cut|charge|print|serve|roast|source)"
)
_ACT = re.compile(
    r"^(?:please |pls |can you |could you |just )?(?:add|fix|rename|write|make|change|find|show|list|check|remove"
    r"|delete|create"
    r"|update|refactor|explain|run|use|move|look|put|give|tell|implement|convert|generate|search|open|read"
    r"|summari[sz]e|review)\b",
    re.IGNORECASE,
)


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + r"(?P<o>[^\n]*)$", re.IGNORECASE)


_RULES = (
    # Declared of the whole: `in this repo we ...`, `this monorepo builds with ...`, `json in our team is camelCase`.
    _rule(rf"(?:in|on|for|across|at) (?:this|our|the) {_PLACE},? (?:we|it'?s|everything|everyone|nobody|no one"
          rf"|all)\b ?"),
    _rule(rf"(?:this|our) (?:[\w-]+ )?{_PLACE} (?:is|uses?|runs?|builds?|targets?|follows?"
          rf"|squashes|only|never"
          r"|always|deploys?|ships?|lints?|tests?)\b ?"),
    _rule(rf"(?=[\w` -]{{3,40}} (?:in|on|of) (?:this|our) {_PLACE}\b[^?]*?(?: is| are|:| start| starts| end| ends"
          rf"| have| has| use"
          rf"| uses| go| goes| must| live| lives| needs?| gets?)\b)"),
    _rule(rf"in (?:this|our|all our) (?:[\w-]+ )?(?:{_PLACE}|{_PART}),? (?=(?!(?:the|please|pls|can|could|i|is"
          rf"|are)\b)[\w` -]+? (?:gets?|are|is|have|has|goes?"
          rf"|uses?|must|needs?|starts?|ends?)\b)"),
    _rule(r"(?=[\w` -]{3,40} (?:is|are) [^?]+ with us$)"),
    _rule(r"(?=(?:(?:our|all) )?(?:tickets|issues|docs|designs|secrets|specs|backups|credentials|artifacts|artefacts"
          r"|mockups"
          r"|runbooks|tasks|everything) (?:live|lives|are kept|go|goes|sit|sits|are tracked|run|runs) (?:in|on|to"
          r"|through|via)"
          r" (?-i:[A-Z])\w+)"),
    _rule(r"we (?:bill|invoice|price|quote|charge|ship|report|measure|publish|pay) (?=(?:\w+ )?in (?:euros?|dollars?"
          r"|pounds"
          r"|francs|kroner|metric|imperial|eur|usd|gbp|chf|english|german|french|spanish)\b)"),
    _rule(r"(?=(?:[\w-]+ )?(?:commit (?:messages|msgs)|branch names|error codes|dates|timestamps|ids|variables"
          r"|filenames"
          r"|file names|titles|labels|prices) (?:here|in (?:this|our) \w+) are (?!strings|null|wrong|missing|numbers"
          r"|objects)\w)"),
    _rule(r"(?=(?:prs|pull requests|merge requests|commits|tests|branches|reviews|releases|migrations|deploys|docs"
          r"|strings) here"
          r" (?:need|must|are|get|go|run|use|have)\b)"),
    _rule(rf"(?=[\w`.-]+ only in (?:this|our) {_PLACE}$)"),
    _rule(rf"(?:(?:the|our) )?(?:[\w-]+ ){{1,3}}now (?=(?:lives?|runs?|sits?|builds?) (?:in|on|at|with) {_TOKEN})"),
    _rule(r"(?=(?:[\w-]+ ){1,6}(?:sits?|lives?|runs?|is) (?:at|on) \S+\.(?:internal|local|lan|intra|corp)\b)"),
    # Of a part of it, where a name, a number or a command says what it is.
    _rule(rf"(?:our|the) (?:[\w-]+ ){{0,3}}{_PART}(?: for [\w -]+)?(?: is| are|'s| runs?(?: on)?| uses?| lives?(?: on"
          rf"| in| at)?"
          rf"| talks? to| speaks?| sits?(?: on| behind)?| builds? with| needs| requires| targets| has| have"
          rf"| goes(?: to)?| go"
          rf"(?: to)?| deploys? (?:to|from|via)| gets?| only| never| always| =)+ (?=[^?]*{_TOKEN})"),
    _rule(rf"our (?:[\w-]+ ){{0,3}}{_PART} (?:is|are|runs?|gets?|has|have|lives?|needs|only|never|always"
          rf"|goes?) (?=\w)"),
    _rule(rf"(?:[\w-]+ ){{0,2}}(?:ci|staging|prod|production|sandbox|db|api|grafana|sentry|wiki|backend"
          rf"|frontend)\b[\w ]{{0,20}}?"
          rf"(?: lives (?:on|in|at)| runs on| is on| is at| =| talks to) (?=[^?]*{_TOKEN})"),
    _rule(rf"we(?:'re| are)? (?:only |always |never |all |don'?t |do not |mostly )*(?=(?:{_CRAFT}"
          rf"|on)\b[^?]*(?:\b(?:with|via|using|in"
          rf" this repo|on this project|in this codebase)\b|{_TOKEN}|\b(?:mon|tues|wednes|thurs"
          rf"|fri)days?\b))(?!(?:use|run) (?:it|this"
          r"|that|the)\b)(?!\w+ the\b(?! \w+ (?:with|via)))"),
    _rule(r"we (?:don'?t|do not|never) (?=(?:take|accept|merge|deploy|support|use|ship|squash|vendor|review|log|pin"
          r"|work|bill|open"
          r"|sell) (?!it\b|this\b|that\b|the\b)\w)(?=.*\b(?:on|in|before|after|outside|without|here|project|repo"
          r"|contributions"
          r"|fridays?|prs?|main)\b)"),
    _rule(r"(?:here|locally|on this project|in this repo),? it'?s (?=`|\w)"),
    _rule(rf"(?:dev |team |weekly |daily )?(?:stand-?up|retro|sprint planning|planning|sync|deploys?|releases?)(?: is"
          rf"| are|'s) "
          rf"(?:at \d|on {WEEKDAY}|{WEEKDAY}s|every )"),
    _rule(rf"(?=(?:the|our) (?:[\w-]+ ){{1,3}}(?:talks? to|runs? on|is (?:built|written|hosted|deployed) (?:with|in"
          rf"|on)|lives? on|builds? with"
          rf"|deploys? to) {_TOKEN})"),
    _rule(rf"(?=(?:the|our) (?:[\w-]+ ){{0,3}}(?:{_PART}|product|tool|game|library|plugin|show|magazine|album|company"
          rf"|brand|channel)"
          rf" (?:is called|is named|was renamed|is now called|got renamed)[\w ]* (?:'|\"|{_TOKEN}))"),
    _rule(rf"(?=the (?:app|project|repo|build|api|site|server|backend|frontend|bot|plugin|library) (?:needs|requires"
          rf"|targets|is on"
          rf"|runs on|uses) {_TOKEN})"),
    _rule(r"(?:our|the) (?:brand|house|corporate|club|shop|company|team) (?:\w+ )?(?:colou?rs?|green|blue|red|font"
          r"|fonts|logo|style"
          r"|typeface|accent) (?:is|are) "),
    _rule(r"(?:our|the) (?:clients?|customers?|users|readers|students|members|guests) (?:are|is) (?:all "
          r"|mostly )?(?=\w+)(?!.*\b(?:angry"
          r"|waiting|asking|happy|unhappy|complaining|demanding|late)\b)(?=.*\b(?:in|from|children|adults|farmers"
          r"|nurses|teachers"
          r"|schools|elderly|seniors|beginners|germans|french|dutch)\b)"),
)  # fmt: skip


def told(clause: Clause, text: str) -> Told | None:
    """Read a convention, a part or a tool of the project; what only happens to it is none."""
    if clause.asked or _MOMENT.search(text) or _ACT.match(text):
        return None
    for pattern in _RULES:
        match = pattern.match(text)
        if match is not None and match["o"].strip():
            thing = " ".join(match["o"].strip(" ,.;:").split()[:14])
            return Told(subject="project", relation="", object=thing, words=clause.text)
    return None
