"""What may stand on the wall: people look at it from the back of the room, so no personal data at all (DISTRICT.md)."""
from __future__ import annotations

import re
import unicodedata

MASK = "***"

_SEP = r"[\s\-·.]?"
PATTERNS: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"),
    re.compile(rf"(?<!\d)(?:\+?86{_SEP})?1[3-9]\d{_SEP}\d{{4}}{_SEP}\d{{4}}(?!\d)"),
    re.compile(r"(?<!\d)1[3-9]\d\*{4}\d{4}(?!\d)"),
    re.compile(r"(?<!\d)0\d{2,3}[\s\-]\d{7,8}(?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"),
)
"""Identity card (GB 11643), mobile (also masked ones: a wall has no use for them), landline, mail address, number
plate."""
_ROOM = re.compile(r"\s*[\d一二三四五六七八九十〇零百A-Za-z\-]+\s*(?:室|号房|房间)")


def personal_data_in(text: str) -> list[str]:
    """Every piece of `text` that looks like a phone, identity, plate number or mail address. Empty: none."""
    flat = unicodedata.normalize("NFKC", text)
    return [m.group() for pattern in PATTERNS for m in pattern.finditer(flat)]


def public_text(text: str) -> str:
    """`text` as one line, with every piece that looks like personal data replaced by ``***``. Harmless text is
    unchanged."""
    flat = " ".join(text.split())
    if personal_data_in(flat):
        flat = unicodedata.normalize("NFKC", flat)
        for pattern in PATTERNS:
            flat = pattern.sub(MASK, flat)
    return flat


def public_place(place: str) -> str:
    """A place as it may stand on the wall: down to the building, never the room of a dwelling."""
    return _ROOM.sub("", public_text(place)).strip()
