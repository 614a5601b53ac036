"""The composition root: the only package that knows every room.

`seats` opens stores and seats, `city` brings lists in, `demo` builds and plays the demo district, `screens` starts Qt
(imported only when something is shown).
"""

from __future__ import annotations
