"""Tiles: what the tile process paints equals direct drawing, slots are never mixed up, the process may die at any
time."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import shiboken6
from PySide6.QtGui import QImage, QPainter

from tests.widgets.map_city import CITY, fill, wait_until
from widgets.map import tileprocess
from widgets.map.frame import Frame
from widgets.map.layers import METRIC_OPEN, CameraLayer
from widgets.map.mercator import to_world
from widgets.map.scene import Scene
from widgets.map.slots import TILE_PX, Owner, SharedBlock, SlotFault, SlotLedger
from widgets.map.staticpaint import TileKey, paint_static, paint_tile
from widgets.map.tilecache import TileCache, keys_in, level_of, slots_for, wishes
from widgets.map.view import MapView
from widgets.map.wire import BadFrame, Unpacker, pack

CORE = to_world(117.02, 30.52)


@pytest.fixture
def view(qtbot) -> Iterator[MapView]:
    made = MapView()
    qtbot.addWidget(made)
    made.resize(900, 600)
    fill(made)
    made.show()
    look(made, 14.0)
    yield made
    made.tiles.process.stop()


def look(view: MapView, zoom: float, dx: float = 0.0, dy: float = 0.0) -> None:
    view.set_viewport(replace(view.viewport, cx=CORE[0], cy=CORE[1], zoom=zoom).moved(dx, dy))


def replaced(view: MapView, pid: int) -> bool:
    return view.tiles.process.alive and view.tiles.process.pid not in (0, pid)


def settled(view: MapView) -> bool:
    return wait_until(view.tiles.settled)


def scene_of(view: MapView) -> Scene:
    scene = Scene()
    for kind, (_, body) in view.tiles.process.bodies.items():
        scene.apply(kind, body)
    return scene


def pixels(image: QImage) -> np.ndarray:
    copy = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(copy.constBits(), np.uint8).reshape(copy.height(), copy.width(), 4)[:, :, :3].copy()


def painted(scene: Scene, key: TileKey) -> np.ndarray:
    image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_RGB32)
    paint_tile(scene, key, image)
    return pixels(image)


def differing(view: MapView, scene: Scene) -> list[TileKey]:
    """Fresh cached tiles whose pixels are not those of direct drawing."""
    cache = view.tiles.cache
    return [
        key
        for key, entry in cache.entries.items()
        if entry.generation == cache.generation and not np.array_equal(pixels(entry.image), painted(scene, key))
    ]


@pytest.mark.parametrize("zoom", [11.5, 14.0, 16.5, 17.5])
def test_each_tile_equals_direct_drawing_pixel_by_pixel(view, zoom):
    look(view, zoom)
    assert settled(view)
    assert len(view.tiles.cache.entries) >= 4
    assert differing(view, scene_of(view)) == []


def test_joined_tiles_equal_one_direct_drawing_of_the_whole_view(view):
    """Across tile borders only rounding of smoothed edges may differ: no seam, no cut symbol."""
    for zoom in (13.0, 15.5, 17.0):
        look(view, zoom)
        assert settled(view)
        v = view.viewport
        joined = QImage(v.width, v.height, QImage.Format.Format_RGB32)
        painter = QPainter(joined)
        view.tiles.draw(painter, v, joined.rect())
        painter.end()
        direct = QImage(v.width, v.height, QImage.Format.Format_RGB32)
        painter = QPainter(direct)
        paint_static(scene_of(view), painter, Frame(v.zoom, v.dpr, v.left, v.top, v.width, v.height))
        painter.end()
        gap = np.abs(pixels(joined).astype(int) - pixels(direct).astype(int)).max(axis=2)
        assert (gap > 40).mean() < 0.0005, zoom


def test_slots_are_never_mixed_up_while_the_view_jumps_about(view):
    """Jumps, zooms and recolouring with few slots: at the end of each round every fresh tile shows its own place."""
    rng = random.Random(5)
    for step in range(30):
        look(view, rng.choice((12.0, 13.5, 14.0, 15.0, 16.0)), rng.uniform(-3000, 3000), rng.uniform(-3000, 3000))
        if step % 5 == 0:
            view.set_area_values(METRIC_OPEN, {i: float(rng.randrange(9)) for i in CITY.values})
        if step % 3 == 0:
            assert settled(view)
        wait_until(lambda: False, rng.uniform(0.0, 0.05))
    assert settled(view)
    assert view.tiles.cache.dropped > 0, "the churn never filled the slots"
    assert differing(view, scene_of(view)) == []
    used = [entry.slot for entry in view.tiles.cache.entries.values()]
    assert len(used) == len(set(used))
    ledger = view.tiles.cache.ledger
    assert ledger.number(Owner.CACHED) == len(used)
    assert ledger.free() + ledger.lent + len(used) == ledger.count


def test_a_killed_worker_is_restarted_and_cached_tiles_stay_on_show(view):
    assert settled(view)
    held = set(view.tiles.cache.entries)
    for _ in range(3):
        pid = view.tiles.process.pid
        os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: not view.tiles.process.alive)
        assert held <= set(view.tiles.cache.entries)
        view.repaint()
        assert view.tiles.missing == 0
        assert wait_until(partial(replaced, view, pid))
    look(view, 15.0, 700, 300)
    assert settled(view)
    assert differing(view, scene_of(view)) == []
    assert view.tiles.process.restarts == 3


def test_a_worker_killed_while_it_paints_loses_no_slot(view):
    rng = random.Random(9)
    for _ in range(4):
        look(view, rng.choice((13.0, 15.0, 16.0)), rng.uniform(-2000, 2000), rng.uniform(-2000, 2000))
        wait_until(lambda: view.tiles.process.alive)
        wait_until(lambda: False, rng.uniform(0.02, 0.12))
        if view.tiles.process.pid:
            os.kill(view.tiles.process.pid, signal.SIGKILL)
        wait_until(lambda: not view.tiles.process.alive)
    assert wait_until(lambda: view.tiles.process.alive, 20)
    assert settled(view)
    assert differing(view, scene_of(view)) == []
    ledger = view.tiles.cache.ledger
    assert ledger.free() + ledger.lent + ledger.number(Owner.CACHED) == ledger.count


def test_a_hanging_worker_is_replaced(view, monkeypatch):
    assert settled(view)
    monkeypatch.setattr(tileprocess, "HANG_MS", 400)
    pid = view.tiles.process.pid
    os.kill(pid, signal.SIGSTOP)
    look(view, 16.0, 5000, 0)
    assert wait_until(lambda: view.tiles.process.alive and view.tiles.process.pid not in (0, pid), 12)
    monkeypatch.setattr(tileprocess, "HANG_MS", 8000)
    assert settled(view)


def test_painting_never_waits_for_the_worker(qtbot):
    """Without any tile process the map still paints at once: ground, marks, and the words that it is being prepared."""
    made = MapView()
    qtbot.addWidget(made)
    made.tiles.start = lambda: None  # type: ignore[method-assign]
    made.resize(800, 600)
    fill(made)
    made.show()
    look(made, 14.0)
    image = made.grab().toImage()
    assert made.tiles.missing > 0
    assert len(np.unique(pixels(image).reshape(-1, 3), axis=0)) > 20
    made.tiles.process.stop()


def test_recolouring_paints_only_tiles_that_meet_a_changed_area(view):
    look(view, 15.0)
    assert settled(view)
    values = dict(CITY.values)
    changed = next(i for i, v in values.items() if v == 0.0)
    values[changed] = 9.0
    before = view.tiles.cache.generation
    stale_before = {k for k, e in view.tiles.cache.entries.items() if e.generation == before}
    view.set_area_values(METRIC_OPEN, values)
    assert view.tiles.cache.generation == before + 1
    kept = {k for k, e in view.tiles.cache.entries.items() if e.generation == before + 1}
    assert 0 < len(kept) < len(stale_before) + 1
    assert settled(view)
    assert differing(view, scene_of(view)) == []
    view.set_area_values(METRIC_OPEN, dict(values))
    assert view.tiles.cache.generation == before + 1, "equal steps must not repaint anything"


def test_a_changed_camera_state_reaches_its_tiles(view):
    look(view, 16.0)
    assert settled(view)
    c = CITY.cameras
    state = np.asarray(c.state).copy()
    state[:5] = (state[:5] + 1) % 3
    view.set_cameras(CameraLayer(c.ids, c.lon, c.lat, c.heading, c.fov, c.range_m, state, c.lookout))
    assert settled(view)
    assert differing(view, scene_of(view)) == []


def test_missing_tiles_are_covered_by_the_nearest_cached_level(view):
    look(view, 14.0)
    assert settled(view)
    os.kill(view.tiles.process.pid, signal.SIGSTOP)
    try:
        look(view, 15.0)
        view.repaint()
        assert view.tiles.missing > 0
        image = view.grab().toImage()
        assert len(np.unique(pixels(image).reshape(-1, 3), axis=0)) > 50
    finally:
        os.kill(view.tiles.process.pid, signal.SIGCONT)
    assert settled(view)


def test_a_slot_handed_over_twice_is_a_fault_not_a_wrong_picture():
    ledger = SlotLedger(4)
    slot = ledger.lend()
    assert slot is not None
    ledger.accept(slot)
    with pytest.raises(SlotFault):
        ledger.accept(slot)
    ledger.release(slot)
    with pytest.raises(SlotFault):
        ledger.release(slot)


def test_cache_keeps_pinned_and_seen_tiles_when_room_is_needed(qapp):
    block = SharedBlock(slots=8)
    cache = TileCache(block, SlotLedger(8))
    keys = [(28, x, 0) for x in range(8)]
    for key in keys:
        slot = cache.ledger.lend()
        assert slot is not None
        cache.tick()
        cache.put(key, 0, slot)
    cache.pinned = {keys[0]}
    cache.make_room(4, {keys[1]})
    assert keys[0] in cache.entries
    assert keys[1] in cache.entries
    assert cache.ledger.free() == 4
    assert [k for k in keys if k in cache.entries] == [keys[0], keys[1], keys[6], keys[7]]
    cache.clear()
    block.close()


def test_wishes_begin_in_the_middle_and_look_ahead_in_the_direction_of_the_pan(view):
    v = view.viewport
    level = level_of(v.zoom)
    order = wishes(v, (1.0, 0.0), lambda key: False, 200, [])
    seen = keys_in(v.bounds(), level, v.dpr)
    assert set(order[: len(seen)]) == set(seen)
    per_tile = v.ppu / TILE_PX
    first = order[0]
    assert abs(first[1] + 0.5 - v.cx * per_tile) <= 1
    assert abs(first[2] + 0.5 - v.cy * per_tile) <= 1
    ring = [key for key in order[len(seen) :] if key[0] == level]
    assert ring[0][1] > max(key[1] for key in seen), "the first of the ring lies ahead"
    assert {key[0] for key in order} == {level - 1, level, level + 1}
    assert len(wishes(v, (0.0, 0.0), lambda key: False, 5, [])) == len(seen)


def test_slots_suffice_for_a_4k_view():
    across, down = -(-3840 // TILE_PX) + 1, -(-2160 // TILE_PX) + 1
    assert slots_for(3840, 2160) > across * down * 2


def test_frames_survive_any_cut_and_garbage_is_refused():
    body: dict[str, Any] = {
        "keys": [[1, 2, 3]],
        "steps": np.arange(7, dtype=np.int8),
        "xy": np.random.default_rng(1).random((5, 2)),
    }
    data = pack("wish", body) * 3
    for size in (1, 3, 7, 64, len(data)):
        unpacker = Unpacker()
        frames = [f for i in range(0, len(data), size) for f in unpacker.feed(data[i : i + size])]
        assert [kind for kind, _ in frames] == ["wish"] * 3
        assert np.array_equal(frames[2][1]["xy"], body["xy"])
        assert np.array_equal(frames[0][1]["steps"], body["steps"])
    for bad in (b"\xff" * 64, b"\x20\0\0\0\x10\0\0\0" + b"x" * 28):
        with pytest.raises(BadFrame):
            Unpacker().feed(bad)


def test_the_process_ends_with_the_map(qtbot):
    made = MapView()
    made.resize(400, 300)
    made.show()
    assert wait_until(lambda: made.tiles.process.alive)
    pid = made.tiles.process.pid
    process = made.tiles.process
    made.close()
    shiboken6.delete(made)
    assert process.pid == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
