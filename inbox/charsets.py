"""Bytes to words, whatever the mail says about them: declared, UTF-8, detected, Windows-1252."""

import codecs
import re

_ALIASES = {
    "ascii": "",
    "us-ascii": "",
    "ansi_x3.4-1968": "",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-user-defined": "",
    "unknown-8bit": "",
    "x-unknown": "",
}
# Python codecs that are no charset of any mail, or take quadratic time.
_REFUSED = frozenset(
    [
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
        "mbcs",
        "oem",
        "palmos",
        "utf-8-sig",
    ]
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,40}")
_LOOKED_AT = 6_000
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CANDIDATES = (
    "cp932",
    "euc_jp",
    "gb18030",
    "cp949",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1255",
    "cp1256",
)


def decode(raw: bytes, declared: str = "") -> tuple[str, bool]:
    """The text of `raw`, and whether its charset had to be guessed.

    A declared Western charset gives way to UTF-8 when the bytes are valid, non-ASCII UTF-8, because
    that hardly ever happens by chance. Never raises; the result may hold NULs, not lone surrogates.
    """
    if raw.isascii() and not _escapes(raw, declared):
        return raw.decode("ascii"), False
    codec = _codec(declared)
    if codec in ("", "cp1252") and _is_utf8(raw):
        return raw.decode("utf-8"), bool(declared)
    try:
        if codec:
            return _no_surrogates(raw.decode(codec)), False
    except ValueError:
        pass
    return _without_declaration(raw, codec), True


def _escapes(raw: bytes, declared: str) -> bool:
    """Whether bytes that look like ASCII may stand for something else."""
    return b"\x1b" in raw or b"\x00" in raw or "7" in declared or declared.lower().startswith("hz")


def _codec(declared: str) -> str:
    """Python's codec for a declared charset, "" for none that can be used."""
    name = declared.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not _NAME.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(name)
        b"".decode(found.name)
    except (LookupError, ValueError):
        return ""
    return "" if found.name in _REFUSED else _ALIASES.get(found.name, found.name)


def _without_declaration(raw: bytes, declared: str = "") -> str:
    for bom, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(bom):
            return _no_surrogates(raw.decode(codec, "replace").lstrip("\ufeff"))
    if _is_utf8(raw):
        return raw.decode("utf-8")
    for codec in ("utf-8", declared):
        if codec and _is_mostly(raw, codec):
            return _no_surrogates(raw.decode(codec, "replace"))
    detected = _detect(raw[:_LOOKED_AT])
    return _no_surrogates(raw.decode(detected or "cp1252", "replace"))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x1b$" not in raw


def _is_mostly(raw: bytes, codec: str) -> bool:
    """Whether only a few characters of many are broken, as when a text was cut in the middle."""
    text = raw.decode(codec, "replace")
    broken = text.count("\ufffd")
    foreign = sum(character > "\x7f" for character in text[:_LOOKED_AT])
    return foreign - broken > 5 * broken


def _no_surrogates(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _share(text: str, low: str, high: str) -> float:
    foreign = [character for character in text if character > "\x7f"]
    return sum(low <= character <= high for character in foreign) / len(foreign) if foreign else 0.0


def _detect(sample: bytes) -> str:
    """A charset for 8-bit bytes that are not UTF-8, from what the text would look like in it."""
    if b"\x1b$" in sample or b"\x1b(" in sample:
        return "iso2022_jp"
    if sample.count(0) * 4 > len(sample):
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    high = sum(byte > 0x7F for byte in sample)
    letters = high + sum(chr(byte).isalpha() for byte in sample if byte <= 0x7F)
    if high < 6 or high * 2 < letters:
        return ""
    scores = {codec: _score(sample, codec) for codec in _CANDIDATES}
    best = max(scores, key=lambda codec: scores[codec])
    return best if scores[best] > 0.5 else ""


def _score(sample: bytes, codec: str) -> float:
    """0 to about 1: how much the sample, read in this charset, looks like its language."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return 0.0
    if codec in ("cp932", "euc_jp"):
        kana = _share(text, "\u3000", "\u30ff")
        return (kana + _share(text, "\u4e00", "\u9fff")) if kana > 0.2 else 0.0
    if codec == "cp949":
        return _share(text, "\uac00", "\ud7a3")
    if codec == "gb18030":
        return 0.9 * _share(text, "\u4e00", "\u9fff") + 0.05
    if codec in ("cp1251", "koi8_r"):
        return 0.95 * _share(text, "\u0430", "\u044f") + 0.3 * _share(text, "\u0410", "\u042f")
    low, high = {"cp1253": ("\u03ac", "\u03ce"), "cp1255": ("\u05d0", "\u05ea")}.get(
        codec, ("\u0621", "\u064a")
    )
    return 0.9 * _share(text, low, high)
