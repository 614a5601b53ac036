"""Surroundings of every test: no screen, no user's folders, no secrets of the machine; guards; hypothesis profiles."""
from __future__ import annotations

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

PROVE = os.environ.get("LIANDONG_PROVE") == "1"
ROOT = Path(__file__).resolve().parents[1]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTEST_QT_API", "pyside6")
_home = tempfile.mkdtemp(prefix="liandong-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
    os.environ[_name] = str(Path(_home) / _name.lower())
    Path(os.environ[_name]).mkdir(mode=0o700)
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

from tests.guards import (  # noqa: E402,F401  pytest finds hooks and fixtures by these names
    expected_logs,
    pytest_fixture_setup,
    pytest_runtest_call,
    pytest_runtest_protocol,
    pytest_runtest_teardown,
)

_slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100, database=None,
                          suppress_health_check=_slow)
settings.register_profile("prove", deadline=None, max_examples=2000, suppress_health_check=_slow)
settings.load_profile("prove" if PROVE else os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Put what the imports made out of the collector's sight: the guards look through all objects after each test."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not PROVE:
        skip = pytest.mark.skip(reason="long form of a promise: make prove")
        for item in items:
            if item.get_closest_marker("prove"):
                item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of the promises: a promise counts only when a command prints its figure."""
    figures = [value for reports in terminalreporter.stats.values() for report in reports
               for name, value in getattr(report, "user_properties", ()) if name == "figure" and report.when == "call"]
    if figures:
        terminalreporter.section("figures of the promises")
        for line in sorted(set(map(str, figures))):
            terminalreporter.write_line(line)


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """`figure("promise 1: 100 cycles, lost 0")` prints that line in the summary of the run."""
    return lambda line: record_property("figure", line)


@pytest.fixture(scope="module", autouse=True)
def one_look_per_module() -> Iterator[None]:
    """What a module sets (language, labels, Qt's locale, theme, scale) is forgotten at its end; windows begin dark, in
    Chinese and at a desk's scale, whichever test comes first."""
    text, language = sys.modules.get("app.text"), sys.modules.get("widgets.theme.language")
    core, style = sys.modules.get("PySide6.QtCore"), sys.modules.get("widgets.theme.style")
    if core is not None and (app := core.QCoreApplication.instance()) is not None:
        if style is not None and (style.tokens.current().name, style.tokens.scale()) != ("dark", 1.0):
            style.tokens.set_scale(1.0)
            style.apply(app, "dark", "zh_CN")
        if language is not None:
            language.use(app, "zh_CN")
    yield
    text, language = sys.modules.get("app.text"), sys.modules.get("widgets.theme.language")
    if text is not None:
        text._State.catalogue = None
        text.use_labels(lambda _list, code, _lang: code)
    core = sys.modules.get("PySide6.QtCore")
    if language is not None and core is not None:
        language._State.installed, installed = (), language._State.installed
        language._State.lang = ""
        app = core.QCoreApplication.instance()
        for translator in installed:
            if app is not None:
                app.removeTranslator(translator)
        core.QLocale.setDefault(core.QLocale.system())


@pytest.fixture(scope="session")
def qapp(qapp: Any) -> Any:
    """The application, in Chinese like the program's own."""
    from widgets.theme import language

    language.use(qapp, "zh_CN")
    return qapp


@pytest.fixture(scope="session")
def prove() -> bool:
    """True in the long form (LIANDONG_PROVE=1)."""
    return PROVE


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets; tests that need it are skipped where it is absent."""
    named = os.environ.get("LIANDONG_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if (folder / "data").is_dir():
        folder = folder / "data"
    if not folder.is_dir():
        pytest.skip("the shared data folder is absent (LIANDONG_SHARED names it)")
    return folder


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data folder of this test, with a blank and a Chinese character in its name."""
    folder = tmp_path / "data 数据"
    folder.mkdir()
    return folder
