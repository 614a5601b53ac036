"""XYZ and WMTS tiles over the network, with a disk cache that carries on when the network is gone."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests

from app.clock import SystemClock
from app.domain.faults import KnownFault, Message, Rejected
from app.geo.tiles.cache import TileCache
from app.geo.tiles.mbtiles import credit, is_picture

_MAX_TILE_BYTES: Final = 4 * 2**20
_RETRY_S: Final = 30.0  # after the network failed, how long only the cache is asked
_EMPTY_DAYS: Final = 1.0  # how long "no such tile" is believed
_PLACEHOLDERS: Final = re.compile(r"\{(z|x|y|-y|s|key)\}")


class RemoteTiles:
    """An XYZ source: ``{z} {x} {y}`` (``{-y}`` for TMS rows), ``{s}`` subdomain, ``{key}`` in its address.

    ``tile`` answers from the cache while it is fresh, then from the network; without a network it answers from the
    cache at any age, at once. What goes wrong is in ``problem`` (None while all is well); no exception leaves ``tile``.
    """

    def __init__(self, description: Mapping[str, Any], clock: SystemClock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._key = _key(description)
        self._url = self._address(description)
        self._subdomains = tuple(str(s) for s in description.get("subdomains", ())) or ("a", "b", "c")
        self.attribution = credit(str(description.get("attribution", "")), str(description.get("approval", "")))
        self.min_zoom = int(_number(description, "min_zoom", 0, 0, 30))
        self.max_zoom = int(_number(description, "max_zoom", 18, 0, 30))
        self._timeout = _number(description, "timeout_s", 8.0, 0.1, 120.0)
        self._max_age = _number(description, "max_age_days", 30.0, 0.0, 36_500.0)
        self._offline = bool(description.get("offline", False))
        folder = description.get("cache")
        name = hashlib.sha256(self._url.encode()).hexdigest()[:16]  # the key is not in it
        limit = _number(description, "cache_mb", 512.0, 1.0, 1_000_000.0)
        self._cache = TileCache(Path(str(folder)) / name, limit) if folder else None
        self._local = threading.local()
        self._referer = str(description.get("referer", ""))
        self._down_until = 0.0
        self.problem: Message | None = None

    def _address(self, description: Mapping[str, Any]) -> str:
        url = _checked_url(description)
        wanted = {"{z}", "{x}"}
        if not all(part in url for part in wanted) or ("{y}" not in url and "{-y}" not in url):
            raise Rejected(path="url", got=url, expected="an address with {z}, {x} and {y}")
        return url

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return the picture of an XYZ address, None where there is none or it cannot be had now."""
        if not self.min_zoom <= z <= self.max_zoom or not (0 <= x < 1 << z and 0 <= y < 1 << z):
            return None
        now_s = self._clock.now().timestamp()
        kept = self._cache.get(z, x, y, now_s) if self._cache is not None else None
        if kept is not None and kept.age_days <= (self._max_age if kept.data else _EMPTY_DAYS):
            return kept.data or None
        if not self._offline and self._clock.monotonic() >= self._down_until:
            fresh = self._fetch(z, x, y)
            if fresh is not None:
                if self._cache is not None:
                    self._cache.put(z, x, y, fresh, now_s)
                return fresh or None
        return (kept.data or None) if kept is not None else None

    def _fetch(self, z: int, x: int, y: int) -> bytes | None:
        """Return the tile's bytes, b"" if the source has no such tile, None if it could not be asked."""
        try:
            with self._session().get(self.url_of(z, x, y), timeout=self._timeout, stream=True) as answer:
                if answer.status_code in (204, 404, 410):
                    return b""
                if answer.status_code != 200:
                    self._fail(_status_message(answer.status_code))
                    return None
                data = answer.raw.read(_MAX_TILE_BYTES + 1, decode_content=True)
        except (requests.RequestException, OSError, ValueError) as error:
            self._fail(Message("The background map cannot be reached ({reason})", {"reason": type(error).__name__}))
            return None
        except Exception as error:
            if not type(error).__module__.startswith("urllib3"):
                raise
            self._fail(Message("The background map cannot be reached ({reason})", {"reason": type(error).__name__}))
            return None
        if len(data) > _MAX_TILE_BYTES or not is_picture(data):
            self._fail(Message("The background map answers with something that is no picture", {}))
            return None
        self.problem = None
        return bytes(data)

    def _session(self) -> requests.Session:
        """One session per thread: requests' sessions are not for several at once."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.headers["User-Agent"] = "liandong"
            if self._referer:
                session.headers["Referer"] = self._referer
        return session

    def _fail(self, problem: Message) -> None:
        self.problem = problem
        self._down_until = self._clock.monotonic() + _RETRY_S

    def url_of(self, z: int, x: int, y: int) -> str:
        """Return the full address of a tile, with the key in it."""
        values = {
            "z": str(z), "x": str(x), "y": str(y), "-y": str((1 << z) - 1 - y), "key": self._key,
            "s": self._subdomains[(x + y) % len(self._subdomains)],
        }  # fmt: skip
        return _PLACEHOLDERS.sub(lambda match: values[match.group(1)], self._url)

    def close(self) -> None:
        """Close this thread's connections."""
        session = getattr(self._local, "session", None)
        if session is not None:
            session.close()


class WmtsTiles(RemoteTiles):
    """A WMTS 1.0.0 source by key-value addresses, in a Web Mercator matrix set whose matrices are numbered by zoom."""

    def _address(self, description: Mapping[str, Any]) -> str:
        url = _checked_url(description)
        layer, matrix_set = description.get("layer"), description.get("matrix_set")
        for name, value in (("layer", layer), ("matrix_set", matrix_set)):
            if not isinstance(value, str) or not value:
                raise Rejected(path=name, got=value, expected="its name, from the service's capabilities")
        query = {
            "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": str(layer),
            "STYLE": str(description.get("style", "default")), "TILEMATRIXSET": str(matrix_set),
            "FORMAT": str(description.get("format", "image/png")),
        }  # fmt: skip
        prefix = str(description.get("matrix_prefix", ""))
        address = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"
        address += f"&TILEMATRIX={prefix}{{z}}&TILEROW={{y}}&TILECOL={{x}}"
        if self._key:
            address += f"&{description.get('key_param', 'key')}={{key}}"
        return address


def _checked_url(description: Mapping[str, Any]) -> str:
    url = description.get("url")
    if not isinstance(url, str) or not url.lower().startswith(("http://", "https://")):
        raise Rejected(path="url", got=url, expected="an http or https address")
    if "@" in urlsplit(url).netloc:
        raise KnownFault(Message("A password in an address is refused; use key_env or key_file", {}))
    return url


def _key(description: Mapping[str, Any]) -> str:
    """Return the key: told, from an environment variable, or from a file. Raises KnownFault if it is named and
    missing."""
    if description.get("key_env"):
        name = str(description["key_env"])
        if name not in os.environ:
            raise KnownFault(Message("The environment variable {name} with the map's key is not set", {"name": name}))
        return os.environ[name].strip()
    if description.get("key_file"):
        path = Path(str(description["key_file"]))
        try:
            return path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            told = {"file": str(path)}
            raise KnownFault(Message("The file {file} with the map's key cannot be read", told)) from None
    return str(description.get("key", ""))


def _number(description: Mapping[str, Any], name: str, default: float, low: float, high: float) -> float:
    value = description.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise Rejected(path=name, got=value, expected=f"a number from {low:g} to {high:g}")
    return float(value)


def _status_message(status: int) -> Message:
    if status in (401, 403, 418):
        return Message("The background map refuses the key (HTTP {status})", {"status": status})
    if status == 429:
        return Message("The background map's daily quota is used up (HTTP {status})", {"status": status})
    return Message("The background map answers HTTP {status}", {"status": status})
