"""The map's side of the tile process: starts it, feeds it, watches it, starts it again when it dies or hangs.

Nothing here waits: writing is buffered by Qt, reading comes as signals.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

from app.domain.faults import Message
from app.text import render
from widgets.map.slots import MAX_SLOTS, SharedBlock
from widgets.map.wire import BadFrame, Unpacker, pack

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
HANG_MS = 8_000
RESTART_FIRST_MS = 100
_REPLACES = {"areas": "steps", "cameras": "camera_state"}
RESTART_MAX_MS = 5_000
HEALTHY_MS = 20_000


class TileProcess(QObject):
    """One tile process. ``scene`` bodies are remembered, so that a new process starts where the old one ended."""

    tile = Signal(object, int, int)
    failed = Signal(object, int, str)
    fault = Signal(str, str)
    trouble = Signal(str, str)
    """what has trouble and why; why "": no more"""
    raster_arrived = Signal(object)
    started = Signal()
    lost = Signal()

    def __init__(self, block: SharedBlock) -> None:
        super().__init__()
        self._block = block
        self._bodies: dict[str, tuple[int, dict[str, Any]]] = {}
        self._process: QProcess | None = None
        self._unpacker = Unpacker()
        self._delay_ms = RESTART_FIRST_MS
        self._stopped = False
        self._waiting = False
        self.restarts = -1
        self.alive = False
        self._heard = QElapsedTimer()
        self._since = QElapsedTimer()
        self._lost = QElapsedTimer()
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._start)
        self._watch = QTimer(self, interval=1_000)
        self._watch.timeout.connect(self._look)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)
        _LIVE.add(self)

    @property
    def bodies(self) -> Mapping[str, tuple[int, dict[str, Any]]]:
        """The scene as it was sent last: generation and body by kind, in the order to apply them."""
        return self._bodies

    @property
    def pid(self) -> int:
        return int(self._process.processId()) if self._process is not None else 0

    def start(self) -> None:
        if self._process is None and not self._stopped:
            self._start()
            self._watch.start()

    def send_scene(self, kind: str, body: dict[str, Any], generation: int) -> None:
        """Change the scene; kept for the next process, sent to the present one."""
        self._bodies.pop(kind, None)
        if kind in _REPLACES:
            self._bodies.pop(_REPLACES[kind], None)
        self._bodies[kind] = (generation, body)
        if self.alive:
            self._write(kind, {**body, "generation": generation})

    def wish(self, keys: list[tuple[int, int, int]]) -> None:
        """What to paint, best first; replaces the last list."""
        if self.alive:
            if keys and not self._waiting:
                self._heard.start()
            self._waiting = bool(keys)
            self._write("wish", {"keys": keys})

    def lend(self, slots: list[int]) -> None:
        if self.alive and slots:
            self._write("lend", {"slots": slots})

    @Slot()
    def stop(self) -> None:
        """End the process for good. Safe to call twice."""
        if self._stopped:
            return
        self._stopped = True
        self._watch.stop()
        self._again.stop()
        self._end()
        _LIVE.discard(self)

    def _end(self) -> None:
        process, self._process = self._process, None
        self.alive = self._waiting = False
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(2_000)
            process.deleteLater()

    @Slot()
    def _start(self) -> None:
        if self._stopped:
            return
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        paths = [str(ROOT), *filter(None, [environment.value("PYTHONPATH")])]
        environment.insert("PYTHONPATH", os.pathsep.join(paths))
        environment.insert("QT_QPA_PLATFORM", "offscreen")
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            environment.insert(name, "1")
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_error_text)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        self._unpacker = Unpacker()
        self.restarts += 1
        self._since.start()
        self._heard.start()
        inherited = int(self._block.handle[3:]) if self._block.handle.startswith("fd:") else -1
        if inherited >= 0:
            os.set_inheritable(inherited, True)
        try:
            process.start(
                sys.executable, ["-m", "widgets.map.worker", "--block", self._block.handle, "--slots", str(MAX_SLOTS)]
            )
        finally:
            if inherited >= 0:
                os.set_inheritable(inherited, False)

    def _write(self, kind: str, body: dict[str, Any]) -> None:
        if self._process is not None and self._process.state() == QProcess.ProcessState.Running:
            self._process.write(pack(kind, body))

    @Slot()
    def _on_output(self) -> None:
        if self._process is None:
            return
        self._heard.start()
        try:
            frames = self._unpacker.feed(bytes(self._process.readAllStandardOutput().data()))
        except BadFrame as error:
            log.warning("tile process: unreadable answer (%s); starting a new one", error)
            self._retry()
            return
        for kind, body in frames:
            self._take(kind, body)

    def _take(self, kind: str, body: dict[str, Any]) -> None:
        if kind == "tile":
            self.tile.emit(tuple(body["key"]), int(body["generation"]), int(body["slot"]))
        elif kind == "failed":
            log.warning("tile %s could not be painted: %s", body["key"], body["why"])
            self.failed.emit(tuple(body["key"]), int(body["generation"]), str(body["why"]))
        elif kind == "fault":
            self.fault.emit(str(body["what"]), render(Message(str(body["id"]), dict(body["params"]))))
        elif kind == "trouble":
            why = render(Message(str(body["id"]), dict(body["params"]))) if body["id"] else ""
            self.trouble.emit(str(body["what"]), why)
        elif kind == "stale":
            self.raster_arrived.emit([tuple(address) for address in body["addresses"]])
        elif kind == "ready":
            self.alive = True
            if self.restarts:
                log.info("tile process is back after %d ms", self._since.elapsed())
            for scene_kind, (generation, scene) in self._bodies.items():
                self._write(scene_kind, {**scene, "generation": generation})
            self.started.emit()

    @Slot()
    def _on_error_text(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip()
            if text:
                log.warning("tile process: %s", text)

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        log.info("tile process ended (code %d, %s)", code, status.name)
        self._retry()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            log.warning("tile process could not be started: %s", self._process.errorString() if self._process else "")
            self._retry()

    def _retry(self) -> None:
        """Count the loss, free what the process held, start again after a pause that grows while it keeps dying."""
        if self._since.elapsed() > HEALTHY_MS:
            self._delay_ms = RESTART_FIRST_MS
        if self.alive:
            self._lost.start()
        self._end()
        self.lost.emit()
        if not self._stopped:
            self._again.start(self._delay_ms)
            self._delay_ms = min(RESTART_MAX_MS, self._delay_ms * 2)

    @Slot()
    def _look(self) -> None:
        """A process that was asked and says nothing is as good as dead."""
        starting = self._process is not None and not self.alive
        if (self._waiting or starting) and self._heard.elapsed() > HANG_MS * (4 if starting else 1):
            log.info("tile process is silent for %d ms; starting a new one", self._heard.elapsed())
            self._retry()

    def down_ms(self) -> int:
        """How long there has been no process that works (0 while there is one)."""
        if self.alive:
            return 0
        if self._lost.isValid():
            return int(self._lost.elapsed())
        return int(self._since.elapsed()) if self.pid else HANG_MS

    def answered(self) -> None:
        """All wishes are met: silence is no sign of a hang any more."""
        self._waiting = False


_LIVE: set[TileProcess] = set()


def stop_with(owner: QObject, process: TileProcess) -> None:
    """End ``process`` when ``owner`` is destroyed, whoever destroys it."""
    reference = weakref.ref(process)

    def end() -> None:
        found = reference()
        if found is not None:
            with contextlib.suppress(RuntimeError):
                found.stop()

    owner.destroyed.connect(end)
