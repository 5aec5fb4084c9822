"""The languages that a helper may say they answer in."""

from django.utils.translation import get_language_info

OFFERED = ("en", "de", "es", "fr", "it", "nl", "pl", "pt", "tr", "uk", "ar", "zh-hans")


def choices() -> list[tuple[str, str]]:
    """Gives (code, name in the reader's language) of each, as emails are marked with the code."""
    return [(code[:2], str(get_language_info(code)["name_translated"])) for code in OFFERED]
