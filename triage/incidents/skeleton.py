"""The briefing that a new incident starts from: places in brackets are filled in or taken out.

By section as the form has them: `known_public` is for everybody, `known` for helpers.
"""

STARTER: dict[str, str] = {
    "happened_public": (
        "On [day] at [time, with zone] we found that [what happened, in one plain sentence].\n\n"
        "We [what was done to stop it] on [day]. We are sorry, and we will tell you more here as "
        "soon as we know more."
    ),
    "happened": (
        "It came to light through [who noticed, and how]. [Name] leads the work on it and decides "
        "what is said outside."
    ),
    "known_public": (
        "Affected: [what, for example names and email addresses].\n\n"
        "Not affected: [what, only if it is certain]."
    ),
    "known": (
        "About [number] people are affected. We answer every one, however long it takes.\n\n"
        "Most will ask: [the question you expect most]. The approved answers cover it."
    ),
    "unknown_public": "We do not know yet [what is still being looked into].",
    "unknown": (
        "“We do not know yet, and we will tell you when we do” is a good answer. A guess is not, "
        "even a kind one."
    ),
    "never_say": (
        "Never say that nothing bad can come of it. Nobody knows that.\n\n"
        "Never blame anybody: no colleague, no supplier, and never the person who writes.\n\n"
        "Never promise money, a date or an exception. If somebody asks for one, ask a pro.\n\n"
        "Never ask for a password, a code or a card number, and never repeat one that somebody "
        "sent."
    ),
    "to_do": (
        "Read everything the person wrote before you choose an answer. They may be asking for "
        "something else than the subject says.\n\n"
        "Say sorry first, then answer their question, then say what happens next. Add one line of "
        "your own where it helps.\n\n"
        "A lawyer, a journalist, a threat: pass it on, it reaches the right colleague at once. "
        "Somebody may be in danger: say so with one press, before anything else.\n\n"
        "Stop when you are tired. Nobody counts how fast you are."
    ),
}
