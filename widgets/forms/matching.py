"""Type-ahead matching: label, code, pinyin or its initials, best first."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_WIDTH = {ord(full): chr(ord(full) - 0xFEE0) for full in map(chr, range(0xFF01, 0xFF5F))} | {0x3000: " "}
_CACHE = 20_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be picked: its code, its label in the reader's language and further words to find it by."""

    code: str
    label: str
    also: tuple[str, ...] = ()
    detail: str = ""


def folded(text: str) -> str:
    """Text as it is compared: full-width forms (a Chinese input method's) made narrow, case and outer blanks gone."""
    return text.translate(_WIDTH).casefold().strip()


def _each(rest: str) -> str:
    """What has no pinyin stays as it is (the signature says a text, the library takes a list too)."""
    return list(rest)  # type: ignore[return-value]


@lru_cache(maxsize=_CACHE)
def sounds(label: str) -> tuple[str, str]:
    """(initials, full pinyin) of a label; other letters and digits stand for themselves: "Ⅰ级火情" → "ⅰjhq"."""
    from pypinyin import Style, lazy_pinyin

    if label.isascii():
        words = folded(label).replace("-", " ").replace("/", " ").split()
        return "".join(w[0] for w in words), ""
    syllables = [folded(s) for s in lazy_pinyin(label, style=Style.NORMAL, errors=_each)]
    kept = [s for s in syllables if s and s not in " ()（）·/"]
    return "".join(s[0] for s in kept), "".join(kept)


def rank(typed: str, choice: Choice) -> int | None:
    """How well `choice` answers the folded `typed`: 0 best; None: not at all."""
    if not typed:
        return 0
    label, code = folded(choice.label), folded(choice.code)
    if typed in (label, code):
        return 0
    if label.startswith(typed) or code.startswith(typed):
        return 1
    for other in choice.also:
        if folded(other).startswith(typed):
            return 2
    if typed in label:
        return 3
    if any(typed in folded(other) for other in choice.also):
        return 4
    return _rank_by_sound(typed, choice)


def _rank_by_sound(typed: str, choice: Choice) -> int | None:
    letters = typed.replace(" ", "").replace("'", "")
    if not letters.isascii() or not letters:
        return None
    best: int | None = None
    for words in (choice.label, *choice.also):
        initials, full = sounds(words)
        if initials.startswith(letters):
            return 5
        if full.startswith(letters):
            best = min(best or 6, 6)
        elif letters in initials or (len(letters) > 2 and letters in full):
            best = min(best or 7, 7)
    return best


def matches(typed: str, choices: Iterable[Choice], limit: int = 12) -> Sequence[Choice]:
    """The choices that answer `typed`, best first, equal ones in their own order; all of them (to `limit`) for ""."""
    key = folded(typed)
    ranked = [(r, i, c) for i, c in enumerate(choices) if (r := rank(key, c)) is not None]
    ranked.sort(key=lambda item: item[:2])
    return [c for _, _, c in ranked[:limit]]
