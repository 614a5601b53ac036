"""Promise 26 for pictures: a day of tiles that open, close, change and break leaves no wear.

Acts that a day spreads over hours follow one another without pause: a day of a seat is taken as 2,000 of them.
"""
from __future__ import annotations

import gc
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from app.services.streams import KEYFRAME, LIVE, SNAPSHOT
from tests.fakes import video_clips
from tests.fakes.fake_seat import FakeSeat
from tests.fakes.rtsp_server import RtspServer
from tests.video_stage import VideoStage, number_on
from tests.widgets.wall_stage import until
from widgets.theme import language

ACTS_A_DAY = 2_000
TILES, MOUNTS = 9, 12


@pytest.fixture
def stage(qapp) -> Iterator[VideoStage]:
    language.use(qapp, "zh_CN")
    made = VideoStage(lambda: FakeSeat(open_=5, cameras=30))  # type: ignore[arg-type,return-value]
    yield made
    made.close()


class Day:
    """Acts at random on nine tiles and on the server behind them."""

    def __init__(self, stage: VideoStage, server: RtspServer, seed: int) -> None:
        self._stage, self._server, self._dice = stage, server, random.Random(seed)
        rows = list(FakeSeat(open_=1, cameras=30).camera_rows.values())
        self._cameras = [replace(rows[n], source=server.url(n)) for n in range(MOUNTS)]
        self.tiles = [stage.tile(320, 180) for _ in range(TILES)]
        self.acts = 0

    def act(self) -> None:
        """One act."""
        self.acts += 1
        dice, tile = self._dice, self._dice.choice(self.tiles)
        mount = dice.randrange(MOUNTS)
        what = dice.choices(("show", "close", "size", "mode", "hide", "drop", "hang", "garbage", "resume", "kill"),
                            (30, 8, 12, 12, 6, 8, 4, 4, 14, 1))[0]
        if what == "show":
            self._stage.looking.show(tile, self._cameras[mount], "proof")
        elif what == "close":
            self._stage.looking.show(tile, None, "proof")
        elif what == "size":
            tile.resize(dice.choice((160, 320, 480)), dice.choice((90, 180, 270)))
        elif what == "mode":
            tile.pinned = dice.choice((None, LIVE, KEYFRAME, SNAPSHOT))
        elif what == "hide":
            tile.setVisible(not tile.isVisible())
        elif what == "kill":
            self._server.kill()
            self._server.start()
        else:
            self._server.tell(f"{what} {mount}")

    def settle(self) -> None:
        """All tiles show their own camera, live, as at the start of a shift."""
        for mount in range(MOUNTS):
            self._server.tell(f"resume {mount}")
        for n, tile in enumerate(self.tiles):
            tile.setVisible(True)
            tile.pinned = LIVE
            tile.resize(320, 180)
            self._stage.looking.show(tile, self._cameras[n], "proof")

    def settled(self) -> bool:
        """Whether all play, and nothing of what was closed is still open."""
        return len(self._stage.streams.open_streams) == TILES and all(number_on(t) is not None for t in self.tiles)


def measured(day: Day) -> tuple[int, int, float]:
    """(threads, fds, MB) once all is as at the start."""
    day.settle()
    assert until(day.settled, 30.0), [t.texts() for t in day.tiles]
    until(lambda: False, 2.5)  # what lingers lets go
    gc.collect()
    own = psutil.Process()
    return threading.active_count(), own.num_fds(), own.memory_info().rss / 2**20


@pytest.mark.expects_log(r"no picture of rtsp://")
def test_a_day_of_tiles_leaves_no_wear(stage: VideoStage, tmp_path: Path, figure, prove: bool):
    warm, seconds = (120.0, 600.0) if prove else (5.0, 12.0)
    with RtspServer(video_clips.clip_file(tmp_path, "h264", 320, 180, 10, 4.0), mounts=MOUNTS) as server:
        day = Day(stage, server, seed=26)

        def spend(seconds: float) -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                day.act()
                until(lambda: False, 0.04)
                QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # no own loop runs

        spend(warm)
        threads, fds, memory = measured(day)
        warmed = day.acts
        spend(seconds)
        after_threads, after_fds, after_memory = measured(day)
        stage.looking.clear()
        stage.streams.close()
    grown = after_memory / memory - 1
    figure(f"promise 26, pictures: {day.acts - warmed} acts on {TILES} tiles ({(day.acts - warmed) / ACTS_A_DAY:.1f} "
           f"days), threads {after_threads - threads:+d}, fds {after_fds - fds:+d}, memory {memory:.0f} MB "
           f"{grown * 100:+.1f} %")
    assert abs(after_threads - threads) <= 2
    assert abs(after_fds - fds) <= 2
    assert grown <= (0.05 if prove else 0.25)
