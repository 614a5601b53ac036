"""The hub's doors: TLS and SCRAM, secrets that appear nowhere, seats that are shut out, rights tried one by one."""
from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from app.domain.faults import KnownFault
from data.sync import address as addresses
from data.sync import admin
from data.sync.faults import HubRefusal
from data.sync.link import HubLink
from tests.conftest import ROOT
from tests.fakes import certificates
from tests.fakes.hub_town import DISTRICT, Town, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        yield one


@pytest.fixture(scope="module")
def guarded() -> Iterator[tuple[Postgres, Path, Path]]:
    """A server that takes encrypted connections by SCRAM only, the authority that signed it, and another one."""
    folder = Path(tempfile.mkdtemp(prefix="liandong-tls-"))
    folder.chmod(0o755)
    own, key = certificates.authority(folder, "own")
    other, _ = certificates.authority(folder, "other")
    one = Postgres(folder / "server")
    try:
        one.init()
        certificate, secret = certificates.server(folder, "localhost", "own", key)
        for path in (certificate, secret):
            shutil.copy(path, one.data / path.name)
            (one.data / path.name).chmod(0o600)
            if one._user:
                shutil.chown(one.data / path.name, one._user)
        (one.data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n"
                                              "hostssl all all ::1/128 scram-sha-256\n")
        one.start("-c", "ssl=on", "-c", "ssl_cert_file=server.crt", "-c", "ssl_key_file=server.key", "-c",
                  "log_statement=all", "-c", "log_connections=on")
        yield one, own, other
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)


def told(url: str, secret: str | None) -> str:
    with pytest.raises(HubRefusal) as fault:
        HubLink(addresses.parse_address(url), secret)
    assert secret is None or secret not in str(fault.value)
    assert "Work goes on here" in str(fault.value)
    return str(fault.value)


def test_tls_is_verified_to_the_name_and_nothing_else_comes_in(guarded: tuple[Postgres, Path, Path], tmp_path: Path
                                                               ) -> None:
    server, own, other = guarded
    with town(server, tmp_path / "town") as place:
        address, secret = admin.add_seat(place.address, server.SECRET, "a", "c")
        stored = place.run(f"SELECT rolpassword FROM pg_authid WHERE rolname = '{address.user}'")[0][0]
        assert stored.startswith("SCRAM-SHA-256$")
        at = f"postgresql://{address.user}@localhost:{server.port}/{address.database}"
        good = f"{at}?sslmode=verify-full&sslrootcert={own}"
        with contextlib.closing(HubLink(addresses.parse_address(good), secret)) as link:
            link.hello("store", DISTRICT, "c", 0)
            assert link._connection.pgconn.ssl_in_use
            used = place.run(f"SELECT ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = "
                             f"'{address.user}'")
            assert used == [(True,)]
        assert "does not trust" not in told(f"{at}?sslmode=verify-full&sslrootcert={own}", "wrong")
        assert "certificate" in told(f"{at}?sslmode=verify-full&sslrootcert={other}", secret)
        assert "certificate" in told(good.replace("localhost", "127.0.0.1"), secret), "the name is another"
        assert "encrypted connections only" in told(f"{at}?sslmode=disable", secret)


def test_encryption_is_asked_for_wherever_the_hub_is_not_on_this_machine(server: Postgres, place: Town) -> None:
    asked: dict[str, object] = {}

    def note(_url: str, **options: object) -> None:
        asked.update(options)
        raise psycopg.OperationalError("server does not support SSL, but SSL was required")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg, "connect", note)
        with pytest.raises(HubRefusal, match="no encryption"):
            HubLink(addresses.parse_address("postgresql://seat@hub.example:5432/hub"), "secret")
    assert asked["sslmode"] == "require"
    assert asked["require_auth"] == "scram-sha-256,none"
    a = place.seat("a")
    with pytest.raises(HubRefusal, match="no encryption"):
        HubLink(addresses.HubAddress(f"{a.address.url}?sslmode=require"), a.secret)


@pytest.mark.parametrize(("url", "environment", "local"), [
    ("postgresql://seat@/hub", {}, True),
    ("postgresql://seat@localhost/hub", {}, True),
    ("postgresql://seat@127.0.0.2:5433/hub", {}, True),
    ("postgresql://seat@[::1]/hub", {}, True),
    ("postgresql://seat@/hub?host=/run/postgresql", {}, True),
    ("postgresql://seat@/hub?hostaddr=127.0.0.1", {}, True),
    ("postgresql://seat@/hub", {"PGHOST": "/run/postgresql"}, True),
    ("postgresql://seat@/hub?hostaddr=192.0.2.7", {}, False),
    ("postgresql://seat@localhost/hub?hostaddr=192.0.2.7", {}, False),
    ("postgresql://seat@hub.example/hub?hostaddr=127.0.0.1", {}, False),
    ("postgresql://seat@/hub", {"PGHOST": "hub.example"}, False),
    ("postgresql://seat@/hub", {"PGHOSTADDR": "192.0.2.7"}, False),
    ("postgresql://seat@/hub?service=district", {}, False),
    ("postgresql://seat@/hub", {"PGSERVICE": "district"}, False),
    ("postgresql://seat@localhost,hub.example/hub", {}, False),
])
def test_a_hub_is_on_this_machine_only_where_every_address_is(monkeypatch: pytest.MonkeyPatch, url: str,
                                                             environment: dict[str, str], local: bool) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    asked: dict[str, object] = {}
    monkeypatch.setattr(psycopg, "connect", lambda _url, **options: asked.update(options))
    addresses.connect(addresses.parse_address(url), "secret", seconds=5, name="test")
    assert asked.get("sslmode") == (None if local else "require")


def test_a_false_hub_that_asks_for_the_secret_in_the_clear_does_not_get_it(place: Town) -> None:
    a = place.seat("a")
    rules = place.server.data / "pg_hba.conf"
    before = rules.read_text()
    try:
        rules.write_text(f"host all {a.address.user} 127.0.0.1/32 password\n" + before)
        place.run("SELECT pg_reload_conf()")
        until = time.monotonic() + 10
        while "password" not in place.run("SELECT auth_method FROM pg_hba_file_rules LIMIT 1")[0]:
            assert time.monotonic() < until
        time.sleep(0.3)
        assert "give it away" in told(a.address.url, a.secret)
    finally:
        rules.write_text(before)
        place.run("SELECT pg_reload_conf()")


def test_secrets_appear_in_no_output_log_or_process_list(guarded: tuple[Postgres, Path, Path], tmp_path: Path) -> None:
    server, own, _ = guarded
    with town(server, tmp_path / "town") as place:
        a = place.seat("a")
        a.report()
        url = f"postgresql://{a.address.user}@localhost:{server.port}/{a.address.database}?sslmode=verify-full&sslrootcert={own}"
        word, owner = tmp_path / "seat.secret", tmp_path / "owner.secret"
        addresses.write_secret_file(word, a.secret)
        addresses.write_secret_file(owner, server.SECRET)
        env = {**os.environ, "LIANDONG_DATA": str(a.folder)}
        lists: list[bytes] = []
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.01):
                for path in Path("/proc").glob("[0-9]*/cmdline"):
                    with contextlib.suppress(OSError):
                        lists.append(path.read_bytes())

        watching = threading.Thread(target=watch)
        watching.start()
        said = []
        try:
            for words in (["sync", "join", url, "--secret-file", str(word)], ["sync", "status"],
                          ["hub", "status", "--hub", place.address.url, "--secret-file", str(owner)],
                          ["hub", "seat", "add", "b", "--centre", "c", "--out", str(tmp_path / "b.secret"), "--hub",
                           place.address.url, "--secret-file", str(owner)]):
                done = subprocess.run([sys.executable, "main.py", *words, "--lang", "en"], cwd=ROOT, env=env,
                                      capture_output=True, text=True)
                assert done.returncode == 0, done.stderr
                said.append(done.stdout + done.stderr)
        finally:
            ended.set()
            watching.join()
        fresh = addresses.read_secret_file(tmp_path / "b.secret")
        assert (a.folder / addresses.SECRET_FILE).stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "b.secret").stat().st_mode & 0o777 == 0o600
        assert any(b"main.py" in one for one in lists)
        log = (server.folder / "log.txt").read_text()
        assert "CREATE ROLE" in log
        kept = b"".join(p.read_bytes() for p in a.folder.glob("store.sqlite*"))
        for secret in (a.secret, fresh, server.SECRET):
            assert all(secret not in one for one in said)
            assert all(secret.encode() not in one for one in lists)
            assert secret not in log
            assert secret.encode() not in kept


def test_the_keyring_serves_where_there_is_no_file(place: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
                                                   ) -> None:
    import keyring
    a = place.seat("a")
    asked = []

    def get_password(service: str, name: str) -> str | None:
        asked.append((service, name))
        return a.secret

    monkeypatch.setattr(keyring, "get_password", get_password)
    monkeypatch.delenv(addresses.ENVIRONMENT, raising=False)
    with contextlib.closing(HubLink(a.address, addresses.find_secret(tmp_path, a.address))):
        assert asked == [(f"liandong-hub:{a.address.database}", a.address.user)]


@pytest.mark.parametrize("owner", ["superuser", "ordinary"])
def test_a_revoked_seat_is_out_within_five_seconds_idle_or_busy(owner: str, server: Postgres, tmp_path: Path,
                                                                figure: Callable[[str], None]) -> None:
    with town(server, tmp_path / "town") as place:
        keeper, secret = place.address, server.SECRET
        if owner == "ordinary":
            # an owner who may make roles but is no superuser
            name = f"{place.address.database}_keeper"
            with server.connect() as c:
                c.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'word-of-keeper'")
                c.execute(f"CREATE DATABASE {name} OWNER {name}")
            keeper, secret = addresses.parse_address(server.url(name)).with_user(name), "word-of-keeper"
            admin.init(keeper, secret, district=DISTRICT, district_name="D", now_ms=1)
            admin.put_centre(keeper, secret, "c", "Centre", level=0, parent=None, prefix="")
        address, word = admin.add_seat(keeper, secret, "gone", "c")
        stays, other = admin.add_seat(keeper, secret, "stays", "c")
        idle, busy, open_, bystander = (addresses.connect(a, w, seconds=5, name="test") for a, w in (
            (address, word), (address, word), (address, word), (stays, other)))
        open_.autocommit = False
        open_.execute("SELECT 1")
        cut: dict[str, float] = {}

        def work() -> None:
            with contextlib.suppress(psycopg.Error):
                busy.execute("SELECT count(*) FROM generate_series(1, 1000000000)")
            cut["busy"] = time.monotonic()

        working = threading.Thread(target=work)
        working.start()
        time.sleep(0.3)
        began = time.monotonic()
        admin.revoke_seat(keeper, secret, "gone")
        working.join(10)
        for name, line in (("idle", idle), ("open", open_)):
            while True:
                try:
                    line.execute("SELECT 1")
                except psycopg.Error:
                    cut[name] = time.monotonic()
                    break
                assert time.monotonic() - began < 5
                time.sleep(0.05)
        worst = max(cut.values()) - began
        assert worst <= 5.0
        with pytest.raises(KnownFault):
            HubLink(address, word)
        bystander.execute("SELECT 1")
        for line in (idle, busy, open_, bystander):
            line.close()
        figure(f"revocation by an owner ({owner}): idle, open and busy connections ended after {worst:.2f} s")


def test_a_seat_may_touch_no_table_and_call_only_what_is_for_seats(place: Town) -> None:
    a = place.seat("a")
    tables = place.run("SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                       "WHERE "
                       "n.nspname = 'hub' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')")
    functions = place.run("SELECT p.oid::regprocedure::text, p.proname, p.pronargs, array_to_string(ARRAY(SELECT "
                          "format_type(t, NULL) FROM unnest(p.proargtypes) t), ',') FROM pg_proc p JOIN pg_namespace "
                          "n ON "
                          "n.oid = p.pronamespace WHERE n.nspname = 'hub'")
    assert len(tables) > 20
    assert len(functions) > 25
    allowed = {place.run(f"SELECT 'hub.{name}'::regprocedure::oid")[0][0] for name in admin.FOR_SEATS}
    with addresses.connect(a.address, a.secret, seconds=5, name="test") as line:
        for name, kind in tables:
            words = [f"SELECT nextval('hub.{name}')", f"SELECT * FROM hub.{name}"] if kind == "S" else [
                f"SELECT * FROM hub.{name}", f"INSERT INTO hub.{name} DEFAULT VALUES", f"DELETE FROM hub.{name}",
                f"TRUNCATE hub.{name}", f"COPY hub.{name} TO STDOUT",
                f"CREATE TRIGGER x BEFORE INSERT ON hub.{name} EXECUTE FUNCTION suppress_redundant_updates_trigger()"]
            for one in words:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    line.execute(one)  # type: ignore[call-overload]
        called = 0
        for signature, name, count, kinds in functions:
            nulls = ", ".join(f"NULL::{kind}" for kind in kinds.split(",")) if count else ""
            oid = place.run(f"SELECT '{signature}'::regprocedure::oid")[0][0]
            try:
                line.execute(f"SELECT hub.{name}({nulls})")  # type: ignore[call-overload]
                denied = False
            except psycopg.errors.InsufficientPrivilege:
                denied = True
            except psycopg.Error:
                denied = False
            assert denied == (oid not in allowed), signature
            called += 1
        assert called == len(functions)
        for attempt in ("CREATE TABLE hub.mine (x int)", "CREATE TABLE public.mine (x int)", "CREATE ROLE mine",
                      "SELECT * FROM pg_authid", "SET ROLE keeper", "COPY (SELECT 1) TO PROGRAM 'true'",
                      "SELECT pg_read_file('PG_VERSION')", "ALTER FUNCTION hub.me() OWNER TO CURRENT_USER"):
            with pytest.raises(psycopg.Error):
                line.execute(attempt)  # type: ignore[call-overload]


def test_a_hundred_seats_have_a_hundred_codes(place: Town) -> None:
    own = (place.address, place.server.SECRET)
    for n in range(102):
        admin.add_seat(*own, f"s{n}", "c")
    codes = [r[0] for r in place.run("SELECT code FROM hub.seat ORDER BY code::int")]
    assert codes == [f"{n:02d}" for n in range(1, 103)]


@pytest.fixture
def many_files() -> Iterator[None]:
    """More than a thousand files are open in this program; what it opens next bears a higher number."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], 4_096), before[1]))
    with contextlib.ExitStack() as files:
        for _ in range(1_100):
            files.enter_context(open(os.devnull, "rb"))
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("many_files")
def test_a_program_with_more_than_a_thousand_files_open_hears_the_hub(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.meet()
    link = b.dial()
    while link.wait(0):
        pass
    assert link._connection.fileno() >= 1_024
    key = a.report()
    a.meet()
    assert link.wait(10)
    b.pull()
    assert b.state(key)["phase"] == "registered"
