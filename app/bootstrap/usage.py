"""The command line's own words: usage, help and wrong usage in the language in use."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from app.bootstrap.output import as_json, say
from app.text import mark

_KINDS: Final = {"int": mark("a whole number"), "float": mark("a number"), "Path": mark("a path")}
_WORDS: Final = (
    (r"argument (?P<name>[^:]+): (?P<rest>.+)", mark("{name}: {rest}")),
    (r"expected one argument", mark("a value is missing")),
    (r"expected (?P<n>\d+) arguments?", mark("{n} values are expected")),
    (r"expected at (?:least|most) one argument", mark("a value is missing")),
    (r"invalid choice: (?P<got>.+?) \(choose from (?P<known>.+)\)", mark("{got} is not known; there are: {known}")),
    (r"invalid (?P<kind>\w+) value: (?P<got>.+)", mark("{got} is not {kind}")),
    (r"the following arguments are required: (?P<names>.+)", mark("still missing: {names}")),
    (r"unrecognized arguments: (?P<names>.+)", mark("not understood: {names}")),
    (r"ambiguous option: (?P<got>.+) could match (?P<known>.+)", mark("{got} could mean any of: {known}")),
    (r"ignored explicit argument (?P<got>.+)", mark("takes no value, got {got}")),
)
"""What argparse says (3.11 to 3.13), and how it is said here."""


def usage_words(message: str) -> str:
    """A message of argparse in the language in use; one that is not known stays as it is."""
    for pattern, source in _WORDS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            parts = found.groupdict()
            if "rest" in parts:
                parts["rest"] = usage_words(parts["rest"])
            if "kind" in parts:
                parts["kind"] = say(_KINDS.get(parts["kind"], mark("a value of the right kind")))
            if "known" in parts:
                parts["known"] = parts["known"].replace("'", "")
            return say(source, **parts)
    return message


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any],
                  prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, say(mark("usage: ")) if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Speaks the language in use; wrong usage is status 2, with `wants_json` one object too."""

    wants_json = False

    def __init__(self, *, add_help: bool = True, **more: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Help, **more)
        self._positionals.title = say(mark("arguments"))
        self._optionals.title = say(mark("options"))
        if add_help:
            self.add_argument("-h", "--help", action="help", help=say(mark("show this help and end")))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how it is used; exit 2."""
        said = usage_words(message)
        self.print_usage(sys.stderr)
        if self.wants_json:
            sys.stdout.write(as_json({"error": said}) + "\n")
        self.exit(2, f"{self.prog}: {said}\n")
