"""The project's source files, as the architecture tests see them."""
from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "data", "widgets")


@cache
def python_files(*rooms: str) -> tuple[Path, ...]:
    """All .py files below the given rooms (default: the three packages), sorted."""
    found = (path for room in rooms or PACKAGES for path in (ROOT / room).rglob("*.py"))
    return tuple(sorted(path for path in found if "__pycache__" not in path.parts))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def trees_with(pattern: str, *rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """Parsed files of the rooms whose text matches: most files need no parsing. Trees are not kept."""
    wanted = re.compile(pattern)
    for path in python_files(*rooms):
        text = path.read_text("utf-8")
        if wanted.search(text):
            yield path, ast.parse(text, str(path))


def name_of(path: Path) -> str:
    """`app/geo/datum.py` → `app.geo.datum`, a package by its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def shown(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


@cache
def imports(path: Path) -> tuple[tuple[str, int], ...]:
    """Each imported module with its line, wherever in the file."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def setup_cfg() -> configparser.ConfigParser:
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", "utf-8")
    return config


def requirements(text: str) -> set[str]:
    """Distribution names in a requirements list of setup.cfg, lower case."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return {re.split(r"[\s<>=!~;\[]", line)[0].lower() for line in lines if line}


@cache
def tracked() -> tuple[Path, ...]:
    """The files that git tracks; none outside a checkout or without git."""
    if shutil.which("git") is None:
        return ()
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return tuple(path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file())
