"""An ONVIF-shaped camera for tests: device, media and PTZ service at one port, and an answer to WS-Discovery probes.

    with OnvifCamera(rtsp.url(0), rtsp.url(1)) as camera:
        camera.url()                 # onvif://127.0.0.1:PORT

Attributes are the commands: `login` (None: open), `scheme` ("wsse" or "http"), `ahead_s` (its clock), `fault` (a SOAP
fault to each call), `garbage`, `hang`. `told` keeps what it was told to do.
"""
from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_HEAD = ('<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" '
         'xmlns:ter="http://www.onvif.org/ver10/error" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
         'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" '
         'xmlns:tt="http://www.onvif.org/ver10/schema"><env:Body>')
SLACK_S = 5.0
"""a digest whose time is further off is refused"""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    camera: OnvifCamera

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is none of this test's business."""


class OnvifCamera:
    """The camera; runs in threads of the test's process."""

    def __init__(self, main: str, sub: str = "", *, snapshot: str = "", ptz: bool = True) -> None:
        self.streams = {"main": main, **({"sub": sub} if sub else {})}
        self.snapshot, self.ptz = snapshot, ptz
        self.login: tuple[str, str] | None = ("admin", "word")
        self.scheme = "wsse"
        self.ahead_s = 0.0
        self.fault = ""
        self.garbage = self.hang = False
        self.answers_with: bytes | None = None
        self.told: list[tuple[str, ...]] = []
        self.presets = {"1": "大门", "2": ""}
        self.most_presets: int | None = 32
        self.calls: list[str] = []
        self.port = self.probe_port = 0
        self._server: _Server | None = None
        self._threads: list[threading.Thread] = []
        self._probes: socket.socket | None = None

    def __enter__(self) -> OnvifCamera:
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.camera = self
        self.port = self._server.server_address[1]
        self._probes = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._probes.bind(("127.0.0.1", 0))
        self._probes.settimeout(0.1)
        self.probe_port = self._probes.getsockname()[1]
        self._threads = [threading.Thread(target=self._server.serve_forever, args=(0.05,), name="onvif-camera"),
                         threading.Thread(target=self._answer_probes, name="onvif-probes")]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()
        if self._probes is not None:
            self._probes.close()
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline and any("process_request_thread" in t.name for t in threading.enumerate()):
            time.sleep(0.01)

    @property
    def alive(self) -> bool:
        """Whether it serves."""
        return self._server is not None

    def url(self, query: str = "") -> str:
        """Its address."""
        return f"onvif://127.0.0.1:{self.port}{'/?' + query if query else ''}"

    def known(self, _address: object) -> tuple[str, str] | None:
        """The right log-in, for who has to find one."""
        return self.login

    def _answer_probes(self) -> None:
        assert self._probes is not None
        while self.alive:
            try:
                data, where = self._probes.recvfrom(65535)
            except OSError:
                continue
            if b"Probe" in data:
                match = (f'<d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>'
                         f'onvif://www.onvif.org/name/Gate%20North onvif://www.onvif.org/hardware/X1 </d:Scopes>'
                         f'<d:XAddrs>http://127.0.0.1:{self.port}/onvif/device_service</d:XAddrs></d:ProbeMatch>')
                answer = ('<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
                          'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Body><d:ProbeMatches>'
                          f'{match}</d:ProbeMatches></e:Body></e:Envelope>').encode()
                for one in (b"noise", answer, answer):
                    self._probes.sendto(one, where)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        camera = self.server.camera
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        while camera.hang and camera.alive:
            time.sleep(0.02)
        found = re.search(r"Body>\s*<(?:\w+:)?(\w+)", body)
        verb = found[1] if found else ""
        camera.calls.append(verb)
        with contextlib.suppress(OSError):
            if camera.answers_with is not None:
                self._send(200, camera.answers_with)
            elif camera.garbage:
                self._send(200, b"<html>not this</html")
            elif verb != "GetSystemDateAndTime" and not self._may(body):
                if camera.scheme == "http":
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Digest realm="cam", nonce="abc123", qop="auth"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self._fault("ter:NotAuthorized", "Sender not authorized", 400)
            elif camera.fault:
                self._fault("ter:Action", camera.fault, 500)
            else:
                self._answer(verb, body)

    def _may(self, body: str) -> bool:
        camera = self.server.camera
        if camera.login is None:
            return True
        user, word = camera.login
        if camera.scheme == "http":
            return self._http_digest(user, word)
        parts = [re.search(rf"<(?:\w+:)?{n}[^>]*>([^<]*)</(?:\w+:)?{n}>", body)
                 for n in ("Username", "Password", "Nonce", "Created")]
        if not all(parts):
            return False
        name, digest, nonce, created = (p[1] for p in parts if p is not None)
        right = hashlib.sha1(base64.b64decode(nonce) + created.encode() + word.encode()).digest()
        made = datetime.strptime(created[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
        here = datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=camera.ahead_s)
        near = abs((made - here).total_seconds()) < SLACK_S
        return near and name == user and base64.b64encode(right).decode() == digest

    def _http_digest(self, user: str, word: str) -> bool:
        given = self.headers.get("Authorization", "")
        parts = {k.strip(): v.strip().strip('"') for k, _, v in
                 (x.partition("=") for x in given.removeprefix("Digest ").split(","))}

        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()

        secret, asked = md5(f"{user}:cam:{word}"), md5(f"POST:{parts.get('uri', '')}")
        want = md5(":".join((secret, "abc123", parts.get("nc", ""), parts.get("cnonce", ""), "auth", asked)))
        return parts.get("username") == user and parts.get("response") == want

    def _answer(self, verb: str, body: str) -> None:
        camera = self.server.camera
        token = (re.search(r"ProfileToken>([^<]*)<", body) or [None, ""])[1]
        if verb == "GetSystemDateAndTime":
            at = datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=camera.ahead_s)
            self._good("<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime><tt:Time>"
                       f"<tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute><tt:Second>{at.second}</tt:Second>"
                       "</tt:Time><tt:Date>"
                       f"<tt:Year>{at.year}</tt:Year><tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day></tt:Date>"
                       "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>")
        elif verb == "GetCapabilities":
            ptz = "<tt:PTZ><tt:XAddr>http://10.9.9.9/onvif/ptz</tt:XAddr></tt:PTZ>" if camera.ptz else ""
            self._good("<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>http://10.9.9.9/onvif/media"
                       f"</tt:XAddr></tt:Media>{ptz}</tds:Capabilities></tds:GetCapabilitiesResponse>")
        elif verb == "GetProfiles":
            self._good(f"<trt:GetProfilesResponse>{''.join(self._profile(n) for n in camera.streams)}"
                       "</trt:GetProfilesResponse>")
        elif verb == "GetStreamUri":
            self._uri("GetStreamUri", camera.streams.get(token.removeprefix("tok_"), ""))
        elif verb == "GetSnapshotUri":
            self._uri("GetSnapshotUri", camera.snapshot)
        elif verb == "GetPresets":
            rows = "".join(f'<tptz:Preset token="{token}">' + (f"<tt:Name>{name}</tt:Name>" if name else "")
                           + "</tptz:Preset>" for token, name in camera.presets.items())
            self._good(f"<tptz:GetPresetsResponse>{rows}</tptz:GetPresetsResponse>")
        elif verb == "GetNodes" and camera.most_presets is not None:
            most = f"<tt:MaximumNumberOfPresets>{camera.most_presets}</tt:MaximumNumberOfPresets>"
            self._good(f'<tptz:GetNodesResponse><tptz:PTZNode token="n">{most}</tptz:PTZNode></tptz:GetNodesResponse>')
        elif verb == "SetPreset":
            name = re.findall(r"<PresetName>([^<]*)<", body)[0]
            given = (re.findall(r"<PresetToken>([^<]*)<", body) or [str(len(camera.presets) + 1)])[0]
            camera.presets[given] = name
            camera.told.append((verb, token, given, name))
            self._good(f"<tptz:SetPresetResponse><tptz:PresetToken>{given}</tptz:PresetToken></tptz:SetPresetResponse>")
        elif verb == "RemovePreset":
            gone = re.findall(r"<PresetToken>([^<]*)<", body)[0]
            camera.presets.pop(gone, None)
            camera.told.append((verb, token, gone))
            self._good("<tptz:RemovePresetResponse/>")
        elif verb in ("ContinuousMove", "Stop", "GotoPreset"):
            more = re.findall(r'(?:x|y)="([-0-9.]+)"', body) + re.findall(r"<PresetToken>([^<]*)<", body)
            camera.told.append((verb, token, *more))
            self._good(f"<tptz:{verb}Response/>")
        else:
            self._fault("ter:ActionNotSupported", "Optional Action Not Implemented", 500)

    def _profile(self, name: str) -> str:
        width, height = {"main": (1920, 1080), "sub": (640, 360)}[name]
        ptz = '<tt:PTZConfiguration token="p"/>' if self.server.camera.ptz else ""
        return (f'<trt:Profiles token="tok_{name}" fixed="true"><tt:Name>{name}</tt:Name>'
                f'<tt:VideoEncoderConfiguration token="v"><tt:Encoding>H264</tt:Encoding><tt:Resolution>'
                f"<tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution>"
                f"</tt:VideoEncoderConfiguration>{ptz}</trt:Profiles>")

    def _uri(self, verb: str, uri: str) -> None:
        self._good(f"<trt:{verb}Response><trt:MediaUri><tt:Uri>{uri}</tt:Uri></trt:MediaUri></trt:{verb}Response>")

    def _good(self, inside: str) -> None:
        self._send(200, f"{_HEAD}{inside}</env:Body></env:Envelope>".encode())

    def _fault(self, code: str, words: str, status: int) -> None:
        inside = (f"<env:Fault><env:Code><env:Value>env:Sender</env:Value><env:Subcode><env:Value>{code}</env:Value>"
                  f'</env:Subcode></env:Code><env:Reason><env:Text xml:lang="en">{words}</env:Text></env:Reason>'
                  "</env:Fault>")
        self._send(status, f"{_HEAD}{inside}</env:Body></env:Envelope>".encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
