"""Rules of the house that no linter keeps: names, sizes, one clock door, one place for colours."""
from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT, python_files, shown, tracked, tree, trees_with

MAX_LINES = 500
# Longer modules that are still one thing: file → why.
LONGER: dict[str, str] = {}
FORBIDDEN_NAMES = re.compile(r"^(utils?|helpers?|managers?|misc|common|stuff)$|_(utils?|helpers?|manager|misc)$")
TEXT_FILES = {"", ".py", ".cfg", ".toml", ".md", ".txt", ".yml", ".yaml", ".json", ".ts", ".qss", ".html", ".js",
              ".sh", ".in"}


def test_no_module_has_a_name_that_says_nothing() -> None:
    bad = [str(p.relative_to(ROOT)) for p in python_files(*PACKAGES, "tests")
           if FORBIDDEN_NAMES.search(p.stem) or FORBIDDEN_NAMES.search(p.parent.name)]
    assert not bad, bad


def test_no_module_is_longer_than_500_lines_unless_listed() -> None:
    sizes = {str(p.relative_to(ROOT)): p.read_text("utf-8").count("\n") for p in python_files(*PACKAGES, "tests")}
    long = {name: lines for name, lines in sizes.items() if lines > MAX_LINES and name not in LONGER}
    assert not long, long
    assert not [name for name in LONGER if sizes.get(name, 0) <= MAX_LINES], "listed but no longer long"


def test_only_the_command_line_prints() -> None:
    doors = {ROOT / "app" / "cli.py", ROOT / "app" / "bootstrap" / "output.py"}
    found = [shown(path, node.lineno) for path, module in trees_with(r"\bprint\(") if path not in doors
             for node in ast.walk(module)
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"]
    assert not found, found


CLOCK = re.compile(r"^(time\.(time|monotonic)(_ns)?|(datetime\.)?datetime\.(now|utcnow|today)|(datetime\.)?date\.today"
                   r"|QDateTime\.currentDateTime(Utc)?|QDateTime\.currentMSecsSinceEpoch|QTime\.currentTime|QDate\.currentDate)$")


def clock_reads(module: ast.Module) -> list[int]:
    """Lines that read a clock of the machine."""
    named = {alias.asname or alias.name: f"time.{alias.name}" for node in ast.walk(module)
             if isinstance(node, ast.ImportFrom) and node.module == "time" for alias in node.names}
    lines = []
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute | ast.Name) and (named or isinstance(node, ast.Attribute)):
            text = ast.unparse(node)
            if CLOCK.match(named.get(text, text)):
                lines.append(node.lineno)
    return lines


def test_there_is_one_clock_door() -> None:
    words = r"\b(import time|from time|datetime\.(now|utcnow|today)|date\.today|current(DateTime|MSecs|Time|Date))"
    found = [shown(path, line) for path, module in trees_with(words) if path != ROOT / "app" / "clock.py"
             for line in clock_reads(module)]
    assert not found, f"ask app.clock: {found}"


@pytest.mark.parametrize("code", ["import time\ntime.time()", "from time import monotonic\nmonotonic()",
                                  "from datetime import datetime\ndatetime.now()",
                                  "import datetime\ndatetime.date.today()"])
def test_a_planted_read_of_the_clock_is_found_by_the_test_and_by_ruff(code: str, tmp_path: Path) -> None:
    assert clock_reads(ast.parse(code))
    planted = tmp_path / "planted.py"
    planted.write_text(code + "\n", "utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", str(ROOT / "pyproject.toml"),
               "--output-format", "concise", str(planted)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "TID251" in done.stdout, done.stdout + done.stderr


COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})\b")


def test_colours_stand_only_in_the_theme() -> None:
    found = [f"{shown(path, node.lineno)} {node.value[:40]!r}" for path, module in trees_with(COLOUR.pattern, "widgets")
             if not path.is_relative_to(ROOT / "widgets" / "theme")
             for node in ast.walk(module)
             if isinstance(node, ast.Constant) and isinstance(node.value, str) and COLOUR.fullmatch(node.value)]
    assert not found, "\n".join(found)


def test_every_room_says_what_it_is() -> None:
    silent = [str(folder.relative_to(ROOT)) for package in PACKAGES for folder in sorted((ROOT / package).rglob("*"))
              if folder.is_dir() and any(folder.glob("*.py")) and "migrations" not in folder.parts
              and not ((folder / "__init__.py").is_file() and ast.get_docstring(tree(folder / "__init__.py")))]
    assert not silent, silent


TRACES = re.compile(r"/work/(?:main|shared)|/root/|/home/\w+/|/tmp/brief|\bpypi\.org|pythonhosted|registry\.npmjs"
                    r"|mirrors?\.\w+\.(?:com|cn|org)|artifactory|index-url", re.IGNORECASE)


def test_no_tracked_file_names_one_machine_or_a_package_registry() -> None:
    if not tracked():
        pytest.skip("no git checkout, or no git")
    found = []
    for path in tracked():
        if path.suffix in TEXT_FILES and path.stat().st_size < 2_000_000 and path != Path(__file__):
            for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
                if hit := TRACES.search(line):
                    found.append(f"{shown(path, number)} {hit.group()}")
    assert not found, "\n".join(found)


def test_main_is_one_call_to_the_command_line() -> None:
    code = tree(ROOT / "main.py").body
    assert [type(node) for node in code] == [ast.Expr, ast.ImportFrom, ast.ImportFrom, ast.If]
    assert "raise SystemExit(main())" in ast.unparse(code[-1])
