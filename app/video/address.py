"""Addresses of pictures. A password in an address is refused: it would end up in lists, logs and backups."""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from app.domain.faults import KnownFault, Message

RTSP, HTTP, HLS, FLV, FILM = "rtsp", "http", "hls", "flv", "film"
WVP, ONVIF = "wvp", "onvif"
_SCHEMES: Final = {"rtsp": RTSP, "rtsps": RTSP, "http": HTTP, "https": HTTP, "hls": HLS, "file": FILM, "wvp": WVP,
                   "wvps": WVP, "onvif": ONVIF, "onvifs": ONVIF}
FILM_SUFFIXES: Final = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".avi", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg",
                                  ".webm", ".flv", ".h264", ".264", ".h265", ".265", ".hevc"})
_PORTS: Final = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443, "hls": 80, "wvp": 18080,
                 "wvps": 18443, "onvif": 80, "onvifs": 443}
_CHANNEL: Final = re.compile(r"(/[0-9A-Za-z_-]{1,64}){2}")
_SECRETS: Final = frozenset({"password", "passwd", "pwd", "pass"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where pictures come from. `url` holds no secret; `user` is the name that the address gave, "" for none."""

    kind: str
    url: str
    host: str = ""
    port: int = 0
    user: str = ""
    udp: bool = False

    @property
    def name(self) -> str:
        """What people may read: the host, or the file's name."""
        return self.host or PurePosixPath(self.url.replace("\\", "/")).name

    def with_login(self, login: tuple[str, str] | None) -> str:
        """The address with user and password, for FFmpeg only: never to be shown, kept or logged."""
        if login is None:
            return self.url
        from urllib.parse import quote

        parts = urlsplit(self.url)
        host = f"{quote(login[0], safe='')}:{quote(login[1], safe='')}@{parts.netloc}"
        return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def is_film(text: str) -> bool:
    """Whether this names a stream, or a film file by its ending. Touches nothing."""
    text = text.strip()
    scheme, mark, _ = text.partition("://")
    if mark and scheme.lower() != "file":
        return True
    return Path(text.removeprefix("file://")).suffix.lower() in FILM_SUFFIXES


def parse_address(text: str) -> Address:
    """Read an address. ``rtsp://host/path?transport=udp`` asks for UDP; ``hls://`` stands for ``http://``;
    ``wvp://host:port/DEVICE/CHANNEL`` is a channel of a WVP platform, ``onvif://host:port`` a camera that says itself
    where its stream is (``?stream=sub``: its smallest, ``?profile=TOKEN``: that one; s at the end of either: TLS).

    Raises `KnownFault` when it is none that can be played, and when it carries a password.
    """
    text = text.strip()
    scheme, mark, rest = text.partition("://")
    scheme = scheme.lower()
    if not mark or scheme == "file":
        path = rest if mark else text
        if not path or "\0" in path:
            raise KnownFault(Message("There is no address."))
        return Address(FILM, path)
    if scheme not in _SCHEMES:
        raise KnownFault(Message("Addresses of {kind} cannot be played: rtsp, http, hls, wvp, onvif, file",
                                 {"kind": scheme[:20]}))
    try:
        parts = urlsplit(text)
        host, port, user, password = parts.hostname or "", parts.port, parts.username or "", parts.password
    except ValueError:
        raise KnownFault(Message("This is no address.")) from None
    if any(ord(c) < 33 or ord(c) == 127 for c in text) or not host:
        raise KnownFault(Message("This is no address."))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if password is not None or any(k.lower() in _SECRETS for k, _ in pairs):
        raise KnownFault(Message("A password may not stand in an address. Keep it in the key ring or in the file of "
                                 "camera log-ins."))
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc += f":{port}"
    kind = _SCHEMES[scheme]
    if kind == HTTP:
        kind = next((k for end, k in ((".m3u8", HLS), (".flv", FLV)) if parts.path.lower().endswith(end)), HTTP)
    if kind == WVP and not _CHANNEL.fullmatch(parts.path):
        raise KnownFault(Message("A channel of a platform is wvp://host:port/DEVICE/CHANNEL."))
    udp = kind == RTSP and ("transport", "udp") in pairs
    query = "&".join(p for p in parts.query.split("&") if p != "transport=udp") if udp else parts.query
    real = "http" if scheme == "hls" else scheme
    return Address(kind, urlunsplit((real, netloc, parts.path, query, "")), host, port or _PORTS[scheme], user, udp)
