import re

from tests.architecture.sources import inside, templates

BARE_TIME = re.compile(r"\{\{[^}]*\|\s*(date|time|timesince|timeuntil|naturaltime)\b|\{%\s*now\b")
INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)
FROM_OUTSIDE = re.compile(r"""(src|href)=["'](https?:)?//""")
NEVER_SAID = re.compile(
    r"\b(tickets?|agents?|SLA|panic|enlist\w*|leases?|revoked|suspended|demoted|trust level"
    r"|unsorted|quarantined?)\b",
    re.IGNORECASE,
)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
TRANSLATED = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")


def test_a_time_is_never_shown_bare() -> None:
    assert [inside(path) for path in templates() if BARE_TIME.search(path.read_text())] == []


def test_no_template_has_inline_style_or_script() -> None:
    pages = [path for path in templates() if "emails" not in path.parts]
    assert [inside(path) for path in pages if INLINE.search(path.read_text())] == []


def test_nothing_is_loaded_from_outside() -> None:
    assert [inside(path) for path in templates() if FROM_OUTSIDE.search(path.read_text())] == []


def words(text: str) -> str:
    """Gives what people read of a template."""
    translated = " ".join(first or second for first, second in TRANSLATED.findall(text))
    return TAGS.sub(" ", text) + " " + translated


def test_no_page_says_words_that_are_not_ours() -> None:
    said = {
        inside(path): found.group()
        for path in templates()
        if (found := NEVER_SAID.search(words(path.read_text())))
    }
    assert said == {}


BLOCK_TRANSLATED = re.compile(r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}", re.DOTALL)


CLASS_BLOCK = re.compile(r"\{% block main_class %\}.*?\{% endblock %\}")


def test_every_word_on_screen_goes_through_gettext() -> None:
    bare: dict[str, list[str]] = {}
    for path in templates():
        text = BLOCK_TRANSLATED.sub(" ", CLASS_BLOCK.sub(" ", path.read_text()))
        loose = re.findall(r"[A-Za-z]{3,}", TAGS.sub(" ", text).replace("&nbsp;", " "))
        left = [word for word in loose if word not in {"Muster", "doctype", "Ctrl"}]
        if left:
            bare[inside(path)] = left[:5]
    assert bare == {}
