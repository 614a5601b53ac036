"""WVP-GB28181-pro by its REST: the platform behind which most districts keep their cameras (GB/T 28181).

Every answer is {code, msg, data}; 0 is good. The log-in wants the password's MD5 and gives a token for the header
``access-token``. A token that is no longer taken is renewed once; each other failure is a `VideoFault` with its reason.
"""
from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import requests

from app import text
from app.domain.faults import Message
from app.services import streams as st
from app.video import faults
from app.video.address import Address
from app.video.faults import VideoFault
from app.video.http_camera import why_not
from app.video.logins import FindLogin

CONNECT_S: Final = 4.0
READ_S: Final = 6.0
START_S: Final = 16.0
"""the platform itself waits 10 to 15 s for the camera (its setting play-timeout)"""
PAGE: Final = 500
MOST_ROWS: Final = 200_000
LARGEST_BYTES: Final = 32 * 2**20
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Playing:
    """A channel that the platform plays: where its stream can be had, the best first."""

    device: str
    channel: str
    urls: tuple[str, ...]
    app: str = ""
    stream: str = ""
    server: str = ""


def platform_says(code: object, words: object) -> VideoFault:
    """What the platform answers where it should have done something."""
    said = text.plain(str(words))[:80] or "–"
    return VideoFault(st.REFUSED, Message("the platform answers {code}: {said}",
                                          {"code": text.plain(str(code))[:20], "said": said}))


def unreadable() -> VideoFault:
    """An answer that is no JSON of the known form."""
    return VideoFault(st.REFUSED, Message("the platform's answer cannot be read"))


def no_login() -> VideoFault:
    """There is no log-in for the platform."""
    return VideoFault(st.NO_RIGHT, Message("there is no log-in for the platform: name it in camera-logins"))


def wrong_login() -> VideoFault:
    """The platform does not take the log-in."""
    return VideoFault(st.NO_RIGHT, Message("the platform refuses the log-in"))


class Wvp:
    """One platform. All methods may be called from any thread; they block for no longer than their time limits."""

    def __init__(self, address: Address, login: FindLogin) -> None:
        scheme = "https" if address.url.startswith(("wvps://", "https://")) else "http"
        host = f"[{address.host}]" if ":" in address.host else address.host
        self.base = f"{scheme}://{host}:{address.port}"
        self._address, self._find_login = address, login
        self._token = ""
        self._lock = threading.Lock()

    # ---- catalogue ---------------------------------------------------------------------------------------------------

    def devices(self) -> Iterator[Json]:
        """All devices."""
        return (row if isinstance(row, Mapping) else {} for row in self._pages("/api/device/query/devices", {}))

    def channels(self, device: str) -> Iterator[object]:
        """All channels of a device, directories left out; each as the platform says it."""
        return self._pages(f"/api/device/query/devices/{quote(device, safe='')}/channels", {"channelType": "false"})

    def alarms(self, since: str, until: str) -> Iterator[Json]:
        """Alarms of a time ("YYYY-MM-DD hh:mm:ss", the platform's own time zone)."""
        return self._pages("/api/alarm/all", {"startTime": since, "endTime": until})

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[Any]:
        seen, page = 0, 1
        while seen < MOST_ROWS:
            data = self._get(path, {**params, "page": str(page), "count": str(PAGE)})
            rows = data.get("list") if isinstance(data, Mapping) else None
            if not isinstance(rows, list):
                raise unreadable()
            yield from rows
            seen += len(rows)
            total = data.get("total")
            if not rows or (seen >= total if isinstance(total, int) else len(rows) < PAGE):
                return
            page += 1

    # ---- pictures ----------------------------------------------------------------------------------------------------

    def start(self, device: str, channel: str) -> Playing:
        """Have a channel played. Raises `VideoFault`."""
        data = self._get(f"/api/play/start/{quote(device, safe='')}/{quote(channel, safe='')}", {}, START_S)
        if not isinstance(data, Mapping):
            raise unreadable()
        names = ("rtsp", "rtsps", "flv", "https_flv", "hls", "https_hls")
        urls = tuple(u for u in (data.get(name) for name in names) if isinstance(u, str) and u)
        if not urls:
            raise VideoFault(st.REFUSED, Message("the platform names no stream that can be played"))
        return Playing(device, channel, urls, *(str(data.get(n) or "") for n in ("app", "stream", "mediaServerId")))

    def stop(self, playing: Playing) -> None:
        """Have it played no longer."""
        self._get(f"/api/play/stop/{quote(playing.device, safe='')}/{quote(playing.channel, safe='')}", {}, CONNECT_S)

    def readers(self, playing: Playing) -> int | None:
        """How many watch the stream now, all programs together; None where the platform does not say."""
        data = self._get("/api/media/stream_info_by_app_and_stream",
                         {"app": playing.app, "stream": playing.stream, "mediaServerId": playing.server}, CONNECT_S)
        info = data.get("mediaInfo") if isinstance(data, Mapping) else None
        count = info.get("readerCount") if isinstance(info, Mapping) else None
        return count if isinstance(count, int) and not isinstance(count, bool) else None

    # ---- turning -----------------------------------------------------------------------------------------------------

    def turn(self, device: str, channel: str, command: str, speed: int = 100) -> None:
        """left, right, up, down, upleft, upright, downleft, downright, zoomin, zoomout, stop; speed 0 to 255."""
        self._get(f"/api/front-end/ptz/{quote(device, safe='')}/{quote(channel, safe='')}",
                  {"command": command, "horizonSpeed": str(speed), "verticalSpeed": str(speed),
                   "zoomSpeed": str(min(15, speed // 17))})

    def presets(self, device: str, channel: str) -> list[tuple[str, str]]:
        """(number, name) of each preset."""
        rows = self._get(f"/api/front-end/preset/query/{quote(device, safe='')}/{quote(channel, safe='')}", {})
        if isinstance(rows, str):  # what the camera said, or that it said nothing in time
            raise platform_says(100, rows)
        if not isinstance(rows, list):
            raise unreadable()
        return [(str(r["presetId"]), text.plain(str(r.get("presetName") or ""))[:40]) for r in rows
                if isinstance(r, Mapping) and r.get("presetId") is not None]

    def call_preset(self, device: str, channel: str, number: str) -> None:
        """Look where the preset looks."""
        self._get(f"/api/front-end/preset/call/{quote(device, safe='')}/{quote(channel, safe='')}",
                  {"presetId": number})

    def set_preset(self, device: str, channel: str, number: str) -> None:
        """Remember under a number where the camera looks now."""
        self._get(f"/api/front-end/preset/add/{quote(device, safe='')}/{quote(channel, safe='')}", {"presetId": number})

    def delete_preset(self, device: str, channel: str, number: str) -> None:
        """The preset goes."""
        self._get(f"/api/front-end/preset/delete/{quote(device, safe='')}/{quote(channel, safe='')}",
                  {"presetId": number})

    # ---- asking ------------------------------------------------------------------------------------------------------

    def _get(self, path: str, params: Mapping[str, str], limit_s: float = READ_S) -> Any:
        with self._lock:
            token = self._token or self._log_in()
        status, answer = self._ask(path, params, token, limit_s)
        if status in (401, 403) or _code(answer) in (401, 403):
            with self._lock:  # another thread may have a fresh one already
                token = self._token if self._token not in ("", token) else self._log_in()
            status, answer = self._ask(path, params, token, limit_s)
            if status in (401, 403) or _code(answer) in (401, 403):
                raise wrong_login()
        return _data(status, answer)

    def _log_in(self) -> str:
        """A fresh token. Called with the lock."""
        known = self._find_login(self._address)
        if known is None:
            raise no_login()
        self._token = ""
        status, answer = self._ask("/api/user/login", {
            "username": known[0], "password": hashlib.md5(known[1].encode()).hexdigest()}, "", READ_S)
        code = _code(answer)
        if status in (401, 403) or (status == 200 and code not in (0, None)):
            raise wrong_login()
        data = _data(status, answer)
        token = data.get("accessToken") if isinstance(data, Mapping) else None
        if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
            raise unreadable()
        self._token = token
        return token

    def _ask(self, path: str, params: Mapping[str, str], token: str, limit_s: float) -> tuple[int, Any]:
        began = time.perf_counter()
        try:
            with requests.Session() as session:
                session.trust_env = False
                head = {"access-token": token} if token else {}
                with session.get(self.base + path, params=dict(params), headers=head, timeout=(CONNECT_S, limit_s),
                                 allow_redirects=False, stream=True) as answer:
                    body = _whole(answer, began + CONNECT_S + limit_s)
                    return answer.status_code, _parsed(body)
        except (requests.RequestException, OSError) as error:
            raise why_not(error, self._address, time.perf_counter() - began) from None


def _whole(answer: requests.Response, until: float) -> bytes:
    data = bytearray()
    for chunk in answer.iter_content(65536):
        data += chunk
        if len(data) > LARGEST_BYTES:
            raise unreadable()
        if time.perf_counter() > until:
            raise faults.timed_out()
    return bytes(data)


def _parsed(body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body[:200].decode("utf-8", "replace")


def _code(answer: Any) -> int | None:
    code = answer.get("code") if isinstance(answer, Mapping) else None
    return code if isinstance(code, int) else None


def _data(status: int, answer: Any) -> Any:
    """What a good answer carries; some are void, some stand without the wrapping."""
    code = _code(answer)
    if status != 200:
        said = answer.get("msg") or answer.get("error") if isinstance(answer, Mapping) else ""
        raise platform_says(status if code is None else code, said or "")
    if answer is None:
        return None
    if not isinstance(answer, Mapping | list):
        raise unreadable()
    if isinstance(answer, list) or code is None:
        return answer
    if code != 0:
        raise platform_says(code, answer.get("msg") or "")
    return answer.get("data")
