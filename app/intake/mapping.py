"""A profile applied to a file's columns: for each field, where its text comes from and what its values mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from app.domain.faults import KnownFault, Message
from app.intake.fields import FIELDS, PERSONAL_FIELDS, POSITION_FIELDS, VOCABULARY
from app.intake.profile import Profile, Spec
from app.intake.records import Kind
from app.intake.shipped import code_labels, generic_profile
from app.intake.table import FEATURE_ID, GEOMETRY, Table, as_text

Columns: TypeAlias = Sequence[Sequence[object]]  # one sequence per column, all of the same length
_TEMPLATE = re.compile(r"\{([^{}]+)\}")

# Fields whose words are looked up in a shipped code list when the profile does not translate them.
CODE_LISTS: Final[dict[tuple[Kind, str], str]] = {
    (Kind.INCIDENTS, "class_code"): "kind",
    (Kind.INCIDENTS, "channel"): "channel",
    (Kind.INCIDENTS, "level"): "level",
    (Kind.COMPONENTS, "class_code"): "component",
    (Kind.CAMERAS, "kind"): "camera_kind",
    (Kind.UNITS, "kind"): "unit_kind",
    (Kind.UNITS, "skills"): "skill",
    (Kind.ROSTER, "role"): "duty_role",
    (Kind.ROSTER, "shift"): "shift",
}


def plain_name(name: str) -> str:
    """Return a column's name without case, spaces and punctuation, as the usual names are compared."""
    return re.sub(r"[\s_\-./()（）:：]+", "", name).lower()


class FieldMap:
    """The sources of all fields for one opened table. Raises KnownFault if the profile names a column that isn't
    there."""

    def __init__(self, profile: Profile, table: Table, where: str) -> None:
        self.profile = profile
        self.kind = profile.kind
        self.columns = table.columns
        self._index = {name: i for i, name in enumerate(table.columns)}
        self._where = where
        self._generic = profile if profile.generic else generic_profile(profile.kind)
        self._values: dict[str, Values] = {}
        self.sources: dict[str, Callable[[Columns, int], Sequence[object]]] = {}
        self.columns_of: dict[str, str] = {}  # field → what it is read from, for messages
        specs = dict(profile.fields)
        if profile.generic:
            specs.update(self._recognised())
        for name, spec in specs.items():
            self._add(name, spec)
        if profile.key_parts:
            self._add_key(profile.key_parts)
        for name in ("geometry",):
            if name in FIELDS[self.kind] and name not in self.sources and GEOMETRY in self._index:
                self._add(name, (GEOMETRY,))
        if "key" in FIELDS[self.kind] and "key" not in self.sources and FEATURE_ID in self._index:
            self._add("key", (FEATURE_ID,))
        for name, value in profile.constants.items():
            self._add_constant(name, value)
        self._demand_required()

    def _demand_required(self) -> None:
        """What is required must be read from somewhere; a place may come from any of its columns."""
        placed = any(name in self.sources for name in POSITION_FIELDS)
        for name in self.profile.required:
            if name not in self.sources and not (placed and name in POSITION_FIELDS):
                raise KnownFault(
                    Message(
                        "The profile {profile} requires {field}, but nothing says from which column of {file} it is"
                        " read. Add it to [fields] or take it out of required. Its columns are: {columns}",
                        {"profile": self.profile.name, "field": name, "file": self._where,
                         "columns": ", ".join(self.columns)[:600]},
                    )
                )

    def __contains__(self, name: str) -> bool:
        return name in self.sources

    def _recognised(self) -> dict[str, Spec]:
        """Return the columns of this file that bear usual names, each column for one field."""
        there: dict[str, str] = {}
        for column in self.columns:
            there.setdefault(plain_name(column), column)
        out: dict[str, Spec] = {}
        taken: set[str] = set()
        for name, usual in self.profile.synonyms.items():
            if name in self.profile.fields:
                continue
            found = [there[p] for word in usual if (p := plain_name(word)) in there and there[p] not in taken]
            if found:
                out[name] = (found[0],)
                taken.add(found[0])
        return out

    def _add(self, name: str, spec: Spec) -> None:
        sources = [source for item in spec if (source := self._source(name, item)) is not None]
        if not sources:
            return
        self.columns_of[name] = " / ".join(spec)
        self.sources[name] = sources[0] if len(sources) == 1 else _coalesce(sources)

    def _source(self, name: str, item: str) -> Callable[[Columns, int], Sequence[object]] | None:
        if item in self._index:
            return _column(self._index[item])
        if item.endswith("?"):
            plain = item[:-1]
            return _column(self._index[plain]) if plain in self._index else None
        names = _TEMPLATE.findall(item)
        if names:
            return _template(item, [self._need(name, part) for part in names])
        return _column(self._need(name, item))

    def _need(self, field: str, column: str) -> int:
        found = self._index.get(column)
        if found is None:
            close = {plain_name(name): name for name in self.columns}.get(plain_name(column))
            raise KnownFault(
                Message(
                    "The profile {profile} reads {field} from the column {column}, which {file} does not have. {hint}"
                    'Its columns are: {columns}. (A column that may be missing is written "{column}?")',
                    {"profile": self.profile.name, "field": field, "column": column, "file": self._where,
                     "hint": Message("Did you mean {name}? ", {"name": close}) if close else "",
                     "columns": ", ".join(self.columns)[:600]},
                )
            )
        return found

    def _add_key(self, parts: tuple[str, ...]) -> None:
        sources = [source for item in parts if (source := self._source("key", item)) is not None]
        self.columns_of["key"] = " + ".join(parts)

        def joined(columns: Columns, count: int) -> Sequence[object]:
            texts = [[as_text(value) for value in source(columns, count)] for source in sources]
            return ["-".join(row) if any(row) else "" for row in zip(*texts, strict=True)]

        self.sources["key"] = joined

    def _add_constant(self, name: str, value: str) -> None:
        inner = self.sources.get(name)
        if inner is None:
            self.sources[name] = lambda columns, count: [value] * count
            self.columns_of[name] = f'"{value}"'
        else:
            # A constant beside a column stands in where the column is blank.
            self.sources[name] = _coalesce([inner, lambda columns, count: [value] * count])

    def kept(self, column: str) -> int | None:
        """Return where a column stands that the profile keeps, None if the file does not have it."""
        return self._index.get(column.removesuffix("?"))

    @property
    def personal_columns(self) -> frozenset[str]:
        """The columns that personal data is read from."""
        read = [item.removesuffix("?") for name in PERSONAL_FIELDS for item in self.profile.fields.get(name, ())]
        parts = {part for item in read for part in (item, *_TEMPLATE.findall(item))}
        told = {self.columns_of[name] for name in PERSONAL_FIELDS if name in self.columns_of}
        return frozenset((parts | told) & self._index.keys())

    def nulls(self, name: str) -> frozenset[str]:
        """Return the texts that mean "nothing" in a field."""
        return self.profile.nulls.get("", frozenset()) | self.profile.nulls.get(name, frozenset())

    def values(self, name: str) -> Values:
        """Return the translation of a field's words."""
        if name not in self._values:
            own = self.profile.values.get(name, {})
            usual = self._generic.values.get(name, {})
            listed = CODE_LISTS.get((self.kind, name))
            vocabulary = VOCABULARY.get((self.kind, name))
            self._values[name] = Values(own, usual, code_labels(listed) if listed else {}, vocabulary)
        return self._values[name]


class Values:
    """Words → codes: the profile's own table (exact, by prefix "EMS:*", default "*"), then the usual words, then code
    lists."""

    def __init__(
        self,
        own: Mapping[str, str],
        usual: Mapping[str, str],
        listed: Mapping[str, str],
        vocabulary: tuple[str, ...] | None,
    ) -> None:
        self._exact = {word.strip(): code for word, code in own.items() if not word.endswith("*")}
        self._lower = {word.lower(): code for word, code in self._exact.items()}
        self._prefixes = sorted(
            ((word[:-1].lower(), code) for word, code in own.items() if word.endswith("*") and word != "*"),
            key=lambda pair: -len(pair[0]),
        )
        self._default = own.get("*")
        self._usual = {word.lower(): code for word, code in usual.items()}
        self._listed = listed
        self.vocabulary = vocabulary
        self._cache: dict[str, str | None] = {}

    def __bool__(self) -> bool:
        return bool(self._exact or self._prefixes or self._default is not None)

    def code(self, word: str) -> str | None:
        """Return the code for a word, None if nobody knows it."""
        if word in self._cache:
            return self._cache[word]
        code = self._find(word)
        if len(self._cache) < 50_000:
            self._cache[word] = code
        return code

    def _find(self, word: str) -> str | None:
        lower = word.lower()
        for table, key in ((self._exact, word), (self._lower, lower)):
            if key in table:
                return table[key]
        for prefix, code in self._prefixes:
            if lower.startswith(prefix):
                return code
        if self.vocabulary is not None and lower in self.vocabulary and lower:
            return lower
        if self._default is None or not (self._exact or self._prefixes):
            found = self._usual.get(lower) or self._listed.get(lower)
            if found is not None:
                return found
        return self._default


def _column(index: int) -> Callable[[Columns, int], Sequence[object]]:
    return lambda columns, count: columns[index]


def _coalesce(sources: list[Callable[[Columns, int], Sequence[object]]]) -> Callable[[Columns, int], Sequence[object]]:
    def first(columns: Columns, count: int) -> Sequence[object]:
        out = list(sources[0](columns, count))
        for source in sources[1:]:
            blank = [i for i, value in enumerate(out) if value is None or (type(value) is str and not value.strip())]
            if not blank:
                break
            other = source(columns, count)
            for i in blank:
                out[i] = other[i]
        return out

    return first


def _template(text: str, indices: list[int]) -> Callable[[Columns, int], Sequence[object]]:
    pieces = _TEMPLATE.split(text)[::2]

    def filled(columns: Columns, count: int) -> Sequence[object]:
        texts = [[as_text(value) for value in columns[i]] for i in indices]
        out = []
        for row in zip(*texts, strict=True):
            if any(row):
                out.append("".join(part + value for part, value in zip(pieces, row, strict=False)) + pieces[-1])
            else:
                out.append("")
        return out

    return filled
