"""Bytes → text: which encoding a file is in, read so that a broken byte harms only its own line."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import Final

from app.domain.faults import KnownFault, Message

BROKEN: Final = "\udcff"  # stands where bytes could not be decoded; the row that holds one is refused
_SAMPLE_BYTES: Final = 4 * 1024 * 1024
_GUESS_BYTES: Final = 256 * 1024
_HIGH: Final = bytes(range(128, 256))
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ALIASES: Final = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "utf8": "utf-8-sig", "utf-8": "utf-8-sig"}


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return BROKEN, max(error.end, error.start + 1)
    raise error


codecs.register_error("intake-mark", _mark_broken)


def normal_encoding(name: str, where: str = "file.encoding") -> str:
    """Return the codec for an encoding's name (GBK and GB2312 are read as their superset GB18030). Raises
    KnownFault."""
    plain = name.strip().lower()
    plain = _ALIASES.get(plain, plain)
    try:
        info = codecs.lookup(plain)
        if not info._is_text_encoding:
            raise LookupError(name)
    except (LookupError, ValueError):
        raise KnownFault(
            Message("{where}: there is no encoding named {name}; use utf-8, gb18030, gbk, utf-16, big5 or cp1252",
                    {"where": where, "name": name[:40]})
        ) from None
    return plain


def detect_encoding(path: Path) -> str:
    """Return the most likely encoding of a text file: by its BOM, by NULs (UTF-16), else UTF-8, GB18030, Big5 or
    cp1252."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    head = sample[:4096]
    if head.count(0) > len(head) // 5:
        return "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
    if sample.isascii():
        return _rest_of_ascii(path)
    return guess_encoding(sample)


def _rest_of_ascii(path: Path) -> str:
    """The first megabytes are ASCII: look for the first byte that is not."""
    with path.open("rb") as file:
        file.seek(_SAMPLE_BYTES)
        while block := file.read(_SAMPLE_BYTES):
            if not block.isascii():
                return guess_encoding(block)
    return "utf-8"


def guess_encoding(sample: bytes) -> str:
    """Return the likeliest of UTF-8, GB18030, Big5 and cp1252 for bytes that are not all ASCII."""
    # A block may begin or end in the middle of a character: whole lines only.
    first, last = sample.find(b"\n"), sample.rfind(b"\n")
    if 0 <= first < last:
        sample = sample[: last + 1]
    if len(sample) > _GUESS_BYTES:
        start = max(next((i for i in range(0, len(sample), 4096) if not sample[i : i + 4096].isascii()), 0) - 4096, 0)
        cut = sample[start : start + _GUESS_BYTES]
        sample = cut[cut.find(b"\n") + 1 : cut.rfind(b"\n") + 1] or cut
    high = len(sample) - len(sample.translate(None, _HIGH)) or 1
    broken_utf8 = _broken(sample, "utf-8")
    if broken_utf8 * 10 <= high:
        return "utf-8"
    if _broken(sample, "gb18030") * 20 <= high and _looks_chinese(sample):
        return "gb18030"
    if _broken(sample, "big5") == 0 and high > 20 and _big5_like(sample):
        return "big5"
    return "cp1252"


def _broken(sample: bytes, encoding: str) -> int:
    return sample.decode(encoding, errors="intake-mark").count(BROKEN)


def _looks_chinese(sample: bytes) -> bool:
    """GBK text is pairs of two high bytes (GB 2312) for the most part; Latin text has single high bytes among
    letters."""
    pairs = singles = i = 0
    while i < len(sample):
        if sample[i] >= 0x81:
            if i + 1 < len(sample) and sample[i + 1] >= 0xA1:
                pairs += 1
            else:
                singles += 1
            i += 2
        else:
            i += 1
    return pairs > 4 * singles


def _big5_like(sample: bytes) -> bool:
    return all(sample[i + 1] >= 0x40 for i in range(len(sample) - 1) if 0xA4 <= sample[i] <= 0xC6)


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """Open a text file for reading by lines (LF, CRLF and CR end a line); undecodable bytes come as :data:`BROKEN`."""
    return path.open("r", encoding=encoding, errors="intake-mark", newline=None)


def whole_text(data: bytes, encoding: str | None = None) -> str:
    """Return the text of bytes that are read whole (JSON); the encoding is told or found from the bytes themselves."""
    if encoding is None:
        encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None:
        head = data[:4096]
        if head.count(0) > len(head) // 5:
            encoding = "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
        elif data.isascii():
            encoding = "utf-8"
        else:
            encoding = guess_encoding(data[:_SAMPLE_BYTES])
    text = data.decode(encoding, errors="intake-mark")
    return text.removeprefix("\ufeff")
