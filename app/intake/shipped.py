"""The profiles and code labels that are shipped in data/reference: found by name, or by a file's columns."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.domain.faults import KnownFault, Message
from app.intake.profile import Profile, load_profile
from app.intake.records import Kind

REFERENCE: Final = Path(__file__).resolve().parents[2] / "data" / "reference"
PROFILES: Final = REFERENCE / "profiles"


def generic_profile(kind: Kind) -> Profile:
    """Return the profile of a kind that knows the usual names of its columns, in Chinese and English."""
    return shipped(f"generic_{kind.value}")


@lru_cache(maxsize=64)
def shipped(name: str) -> Profile:
    """Return a shipped profile by its name."""
    return load_profile(PROFILES / f"{name}.toml")


@lru_cache(maxsize=1)
def shipped_names() -> tuple[str, ...]:
    """Return the names of all shipped profiles, sorted."""
    return tuple(sorted(path.stem for path in PROFILES.glob("*.toml")))


def find_profile(name_or_path: str | Path, kind: Kind) -> Profile:
    """Return a profile by the path of its TOML file or by the name of a shipped one. Raises KnownFault."""
    path = Path(name_or_path)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if is_file:
        return load_profile(path, kind)
    name = path.name.removesuffix(".toml")
    if str(path).removesuffix(".toml") != name or name not in shipped_names():
        names = ", ".join(n for n in shipped_names() if not n.startswith("generic_"))
        raise KnownFault(
            Message("There is no profile {file}: name a .toml file or one that is shipped: {names}",
                    {"file": str(name_or_path), "names": names})
        )
    return load_profile(PROFILES / f"{name}.toml", kind)


def recognise(kind: Kind, columns: Sequence[str]) -> Profile | None:
    """Return the shipped profile whose telling columns are all in the file (the one with the most), None if there is
    none."""
    there = set(columns)
    fitting = [
        profile
        for name in shipped_names()
        if not name.startswith("generic_") and (profile := shipped(name)).kind is kind and profile.match
        and there.issuperset(profile.match)
    ]
    return max(fitting, key=lambda profile: (len(profile.match), profile.name), default=None)


@lru_cache(maxsize=32)
def code_labels(name: str) -> Mapping[str, str]:
    """Return {label or code, lower case: code} of a shipped code list; empty where there is no such list."""
    path = REFERENCE / "codes" / f"{name}.toml"
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("codes", [])
    except (OSError, ValueError):
        return {}
    out: dict[str, str] = {}
    for entry in entries:
        code = str(entry.get("code", ""))
        for label in (code, entry.get("zh"), entry.get("en")):
            if label:
                out.setdefault(str(label).lower(), code)
    return out
