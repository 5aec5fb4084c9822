"""Only the new words: what this person wrote, without older mails, signature and small print.

Every rule looks at one line or a window of a few bounded ones, so the time is linear in the length.
"""

import re
from collections.abc import Sequence

from inbox import plaintext

_MOST_LINES = 50_000
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
    | op\b.{5,}\b(?:schreef|geschreven)\b.{0,150}
    | (?:den|på)\b.{5,}\bskrev\b.{0,150}
    | wiadomość\ napisana\ przez\b.{5,}
    | (?:w\ dniu|dnia)\b.{5,}\b(?:napisał(?:a|\(a\))?|pisze)\b.{0,150}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTION_VERBS = (
    *("wrote", "schrieb", "écrit", "escribió", "scritto", "escreveu", "schreef", "skrev"),
    *("geschreven", "napisa", "pisze"),
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
_FIRST_LABELS = _FROM | _SENT_OR_TO
_LABEL = re.compile(r"[>\s*]{0,8}([^\W\d_]{1,12})\s?\*{0,2}\s?:\*{0,2}\s")
_HEADER_BLOCK_LINES = 8

# Only lines that look like this are looked at more closely.
_SUSPECT = re.compile(
    r"""
    \s{0,8} (?: [>\uff1e\-_=*]
      | [^\W\d_]{1,12} \s? \*{0,2} :
      | (?: on|am|le|el|il|em|a|no|op|den|på|w|dnia|wiadomość
          | begin|anfang|début|inizio|inicio|início|vidarebefordrat|początek ) \b )
    | .*[:\uff1a]\s*$
    """,
    re.VERBOSE | re.IGNORECASE,
)

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
      | .{0,40}\boutlook\ (?:for|für|voor|para|per|pour|för|dla)\ (?:ios|android)\b
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
    Reads at most 50,000 lines.
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
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    kept = _without_footers(_without_signature(_History(lines).new_lines()))
    return "\n".join(kept).strip()


class _History:
    """Walks the lines once and leaves out what is older than this mail."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self._next_colon = -1
        self._labels: dict[int, str] = {}

    def new_lines(self) -> list[str]:
        kept: list[str] = []
        at = 0
        while at < len(self.lines):
            if not _SUSPECT.match(self.lines[at], 0, _LONGEST_LINE):
                kept.append(self.lines[at])
            elif not _QUOTED.match(self.lines[at]):
                length = self._attribution_length(at)
                if length and not _quote_follows(self.lines, at + length):
                    break
                if not length:
                    if self._ends_new_words(at):
                        break
                    kept.append(self.lines[at])
                at += max(0, length - 1)
            at += 1
        return kept

    def _ends_new_words(self, at: int) -> bool:
        """Whether older mail begins at this line and runs to the end."""
        line = self.lines[at][:_LONGEST_LINE].strip()
        if _SEPARATOR.fullmatch(line):
            return True
        if _RULE.fullmatch(line):
            return any(self._is_header_block(at + step) for step in (1, 2))
        return self._is_header_block(at)

    def _is_header_block(self, at: int) -> bool:
        """From with Sent or To and Subject within a few lines, as Outlook puts above a mail."""
        if self._label(at) not in _FIRST_LABELS:
            return False
        labels = {self._label(at + step) for step in range(_HEADER_BLOCK_LINES)}
        return all(labels & kind for kind in (_FROM, _SUBJECT, _SENT_OR_TO))

    def _label(self, at: int) -> str:
        """The word before a colon at the begin of a line, in lower case; "" when there is none."""
        if at >= len(self.lines):
            return ""
        if at not in self._labels:
            found = _LABEL.match(self.lines[at][:80] + " ")
            self._labels[at] = found[1].lower() if found else ""
        return self._labels[at]

    def _lines_to_colon(self, at: int) -> int:
        """How many lines there are up to the next one that ends with a colon, itself included."""
        if self._next_colon < at:
            self._next_colon = at
            while self._next_colon < len(self.lines):
                if self.lines[self._next_colon].rstrip().endswith((":", "：")):
                    break
                self._next_colon += 1
        return self._next_colon - at + 1

    def _attribution_length(self, at: int) -> int:
        """How many lines the attribution that begins here takes; 0 when there is none."""
        length = self._lines_to_colon(at)
        if length > _ATTRIBUTION_LINES or at + length > len(self.lines):
            return 0
        lines = [line[:_LONGEST_LINE].strip() for line in self.lines[at : at + length]]
        joined = " ".join(lines)
        if not all(lines) or len(joined) > _LONGEST_ATTRIBUTION:
            return 0
        return length if _is_attribution(joined[:-1].rstrip(), one_line=length == 1) else 0


def _is_attribution(words: str, *, one_line: bool) -> bool:
    if one_line and _DATE_FIRST.fullmatch(words):
        return True
    if not any(map(str.isdigit, words)) and "@" not in words:
        return False
    lowered = words.lower()
    if not any(verb in lowered for verb in _ATTRIBUTION_VERBS):
        return False
    if _ATTRIBUTIONS.fullmatch(words):
        return True
    return one_line and "<" in words and "@" in words and bool(_NAME_FIRST.fullmatch(words))


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
