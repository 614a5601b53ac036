"""Who may import whom (DESIGN): kept by import-linter, shown to bite by planted violations."""
from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT, imports, python_files, requirements, setup_cfg, shown

# file → line planted in a copy of the tree, each of them forbidden
PLANTED = {
    "app/domain/planted_qt.py": "import PySide6.QtCore",
    "app/domain/planted_service.py": "import app.services",
    "app/domain/planted_array.py": "import numpy",
    "app/services/planted_database.py": "import sqlalchemy",
    "app/services/planted_intake.py": "import app.intake",
    "app/services/planted_store.py": "import data.store",
    "app/geo/planted_service.py": "import app.services",
    "app/geo/planted_network.py": "import requests",
    "app/intake/planted_driver.py": "import sqlite3",
    "app/reports/planted_video.py": "import app.video",
    "app/drill/planted_map.py": "import folium",
    "data/store/planted_chart.py": "import pyqtgraph",
    "data/store/planted_intake.py": "import app.intake",
    "data/store/planted_widget.py": "import widgets.theme",
    "widgets/queue/planted_room.py": "import widgets.map",
    "widgets/map/planted_screen.py": "import widgets.screens",
    "widgets/theme/planted_bridge.py": "import widgets.bridge",
    "widgets/duty/planted_store.py": "import data.store",
    "widgets/charts/planted_report.py": "import app.reports",
    "widgets/cameras/planted_network.py": "import requests",
    "widgets/incident/planted_bootstrap.py": "import app.bootstrap",
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([str(tool), "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=100,
                          check=False)


def test_import_rules_hold() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("planted")
    for package in PACKAGES:
        for path in python_files(package):
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    shutil.copy(ROOT / "setup.cfg", folder)
    for name in ("app/cli.py", "app/bootstrap.py"):
        (folder / name).touch()
    for name, line in PLANTED.items():
        (folder / name).write_text(line + "\n", "utf-8")
    # A room that the contract does not place.
    (folder / "widgets" / "planted_room").mkdir()
    (folder / "widgets" / "planted_room" / "__init__.py").write_text("", "utf-8")
    done = lint_imports(folder)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_named(planted: str, name: str) -> None:
    importer, imported = name.removesuffix(".py").replace("/", "."), PLANTED[name].split()[1]
    hits = [line for line in planted.splitlines() if importer in line]
    target = imported if imported.split(".")[0] in PACKAGES else imported.split(".")[0]
    assert any(target in line for line in hits), planted[-8000:]


def test_a_new_widget_room_must_be_placed(planted: str) -> None:
    assert "planted_room" in planted


def test_the_domain_is_the_standard_library_only() -> None:
    strangers = [f"{shown(path, line)} imports {module}" for path in python_files("app/domain")
                 for module, line in imports(path)
                 if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("app.domain")]
    assert not strangers, "\n".join(strangers)


# import name → distribution, where they differ
DISTRIBUTIONS = {"PySide6": "pyside6-essentials", "shiboken6": "pyside6-essentials", "argon2": "argon2-cffi",
                 "PIL": "pillow", "shapefile": "pyshp", "charset_normalizer": "charset-normalizer", "branca": "folium",
                 "jinja2": "folium", "_pytest": "pytest", "pytestqt": "pytest-qt", "importlinter": "import-linter",
                 "fontTools": "fonttools"}


def test_every_imported_package_is_declared() -> None:
    config = setup_cfg()
    extras = config["options.extras_require"]
    product = requirements(config["options"]["install_requires"]).union(
        *(requirements(text) for name, text in extras.items() if name != "test"))
    everything = product | requirements(extras["test"])
    missing = []
    for path in python_files(*PACKAGES, "tests"):
        allowed = everything if path.is_relative_to(ROOT / "tests") else product
        for module, line in imports(path):
            top = module.split(".")[0]
            if top not in sys.stdlib_module_names and top not in {*PACKAGES, "tests", "resources", "main"} \
                    and DISTRIBUTIONS.get(top, top).lower() not in allowed:
                missing.append(f"{shown(path, line)}: {top}")
    assert not missing, "not in setup.cfg:\n" + "\n".join(missing)


# They run in the process that draws the static map, where no widget lives.
TILE_PROCESS = {ROOT / "widgets" / "map" / "worker.py", ROOT / "widgets" / "map" / "raster.py"}


def test_no_widget_starts_a_thread_or_opens_a_socket() -> None:
    """Only widgets/bridge crosses threads (STYLE, rule 7)."""
    doors = {"threading", "_thread", "concurrent", "socket", "asyncio", "http", "urllib", "ftplib", "PySide6.QtNetwork"}
    found = [f"{shown(path, line)} imports {module}" for path in python_files("widgets")
             if not path.is_relative_to(ROOT / "widgets" / "bridge") and path not in TILE_PROCESS
             for module, line in imports(path) if module.split(".")[0] in doors or module in doors]
    assert not found, "\n".join(found)
