"""Which ONVIF cameras answer on a network: one WS-Discovery probe on one interface, for a bounded time, on demand."""
from __future__ import annotations

import contextlib
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from app import text
from app.domain.faults import KnownFault, Message
from app.video.faults import VideoFault
from app.video.onvif import DEVICE_PATH, local, parse, words_of

GROUP: Final = ("239.255.255.250", 3702)
MOST_S: Final = 15.0
MOST_ANSWERS: Final = 2_000
_PROBE: Final = (
    '<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>uuid:{id}</w:MessageID>'
    "<w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>"
    "<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>"
    "<e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A camera that answered."""

    address: str
    name: str
    hardware: str


def discover(interface: str, seconds: float = 4.0, *, group: tuple[str, int] = GROUP) -> list[Found]:
    """Ask once from the interface with this IPv4 address and listen for `seconds` (15 at most). Raises `KnownFault`."""
    try:
        socket.inet_aton(interface)
    except OSError:
        raise KnownFault(Message("An interface is named by its IPv4 address.")) from None
    found: dict[str, Found] = {}
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
            asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
            asking.bind((interface, 0))
            asking.sendto(_PROBE.replace("{id}", str(uuid.uuid4())).encode(), group)
            for answer in _answers(asking, min(max(seconds, 0.2), MOST_S)):
                for one in read_matches(answer):
                    found.setdefault(one.address, one)
    except OSError as error:
        raise KnownFault(Message("{where} cannot be asked from: {why}", {"where": interface,
                                                                         "why": error.strerror or "?"})) from None
    return sorted(found.values(), key=lambda f: f.address)


def _answers(asking: socket.socket, seconds: float) -> Iterator[bytes]:
    end = time.perf_counter() + seconds
    for _ in range(MOST_ANSWERS):
        left = end - time.perf_counter()
        if left <= 0:
            return
        asking.settimeout(left)
        try:
            yield asking.recv(65535)
        except TimeoutError:
            return


def read_matches(data: bytes) -> list[Found]:
    """The cameras in an answer; nothing for what is no answer."""
    out = []
    with contextlib.suppress(VideoFault):
        for match in parse(data).iter():
            if local(match) == "ProbeMatch":
                scopes = words_of(match, "Scopes").split()
                for url in words_of(match, "XAddrs").split()[:4]:
                    address = _address(url)
                    if address:
                        out.append(Found(address, _scope(scopes, "/name/"), _scope(scopes, "/hardware/")))
                        break
    return out


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or not host.isascii() or ":" in host:
        return ""
    path = "" if parts.path in ("", "/", DEVICE_PATH) else text.plain(parts.path)[:200]
    scheme = "onvif" if parts.scheme == "http" else "onvifs"
    return f"{scheme}://{host}{f':{port}' if port else ''}{path}"


def _scope(scopes: list[str], mark: str) -> str:
    return next((text.plain(unquote(s.partition(mark)[2]))[:60] for s in scopes if mark in s), "")
