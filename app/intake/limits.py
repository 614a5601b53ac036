"""Bounds on what a file may contain, so that a hostile or broken one costs a clear message and not the machine.

They bound the reader, not the city: all lie far beyond any real list (DISTRICT.md: 100,000 components).
"""

from __future__ import annotations

import struct
import zlib
from typing import Final
from zipfile import BadZipFile

MAX_FIELD_CHARS: Final = 100_000
MAX_LINE_CHARS: Final = 8_000_000
MAX_RECORD_LINES: Final = 200  # lines that one quoted field may span
MAX_COLUMNS: Final = 2_000
MAX_KEY_CHARS: Final = 200
MAX_WHOLE_BYTES: Final = 512 * 1024 * 1024  # formats that must be read whole: JSON, xlsx parts, Shapefile parts
MAX_UNZIPPED_BYTES: Final = 1024 * 1024 * 1024
MAX_ZIP_RATIO: Final = 300
ZIP_RATIO_FROM_BYTES: Final = 20 * 1024 * 1024  # below this a high ratio harms nobody
MAX_ZIP_MEMBERS: Final = 10_000
MAX_FLATTEN_DEPTH: Final = 6
MAX_VERTICES: Final = 2_000_000  # of one geometry
MAX_SHEET_ROWS: Final = 1_048_576  # what a worksheet can hold
CHUNK_ROWS: Final = 5_000

# What parser libraries are known to raise on broken files; each use turns it into a KnownFault that names the file.
LIBRARY_FAULTS: Final = (
    ArithmeticError, AssertionError, AttributeError, BadZipFile, BufferError, EOFError, LookupError,
    NotImplementedError, OSError, RecursionError, RuntimeError, SyntaxError, TypeError, ValueError,
    struct.error, zlib.error,
)
