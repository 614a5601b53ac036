"""A new machine's seat is founded from its hub: centre, names, time zone, lists; two desks and a street from one
store."""
from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.cli import main
from app.clock import SystemClock
from data.store import audit
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync.loopback import free_port
from tests.fakes.postgres import Postgres, running

Run = Callable[..., dict[str, object]]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def type_(*words: str, status: int = 0) -> dict[str, object]:
        capsys.readouterr()
        came = main([*words, "--json", "--lang", "en"])
        said = capsys.readouterr()
        assert came == status, said.err
        return json.loads(said.out) if said.out else {"error": said.err}
    return type_


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """The first store of a district: areas, a force, a component, a ground."""
    folder = tmp_path / "first"
    seats.found(folder, Founding("340803", "东区", "340803", "东区联动中心", "live", "Asia/Urumqi"))
    with contextlib.closing(Store(folder, SystemClock())) as store, store.transaction(screen="t", actor="t") as tx:
        run = tx.connection.exec_driver_sql
        for key, code, level, parent, path in (("d", "340803", 0, None, "d/"), ("s", "340803001", 1, "d", "d/s/"),
                                               ("k", "340803001001", 2, "s", "d/s/k/")):
            run("INSERT INTO area (id, code, name, level, level_name, parent, path, wkb, dedicated, generated, data) "
                "VALUES "
                "(?, ?, ?, ?, '', ?, ?, ?, 0, 0, '{}')", (key, code, f"名{key}", level, parent, path, b"\x00\x01\xff"))
        run("INSERT INTO unit (id, name, kind, team, call_sign, skills) VALUES ('u1', '一队', 'car', '', '', '')")
        run("INSERT INTO component (id, kind, name, lon, lat, class_code) VALUES ('c1', 'lamp', '灯', 117.0, 30.5, "
            "'01')")
    (folder / "base.npz").write_bytes(b"ground" * 1000)
    return folder


def test_two_desks_and_a_street_are_founded_from_one_hub(server: Postgres, first: Path, tmp_path: Path, run: Run
                                                         ) -> None:
    url = server.create("founding")
    owner = tmp_path / "owner"
    addresses.write_secret_file(owner, server.SECRET)
    as_owner = ("--secret-file", str(owner), "--data", str(first))
    assert run("hub", "init", url, *as_owner)["centres"] == 3
    made = {}
    for name, centre in (("first", "340803"), ("desk2", "340803"), ("street", "340803001")):
        told = run("hub", "seat", "add", name, "--centre", centre, "--out", str(tmp_path / name) + ".secret", *as_owner)
        made[name] = str(told["address"])
    run("sync", "join", made["first"], "--secret-file", f"{tmp_path / 'first'}.secret", "--data", str(first))
    for name in ("desk2", "street"):
        folder = tmp_path / "new" / name
        run("sync", "join", made[name], "--secret-file", f"{tmp_path / name}.secret", "--data", str(folder))
        with contextlib.closing(Store(folder, SystemClock())) as store, contextlib.closing(
                Store(first, SystemClock())) as old:
            assert store.identity.district == "340803"
            assert store.identity.centre == ("340803" if name == "desk2" else "340803001")
            assert store.identity.seat != old.identity.seat
            assert (store.meta["district_name"], store.meta["timezone"]) == ("东区", "Asia/Urumqi")
            assert store.meta["centre_name"] == ("东区联动中心" if name == "desk2" else "名s")
            for table in ("area", "unit", "component", "code"):
                order = f"SELECT * FROM {table} ORDER BY 1, 2"
                assert store.read.exec_driver_sql(order).all() == old.read.exec_driver_sql(order).all(), table
            assert (folder / "base.npz").read_bytes() == b"ground" * 1000
            assert audit.verify(store).faults == ()
    run("report-incident", "--kind", "0102", "--place", "Gate", "--data", str(tmp_path / "new" / "desk2"))
    for folder in (tmp_path / "new" / "desk2", first):
        run("sync", "once", "--data", str(folder))
    with contextlib.closing(Store(first, SystemClock())) as store:
        assert store.read.exec_driver_sql("SELECT place FROM incident").all() == [("Gate",)]
    assert run("hub", "lists", *as_owner)["list_rows"]


def test_a_seat_that_cannot_be_founded_leaves_nothing_behind(server: Postgres, first: Path, tmp_path: Path, run: Run
                                                             ) -> None:
    folder = tmp_path / "none"
    told = run("sync", "join", f"postgresql://x@127.0.0.1:{free_port()}/d", "--data", str(folder), status=1)
    assert "cannot be reached" in str(told)
    assert not folder.exists()
    folder.mkdir()
    (folder / "other").write_text("x")
    told = run("sync", "join", f"postgresql://x@127.0.0.1:{free_port()}/d", "--data", str(folder), status=1)
    assert "a new seat takes a new folder" in str(told)
    assert [p.name for p in folder.iterdir()] == ["other"]
