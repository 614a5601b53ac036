"""Bad input at each door: what is wrong and what to do is said in the reader's language, with DESIGN.md's status."""
from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import text
from app.bootstrap import seats
from app.cli import main
from app.domain.faults import KnownFault, Message, why_of
from data.store.store import STORE_FILE, Founding
from widgets.screens import launch

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = re.compile(r"\b(?:such|file|directory|exists|permission|denied|is|a|folder|cannot|the)\b", re.I)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    seats.found(tmp_path / "seat", Founding("340803", "D", "c", "Centre", "drill"))
    return tmp_path / "seat"


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    before = text.language().lang
    yield
    text.set_language(before)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command that fails says in Chinese."""
    capsys.readouterr()
    assert main(["--lang", "zh_CN", *words]) == 1
    ran = capsys.readouterr()
    assert ran.out == ""
    return ran.err.strip()


@pytest.mark.parametrize("command", [("status",), ("queue",), ("shot", "desk", "--out", "x.png"), ("audit", "verify"),
                                     ("import", "components", "FILE"), ("pack", "list")])
def test_a_file_where_the_data_folder_should_be_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                        command: tuple[str, ...]) -> None:
    place = tmp_path / "notes"
    place.write_text("id,kind,lon,lat\n")
    words = [str(place) if w == "FILE" else w for w in command]
    assert "文件" in said(capsys, *words, "--data", str(place))
    assert place.read_text() == "id,kind,lon,lat\n"


def test_a_folder_that_cannot_be_made_says_why_in_the_readers_words(capsys: pytest.CaptureFixture[str],
                                                                    tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for data, why in ((tmp_path / "file", "已有同名文件"), (tmp_path / "file" / "deeper", "不是文件夹"),
                      (tmp_path / ("x" * 300), "名称过长")):
        words = said(capsys, "init", "--data", str(data))
        assert why in words, words
        assert not ENGLISH.search(words.replace(str(data), "")), words


@pytest.mark.parametrize(("content", "why"), [
    (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "图片"), (b"SQLite format 3\x00" + b"x" * 90, "SQLite"), (b"", "空"),
    (b"%PDF-1.7 x", "PDF"), (b"<html><body>log in</body></html>", "网页"), (b"\x7fELF" + bytes(range(256)), "文本"),
    (b"<?xml version='1.0'?><a/>", "XML"), (b"PK\x03\x04" + b"\x00" * 60, "zip"),
    (b'{"type": "FeatureCollection"', "JSON")])
@pytest.mark.parametrize("kind", ["components", "areas", "incidents", "base"])
def test_a_file_of_another_kind_is_told_and_founds_no_store(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                            kind: str, content: bytes, why: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    words = said(capsys, "import", kind, str(file), "--data", str(tmp_path / "new"))
    assert "list.csv" in words
    assert why in words or kind == "base", words
    if why not in ("zip", "JSON"):
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", [("import", "components", "DIR"), ("import", "base", "DIR"), ("replay", "DIR"),
                                     ("basemap", "set", "mbtiles", "DIR"), ("report", "map", "--out", "DIR")])
def test_a_folder_instead_of_a_file_is_told(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path,
                                            command: tuple[str, ...]) -> None:
    words = [str(tmp_path) if w == "DIR" else w for w in command]
    data = str(tmp_path / "replay") if command[0] == "replay" else str(folder)
    told = said(capsys, *words, "--data", data)
    assert "文件夹" in told or "没有可" in told or "无内容" in told, told


def test_a_huge_file_without_a_line_end_is_refused_in_bounded_memory(folder: Path, tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.write(b"id,kind,lon,lat\n1,")
        for _ in range(64):
            file.write(b"x" * 2**20)
        file.truncate(2**31)  # a hole of two gigabytes
    ran = subprocess.run(
        [sys.executable, "main.py", "--lang", "en", "import", "components", str(huge), "--crs", "wgs84", "--data",
         str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False,
        preexec_fn=lambda: __import__("resource").setrlimit(__import__("resource").RLIMIT_AS, (3 * 2**30, 3 * 2**30)))
    assert ran.returncode == 1, (ran.stdout, ran.stderr[-400:])
    assert "MemoryError" not in ran.stderr


def test_reasons_of_the_system_are_words_of_the_catalogue(tmp_path: Path) -> None:
    for error, words in ((FileNotFoundError(2, "No such file"), "there is no such folder or file"),
                         (PermissionError(13, "Permission denied"), "this user has no right to it"),
                         (OSError(30, "Read-only file system"), "the disk is read-only"),
                         (OSError(28, "No space left on device"), "the disk is full")):
        assert why_of(error) == Message(words)
    assert why_of(OSError(71, "Protocol error")) == "Protocol error"
    assert why_of(ValueError("x")) == "ValueError"


def test_a_display_that_does_not_answer_is_told_before_qt_would_end_the_program(folder: Path) -> None:
    env = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")}
    ran = subprocess.run([sys.executable, "main.py", "desk", "--lang", "en", "--data", str(folder)], cwd=ROOT,
                         capture_output=True, text=True, timeout=60, check=False, env={**env, "DISPLAY": ":54321"})
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "The display :54321 does not answer" in ran.stderr
    assert "main.py shot desk" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1, ran.stderr


def test_a_wayland_display_or_one_of_qts_own_needs_no_x_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISPLAY", ":54321")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    launch.demand_display()
    monkeypatch.delenv("QT_QPA_PLATFORM")
    with pytest.raises(KnownFault):
        launch.demand_display()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    short = Path("/tmp") / f"liandong-{os.getpid()}"
    short.mkdir()
    try:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(short / "wayland-7"))
            launch.demand_display()
    finally:
        shutil.rmtree(short)


def test_a_store_stays_usable_after_every_bad_door(capsys: pytest.CaptureFixture[str], folder: Path,
                                                   tmp_path: Path) -> None:
    size = (folder / STORE_FILE).stat().st_size
    for words in (("import", "components", str(tmp_path)), ("show", "1"), ("pack", "rollback", "x"),
                  ("basemap", "set", "mbtiles", str(tmp_path))):
        said(capsys, *words, "--data", str(folder))
    assert main(["--lang", "en", "audit", "verify", "--data", str(folder)]) == 0
    assert (folder / STORE_FILE).stat().st_size == size
