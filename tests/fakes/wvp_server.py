"""A WVP-shaped REST for tests: log-in, catalogue, play and stop, turning, presets, alarms; what it is told it keeps.

    with WvpServer() as wvp:
        wvp.add("34080300001180000001", "34080300001320000001", "Gate", stream=rtsp.url())
        wvp.url("34080300001180000001", "34080300001320000001")     # wvp://127.0.0.1:PORT/…/…

Attributes are the commands: `password`, `hang` (no answer), `error = (code, msg)` (in place of each answer), `garbage`
(an HTML page), `expire()` (tokens end), `readers` (who else watches).
"""
from __future__ import annotations

import contextlib
import hashlib
import json
import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.http_place import HttpPlace, PlaceHandler


class WvpServer(HttpPlace):
    """The platform; runs in threads of the test's process."""

    def __init__(self) -> None:
        super().__init__()
        self.login = ("admin", "word")
        self.tokens: set[str] = set()
        self.devices: dict[str, list[Any]] = {}
        self.streams: dict[tuple[str, str], dict[str, str]] = {}
        self.presets: list[dict[str, Any]] = [{"presetId": 1, "presetName": "大门"},
                                              {"presetId": 7, "presetName": None}]
        self.alarms: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.told: list[tuple[str, ...]] = []
        """play, stop, turn and preset commands in their order"""
        self.logins = 0
        self.readers: int | None = 0
        self.hang = self.garbage = False
        self.error: tuple[int, str] | None = None

    def add(self, device: str, channel: str, name: str, *, stream: str = "", **more: Any) -> None:
        """One more channel; `stream`: its RTSP address; `flv` and `hls` among `more` are addresses too."""
        urls = {"rtsp": stream, **{k: more.pop(k) for k in ("flv", "hls") if k in more}}
        self.devices.setdefault(device, []).append({
            "id": 1, "deviceId": channel, "name": name, "status": "ON", "longitude": 117.02, "latitude": 30.52,
            "ptzType": 1, "directionType": 3, "civilCode": channel[:6], "address": "", **more})
        self.streams[device, channel] = {k: v for k, v in urls.items() if v}

    def expire(self) -> None:
        """All tokens end."""
        self.tokens.clear()

    @property
    def base(self) -> str:
        """The platform's address."""
        return f"wvp://127.0.0.1:{self.port}"

    def url(self, device: str, channel: str) -> str:
        """Address of a channel."""
        return f"{self.base}/{device}/{channel}"

    def known(self, _address: object) -> tuple[str, str]:
        """The right log-in, for who has to find one."""
        return self.login


class _Handler(PlaceHandler):
    def do_GET(self) -> None:
        wvp = self.server.owner
        parts = urlsplit(self.path)
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        words = [unquote(w) for w in parts.path.split("/") if w]
        wvp.asked.append(parts.path)
        while wvp.hang and wvp.alive:
            time.sleep(0.02)
        with contextlib.suppress(OSError):
            if wvp.garbage:
                self._send(200, b"<html>502 Bad Gateway</html>")
            elif wvp.error is not None:
                self._json({"code": wvp.error[0], "msg": wvp.error[1]})
            elif words == ["api", "user", "login"]:
                self._log_in(query)
            elif self.headers.get("access-token") not in wvp.tokens:
                self._json({"code": 401, "msg": "请登录后重新请求"}, 401)
            else:
                self._answer(words[1:], query)

    def _log_in(self, query: dict[str, str]) -> None:
        wvp = self.server.owner
        wvp.logins += 1
        right = hashlib.md5(wvp.login[1].encode()).hexdigest()
        if (query.get("username"), query.get("password")) != (wvp.login[0], right):
            self._json({"code": 100, "msg": "用户名或密码错误"})
            return
        token = f"token-{wvp.logins}"
        wvp.tokens.add(token)
        self._good({"id": 1, "username": wvp.login[0], "accessToken": token})

    def _answer(self, words: list[str], query: dict[str, str]) -> None:
        wvp = self.server.owner
        match words:
            case ["device", "query", "devices"]:
                self._page([{"deviceId": d, "name": f"device {d[-3:]}", "onLine": True} for d in wvp.devices], query)
            case ["device", "query", "devices", device, "channels"]:
                self._page(wvp.devices.get(device, []), query)
            case ["play", "start", device, channel]:
                wvp.told.append(("start", device, channel))
                urls = wvp.streams.get((device, channel))
                if urls is None:
                    self._json({"code": 100, "msg": "点播超时"})
                else:
                    self._good({"app": "rtp", "stream": f"{device}_{channel}", "mediaServerId": "zlm", **urls})
            case ["play", "stop", device, channel]:
                wvp.told.append(("stop", device, channel))
                self._good({"deviceId": device, "channelId": channel})
            case ["media", "stream_info_by_app_and_stream"]:
                info = {} if wvp.readers is None else {"mediaInfo": {"readerCount": wvp.readers}}
                self._good({"app": query.get("app"), **info})
            case ["front-end", "ptz", device, channel]:
                wvp.told.append(("turn", device, channel, query["command"], query["horizonSpeed"], query["zoomSpeed"]))
                self._good(None)
            case ["front-end", "preset", "query", _, _]:
                self._good(wvp.presets)
            case ["front-end", "preset", "call", device, channel]:
                wvp.told.append(("preset", device, channel, query["presetId"]))
                self._good(None)
            case ["front-end", "preset", "add", device, channel]:
                wvp.told.append(("teach", device, channel, query["presetId"]))
                wvp.presets = [p for p in wvp.presets if str(p["presetId"]) != query["presetId"]]
                wvp.presets.append({"presetId": int(query["presetId"]), "presetName": None})
                self._good(None)
            case ["front-end", "preset", "delete", device, channel]:
                wvp.told.append(("forget", device, channel, query["presetId"]))
                wvp.presets = [p for p in wvp.presets if str(p["presetId"]) != query["presetId"]]
                self._good(None)
            case ["alarm", "all"]:
                inside = [a for a in wvp.alarms
                          if query.get("startTime", "") <= str(a.get("alarmTime")) <= query.get("endTime", "9")]
                self._page(inside, query)
            case _:
                self._json({"code": 404, "msg": "资源未找到"}, 404)

    def _page(self, rows: list[Any], query: dict[str, str]) -> None:
        page, count = int(query["page"]), int(query["count"])
        part = rows[(page - 1) * count:page * count]
        self._good({"total": len(rows), "list": part, "pageNum": page, "pageSize": count, "size": len(part)})

    def _good(self, data: Any) -> None:
        self._json({"code": 0, "msg": "成功", "data": data})

    def _json(self, answer: dict[str, Any], status: int = 200) -> None:
        self._send(status, json.dumps(answer, ensure_ascii=False).encode(), "application/json;charset=UTF-8")

    def _send(self, status: int, body: bytes, kind: str = "text/html") -> None:
        self.send(status, body, kind)


WvpServer.handler = _Handler
