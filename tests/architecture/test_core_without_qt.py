"""The core (app, data) imports where PySide6 is not there at all, and app where no database driver is."""
from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, name_of, python_files

PROGRAM = """
import importlib, sys

blocked = set(sys.argv[1].split(","))

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in blocked:
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Block())
failed = []
for name in sys.stdin.read().split():
    try:
        importlib.import_module(name)
    except Exception as fault:
        failed.append(f"{name}: {type(fault).__name__}: {fault}")
print("\\n".join(failed))
raise SystemExit(bool(failed))
"""


def import_all(modules: list[str], blocked: str) -> str:
    """Import each of `modules` in a fresh interpreter without the `blocked` packages; returns what failed."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, blocked], input="\n".join(modules), cwd=ROOT,
                          capture_output=True, text=True, timeout=100, check=False)
    return done.stdout.strip() + done.stderr[-3000:]


def modules_of(*rooms: str) -> list[str]:
    # Migration scripts are loaded by Alembic, never imported.
    return [name_of(path) for path in python_files(*rooms)
            if "migrations" not in path.parts and path.name != "__main__.py"]


def test_every_module_of_app_and_data_imports_without_qt() -> None:
    failed = import_all(modules_of("app", "data"), "PySide6,shiboken6,pyqtgraph,PyQt5,PyQt6")
    assert not failed, failed


def test_every_module_of_app_imports_without_a_database_driver() -> None:
    modules = [name for name in modules_of("app") if not name.startswith(("app.bootstrap", "app.cli"))]
    failed = import_all(modules, "sqlalchemy,alembic,psycopg,apsw,PySide6")
    assert not failed, failed


@pytest.mark.parametrize("module", ["widgets.theme.no_such", "PySide6.QtCore"])
def test_the_blocker_bites(module: str) -> None:
    assert module.split(".")[0] in import_all([module], "PySide6,widgets")
