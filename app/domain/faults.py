"""Faults of the world and the messages that tell people about them.

A message is an id (its English source text with ``{placeholders}``) and parameters; the catalogue of `app.text`
renders it in the reader's language. The domain never builds sentences.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """A text for people: `id` is the English source with ``{name}`` placeholders, `params` fill them.

    A parameter may itself be a `Message`; it is rendered in the same language.
    """

    id: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        try:
            return self.id.format(**{k: str(v) for k, v in self.params.items()})
        except (KeyError, IndexError, ValueError):
            return self.id


class KnownFault(Exception):
    """A fault of the world: shown to the user, counted, perhaps retried. Never a bug of ours."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Refused(KnownFault):
    """A command that a rule does not allow now; nothing was changed."""


class Rejected(KnownFault):
    """Input that cannot be read as what it claims: says where (`path`), what stood there and what was expected."""

    def __init__(self, path: str, got: object, expected: str) -> None:
        shown = repr(got)
        if len(shown) > 80:
            shown = shown[:77] + "..."
        super().__init__(
            Message("{path}: got {got}, expected {expected}",
                    {"path": path, "got": shown, "expected": Message(expected)})
        )
        self.path = path
        self.got = shown
        self.expected = expected


_WHY = {
    errno.ENOENT: Message("there is no such folder or file"),
    errno.EACCES: Message("this user has no right to it"),
    errno.EPERM: Message("this user has no right to it"),
    errno.EEXIST: Message("a file of that name stands there"),
    errno.ENOTDIR: Message("a part of the path is a file and no folder"),
    errno.EISDIR: Message("it is a folder"),
    errno.EROFS: Message("the disk is read-only"),
    errno.ENOSPC: Message("the disk is full"),
    errno.ENAMETOOLONG: Message("the name is too long"),
    errno.EMFILE: Message("too many files are open"),
    errno.EIO: Message("the disk does not answer"),
    errno.ECONNREFUSED: Message("connection refused"),
}


def why_of(error: Exception) -> Message | str:
    """Why the system refused, in words of the catalogue; what is rarer in the system's own words."""
    known = _WHY.get(error.errno or 0) if isinstance(error, OSError) else None
    return known or getattr(error, "strerror", None) or type(error).__name__
