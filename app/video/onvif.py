"""ONVIF cameras: where their streams are, a picture, turning, presets. SOAP 1.2 over HTTP, no more of it than that.

Log-in by WS-Security's password digest (ONVIF Core 5.9.1; its time is the camera's own), by HTTP digest where the
camera wants that. The camera's answers are bounded, parsed without entities, and lead to no other host for commands.
"""
from __future__ import annotations

import base64
import hashlib
import os
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

import defusedxml.ElementTree
import requests
from defusedxml import DefusedXmlException
from requests.auth import AuthBase, HTTPDigestAuth

from app import text
from app.clock import SystemClock
from app.domain.faults import Message
from app.services import streams as st
from app.video import faults
from app.video.address import Address
from app.video.faults import VideoFault
from app.video.http_camera import why_not
from app.video.logins import FindLogin

CONNECT_S: Final = 3.0
READ_S: Final = 4.0
LARGEST_BYTES: Final = 2**20
DEVICE_PATH: Final = "/onvif/device_service"
MOVE_ENDS_S: Final = 10
"""a camera that was told to move and then hears no more stops by itself"""

_S: Final = "http://www.w3.org/2003/05/soap-envelope"
_TDS: Final = "http://www.onvif.org/ver10/device/wsdl"
_TRT: Final = "http://www.onvif.org/ver10/media/wsdl"
_TPTZ: Final = "http://www.onvif.org/ver20/ptz/wsdl"
_TT: Final = "http://www.onvif.org/ver10/schema"
_WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_DIGEST: Final = ("http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
                  "#PasswordDigest")


@dataclass(frozen=True, slots=True)
class Profile:
    """One of the camera's streams. Sizes 0 where it does not say."""

    token: str
    name: str
    width: int
    height: int
    encoding: str
    ptz: bool


def says(words: str) -> VideoFault:
    """What the camera answers where it should have done something."""
    return VideoFault(st.REFUSED, Message("the camera answers {status}", {"status": text.plain(words)[:80] or "–"}))


def unreadable() -> VideoFault:
    """An answer that is no SOAP."""
    return VideoFault(st.REFUSED, Message("the camera's answer cannot be read"))


def parse(body: bytes) -> Element:
    """The root of an answer. Raises `VideoFault` for what is no XML, has entities, or is too deep."""
    try:
        root: Element = defusedxml.ElementTree.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError, LookupError):
        raise unreadable() from None
    return root


def local(element: Element) -> str:
    """The name of an element without its name space."""
    return str(element.tag).rpartition("}")[2]  # a comment's is no text


def first(root: Element, *path: str) -> Element | None:
    """The first element below `root` that has these names one below the other, others between them allowed."""
    if not path:
        return root
    for element in root.iter():
        if element is not root and local(element) == path[0]:
            found = first(element, *path[1:])
            if found is not None:
                return found
    return None


def words_of(root: Element, *path: str) -> str:
    """The text of such an element; "" without one."""
    element = first(root, *path)
    return (element.text or "").strip() if element is not None else ""


class Onvif:
    """One camera. Methods block for no longer than their time limits, raise `VideoFault`, and may come from any
    thread."""

    def __init__(self, address: Address, login: FindLogin) -> None:
        parts = urlsplit(address.url)
        scheme = "https" if parts.scheme == "onvifs" else "http"
        host = f"[{address.host}]" if ":" in address.host else address.host
        self._address, self._find_login = address, login
        self._base = f"{scheme}://{host}:{address.port}"
        self._device = parts.path if parts.path not in ("", "/") else DEVICE_PATH
        self._query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        self._services: dict[str, str] = {}
        self._ahead: timedelta | None = None
        self._http_digest = False
        self._lock = threading.Lock()
        self._profiles: list[Profile] | None = None

    # ---- streams ---------------------------------------------------------------------------------------------------

    def profiles(self) -> list[Profile]:
        """The camera's streams, as it names them."""
        answer = self._ask(self._service("Media"), f'<GetProfiles xmlns="{_TRT}"/>')
        found = []
        for one in answer.iter():
            if local(one) == "Profiles" and one.get("token"):
                size = first(one, "VideoEncoderConfiguration", "Resolution")
                found.append(Profile(
                    str(one.get("token"))[:100], text.plain(words_of(one, "Name"))[:60],
                    _whole(words_of(size, "Width")) if size is not None else 0,
                    _whole(words_of(size, "Height")) if size is not None else 0,
                    words_of(one, "VideoEncoderConfiguration", "Encoding")[:20],
                    first(one, "PTZConfiguration") is not None))
        if not found:
            raise VideoFault(st.REFUSED, Message("the camera names no stream"))
        self._profiles = found
        return found

    def profile(self) -> Profile:
        """The stream that the address asks for: ``?profile=TOKEN``, ``?stream=sub`` the smallest, else the largest."""
        known = self._profiles or self.profiles()
        token = self._query.get("profile")
        if token is not None:
            for one in known:
                if token in (one.token, one.name):
                    return one
            raise faults.not_found()
        ordered = sorted(known, key=lambda p: p.width * p.height)
        return ordered[0] if self._query.get("stream") == "sub" else ordered[-1]

    def stream_uri(self) -> str:
        """Where the stream is; with ``?stream=snapshot`` where the single picture is."""
        token = escape(self.profile().token)
        if self._query.get("stream") == "snapshot":
            answer = self._ask(self._service("Media"), f'<GetSnapshotUri xmlns="{_TRT}"><ProfileToken>{token}'
                                                       "</ProfileToken></GetSnapshotUri>")
        else:
            answer = self._ask(self._service("Media"), (
                f'<GetStreamUri xmlns="{_TRT}"><StreamSetup><Stream xmlns="{_TT}">RTP-Unicast</Stream>'
                f'<Transport xmlns="{_TT}"><Protocol>RTSP</Protocol></Transport></StreamSetup>'
                f"<ProfileToken>{token}</ProfileToken></GetStreamUri>"))
        uri = words_of(answer, "Uri")
        if not uri:
            raise VideoFault(st.REFUSED, Message("the camera names no stream"))
        return uri

    # ---- turning ---------------------------------------------------------------------------------------------------

    def move(self, pan: float, tilt: float, zoom: float) -> None:
        """Move until `stop`, or for `MOVE_ENDS_S` at most; speeds from -1 to 1."""
        axes = f'<PanTilt xmlns="{_TT}" x="{pan:.2f}" y="{tilt:.2f}"/>' if pan or tilt else ""
        axes += f'<Zoom xmlns="{_TT}" x="{zoom:.2f}"/>' if zoom else ""
        self._turn(f"<Velocity>{axes}</Velocity><Timeout>PT{MOVE_ENDS_S}S</Timeout>", "ContinuousMove")

    def stop(self) -> None:
        """Stand still."""
        self._turn("<PanTilt>true</PanTilt><Zoom>true</Zoom>", "Stop")

    def presets(self) -> list[tuple[str, str]]:
        """(token, name) of each preset."""
        answer = self._turn("", "GetPresets")
        return [(str(p.get("token"))[:100], text.plain(words_of(p, "Name"))[:40]) for p in answer.iter()
                if local(p) == "Preset" and p.get("token")]

    def goto(self, token: str) -> None:
        """Look where a preset looks."""
        self._turn(f"<PresetToken>{escape(token)}</PresetToken>", "GotoPreset")

    def most_presets(self) -> int | None:
        """How many presets its drive keeps; None where it does not say."""
        answer = self._ask(self._service("PTZ"), f'<GetNodes xmlns="{_TPTZ}"/>')
        said = [words_of(node, "MaximumNumberOfPresets") for node in answer.iter() if local(node) == "PTZNode"]
        known = [int(words) for words in said if words.isascii() and words.isdecimal()]
        return max(known) if known else None

    def set_preset(self, name: str, token: str = "") -> str:
        """Remember where the camera looks now; `token`: the preset that is overwritten. Returns the token."""
        inside = f"<PresetName>{escape(name)}</PresetName>" + (
            f"<PresetToken>{escape(token)}</PresetToken>" if token else "")
        return words_of(self._turn(inside, "SetPreset"), "PresetToken")[:100] or token

    def remove_preset(self, token: str) -> None:
        """The preset goes."""
        self._turn(f"<PresetToken>{escape(token)}</PresetToken>", "RemovePreset")

    def _turn(self, inside: str, verb: str) -> Element:
        service = self._service("PTZ")
        token = escape(self.profile().token)
        return self._ask(service, f'<{verb} xmlns="{_TPTZ}"><ProfileToken>{token}</ProfileToken>{inside}</{verb}>')

    # ---- asking ----------------------------------------------------------------------------------------------------

    def _service(self, name: str) -> str:
        """The path of a service. Its host is not taken over: commands go where the address says."""
        with self._lock:
            if not self._services:
                answer = self._ask(self._device, f'<GetCapabilities xmlns="{_TDS}"><Category>All</Category>'
                                                 "</GetCapabilities>")
                for known in ("Media", "PTZ"):
                    path = urlsplit(words_of(answer, known, "XAddr")).path
                    if path:
                        self._services[known] = path
            path = self._services.get(name, "")
        if not path:
            raise VideoFault(st.REFUSED, Message("the camera cannot be turned") if name == "PTZ"
                             else Message("the camera names no stream"))
        return path

    def _ask(self, path: str, inside: str) -> Element:
        login = self._find_login(self._address)
        if login is not None and self._ahead is None:
            self._ahead = self._clock_ahead()
        status, root, refused = self._post(path, inside, login)
        if refused and login is not None and not self._http_digest:
            self._http_digest = True
            status, root, refused = self._post(path, inside, login)
        if refused:
            raise faults.no_right()
        if root is None:
            raise faults.answered(status) if status != 200 else unreadable()
        if first(root, "Fault") is not None:
            raise says(words_of(root, "Fault", "Text") or words_of(root, "faultstring") or "Fault")
        return root

    def _clock_ahead(self) -> timedelta:
        """How far the camera's clock is ahead of ours; a digest with another time would be refused."""
        try:
            _, root, _ = self._post(self._device, f'<GetSystemDateAndTime xmlns="{_TDS}"/>', None)
            utc = first(root, "UTCDateTime") if root is not None else None
            if utc is None:
                return timedelta()
            year, month, day, hour, minute, second = (
                _whole(words_of(utc, n)) for n in ("Year", "Month", "Day", "Hour", "Minute", "Second"))
            there = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except (ValueError, OverflowError, TypeError):
            return timedelta()
        return there - SystemClock().now()

    def _post(self, path: str, inside: str, login: tuple[str, str] | None) -> tuple[int, Element | None, bool]:
        """(status, answer or None, whether the log-in was refused)."""
        auth: AuthBase | None = None
        head = ""
        if login is not None and self._http_digest:
            auth = HTTPDigestAuth(*login)
        elif login is not None:
            head = f"<s:Header>{_security(*login, SystemClock().now() + (self._ahead or timedelta()))}</s:Header>"
        envelope = (f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{_S}">{head}'
                    f"<s:Body>{inside}</s:Body></s:Envelope>")
        began = time.perf_counter()
        try:
            with requests.Session() as session:
                session.trust_env = False
                with session.post(self._base + path, data=envelope.encode(), auth=auth, stream=True,
                                  headers={"Content-Type": "application/soap+xml; charset=utf-8"},
                                  timeout=(CONNECT_S, READ_S), allow_redirects=False) as answer:
                    body = _bounded(answer, began + CONNECT_S + READ_S)
                    status = answer.status_code
        except (requests.RequestException, OSError) as error:
            raise why_not(error, self._address, time.perf_counter() - began) from None
        if status == 404:
            raise faults.not_found()
        if status in (401, 403):
            return status, None, True
        root = parse(body) if body.strip().startswith(b"<") and status in (200, 400, 500) else None
        subcodes = " ".join((e.text or "") for e in root.iter() if local(e) == "Value") if root is not None else ""
        return status, root, "NotAuthorized" in subcodes or "FailedAuthentication" in subcodes


def _security(user: str, password: str, at: datetime) -> str:
    nonce, created = os.urandom(16), at.strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = base64.b64encode(hashlib.sha1(nonce + created.encode() + password.encode()).digest()).decode()
    return (f'<Security xmlns="{_WSSE}" s:mustUnderstand="1"><UsernameToken><Username>{escape(user)}</Username>'
            f'<Password Type="{_DIGEST}">{digest}</Password><Nonce>{base64.b64encode(nonce).decode()}</Nonce>'
            f'<Created xmlns="{_WSU}">{created}</Created></UsernameToken></Security>')


def _bounded(answer: requests.Response, until: float) -> bytes:
    data = bytearray()
    for chunk in answer.iter_content(16_384):
        data += chunk
        if len(data) > LARGEST_BYTES:
            raise unreadable()
        if time.perf_counter() > until:
            raise faults.timed_out()
    return bytes(data)


def _whole(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 6 else 0
