"""Where the hub is and what opens it: addresses without passwords, secrets from a 0600 file, environment or keyring."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import conninfo

from app.domain.faults import KnownFault, Message, why_of

SECRET_FILE = "hub.secret"
ENVIRONMENT = "LIANDONG_HUB_SECRET"
_REQUIRE_AUTH = 160_000
"""libpq that can insist on a way of proving the secret"""
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", ""})


@dataclass(frozen=True, slots=True)
class HubAddress:
    """A hub's address as kept and shown: never with a password. Several hosts may stand in it (failover)."""

    url: str

    @property
    def user(self) -> str:
        """The role that the address names; "" when none."""
        return str(conninfo.conninfo_to_dict(self.url).get("user") or "")

    @property
    def database(self) -> str:
        """The database that the address names."""
        found = conninfo.conninfo_to_dict(self.url)
        return str(found.get("dbname") or found.get("user") or "postgres")

    def with_user(self, user: str) -> HubAddress:
        """The same hub as another role."""
        scheme, _, rest = self.url.partition("://")
        return HubAddress(f"{scheme}://{user}@{rest.rpartition('@')[2]}")


def parse_address(url: str) -> HubAddress:
    """Check an address: ``postgresql://[role@]host[:port][,host...]/database[?options]``.

    Raises `KnownFault` for a password in it (it would stand in process lists and logs) and for what is no address.
    The fault never repeats the address.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise KnownFault(Message("A hub's address looks like postgresql://ROLE@HOST:5432/DATABASE."))
    try:
        parts = urlsplit(url)
        given = conninfo.conninfo_to_dict(url)
        options = parse_qs(parts.query)
    except (psycopg.Error, ValueError) as fault:
        raise KnownFault(Message("A hub's address looks like postgresql://ROLE@HOST:5432/DATABASE.")) from fault
    words = {"password", "sslpassword"} & {*options, *(k for k, v in given.items() if v)}
    if words or ":" in unquote(parts.netloc.rpartition("@")[0]):
        raise KnownFault(
            Message(
                "A password in the hub's address is refused: others could read it in process lists. Put it into a file "
                "that only you may read, into {name}, or into the keyring.",
                {"name": ENVIRONMENT},
            )
        )
    return HubAddress(url)


def read_secret_file(path: Path) -> str:
    """The secret in a file. Raises `KnownFault` when others may read it too, or it is absent or empty."""
    try:
        mode = path.stat().st_mode
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise KnownFault(Message("The file with the hub's secret cannot be read: {path}", {"path": path})) from fault
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KnownFault(
            Message("Others may read the file with the hub's secret: {path}. Type: chmod 600 on it.", {"path": path})
        )
    if not secret:
        raise KnownFault(Message("The file with the hub's secret is empty: {path}", {"path": path}))
    return secret


def write_secret_file(path: Path, secret: str) -> None:
    """Keep a secret in a file that only its owner may read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secret + "\n")
    except OSError as fault:
        raise KnownFault(
            Message("{path} cannot be written: {why}", {"path": path, "why": why_of(fault)})
        ) from fault


def find_secret(folder: Path, address: HubAddress) -> str | None:
    """The secret of a seat: its data folder's file, the environment, the keyring; None: as the system's own means say
    (pg_hba trust, ~/.pgpass)."""
    if (folder / SECRET_FILE).exists():
        return read_secret_file(folder / SECRET_FILE)
    if os.environ.get(ENVIRONMENT):
        return os.environ[ENVIRONMENT]
    import keyring
    import keyring.errors

    with contextlib.suppress(keyring.errors.KeyringError, RuntimeError):
        return keyring.get_password(f"liandong-hub:{address.database}", address.user)
    return None


def on_this_machine(given: Mapping[str, object]) -> bool:
    """Whether every server that libpq would try for these parts of an address is this machine: what the address leaves
    out it takes from the environment, a numeric address goes before a name, and a service may name anything."""
    numeric = str(given.get("hostaddr") or os.environ.get("PGHOSTADDR") or "")
    names = str(given.get("host") or os.environ.get("PGHOST") or "")
    if not (numeric or names) and (given.get("service") or os.environ.get("PGSERVICE")):
        return False
    return all(h in _LOCAL_HOSTS or h.startswith(("/", "@")) or _loopback(h)
               for h in (*numeric.split(","), *names.split(",")))


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def connect(
    address: HubAddress, secret: str | None, *, seconds: float, name: str
) -> psycopg.Connection[tuple[object, ...]]:
    """A connection in autocommit. Encrypted unless the hub is on this machine or the address says otherwise.

    Raises psycopg's errors; `data.sync.faults.known` turns them into sentences.
    """
    given = conninfo.conninfo_to_dict(address.url)
    options: dict[str, str | int] = {
        "connect_timeout": max(2, round(seconds)),
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": round(seconds * 1000),
        "application_name": name,
        "target_session_attrs": "read-write" if "," in str(given.get("host") or "") else "any",
    }
    if "sslmode" not in given and not on_this_machine(given):
        options["sslmode"] = "require"
    options = {k: v for k, v in options.items() if k not in given}
    if secret:
        options["password"] = secret
        if "require_auth" not in given and psycopg.pq.version() >= _REQUIRE_AUTH:
            # a false hub gets no secret: it must prove that it knows it too
            options["require_auth"] = "scram-sha-256,none"
    return psycopg.connect(address.url, autocommit=True, **options)  # type: ignore[arg-type]
