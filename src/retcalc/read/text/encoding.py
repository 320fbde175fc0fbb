"""From bytes to clean UTF-8 bytes: encodings, NUL, Ctrl-Z, and line breaks that are no LF.

Nothing is guessed: a byte order mark or the pattern of UTF-16 is proof, anything else that is
not UTF-8 needs ``--encoding``. A UTF-8 byte order mark stays where it is.
"""

from __future__ import annotations

import codecs

from retcalc.core.findings import Finding, RetcalcError, Spot
from retcalc.read.wording import MOST_SPOTS, listed, note, refuse, shown, spots

_MARKS = (  # longest first: the mark of UTF-32 starts with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096
_CHUNK = 1 << 20


def to_clean_utf8(data: bytes, name: str, encoding: str | None) -> tuple[bytes, list[Finding]]:
    """Give text as UTF-8 with LF or CRLF line breaks; raises RetcalcError (RC303-RC305)."""
    notes: list[Finding] = []
    found = _recognised(data) if encoding is None else _known(encoding, name)
    if found is None or found == "utf-8":
        _refuse_invalid_utf8(data, name)
    else:
        data = _decoded(data, name, found)
        if encoding is None:
            notes.append(note("RC802", f"read as {found.upper()}", name))
    _refuse_nul(data, name)
    if data.endswith((b"\x1a", b"\x1a\n", b"\x1a\r\n")):
        data = data.rstrip(b"\r\n")[:-1]
        notes.append(note("RC809", "the end-of-file mark Ctrl-Z at the end dropped", name))
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")
        notes.append(note("RC805", "lines end with a carriage return only", name))
    return data, notes


def _recognised(data: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32 by their mark, and UTF-16 by the NULs of plain letters."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 5 and even == 0:
        return "utf-16-le"
    if even > len(sample) // 5 and odd == 0:
        return "utf-16-be"
    return None


def _known(encoding: str, name: str) -> str:
    """Give Python's name of a text encoding that the user asked for."""
    try:
        "id".encode(encoding)  # refuses codecs that are no text encoding
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        message = f"there is no text encoding {encoding!r}"
        raise refuse(
            "RC305", message, name, fix="--encoding utf-8   or cp1252, latin-1, utf-16 and the like"
        ) from None


def _decoded(data: bytes, name: str, encoding: str) -> bytes:
    """Decode piece by piece, so that the text never stands in memory as one string."""
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces: list[bytes] = []
    try:
        for start in range(0, len(data) or 1, _CHUNK):
            last = start + _CHUNK >= len(data)
            pieces.append(decoder.decode(data[start : start + _CHUNK], last).encode())
    except UnicodeError as error:
        line = sum(piece.count(b"\n") for piece in pieces) + 1
        if isinstance(error, UnicodeDecodeError):
            line += error.object[: error.start].decode(encoding, "ignore").count("\n")
        message = f"the text is not {encoding.upper()}"
        raise refuse("RC305", message, name, line=line, fix=_another(data)) from None
    return b"".join(pieces).removeprefix(codecs.BOM_UTF8)


def _another(data: bytes) -> str:
    """A fix that names an encoding which can read the text."""
    try:
        data.decode()
    except UnicodeError:
        return "--encoding latin-1   or the encoding it was written in"
    return "--encoding utf-8"


def _refuse_invalid_utf8(data: bytes, name: str) -> None:
    """Check UTF-8; on failure list each line, with its first bad byte and what cp1252 says."""
    if data.isascii():
        return
    faults: list[tuple[int, int]] = []  # offset, physical line
    view, position, counted_to, line = memoryview(data), 0, 0, 1
    line_break = b"\n" if b"\n" in data else b"\r"
    step = _CHUNK
    while position < len(data) and len(faults) < MOST_SPOTS:
        last = position + step >= len(data)
        try:
            position += codecs.utf_8_decode(view[position : position + step], "strict", last)[1]
            step = min(2 * step, _CHUNK)
        except UnicodeDecodeError as error:
            offset = position + error.start
            line += data.count(line_break, counted_to, offset)
            counted_to = offset
            faults.append((offset, line))
            position = data.find(line_break, offset) + 1 or len(data)
            step = 1 << 10  # where one is, more are near
    if faults:
        raise _not_utf8(data, name, faults)


def _not_utf8(data: bytes, name: str, faults: list[tuple[int, int]]) -> RetcalcError:
    places = []
    for offset, line in faults:
        start = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
        text = data[start : start + 200].splitlines()[0].decode("cp1252", "replace")
        places.append(Spot(name, line, shown(text)))
    byte = data[faults[0][0]]
    return RetcalcError(
        Finding(
            "RC303",
            f"the text is not UTF-8 ({listed(len(faults), 'line')})",
            tuple(places),
            value=f'byte 0x{byte:02X} is not UTF-8; read as cp1252 the line is "{places[0].value}"',
            fix="--encoding cp1252   (Excel in Western Europe; or the encoding it was written in)",
        )
    )


def _refuse_nul(data: bytes, name: str) -> None:
    """Refuse NUL characters, with the lines they stand on."""
    position = data.find(b"\0")
    if position < 0:
        return
    lines: list[int] = []
    counted_to, line = 0, 1
    while position >= 0 and len(lines) < MOST_SPOTS:
        line += data.count(b"\n", counted_to, position)
        counted_to = position
        lines.append(line)
        following = data.find(b"\n", position)
        position = data.find(b"\0", following) if following >= 0 else -1
    raise RetcalcError(
        Finding(
            "RC304",
            f"the text holds NUL characters ({listed(len(lines), 'line')})",
            spots(name, lines),
            fix="if this is UTF-16, say so: --encoding utf-16-le; if not, it is no text file",
        )
    )
