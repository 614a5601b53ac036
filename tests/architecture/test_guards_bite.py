"""Each guard of tests/guards.py is shown to bite, and to let pass what it should."""
from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CASES = '''
import logging, multiprocessing, threading, time
import pytest
from PySide6.QtCore import QObject, QThread, QTimer, QCoreApplication, qWarning
from PySide6.QtWidgets import QWidget

kept = []
log = logging.getLogger("room")


def test_bad_stray_warning():
    log.warning("the door is open")

def test_good_info():
    log.info("all quiet")

@pytest.mark.expects_log("door is open")
def test_good_expected_warning():
    log.warning("the door is open")

@pytest.mark.expects_log("door is open")
def test_bad_other_warning():
    log.warning("the door is open")
    log.error("the roof is gone")

@pytest.mark.expects_log("door is open")
def test_bad_expected_but_missing():
    pass

def test_good_allowed(expected_logs):
    expected_logs.allow("door")
    log.warning("the door is open")
    assert expected_logs.matching("door")

@pytest.fixture
def noisy():
    yield
    log.warning("late")

def test_bad_warning_in_teardown(noisy):
    pass

def test_bad_qt_message():
    qWarning("a Qt message")

@pytest.mark.expects_log("a Qt message")
def test_good_expected_qt_message():
    qWarning("a Qt message")

def test_bad_thread():
    stop = threading.Event()
    kept.append(stop)
    threading.Thread(target=stop.wait, name="leaking").start()

def test_bad_daemon_thread():
    stop = threading.Event()
    kept.append(stop)
    threading.Thread(target=stop.wait, name="leaking-daemon", daemon=True).start()

def test_good_ending_thread():
    threading.Thread(target=time.sleep, args=(0.1,)).start()

@pytest.mark.keeps_threads("wanted")
def test_good_kept_thread():
    stop = threading.Event()
    kept.append(stop)
    threading.Thread(target=stop.wait, name="wanted", daemon=True).start()

@pytest.fixture(scope="module")
def server():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="server", daemon=True)
    thread.start()
    yield
    stop.set()

def test_good_thread_of_a_module_fixture(server):
    pass

def test_bad_timer(qapp):
    timer = QTimer()
    timer.start(1000)
    kept.append(timer)

def test_good_stopped_timer(qapp):
    timer = QTimer()
    timer.start(1000)
    timer.stop()
    kept.append(timer)

def test_bad_window(qapp):
    kept.append(QWidget())

def test_good_window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()

def test_bad_qthread(qapp):
    thread = QThread()
    thread.start()
    kept.append(thread)

def test_bad_child_process():
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(30,), daemon=True)
    process.start()
    kept.append(process)

def test_bad_python_warning():
    import warnings
    warnings.warn("old habit", DeprecationWarning)

def test_last_ends_what_is_left():
    for thing in kept:
        if isinstance(thing, threading.Event):
            thing.set()
        elif isinstance(thing, QThread):
            thing.quit(); thing.wait()
        elif isinstance(thing, multiprocessing.process.BaseProcess):
            thing.kill(); thing.join()
    kept.clear()
'''


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, set[str]], str]:
    """Outcome words of each case in one run of its own, and the whole output."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "test_cases.py").write_text(CASES, "utf-8")
    (folder / "conftest.py").write_text(
        "import tests.guards\nfrom tests.conftest import *\nfrom tests.guards import *\n"
        "tests.guards.GRACE_S = 0.4\n", "utf-8")
    (folder / "setup.cfg").write_text((ROOT / "setup.cfg").read_text("utf-8").split("[mypy]")[0], "utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "no:xdist", "test_cases.py"]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
                          capture_output=True, text=True, timeout=100, check=False)
    found: dict[str, set[str]] = {}
    for name, word in re.findall(r"^test_cases\.py::(\w+) (PASSED|FAILED|ERROR)", done.stdout, re.MULTILINE):
        found.setdefault(name, set()).add(word)
    for word, name in re.findall(r"^(FAILED|ERROR) test_cases\.py::(\w+)", done.stdout, re.MULTILINE):
        found.setdefault(name, set()).add(word)
    return found, done.stdout + done.stderr


def _cases(kind: str) -> list[str]:
    return re.findall(rf"^def (test_{kind}_\w+)", CASES, re.MULTILINE)


@pytest.mark.parametrize("name", _cases("bad"))
def test_guard_bites(outcomes: tuple[dict[str, set[str]], str], name: str) -> None:
    found, text = outcomes
    assert found.get(name, set()) & {"FAILED", "ERROR"}, text


@pytest.mark.parametrize("name", [*_cases("good"), "test_last_ends_what_is_left"])
def test_guard_lets_pass(outcomes: tuple[dict[str, set[str]], str], name: str) -> None:
    found, text = outcomes
    assert found.get(name) == {"PASSED"}, text


def test_what_is_left_is_named(outcomes: tuple[dict[str, set[str]], str]) -> None:
    _, text = outcomes
    for said in ("thread 'leaking'", "thread 'leaking-daemon' (daemon)", "QTimer", "QWidget", "QThread",
                 "child process", "WARNING room: the door is open", "WARNING Qt.default: a Qt message"):
        assert said in text, text
