"""Privacy masks on several seats: what one seat covers is covered on every screen of the district, whatever centre."""
from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PIL import Image
from shapely.geometry import box, mapping

from app.bootstrap import seats
from app.bootstrap.city import import_list
from app.clock import SystemClock
from app.domain.events import NewEvent
from app.domain.masks import Mask
from app.domain.process import Role
from app.services.commands import AnswerConflict, SetMasks
from app.services.conflicting import command_of
from app.services.local_seat import LocalSeat
from app.services.operator import Operator
from data.store import audit, rebuild
from data.store.seat_store import SqliteSeatStore
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync import admin, backup
from data.sync.hub_run import HubRun
from data.sync.keeper_link import KeeperLink
from tests.fakes import video_clips
from tests.fakes.hub_town import DISTRICT, Town, TownSeat, town
from tests.fakes.postgres import Postgres, running
from tests.fakes.rtsp_server import RtspServer
from tests.integration.test_exchange_by_files import FarSeat
from tests.video_stage import VideoStage
from tests.widgets.wall_stage import until
from widgets.cameras.tile import Tile

LEFT: Mask = ((0.0, 0.2), (0.5, 0.2), (0.5, 0.8), (0.0, 0.8))
RIGHT: Mask = ((0.5, 0.2), (1.0, 0.2), (1.0, 0.8), (0.5, 0.8))


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path, expected_logs: object) -> Iterator[Town]:
    expected_logs.allow("the hub refused")  # type: ignore[attr-defined]
    with town(server, tmp_path / "town") as one:
        for code in ("s", "t"):
            admin.put_centre(one.address, server.SECRET, code, "Street", level=1, parent="c",
                             prefix=f"areas:a/areas:{code}/")
        yield one


def desk(seat: TownSeat, who: str = "me", *roles: Role) -> LocalSeat:
    """A desk on the seat: masks are of cameras that a list names."""
    store = SqliteSeatStore(seat.store, who, "desk")
    return LocalSeat(store, Operator(who, who, frozenset(roles or {Role.SUPERVISOR}), None), seat.clock,
                     seats.calendar(), screen="desk")


def with_cameras(*ones: TownSeat, source: str = "rtsp://10.0.0.1/main") -> list[str]:
    """The same lists on each seat: areas, and two cameras in the street s; returns the cameras' ids."""
    for one in ones:
        areas, file = one.folder.parent / "areas.geojson", one.folder.parent / "cameras.csv"
        areas.write_text(json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"编码": code, "名称": code, "级别": level, "上级": parent},
             "geometry": mapping(box(x, 30.0, x + wide, 31.0))}
            for code, level, parent, x, wide in (("a", "区县", None, 116.5, 2.0), ("s", "街道", "a", 116.5, 1.0),
                                                 ("t", "街道", "a", 117.5, 1.0))]}), encoding="utf-8")
        import_list(one.folder, "areas", areas, None, crs="wgs84", dry_run=False)
        file.write_text(f"编号,名称,经度,纬度,类型,取流地址\n1,北门,117.0,30.5,枪机,{source}\n2,院内,117.0,30.5,枪机,{source}\n",
                        encoding="utf-8")
        import_list(one.folder, "cameras", file, None, crs="wgs84", dry_run=False)
    return sorted(c.id for c in desk(ones[0]).cameras())


def level(*ones: TownSeat) -> None:
    """All meet until nobody has news."""
    for _ in range(2):
        for one in ones:
            one.meet()


def same(*ones: TownSeat) -> None:
    """All show the same masks, which are what their logs fold to, and the log is whole."""
    shown = [one.picture()["camera_mask"] for one in ones]
    assert all(rows == shown[0] for rows in shown)
    for one in ones:
        rebuild.rebuild(one.store)
        assert one.picture()["camera_mask"] == shown[0]
        one.store.head.write()
        assert audit.verify(one.store).faults == ()


@contextmanager
def refusing(place: Town) -> Iterator[None]:
    """While it lasts the hub refuses all that is new."""
    place.run("UPDATE hub.meta SET value = 'elsewhere' WHERE key = 'district'")
    try:
        yield
    finally:
        place.run(f"UPDATE hub.meta SET value = '{DISTRICT}' WHERE key = 'district'")


# ---- the picture -----------------------------------------------------------------------------------------------------


def lightness(tile: Tile, x: float, y: float = 0.5) -> int:
    """Of a place of the picture as it is painted on the widget."""
    image = tile.grab().toImage()
    return image.pixelColor(round(x * image.width()), round(y * image.height())).lightness()


@contextmanager
def screen(seat: TownSeat) -> Iterator[VideoStage]:
    made = VideoStage(lambda: seats.open_seat(seat.folder, screen="desk", role=Role.SUPERVISOR))
    try:
        yield made
    finally:
        made.close()


def test_what_one_seat_covers_is_covered_on_the_running_tile_of_another(place: Town, tmp_path: Path, qapp) -> None:
    """The other seat is of another centre, and its tile goes on showing: no restart, no new picture."""
    Image.new("RGB", (640, 360), (255, 255, 255)).save(tmp_path / "white.png")
    a, b = place.seat("a"), place.seat("b", "s")
    gate, _ = with_cameras(a, b, source=str(tmp_path / "white.png"))
    mine = desk(a)
    for one in (a, b):
        one.start()
    with screen(b) as stage:
        tile = stage.tile()
        camera = next(c for c in desk(a).cameras() if c.id == gate)
        stage.looking.show(tile, camera, "beside an incident")
        assert until(lambda: tile.has_picture)
        assert min(lightness(tile, 0.25), lightness(tile, 0.75)) > 200
        mine.do(SetMasks(gate, (LEFT,), "flats"))
        assert until(lambda: lightness(tile, 0.25) < 160, 10_000)
        assert lightness(tile, 0.75) > 200
        assert tile.masked
        kept = tile.picture
        assert kept is not None
        assert kept.pixelColor(kept.width() // 4, kept.height() // 2).lightness() < 160, "a still takes it from here"
        mine.do(SetMasks(gate, (RIGHT,), "the other side"))
        assert until(lambda: lightness(tile, 0.75) < 160 and lightness(tile, 0.25) > 200, 10_000)
        mine.do(SetMasks(gate, (), "nothing to hide"))
        assert until(lambda: lightness(tile, 0.75) > 200 and not tile.masked, 10_000)


def test_a_picture_that_stands_still_is_covered_too(place: Town, tmp_path: Path, qapp, expected_logs) -> None:
    """The camera hangs: the last good picture stays, greyed; masks that come then lie over it as well."""
    expected_logs.allow("no picture of rtsp://")
    with RtspServer(video_clips.clip_file(tmp_path, "h264", 640, 360, 15, 4.0)) as server:
        a, b = place.seat("a"), place.seat("b", "s")
        gate, _ = with_cameras(a, b, source=server.url())
        level(a, b)
        with screen(b) as stage:
            tile = stage.tile()
            camera = next(c for c in desk(a).cameras() if c.id == gate)
            stage.looking.show(tile, camera, "beside an incident")
            assert until(lambda: tile.has_picture)
            server.tell("hang 0")
            assert until(lambda: tile.shown_state.state != "playing", 10_000)
            picture = tile.picture
            assert picture is not None
            desk(a).do(SetMasks(gate, (LEFT, RIGHT), "flats"))
            level(a, b)
            assert until(lambda: tile.masked)
            covered = tile.picture
            assert covered is not None
            colours = {covered.pixel(x, y) for x in range(0, covered.width(), 7)
                       for y in range(covered.height() * 3 // 10, covered.height() * 7 // 10, 7)}
            assert len(colours) == 1


# ---- the facts -------------------------------------------------------------------------------------------------------


def test_every_centre_gets_masks_but_not_who_looked(place: Town) -> None:
    a, street, other = place.seat("a"), place.seat("b", "s"), place.seat("o", "t")
    gate, yard = with_cameras(a, street)
    street.do(NewEvent(f"camera/{gate}", "camera.viewed", {"reason": "x", "incident": None}, street.now()))
    desk(street).do(SetMasks(gate, (LEFT,), "flats"))
    level(street, a, other)
    desk(a).do(SetMasks(yard, (RIGHT,), "yard"))
    level(a, street, other)
    assert [[desk(one).masks(c) for c in (gate, yard)] for one in (a, street, other)] == [[(LEFT,), (RIGHT,)]] * 3
    kinds = [{e.kind for e, *_ in desk(one)._store.reads.events(f"camera/{gate}")} for one in (a, street, other)]
    assert kinds == [{"camera.masks_set"}, {"camera.viewed", "camera.masks_set"}, {"camera.masks_set"}]
    same(a, street, other)


def test_who_was_overtaken_is_told_and_may_do_it_again(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b", "s")
    gate, yard = with_cameras(a, b)
    mine, theirs = desk(a), desk(b, "other")
    mine.do(SetMasks(gate, (LEFT,), "flats"))
    level(a, b)
    a.hang_up()
    mine.do(SetMasks(gate, (LEFT, RIGHT), "school"))
    mine.do(SetMasks(yard, (LEFT,), "yard"))
    theirs.do(SetMasks(gate, (RIGHT,), "only the school"))
    assert mine.masks(gate) == (LEFT, RIGHT), "off line a seat goes by what it knows"
    assert mine.conflicts() == []
    level(b)
    assert theirs.masks(gate) == (RIGHT,)
    level(a, b)
    assert [one.masks(gate) for one in (mine, theirs)] == [(RIGHT,), (RIGHT,)], "the order of the hub decides"
    assert [one.masks(yard) for one in (mine, theirs)] == [(LEFT,), (LEFT,)]
    assert theirs.conflicts() == []
    (told,) = desk(a).conflicts()
    assert (told.number, told.camera_id, told.refused, told.why_not) == ("北门", gate, None, None)
    assert (told.mine.text, told.mine.superseded) == ("school", True)
    assert told.stands is not None
    assert (told.stands.text, told.stands.actor, told.stands_centre) == ("only the school", "other", "Street")
    mine.do(command_of(told))
    mine.do(AnswerConflict(told.event_id))
    assert mine.conflicts() == []
    level(a, b)
    assert [set(one.masks(gate)) for one in (mine, theirs)] == [{LEFT, RIGHT}] * 2
    assert theirs.conflicts() == [], "who knew what stood overtook nobody"
    same(a, b)


def test_a_hub_that_was_restored_uncovers_nothing(place: Town, tmp_path: Path, expected_logs) -> None:
    """What its backup lacks stays in force where it was known, though who set it is away."""
    expected_logs.allow("restored or failed over")
    a, b = place.seat("a"), place.seat("b", "s")
    gate, yard = with_cameras(a, b)
    desk(b, "other").do(SetMasks(yard, (RIGHT,), "yard"))
    level(b, a)
    backup.make(place.address, place.server.SECRET, tmp_path / "hub.backup")
    desk(b, "other").do(SetMasks(gate, (LEFT,), "flats"))
    desk(b, "other").do(SetMasks(yard, (), "open again"))
    level(b, a)
    other = addresses.parse_address(place.server.create(f"{place.address.database}_back"))
    backup.restore(tmp_path / "hub.backup", other, place.server.SECRET, now_ms=5)
    for one in (a, b):
        one.hang_up()
        one.address = addresses.HubAddress(f"{one.address.url.rpartition('/')[0]}/{other.database}")
    level(a)
    assert desk(a).masks(gate) == (LEFT,)
    desk(a).do(SetMasks(gate, (LEFT, RIGHT), "school"))
    level(a)
    assert desk(a).masks(gate) == (LEFT, RIGHT)
    level(b, a)
    assert [desk(one).masks(gate) for one in (a, b)] == [(LEFT, RIGHT)] * 2
    assert [desk(one).masks(yard) for one in (a, b)] == [()] * 2
    same(a, b)


def test_masks_that_the_hub_refused_are_in_force_nowhere_and_that_is_told(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b", "s")
    gate, _ = with_cameras(a, b)
    mine = desk(a)
    mine.do(SetMasks(gate, (LEFT,), "flats"))
    level(a, b)
    mine.poll_changes()
    with refusing(place):
        mine.do(SetMasks(gate, (), "nothing to hide"))
        assert mine.masks(gate) == ()
        a.meet()
    assert mine.masks(gate) == (LEFT,)
    assert gate in mine.poll_changes().masks, "running tiles are told"
    (told,) = mine.conflicts()
    assert (told.number, told.camera_id) == ("北门", gate)
    assert told.refused is not None
    mine.do(command_of(told))
    level(a, b)
    assert [desk(one).masks(gate) for one in (a, b)] == [(), ()]
    assert desk(a, "me", Role.DISPATCHER).conflicts()[0].why_not is not None, "the right is asked again"
    same(a, b)


def test_masks_go_by_files_too(place: Town) -> None:
    a, far = place.seat("a"), FarSeat(place, centre="s")
    gate, yard = with_cameras(a, far)
    desk(a).do(SetMasks(gate, (LEFT,), "flats"))
    desk(far).do(SetMasks(yard, (RIGHT,), "yard"))
    a.meet()
    far.round()
    a.meet()
    assert [[desk(one).masks(c) for c in (gate, yard)] for one in (a, far)] == [[(LEFT,), (RIGHT,)]] * 2
    same(a, far)
    far.close()


def forget(seat: TownSeat) -> None:
    """The seat as an upgrade leaves it: of the masks of other centres it had no bodies, and asks for them."""
    with seat.store.transaction(screen="test", actor="test") as tx:
        run = tx.connection.exec_driver_sql
        run("DELETE FROM event WHERE kind = 'camera.masks_set' AND seat <> ?", (seat.store.identity.seat,))
        run("DELETE FROM camera_mask")
        run("INSERT INTO gap (stream, upto) SELECT 'camera/', max(seq) FROM ordering")


def test_what_was_covered_before_masks_crossed_comes_after_the_upgrade(place: Town) -> None:
    a, b, far = place.seat("a"), place.seat("b", "s"), FarSeat(place, centre="t")
    gate, yard = with_cameras(a)
    desk(a).do(SetMasks(gate, (LEFT,), "flats"))
    desk(a).do(SetMasks(yard, (RIGHT,), "yard"))
    level(a, b)
    far.round()
    for one in (b, far):
        assert desk(one).masks(gate) == (LEFT,)
        forget(one)
        assert desk(one).masks(gate) == ()
    b.meet()
    far.round()
    assert [[desk(one).masks(c) for c in (gate, yard)] for one in (b, far)] == [[(LEFT,), (RIGHT,)]] * 2
    assert [one.store.read.exec_driver_sql("SELECT count(*) FROM gap").scalar_one() for one in (b, far)] == [0, 0]
    far.close()


def test_a_new_seat_by_snapshot_has_them_and_a_snapshot_of_old_lacks_none(place: Town, tmp_path: Path) -> None:
    a = place.seat("a")
    gate, yard = with_cameras(a)
    desk(a).do(SetMasks(gate, (LEFT,), "flats"))
    desk(a).do(SetMasks(gate, (RIGHT,), "flats"))
    for _ in range(60):
        a.report(area="g", area_path="areas:a/areas:s/")
    a.meet()
    store = Store.create(tmp_path / "beside", Founding(DISTRICT, "D", "c", "", "drill"), SystemClock())
    with closing(store):
        place.seat("b0", "s").meet()
        beside = HubRun(store, lambda: KeeperLink(place.address, place.server.SECRET, part_rows=20), lambda _m: None,
                        rest_s=0)
        beside.run(threading.Event(), once=True)
        desk(a).do(SetMasks(yard, (LEFT,), "after the snapshot"))
        a.meet()
    assert place.run("SELECT count(*) FROM hub.snapshot")[0][0] > 0
    new = place.seat("b1", "s")
    new.meet()
    assert [desk(new).masks(c) for c in (gate, yard)] == [(RIGHT,), (LEFT,)]
    same(a, new)
