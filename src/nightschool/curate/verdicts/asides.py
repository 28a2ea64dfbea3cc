"""Words that sound like a verdict on an answer and are none, as data. No logic."""

from __future__ import annotations

import re

OWN_SLIP = re.compile(
    r"(?i)^\W*(?:oops|whoops|ups|uups)\b(?!\W+(?:you|it|that|this)\b)|\b(?:swapped|mixed up) the (?:digits|letters"
    r"|names|numbers)\b|^\W*(?:ah|oh|uh)?\W*sorry\W+it'?s (?:called|named|on|in)\b|\bfat (?:thumbs?|fingers?)\b"
    r"|\bhad \w+ in mind\b|\bwas for (?:my|the) (?:son|daughter|kids?|dog"
    r"|wife|husband|cat)\b|\bnot you,|\b(?:please )?ignore (?:the|that|this|it)\b|[([](?:please )?ignore\b|\b(?:not"
    r"|never)"
    r" delivered\b|\b(?:posted|sent) (?:it|this|that) (?:a second time|twice)\b|\(sorry\b|\bhere(?:'s"
    r"| is) the (?:current|right|correct|actual|real|newer?|latest)\b|\bsorry,? (?:double"
    r"|twice|again|lag)\b|\b(?:(?:sorry|oops|ah|oh|whoops)[,. !-]*(?:i |my |wrong |that was )?(?:meant|mean|mistake"
    r"|bad|fault|typo"
    r"|paste|mixed|misread|confused|for the|about the|sent)|i (?:meant|mean) to (?:say|write|type|ask|paste)"
    r"|my (?:mistake|bad|fault|typo|error|phone)|i see (?:the|my) (?:mistake|error|problem|typo)|(?:oops|ups|whoops"
    r"|oh|ah|sorry|argh|ach)\W+(?:that was )?(?:the )?wrong (?:file|one|link|image"
    r"|screenshot|picture|number|copy|version|snippet|photo|table|line|text)|(?:sent|posted"
    r"|pressed send) (?:it )?(?:again|twice)\b|double post"
    r"|re-?sent|(?:bad|weak|no|lost) (?:signal|connection|reception)|wrong (?:paste|chat"
    r"|window|tab|thread|clipboard)|i (?:mis)?typed"
    r"|i mistyped|i misread|i misspoke|i (?:pasted|gave you|sent you|copied|told you) the wrong|i should(?:'ve"
    r"| have) (?:said|mentioned|told|added|been)|(?:i )?forgot to (?:say|mention|add|tell|write|include|paste)"
    r"|scratch that\W*$|sent twice|sent it twice|autocorrect|auto-?correct|hit (?:send|enter) too|too early, "
    r"|mea culpa|was my (?:fault|mistake)|typo (?:on my|of mine)|verschrieben|vertippt|mein fehler"
    r"|ich meinte natürlich|ma faute|mi error|me equivoqué|quise decir|errore mio|meu erro)\b|^\*\w+|^\s*\w+\*\s*$"
)
CHANGED_WISH = re.compile(
    r"(?i)\b(?:the|my|our|his|her) \w+ (?:has |have )?(?:just )?(?:called|rang|wrote|texted|cancell?ed|moved it"
    r"|postponed)\b[^?]*\b(?:now|instead"
    r"|change|move|make it|so)\b|\b(?:changed? (?:my|our|her|his|their) mind|on second thoughts?|turns out (?:the"
    r"|we|i|my|our|they|he|she"
    r"|it'?s)|new (?:plan|idea|requirement|info)|plans? (?:have )?changed|let'?s (?:go with|do|make it|try"
    r"|switch to) \w+(?: \w+)? instead|actually,? (?:let'?s|make it|can you|could you|i'?d (?:like|prefer)|we)"
    r"|we(?:'ve| have)? decided|they(?:'ve| have)? (?:decided|changed)|(?:client|boss|wife|husband|editor|customer"
    r"|teacher) (?:now |has )?(?:wants|changed|decided|prefers)|(?:i|we) (?:just |only |have )?(?:learn(?:ed|t)"
    r"|found out|heard|was told|were told) (?:it |that )?(?:today|just now|this morning|now|yesterday)"
    r"|umentschieden|anders überlegt|doch lieber|finalement"
    r"|changé d'avis|he cambiado de|mejor hacemos|ho cambiato idea|mudei de ideia|what if we|how about we)\b"
)
AWAY = re.compile(
    r"(?i)\b(?:brb|back (?:in|soon|later)|one (?:sec|moment|minute)|gotta (?:go|run)|got to (?:go|run)|be right back"
    r"|doorbell|phone'?s ringing|bin gleich|un momento|un instant|will (?:try|test|check|read|look|do)(?: it| that"
    r"| this)?\b|i'?ll (?:try|test|check|read|look at|let you know|report back)|trying (?:it )?(?:now|later|tomorrow)"
    r"|later today|(?:^|[,.;] ?)waiting\W*$|not (?:tried|tested|read|looked)(?: \w+)? yet)\b"
)
OTHERS = re.compile(
    r"(?i)\b(?:what (?:he|she|they|my \w+)(?:'ll|'d| will| would| always)? (?:say|says|said)|(?:he|she|they|my \w+"
    r"|the other \w+|people|critics|some|someone)(?:(?:['’](?:d|ll)| will| would| might)(?: probably| surely| just)?"
    r" (?:say|call|disagree|tell|yell|shout|scream|cry|moan|argue|object|insist|claim|answer|reply|go)\b| says?"
    r"| said| thinks?| claims?| wrote| told me)"
    r"|(?:if|suppose|imagine|pretend|hypothetically|let'?s say|would you|what would)\b.{0,40}\b(?:said|told|say|wrong"
    r"|rubbish|complain))"
)
"""Whose verdict it is when it is not the person's, or not about the answer."""
