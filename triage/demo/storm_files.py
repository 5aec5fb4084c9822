"""The files that customers of the demo attach: small, real PDF, PNG and text, made of lines."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

# Letters of three by five dots: one octal digit a row, the high bit on the left.
_ROWS = 5
_COLUMNS = 3
_DOTS = (
    "A=25755 B=65656 C=34443 D=65556 E=74647 F=74644 G=34553 H=55755 I=72227 J=11152 K=55655 "
    "L=44447 M=57755 N=65555 O=25552 P=65644 Q=25563 R=65655 S=34216 T=72222 U=55557 V=55552 "
    "W=55775 X=55255 Y=55222 Z=71247 0=75557 1=26227 2=61247 3=61216 4=55711 5=74616 6=34757 "
    "7=71122 8=75757 9=75716 .=00002 ,=00024 -=00700 :=02020 '=22000 !=22202 ?=61202 /=11244"
)
_LETTERS = dict(letter.split("=") for letter in _DOTS.split())
_BLANK = "00000"
_BLACK, _WHITE = 0, 255


def png(lines: Sequence[str], *, scale: int = 4) -> bytes:
    """A grey PNG picture with these lines in capitals; signs it cannot draw stay blank."""
    cells = [row for line in lines for row in _drawn(line, max(map(len, lines)))]
    width = len(cells[0]) * scale
    stretched = [bytes(dot for dot in row for _ in range(scale)) for row in cells]
    pixels = b"".join((b"\0" + row) * scale for row in stretched)
    header = struct.pack(">IIBBBBB", width, len(cells) * scale, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, content)
        for kind, content in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(pixels, 9)),
            (b"IEND", b""),
        )
    )


def pdf(lines: Sequence[str]) -> bytes:
    """A PDF 1.4 of one A5 page with these lines in Helvetica (ISO 32000-1, 7.5)."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    page_text = f"BT /F1 12 Tf 16 TL 40 540 Td\n{shown}ET\n".encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%bendstream" % (len(page_text), page_text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _with_index(objects)


def text(lines: Sequence[str]) -> bytes:
    """The lines as a UTF-8 text file."""
    return "".join(f"{line}\n" for line in lines).encode()


def _drawn(line: str, letters: int) -> list[list[int]]:
    """The rows of dots of one line, padded to a number of letters, with a margin around."""
    glyphs = [_LETTERS.get(letter, _BLANK) for letter in line.upper().ljust(letters)]
    rows = [[_WHITE] * (letters * (_COLUMNS + 1) + 3) for _ in range(_ROWS + 3)]
    for row in range(_ROWS):
        for position, glyph in enumerate(glyphs):
            for column in range(_COLUMNS):
                if int(glyph[row]) & (4 >> column):
                    rows[row + 2][position * (_COLUMNS + 1) + column + 2] = _BLACK
    return rows


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _with_index(objects: Sequence[bytes]) -> bytes:
    """A whole PDF file: header, the objects, and the table that says where each begins."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table_at)
