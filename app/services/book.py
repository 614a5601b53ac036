"""The code lists and areas in force, as one immutable value that any screen can hold and read labels from."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.services.centres import Directory
from app.services.views import AreaRow


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list; `extra` holds what the list adds (sensitive, family, icon, minutes, calendar, ...)."""

    list: str
    code: str
    label_zh: str
    label_en: str
    parent: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    def label(self, lang: str) -> str:
        """The label in "zh_CN" or "en"; the other one where it is missing, at last the code."""
        first, second = (self.label_zh, self.label_en) if lang.startswith("zh") else (self.label_en, self.label_zh)
        return first or second or self.code


class Book:
    """Labels and areas at one version of the packs. Reading it needs no database."""

    def __init__(self, version: int, codes: Iterable[Code], areas: Iterable[AreaRow],
                 centres: Directory | None = None) -> None:
        self.version = version
        self.centres = centres or Directory()
        self._lists: dict[str, dict[str, Code]] = {}
        for code in codes:
            self._lists.setdefault(code.list, {})[code.code] = code
        self.areas: dict[str, AreaRow] = {a.id: a for a in areas}
        self._children: dict[str | None, list[str]] = {}
        for area in self.areas.values():
            self._children.setdefault(area.parent_id, []).append(area.id)

    def codes(self, list_: str) -> tuple[Code, ...]:
        """All entries of a list in its own order; empty when the list is unknown.

        Lists: kind, kind_class, component_class, channel, level, phase, unit_kind, skill, camera_kind, limit, ...
        """
        return tuple(self._lists.get(list_, {}).values())

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of all lists."""
        return tuple(self._lists)

    def code(self, list_: str, code: str) -> Code | None:
        """One entry or None."""
        return self._lists.get(list_, {}).get(code)

    def label(self, list_: str, code: str | None, lang: str) -> str:
        """Label of a code in `lang`; the code itself when the list does not know it; "" for None."""
        if code is None:
            return ""
        entry = self._lists.get(list_, {}).get(code)
        return entry.label(lang) if entry else code

    def phase_label(self, phase: str, kind: str, lang: str) -> str:
        """Phase label in the words of the kind's family of cases (FIELD.md 1), else the default one."""
        entry = self.code("kind", kind)
        family = str(entry.extra.get("family", "")) if entry else ""
        special = self.code("phase", f"{phase}@{family}") if family else None
        return special.label(lang) if special else self.label("phase", phase, lang)

    def area_label(self, area_id: str | None, depth: int = 1) -> str:
        """Name of an area with `depth` levels, finest last; "" when it is unknown."""
        names: list[str] = []
        while area_id is not None and len(names) < depth:
            area = self.areas.get(area_id)
            if area is None:
                break
            names.append(area.name)
            area_id = area.parent_id
        return " ".join(reversed(names))

    def children(self, area_id: str | None) -> tuple[str, ...]:
        """Ids of the areas directly below."""
        return tuple(self._children.get(area_id, ()))

    def ancestor(self, area_id: str | None, level: int) -> str | None:
        """The area of `level` that holds this one, itself included; None when there is none."""
        while area_id is not None:
            area = self.areas.get(area_id)
            if area is None:
                return None
            if area.level == level:
                return area_id
            area_id = area.parent_id
        return None

    def is_sensitive(self, kind: str) -> bool:
        """Whether the wall shows this kind only by grid and class (DISTRICT.md)."""
        entry = self.code("kind", kind)
        return bool(entry and entry.extra.get("sensitive"))
