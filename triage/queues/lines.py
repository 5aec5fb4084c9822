"""Which emails the same people can answer, and who that is: pure rules, no tables.

The claim asks the same in SQL (picking.py); a test holds the two together.
"""

from collections.abc import Collection
from dataclasses import dataclass

from triage.accounts.policy import Actor, Trust

ANY_LANGUAGE = ""  # nobody could tell, so anybody may try
NOT_THEIRS = "und"  # somebody said that it is not in their language (ISO 639-2: undetermined)


@dataclass(frozen=True, kw_only=True)
class LineKey:
    """What makes a line: emails alike in all four are waiting for the same people."""

    queue_id: int
    language: str = ANY_LANGUAGE
    needs_trust: int = Trust.NEWCOMER
    tone: str = "neutral"


@dataclass(frozen=True, kw_only=True)
class Server:
    """Who answers: the queues they serve, the languages they listed (none: any), their trust."""

    queue_ids: Collection[int]
    languages: Collection[str] = ()
    trust: int = Trust.NEWCOMER


def may_serve(server: Server, line: LineKey) -> bool:
    """Tells whether emails of this line may be given to this person."""
    return (
        line.queue_id in server.queue_ids
        and line.needs_trust <= server.trust
        and speaks(server.languages, line.language)
    )


def speaks(languages: Collection[str], language: str) -> bool:
    """Tells whether somebody who listed these languages may be given an email in this one.

    What was not in somebody's language goes to those who named none, or several.
    """
    if not languages or language == ANY_LANGUAGE:
        return True
    return language in languages or (language == NOT_THEIRS and len(languages) > 1)


def language_after_pass(*, by: Actor, line_language: str, detected: str) -> str:
    """Gives the language of an email that `by` said is not in theirs.

    What we detect now, unless that is what they were given it for; then nobody can tell.
    """
    own = by.helping.languages if by.helping else ()
    if detected and detected not in own and detected != line_language:
        return detected
    if line_language and line_language not in own:
        return line_language
    return NOT_THEIRS
