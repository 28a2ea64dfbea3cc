"""What the result of one tool call says: it failed, a check passed, or nothing.

Pure. The process's exit code counts before its words, and both before the program's success flag,
which is never read. An exit code that is information, as of grep without a match, is no failure.
"""

from __future__ import annotations

import json
import re
from typing import Literal

from nightschool.records import Part

Outcome = Literal["failed", "passed", "done", "unknown"]

# Exit 1 says "no match", "they differ" or "false" here; terraform's 2 says "there are changes".
_INFORMS = re.compile(
    r"(?:^|[|;&]\s*|sudo )\s*(?:\w+=\S+ )*(?:e?grep|rg|ag|ack|diff|cmp|comm|test|\[\[?|which|command -v|pgrep"
    r"|lsof|fuser|zgrep|pcregrep|whereis|git (?:show-ref|grep|diff|merge-base|check-ignore|ls-files|rev-parse)|find"
    r"|pidof|type|id|getent|systemctl (?:is-\w+"
    r"|status)|fc-list|dpkg -s|expr|ps)\b"
)
_COMPARES = re.compile(
    r"(?i)==|\b(?:all\.equal|identical|allclose|isclose|assert\w*|equals?|compare\w*|diff\w*|cmp|array_equal)\b"
    r"|[\w)\]] ?- ?[a-z(]\w*[.(]"
)
_EQUAL = re.compile(r"(?i)(?:\[1\] )?(?:true|t|0|[-+]?0[.,]0+|identical|equal|same|no differences?|ok|\[\]|none)[.!]?")
_STATUS = re.compile(
    r"\b(?:systemctl (?:is-\w+|status)|service \S+ status|pg_isready|launchctl list|rc-service \S+ status|ping|nc -z"
    r"|git diff --(?:exit-code|quiet)|nmap|supervisorctl status)\b"
)
"""Any exit code of these answers how things stand."""
_PLAN = re.compile(r"-detailed-exitcode|\b(?:terraform|tofu) plan\b")
_CHECK = re.compile(
    r"(?i)\b(?:py\.?test|unittest|nosetests|tox|nox|jest|vitest|mocha|ava|karma|cypress|playwright|rspec|minitest"
    r"|phpunit|pest|ctest|gtest|junit|bats|behave|cucumber|testthat|busted"
    r"|(?:npm|yarn|pnpm|bun|deno|cargo|go|make|just|mix|dotnet|swift|zig|mvn|gradlew?|\./gradlew|sbt|lein|stack|cabal"
    r"|flutter|bazel|rake|rails|composer|hatch|poetry run|uv run)\b[^|;&\n]{0,40}\b(?:test|tests|check|build|lint|vet"
    r"|verify|clippy|compile\w*|typecheck|type-check|validate|ci|e2e|assemble|package)"
    r"|tsc|mypy|pyright|pyre|ruff|flake8|pylint|eslint|stylelint|biome|prettier --check|black --check|shellcheck"
    r"|hadolint|yamllint|jsonlint|xmllint|htmlhint|pa11y|axe|lighthouse|html5?validator|latexmk|pdflatex|xelatex"
    r"|tectonic|mkdocs build|sphinx-build|hugo|nginx -t|apachectl configtest|caddy validate|terraform (?:validate"
    r"|plan)|kubeconform|ansible-lint|docker build|gcc|g\+\+|clang|javac|rustc|cmake --build|ninja|promtool check"
    r"|visudo -c|sshd -t|linkcheck\w*|smoke|healthcheck|selftest|self-test|\w+sum -c|--check|lilypond|fsck|cmp"
    r"|\w*(?:lint(?:er)?|valid(?:ator|ate)|verif(?:y|ier))|(?!git\b)\w*check(?:er)?)\b"
)
_GREEN = re.compile(
    r"(?im)(?:\b\d+ (?:tests? |specs? |examples?,? |checks? |scenarios? )?(?:passed|passing|succeeded|ok)\b"
    r"|\btests? passed\b|\ball (?:\d+ )?(?:tests?|checks?|specs?|files?|targets?)?\b[^\n]{0,40}(?:passed|pass|ok"
    r"|green|up[- ]to[- ]date|formatted|valid)|^OK\b|^ok\s+\S+|^PASS\b|\bBUILD SUCCESS(?:FUL)?\b|\bSuccess: no issues"
    r"|\bno (?:issues|problems|errors|warnings|violations|offenses|leaks)(?: (?:were )?found|!|\b)|\b0 (?:errors?"
    r"|failures?|failed|problems?|issues|violations|warnings)\b|\b(?:syntax is ok|test is successful|is valid"
    r"|valid configuration|configuration is valid|compiled successfully|build (?:succeeded|complete)|no type errors"
    r"|found 0 errors|0 fail\b|finished (?:`?dev|`?release|`?test)|up-to-date|output written on \S+\.pdf|no changes\. )"
    r"|\b(?:failures|failed): ?0\b|\b(?:left unchanged|already formatted)\b|100% tests passed|congratulations :\)"
    r"|^\s*[\w./-]+: OK\b|\bSUCCESS\b|\bPassed! |\bno findings\b|\bcompilation successful\w*"
    r"|^identical\W*$|\bFailed: +0\b)"
)
_RED_COUNT = re.compile(
    r"(?i)\b(?:[1-9]\d*) (?:tests? |specs? |examples?,? |checks? )?(?:failed|failures?|failing|errors?|errored|broken"
    r"|problems?|dead links)\b|\b(?:errors?|failures?|failed): ?[1-9]|\bfailures?=[1-9]|\berrors?=[1-9]"
    r"|\bfailed=[1-9]|\bunreachable=[1-9]"
)
_GREEN_COUNT = re.compile(
    r"(?i)\b(?:0|no) (?:tests? )?(?:failed|failures?|failing|errors?|problems?|issues)\b|\b(?:failures?|errors?"
    r"|failed): ?0\b|\bfailures?=0|\berrors?=0"
    r"|\berror[- ]?(?:handling|boundary|page|message|code)s?\b|\bx?fail-?fast\b|\bfailed=0\b"
)
_RED = re.compile(
    r"""(?mx)(?:
      \bFAILED\b | ^FAIL\b | \bFATAL\b | \bPANIC\b | \bABORTED\b | \bREJECTED\b | \[rejected\] | \bBUILD\ FAILURE\b
    | ^(?i:\s*(?:[\w./-]+:\s*)?(?:\[?(?:error|err|fatal|panic|exception|critical)\]?(?:\[\w+\])?\s*[:!]|error\b\s*\d
      |e:\ |error\ \w+\d+:))
    | \bTraceback\ \(most\ recent | ^\s*(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Warning:\ fatal)\b\s*:
      | \bUncaught\ \w | \bUnhandled\ \w
    | ^[\w./-]+\.\w{1,5}:\d+(?::\d+)?:\s*(?:fatal\ )?error\b
    | (?i:command\ not\ found|no\ such\ file|no\ such\ \w+|permission\ denied|access\ denied|operation\ not\ permitted
        |not\ permitted
        |unauthori[sz]ed|authentication\ (?:required|failed)|forbidden\b|connection\ (?:refused|reset|timed)
          |could\ not\ (?:find|resolve|connect|open|read|be|load|parse|locate|create|write)|couldn't\ (?:find|connect
          |resolve|open)
        |cannot\ (?:find|open|access|read|remove|create|connect|stat|import|resolve|allocate|be\ (?:found|resolved))
          |can't\ (?:find|open|connect)|unable\ to\ \w+|does\ not\ exist|doesn't\ exist|not\ found\b|not\ recognized
          |unrecognized\ \w+|unknown\ (?:tool|option|command|argument|column|flag|function|host|parameter|action
          |method|field|unit|city|date|month)
        |^invalid\b|:\ ERROR\b|invalid\ (?:argument|option|syntax|token|parameter|value|date|format|request|json
          |input|credentials|url|path
          |choice|key|name|id)|missing\ (?:required|argument|field|parameter|return|operand|\w+:)|syntax\ error
          |segmentation\ fault|out\ of\ memory|no\ space\ left|disk\ full|quota\ exceeded|rate\ limit\w*\ exceeded
          |too\ many\ requests
        |timed\ out|timeout\ (?:after|exceeded|expired|of)|deadline\ exceeded|already\ in\ use|unsupported\ \w+
          |failed\ (?:to|with|because)|has\ failed|failure\b:|no\ matching\ (?:distribution|version|host)
          |not\ a\ (?:valid|git)|refused\ to|merge\ conflict|CONFLICT\ \(|would\ be\ overwritten|is\ not\ (?:installed
          |defined|a\ function|recognized|allowed|supported|running)|\bmust\ (?:be|look\ like|match|have
          |contain)\b.{0,40}(?:e\.g|ISO|format|\d{4})
        |\b0\ (?:\w+\ ){0,2}?(?:imported|sent|loaded|inserted|written|exported|copied|created|added|uploaded|delivered
          |renewed|booked|saved|printed|synced|placed|installed|published|converted|restored
            |transferred)\b(?!,\ \d+\ (?:change|destroy))
        |"(?:renewed|sent|imported|booked|delivered|written|created|saved|uploaded|published|added|placed)"\s*:\s*0\b
        |"(?:status|state|result)"\s*:\s*"(?:bounced|blocked|cancell?ed|declined|undeliver\w*|expired|aborted)"
        |\bis\ empty\ or\ unknown|\#(?:REF|NAME|VALUE|DIV/0|NULL|NUM|N/A)\b|\(\w+::\w*(?:Error|Exception)\)
        |^0\ (?:match(?:es)?|replacements?|hits|rows\ affected)\b|^no\ \w+\ ['"\w][\w' "-]*\((?:\w+:|try|did|known
          |available|have)
        |0\ files?\ (?:written|exported|found|copied|created)|nothing\ (?:written|exported|was\ (?:written|done))
          |old\ string\ not|no\ match(?:es)?\ for|no\ changes\ (?:made|applied)|0\ replacements|occurs\ 0\ times
          |E(?:NOENT|ACCES|ADDRINUSE|CONNREFUSED|PERM
          |EXIST|TIMEDOUT|NOTFOUND|ISDIR|NOTDIR|MFILE)\b)
    | ^\s*(?:HTTP/\S+\s+)?[45]\d\d\b(?![.,]\d)(?!\s*(?:rows|items|files|results|lines|ms
      |kB|MB|bytes|records|tests|passed
      |words|issues|entries|\w+\s+(?:in|found)))
    | "(?:error|errors|exception|fault)"\s*:\s*(?!null|false|\[\]|\{\}|""|0\b)["\[{\w] | "(?:ok|success|successful
      |succeeded|valid|booked|created|sent|saved|updated|deleted|added|confirmed|accepted|done|delivered|reserved
        |started
      |completed|written|applied|installed|published)"\s*:\s*false | "(?:status|state|result)"\s*:\s*"(?:error
      |failed|failure|rejected|denied)"
      | "(?:status|code|status_?code)"\s*:\s*"?[45]\d\d\b
      | \b[A-Z]+_(?:FAILED|ERROR|DENIED|REFUSED|INVALID|EXPIRED)\b
      | "isError"\s*:\s*true
    )"""
)
_STOPPED = re.compile(
    r"\^C|(?i:\b(?:interrupted|cancel+ed|aborted) by (?:the )?(?:user|person)|keyboardinterrupt|request interrupted"
    r"|user (?:cancel+ed|aborted|rejected|denied)|process (?:killed|terminated) by)"
)
_QUIET = re.compile(
    r"(?i)\b(?:tsc|mypy|ruff|eslint|flake8|shellcheck|go (?:build|vet)|javac|gcc|g\+\+|clang|rustc|make|cargo check"
    r"|pyright|yamllint|nginx -t|visudo)\b"
)
_UNDER_WAY = re.compile(
    r"(?i)\beta\b|\b\d{1,2} ?%(?! \w)[^\n]*(?:\.\.\.|eta|remaining|left)|\bstill (?:running|working)\b"
)
_MASKED = re.compile(r"\||;|&\s*$|\bexit 0\b")
_WARNS = re.compile(r"(?i)\bwarn|\bskipp?ed|\bdeprecat|no tests|0 (?:tests|passed|files)")
_WARNING_LINE = re.compile(r"(?im)^\W*(?:warn(?:ing)?|note|hint|info|notice|deprecat\w+)\b[^\n;]*")
"""Whatever a warning says, the work went on."""
_BUILDS = re.compile(r"(?i)\b(?:build|hugo|sphinx|latex\w*|make|gcc|g\+\+|javac|compile\w*|assemble|package)\b")
_READS = re.compile(
    r"(?i)^(?:read|view|open|cat|get|list|ls|show|search|find|grep|glob|fetch|browse|web|recall|memory|load|look"
    r"|lookup|query)"
)
_SHOWS = re.compile(
    r"(?:^|[;&]\s*|\|\|\s*)\s*(?:sudo )?(?:cat|head|tail|less|more|bat|journalctl|dmesg|git (?:log|show|blame|diff)"
    r"|docker logs|kubectl logs|sed -n|awk|curl|wget|history|man|strings|jq|sort|uniq|echo|printf|ls|tree)\b"
)
COMMANDS = ("command", "cmd", "code", "script", "query", "sql", "input")
"""Arguments that hold what a call runs."""
_LOOK = 400
"""Characters of a shown text in which a failure of the showing itself can stand."""


def command_of(call: Part) -> str:
    """The command line, code or query that a call runs, or all its arguments as text."""
    arguments = call.arguments or {}
    for key in COMMANDS:
        if isinstance(arguments.get(key), str):
            return str(arguments[key])
    return json.dumps(arguments, ensure_ascii=False, sort_keys=True) if arguments else ""


def was_stopped(result: Part) -> bool:
    """Tell whether the person or the program broke the call off."""
    return result.exit_code in (130, 143, -2, -15) or bool(_STOPPED.search(result.text[-2000:]))


def found_nothing(call: Part, result: Part) -> bool:
    """Tell whether a search came back empty."""
    searched = _INFORMS.search(command_of(call)) is not None
    return searched and result.exit_code in (0, 1) and not result.text.strip()


def confirms(call: Part, result: Part) -> bool:
    """Tell whether a comparison came out as equal, or a difference as nothing."""
    compares = _COMPARES.search(command_of(call)) is not None
    return compares and not result.exit_code and _EQUAL.fullmatch(result.text.strip()) is not None


def is_check(call: Part) -> bool:
    """Tell whether a call checks something: tests, a build, a linter, a validator."""
    return bool(_CHECK.search(f"{call.name or ''} {command_of(call)}".replace("_", " ")))


def outcome(call: Part, result: Part) -> Outcome:
    """Read what became of a call."""
    command, text = command_of(call), result.text
    if was_stopped(result):
        return "unknown"
    if result.exit_code:
        if _PLAN.search(command) and result.exit_code == 2:
            return "passed" if "rror" not in text else "failed"
        informs = (
            (_INFORMS.search(command) and result.exit_code == 1) or _STATUS.search(command)
        ) and not _says_failed(text)
        return "unknown" if informs else "failed"
    if _shows(call, command):
        # A shown file or log may speak of failures that are not this call's.
        return (
            "failed" if len(text) <= _LOOK and _says_failed(text) and not is_check(call) and _is_error(text) else "done"
        )
    if _says_failed(text):
        return "failed"
    if is_check(call) and (
        _GREEN.search(text) or (result.exit_code == 0 and not text.strip() and _QUIET.search(command))
    ):
        return "passed"
    if is_check(call) and result.exit_code == 0 and not _MASKED.search(command) and not _WARNS.search(text):
        # By convention a checker that ends with 0 is content, whatever it prints.
        return "passed" if not _BUILDS.search(command) else "done"
    if _UNDER_WAY.search(text):
        return "unknown"
    return "done" if text.strip() or result.exit_code == 0 else "unknown"


def only_looks(call: Part) -> bool:
    """Tell whether a call only shows or searches something."""
    command = command_of(call)
    return _shows(call, command) or _INFORMS.search(command) is not None or _STATUS.search(command) is not None


def _shows(call: Part, command: str) -> bool:
    if command and call.arguments and any(key in call.arguments for key in ("command", "cmd")):
        return bool(_SHOWS.search(command)) and not is_check(call) and "tee" not in command
    return bool(_READS.match(call.name or ""))


def _is_error(text: str) -> bool:
    """Whether a short text is an error of its own, and not a line of a file that mentions one."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return bool(_RED.match(first.strip())) or bool(_RED.search(first[:120]) and len(text.splitlines()) <= 3)


def _says_failed(text: str) -> bool:
    cleared = _GREEN_COUNT.sub(" ", _WARNING_LINE.sub(" ", text))
    return bool(_RED_COUNT.search(cleared) or _RED.search(cleared))
