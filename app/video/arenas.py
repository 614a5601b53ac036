"""Few pools of memory for many threads: pictures are made on one thread and let go of on another, and each pool keeps
what it once had (a day of tiles grew by holes in sixteen of them, not by anything held)."""
from __future__ import annotations

import ctypes
import sys
from typing import Final

MOST: Final = 2
_M_ARENA_MAX: Final = -8
"""glibc's malloc.h"""


def keep_few() -> bool:
    """Have glibc open no more than `MOST` pools from now on. False where the system's allocator is another."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    mallopt.argtypes, mallopt.restype = [ctypes.c_int, ctypes.c_int], ctypes.c_int
    return bool(mallopt(_M_ARENA_MAX, MOST))
