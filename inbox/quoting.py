"""Only the new words: what this person wrote, without older mails, signature and small print.

Every rule looks at one line or a window of a few bounded ones, so the time is linear in the length.
"""

import re
from collections.abc import Sequence

from inbox import plaintext

_LONGEST_LINE = 500
_ATTRIBUTION_LINES = 4
_LONGEST_ATTRIBUTION = 400
_SIGNATURE_LINES = 20
_BARE_SIGNATURE_LINES = 8
_FOOTER_LINES = 12

_QUOTED = re.compile(r"\s{0,8}(?:>|\uff1e)")

# Begin and verb of the line that mail programs put above a quote, per language.
_ATTRIBUTIONS = re.compile(
    r"""
      on\b.{5,}\bwrote
    | am\b.{5,}\bschrieb\b.{0,150}
    | le\b.{5,}\ba\ écrit
    | el\b.{5,}\bescribió
    | il\b.{5,}\bha\ scritto
    | (?:em|a|no\ dia)\b.{5,}\bescreveu
    | op\b.{5,}\bschreef\b.{0,150}
    | (?:den|på)\b.{5,}\bskrev\b.{0,150}
    | (?:w\ dniu|dnia)\b.{5,}\b(?:napisał(?:a|\(a\))?|pisze)\b.{0,150}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTION_WORDS = [
    "wrote",
    "schrieb",
    "écrit",
    "escribió",
    "scritto",
    "escreveu",
    "schreef",
    "skrev",
    "napisał",
    "napisała",
    "pisze",
]
_ATTRIBUTION_STARTS = (
    "on",
    "am",
    "le",
    "el",
    "il",
    "em",
    "a",
    "no",
    "op",
    "den",
    "på",
    "w",
    "dnia",
)
_NAME_FIRST = re.compile(
    r".{2,200}\b(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev"
    r"|napisał(?:a|\(a\))?)\b.{0,120}",
    re.IGNORECASE,
)
_DATE_FIRST = re.compile(r"\d{4}[-/.]\d\d?[-/.]\d\d?\b.{0,200}<[^<>\s]{1,100}@[^<>\s]{1,100}>\s?")

_SEPARATOR = re.compile(
    r"""
    [-_=*\s]{2,40}\s?
    (?: original\ (?:message|e-?mail|appointment) | forwarded\ (?:message|by\b.{0,100})
      | ursprüngliche\ (?:nachricht|e-?mail) | original-?nachricht
      | weitergeleitete\ (?:nachricht|e-?mail)
      | message\ (?:d['’]origine|original|transféré|initial) | courriel\ original
      | mensaje\ (?:original|reenviado) | messaggio\ (?:originale|inoltrato)
      | mensagem\ (?:original|encaminhada) | oorspronkelijk\ bericht
      | (?:doorgestuurd|origineel)\ bericht | ursprungligt\ meddelande | vidarebefordrat\ meddelande
      | (?:wiadomość\ oryginalna|oryginalna\ wiadomość|wiadomość\ przekazana|przekazana\ wiadomość)
    )
    \s?[-_=*\s]{2,40}
    | begin\ forwarded\ message:\s? | anfang\ der\ weitergeleiteten\ (?:nachricht|e-?mail):\s?
    | début\ du\ message\ (?:réexpédié|transféré)\s?:\s? | inizio\ messaggio\ inoltrato:\s?
    | inicio\ del\ mensaje\ reenviado:\s? | início\ da\ mensagem\ (?:re)?encaminhada:\s?
    | begin\ doorgestuurd\ bericht:\s? | vidarebefordrat\ brev:\s?
    | początek\ przekazywanej\ wiadomości:\s?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RULE = re.compile(r"\s{0,3}[_\-=*]{3,200}\s{0,3}")

_FROM = frozenset(["from", "von", "de", "da", "van", "från", "od"])
_SUBJECT = frozenset(
    ["subject", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "ämne", "temat"]
)
_SENT_OR_TO = frozenset(
    [
        "sent",
        "date",
        "to",
        "gesendet",
        "datum",
        "an",
        "envoyé",
        "date",
        "à",
        "enviado",
        "fecha",
        "para",
        "inviato",
        "data",
        "a",
        "verzonden",
        "aan",
        "skickat",
        "till",
        "wysłano",
        "do",
        "cc",
    ]
)
_LABEL = re.compile(r"[>\s*]{0,8}([^\W\d_]{1,12})\s?\*{0,2}\s?:\*{0,2}\s")
_HEADER_BLOCK_LINES = 8

_SIGNATURE = re.compile(r"--[ \u00a0]|--|—[ \u00a0]?")
_MOBILE_FOOTER = re.compile(
    r"""
    [\s(\[<]{0,4}
    (?: sent\ (?:from|via|using|with)\ (?:my\ )?(?:\w{1,20}\ ){0,3}?
          (?:iphone|ipad|android|phone|mobile|smartphone|galaxy|samsung|outlook|mail|yahoo|proton|blackberry|windows|huawei|device)\b
      | get\ outlook\ for\b | (?:von|mit)\ mein\w{1,3}\ .{1,60}\ gesendet | gesendet\ (?:von|mit)\b
      | holen\ sie\ sich\ outlook | diese\ nachricht\ wurde\ von\ mein
      | envoyé\ (?:de|depuis|avec)\b | télécharge[rz]\ outlook | obtenez\ outlook
      | enviado\ (?:desde|do|de|a\ partir)\b | obtener?\ outlook | obter\ o\ outlook
      | inviato\ (?:da|dal)\b | scarica\ outlook | ottieni\ outlook
      | verstuurd\ vanaf | verzonden\ (?:vanaf|met|vanuit)\b | outlook\ voor\b.{1,20}\ downloaden
      | skickat\ från | hämta\ outlook | wysłane?\ (?:z|za)\b | pobierz\ (?:program\ )?outlook
    )
    .{0,120}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"""
      \bintended\ (?:solely|only|exclusively)?\s?for\ the\b.{0,120}
        \b(?:recipient|addressee|individual|person|use)
    | \bif\ you\ are\ not\ the\ (?:intended|named)
    | \bif\ you\ have\ received\ this\ (?:e-?mail|message|communication)\ in\ error
    | \b(?:e-?mail|message|communication)\b.{0,80}\b(?:is|are|may\ be|contains?|may\ contain)\b
        .{0,40}\b(?:confidential|privileged)
    | \bbefore\ printing\ this\b | \bconsider\ the\ environment\b
    | \b(?:e-?mail|nachricht)\b.{0,80}\b(?:vertraulich|rechtlich\ geschützt)
    | \bnicht\ der\ (?:richtige|beabsichtigte|vorgesehene)\ (?:adressat|empfänger)
    | \b(?:message|courriel|e-?mail)\b.{0,120}\b(?:confidentiel|strictement\ réservé)
    | \b(?:mensaje|correo|mensagem|e-?mail)\b.{0,120}\b(?:confidencia[li])
    | \b(?:messaggio|e-?mail)\b.{0,120}\b(?:riservat|confidenziali)
    | \b(?:bericht|e-?mail)\b.{0,120}\b(?:vertrouwelijk|uitsluitend\ bestemd)
    | \b(?:meddelande|e-?post)\b.{0,120}\b(?:konfidentiell|sekretess)
    | \b(?:wiadomość|e-?mail)\b.{0,120}\b(?:poufn|wyłącznie\ dla\ adresata)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def new_text(text: str, html: str = "") -> str:
    """What the writer newly wrote in `text` or, where that is empty or vaguer, in `html`.

    Older mails, attribution lines, signatures, phone footers and disclaimers are cut; answers
    written between quoted lines stay. When nothing would be left, the whole text is given back.
    """
    whole = plaintext.clean(text).strip()
    if not html:
        return _cut(whole) or whole
    if not whole:
        whole = plaintext.html_to_text(html)
        return _cut(plaintext.html_to_text(html, quotes=False)) or _cut(whole) or whole
    cut = _cut(whole)
    if plaintext.has_quote(html):
        from_html = _cut(plaintext.html_to_text(html, quotes=False))
        if from_html and (not cut or len(from_html) < len(cut)):
            return from_html
    return cut or whole


def _cut(text: str) -> str:
    lines = [line.rstrip("\n") for line in text.split("\n")]
    kept = _without_footers(_without_signature(_without_history(lines)))
    return "\n".join(line.rstrip() for line in kept).strip()


def _without_history(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at][:_LONGEST_LINE]
        if _QUOTED.match(line):
            at += 1
            continue
        length = _attribution_length(lines, at)
        if length:
            if not _quote_follows(lines, at + length):
                break
            at += length
            continue
        if _ends_new_words(lines, at, line):
            break
        kept.append(lines[at])
        at += 1
    return kept


def _ends_new_words(lines: Sequence[str], at: int, line: str) -> bool:
    """Whether older mail begins at this line and runs to the end."""
    stripped = line.strip()
    if not stripped:
        return False
    if stripped[0] in "-_=*bBaAdDiIvVpP" and _SEPARATOR.fullmatch(stripped):
        return True
    if _RULE.fullmatch(line):
        return any(_is_header_block(lines, at + step) for step in (1, 2))
    return _is_header_block(lines, at)


def _label(lines: Sequence[str], at: int) -> str:
    found = _LABEL.match(lines[at][:80] + " ")
    return found[1].lower() if found else ""


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """From with Sent or To and Subject within a few lines, as Outlook puts above an older mail."""
    if at >= len(lines) or _label(lines, at) not in _FROM:
        return False
    labels = {_label(lines, n) for n in range(at, min(len(lines), at + _HEADER_BLOCK_LINES))}
    return bool(labels & _SUBJECT) and bool(labels & _SENT_OR_TO)


def _attribution_length(lines: Sequence[str], at: int) -> int:
    """How many lines the attribution that begins here takes; 0 when there is none."""
    first = lines[at].strip()
    if not first or len(first) > _LONGEST_ATTRIBUTION:
        return 0
    if _is_one_line_attribution(first):
        return 1
    if not first.lower().startswith(_ATTRIBUTION_STARTS):
        return 0
    joined = ""
    for length in range(1, min(_ATTRIBUTION_LINES, len(lines) - at) + 1):
        line = lines[at + length - 1].strip()
        joined = f"{joined} {line}".strip()
        if not line or len(joined) > _LONGEST_ATTRIBUTION:
            return 0
        if joined.endswith((":", "：")):
            body = joined[:-1].rstrip()
            return length if _has_date(body) and _ATTRIBUTIONS.fullmatch(body) else 0
    return 0


def _has_date(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_one_line_attribution(line: str) -> bool:
    if not line.endswith((":", "：")):
        return False
    body = line[:-1].rstrip()
    if _DATE_FIRST.fullmatch(body):
        return True
    if not _has_date(body) and "@" not in body:
        return False
    lowered = body.lower()
    if not any(word in lowered for word in _ATTRIBUTION_WORDS):
        return False
    named = "<" in body and "@" in body
    return bool(named and _NAME_FIRST.fullmatch(body)) or bool(_ATTRIBUTIONS.fullmatch(body))


def _quote_follows(lines: Sequence[str], at: int) -> bool:
    """Whether the next line with words is marked as quoted, so that new words may come after it."""
    for line in lines[at : at + 3]:
        if line.strip():
            return bool(_QUOTED.match(line))
    return False


def _without_signature(lines: list[str]) -> list[str]:
    words = 0
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at][:_LONGEST_LINE].lstrip()
        if not line:
            continue
        words += 1
        if words > _SIGNATURE_LINES:
            break
        if _SIGNATURE.fullmatch(line):
            exact = line != line.rstrip()
            if exact or words <= _BARE_SIGNATURE_LINES:
                return lines[:at]
    return lines


def _without_footers(lines: list[str]) -> list[str]:
    """Drop phone footers, disclaimers and rules from the end, paragraph by paragraph."""
    kept = list(lines)
    looked_at = 0
    while kept and looked_at < _FOOTER_LINES:
        looked_at += 1
        last = kept[-1].strip()
        if not last or _RULE.fullmatch(last) or _MOBILE_FOOTER.fullmatch(last):
            looked_at -= not last
            kept.pop()
            continue
        start = _paragraph_start(kept)
        if not _DISCLAIMER.search(" ".join(kept[start:])[:4_000]):
            break
        del kept[start:]
    return kept


def _paragraph_start(lines: Sequence[str]) -> int:
    at = len(lines)
    while at > 0 and lines[at - 1].strip() and len(lines) - at < 40:
        at -= 1
    return at
