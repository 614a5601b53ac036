"""Make the bundled fonts from a Noto Sans CJK collection: the SC face, the characters the product shows, no hinting.

    python resources/fonts/subset.py /usr/share/fonts/opentype/noto

Needs fonttools. Writes NotoSansCJKsc-Regular.otf and NotoSansCJKsc-Bold.otf beside this file.
"""
from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FACE = "Noto Sans CJK SC"
RANGES = (
    (0x0020, 0x024F),  # Latin
    (0x02B0, 0x02DD),  # modifiers
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x2000, 0x206F),  # punctuation
    (0x2070, 0x209F), (0x20A0, 0x20BF),  # superscripts, currency
    (0x2100, 0x218F),  # letter-like, numbers, Roman numerals
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF),  # arrows, mathematics, technical
    (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x27BF),  # enclosed, boxes, shapes, symbols
    (0x2B00, 0x2BFF), (0x2E80, 0x2FDF), (0x2FF0, 0x2FFF),  # arrows, radicals
    (0x3000, 0x303F), (0x3040, 0x30FF), (0x3100, 0x312F),  # CJK punctuation, kana, bopomofo
    (0x31C0, 0x31EF), (0x3200, 0x33FF),  # strokes, enclosed
    (0x4E00, 0x9FFF),  # CJK Unified Ideographs
    (0xF900, 0xFAFF), (0xFE10, 0xFE1F), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),  # compatibility, vertical, full width
)


def face_of(collection: Path) -> TTFont:
    """The SC face of a .ttc."""
    for font in TTCollection(str(collection)):
        if font["name"].getDebugName(1) == FACE or font["name"].getDebugName(16) == FACE:
            return font
    raise SystemExit(f"{collection} holds no face {FACE!r}")


def subset(source: Path, target: Path) -> None:
    """Write the subset of one weight."""
    font = face_of(source)
    options = Options()
    options.hinting = False
    options.desubroutinize = False
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]  # no locl: it pulls in the Japanese and Korean forms
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    maker = Subsetter(options)
    maker.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    maker.subset(font)
    for table in ("vhea", "vmtx", "VORG", "BASE"):
        if table in font:
            del font[table]
    font.save(str(target))


def main() -> None:
    source = Path(sys.argv[1])
    for weight in ("Regular", "Bold"):
        target = Path(__file__).with_name(f"NotoSansCJKsc-{weight}.otf")
        subset(source / f"NotoSansCJK-{weight}.ttc", target)
        sys.stdout.write(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
