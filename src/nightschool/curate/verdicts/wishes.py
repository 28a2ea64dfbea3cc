"""What a turn wants and what its calls do, as patterns: a change, a proof, a failure, a way back. No logic."""

from __future__ import annotations

import re

SHORT_REPLY = 3
MEASURE = re.compile(r"(?i)\d ?(?:ms|s|sec\w*|min\w*|h|hours?|kb|mb|gb|%)\b")
"""A figure is told of what was advised, not of the small talk after it."""
ONE_WISH = 14
"""Words that hold a wish and nothing beside it."""
KEEPING = re.compile(
    r"(?i)(?<![\w-])(?:git (?:commit|push|merge)|gh pr (?:create|merge)|npm publish|twine upload|kubectl apply|(?:\./"
    r"|make |npm run |yarn |fly |vercel |netlify |cap )\w*deploy\w*|docker push|git tag|ansible(?:-playbook)?"
    r"|cargo publish|gem push|rsync|scp|helm upgrade|terraform apply)\b"
)
ASKS_TO_KEEP = re.compile(
    r"(?i)\b(?:commit|push|merge|deploy|ship|publish|release|send|submit|tag|open (?:a|the) (?:pr|pull request)"
    r"|go live|roll (?:it|that|this|them) out|roll ?out|apply|install|einchecken|committe)\b"
)
REVERTING = re.compile(
    r"(?i)\bgit (?:revert|reset --hard|checkout (?:--|HEAD)|restore|stash drop)\b|\brollout undo\b|\bhelm rollback\b"
)
REVERTED = re.compile(r"(?i)(?<!\w)(?:revert|restore|undo|back out|roll back)\w*:? \"?(?P<what>[^\"\n]{3,})")
WANTS_BACK = re.compile(
    r"(?i)\b(?:undo|revert\w*|back|restore|reset|throw (?:it|that|this)|out again|away|drop (?:it|that|this)"
    r"|roll (?:it|that)"
    r"|as (?:it|they) (?:was|were)|how (?:it|they) (?:was|were))\b"
)
STANDS = re.compile(
    r"(?i)\bstill (?:there|stands?|the|at|as|in place|on|reads?|has|from|says)\b|\b(?:untouched|unchanged"
    r"|unmodified|identical"
    r"|no differences?|byte for byte|(?:nobody|no one) (?:has )?(?:touched|changed|modified|edited)|diff is empty"
    r"|exactly the"
    r" (?:version|text|file)|as i (?:left|wrote)|(?:hasn'?t|haven'?t|has not|have not) (?:been )?changed|still from)\b"
)
GONE = re.compile(
    r"(?i)\b(?:no longer|not there|isn'?t (?:there|in)|(?:was|were|has been|been) (?:replaced|removed|reverted"
    r"|overwritten|undone"
    r"|changed)|gone|differs?|different|not any ?more)\b"
)
WRITES = re.compile(
    r"(?i)(?:edit|write|replace|patch|create|update|insert|append|rename|move|delete|apply)_?\w*|str_replace\w*"
    r"|multi_?edit"
)
WRITES_BY_SHELL = re.compile(
    r"(?i)\bsed -i|\btee\b|>>?\s*[\w./-]+|\bgit (?:commit|mv|rm|apply)\b|\bpatch\b|\bmv\b|\bperl -pi|\bkubectl (?:set"
    r"|apply|rollout)|\balembic|\bmigrate\b|--fix\b|--write\b"
)
WANTS_CHANGE = re.compile(
    r"(?i)\b(?:fix|implement|add|handle|change|rename|replace|remove|refactor|make|switch|convert|write|create|update"
    r"|upgrade|migrate|port|extract|move|support|extend|improve|optimi[sz]e|build|compile|format|generate|repair"
    r"|patch|bug|broken|red|fail\w*|flaky|doesn'?t|complain\w*|error\w*|undefined)\b"
)
WANTS_NONE = re.compile(
    r"(?i)\b(?:prove|show|verify|check|confirm|make sure|demonstrate)\b[^.?!]{0,40}\b(?:none|no(?:ne|thing)?|gone"
    r"|not one|zero|not any\w*)\b"
)
"""A search that finds nothing is the proof that was asked for."""
ASKS_WHETHER = re.compile(
    r"(?i)\W*(?:(?:can|could) you )?(?:please )?(?:check|see|find out|tell me|look) (?:if|whether)\b|\W*(?:is|are"
    r"|does|do|has|have|any)\b"
)
"""An empty 1 answers such a question with no."""
ONLY_ASKS = re.compile(
    r"(?i)\W*(?:(?:please|just|can|could|you|now|ok|quickly|hey|then|and)\W+)*(?:re-?run|run|test|check|show|list"
    r"|see|how"
    r"|what|which|is|are|do|does|did|has|have|still|start|lint|build|compile)\b"
)
"""A request that only wants to know how a check ends; what passes then says nothing of an answer."""
CLAIMS_CHANGE = re.compile(
    r"(?i)\b(?:fixed|corrected|changed|switched|swapped|replaced|added|removed|rewr(?:ote|itten)|renamed|moved|turned"
    r"|quoted|guarded|wrapped|updated|upgraded|pinned|bumped|set|dropped|deleted|split|merged|converted|copied|made"
    r"|implemented|extracted|inlined|escaped|reordered|repaired|patched|installed|geändert|ersetzt|ergänzt|korrigiert"
    r"|behoben|umgestellt|corrigé|remplacé|ajouté|modifié|cambiado|corregido|añadido|reemplazado|\w{3,}ized"
    r"|(?:it|they|this|that) \w+s? [^.]{0,40}\bnow|now (?:returns?|is|are|uses?|has|takes|goes|reads))\b"
)
EXPECTS = re.compile(
    r"(?i)\b(?:must be|should be|has to be|have to be|should give|must give|must come to|exact value is"
    r"|expected(?: value)?(?: is|:)"
    r"|known (?:value|result|answer)(?: is|:))([^.?!\n]*(?:\.\d[^.?!\n]*)*)"
)
LOOKS = re.compile(
    r"(?i)\W*(?:(?:please|just|can|could|you|now|hey)\W+)*(?:check|test|see|look|ping|is|are|does|do|has|have|any"
    r"|what|which"
    r"|how|count|find out)\b"
)
WANTS_FAILURE = re.compile(
    r"(?i)\b(?:failing (?:test|spec|case|example|unit test|check)|test (?:that|which) (?:fails|shows|reproduces)"
    r"|(?:show|reproduce|prove"
    r"|demonstrate)s? the (?:bug|problem|issue|error|crash)|don'?t fix(?: it)?(?: yet)?|should fail|must fail"
    r"|expect(?:ed)? to fail|make it fail|red first|fails? as (?:it should|expected)|see (?:it|them|that) (?:fail|red)"
    r"|red,? please|(?:first|only|just)[^.]{0,30} (?:test|spec)s?\b|(?:as|like) (?:intended|ordered|wanted|asked"
    r"|planned"
    r"|you (?:wanted|asked)|agreed)|(?:test|spec) (?:that |which |to )?(?:expose|catche?|trigger|demonstrate|prove|show"
    r"|reproduce|fail)s?\b|(?:leave|don'?t touch|without touching) the (?:code|source|implementation|bug)"
    r"|i(?:'ll|'d like to| will| want to) fix (?:it|that|this) (?:myself|later|then)|it(?:'s| is) red\b|goes red"
    r"|reproduce)\b"
)
