"""The words of the sorter: two questions about one email, and the label that follows from them."""

TOPICS = ("password_reset", "data_concern", "other")
TONES = ("angry", "praise", "neutral")
LABELS = ("password_reset", "data_concern", "angry", "praise", "other")

LANGUAGES = ("en", "de", "es", "fr")
"""ISO 639-1 codes of the languages that the shipped training mails cover."""


def primary_label(topic: str, tone: str) -> str:
    """The one label of an email: its topic if it has one, else its tone, else `other`."""
    if topic in ("data_concern", "password_reset"):
        return topic
    return tone if tone in ("angry", "praise") else "other"
