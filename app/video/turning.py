"""Turning cameras through their platform or by ONVIF."""
from __future__ import annotations

import threading
from typing import Final

from app.domain.faults import KnownFault, Message
from app.services.ptz import DIRECTIONS, Preset
from app.services.ptz import Ptz as Port
from app.video.address import ONVIF, WVP, Address, parse_address
from app.video.logins import FindLogin
from app.video.onvif import Onvif
from app.video.wvp import Wvp
from app.video.wvp_source import WvpChannels, channel_of

_AXES: Final = {"left": (-1, 0, 0), "right": (1, 0, 0), "up": (0, 1, 0), "down": (0, -1, 0), "upleft": (-1, 1, 0),
                "upright": (1, 1, 0), "downleft": (-1, -1, 0), "downright": (1, -1, 0), "zoomin": (0, 0, 1),
                "zoomout": (0, 0, -1)}
assert set(_AXES) == set(DIRECTIONS)


class Turning:
    """The `Ptz` of app.services.ptz."""

    def __init__(self, login: FindLogin, channels: WvpChannels) -> None:
        self._login, self._channels = login, channels
        self._cameras: dict[str, Onvif] = {}
        self._lock = threading.Lock()

    def reaches(self, address: str) -> bool:
        """Whether cameras at this address can be turned at all."""
        return address.partition("://")[0].lower() in ("wvp", "wvps", "onvif", "onvifs")

    def move(self, address: str, direction: str, speed: float = 0.5) -> None:
        """Move until `stop`."""
        if direction not in _AXES:
            raise KnownFault(Message("There is no act named {verb}.", {"verb": direction[:20]}))
        speed = min(max(speed, 0.05), 1.0)
        parsed = self._parsed(address)
        if parsed.kind == WVP:
            platform, device, channel = self._channel(parsed)
            platform.turn(device, channel, direction, round(speed * 255))
        else:
            pan, tilt, zoom = (a * speed for a in _AXES[direction])
            self._camera(parsed).move(pan, tilt, zoom)

    def stop(self, address: str) -> None:
        """Stand still."""
        parsed = self._parsed(address)
        if parsed.kind == WVP:
            platform, device, channel = self._channel(parsed)
            platform.turn(device, channel, "stop", 0)
        else:
            self._camera(parsed).stop()

    def presets(self, address: str) -> list[Preset]:
        """What the camera has been taught to look at."""
        parsed = self._parsed(address)
        if parsed.kind == WVP:
            platform, device, channel = self._channel(parsed)
            return [Preset(*p) for p in platform.presets(device, channel)]
        return [Preset(*p) for p in self._camera(parsed).presets()]

    def goto(self, address: str, token: str) -> None:
        """Look where a preset looks."""
        parsed = self._parsed(address)
        if parsed.kind == WVP:
            platform, device, channel = self._channel(parsed)
            platform.call_preset(device, channel, token)
        else:
            self._camera(parsed).goto(token)

    def _parsed(self, address: str) -> Address:
        parsed = parse_address(address)
        if parsed.kind not in (WVP, ONVIF):
            raise KnownFault(Message("the camera cannot be turned"))
        return parsed

    def _channel(self, address: Address) -> tuple[Wvp, str, str]:
        return self._channels.platform(address), *channel_of(address)

    def _camera(self, address: Address) -> Onvif:
        made = Onvif(address, self._login)
        with self._lock:
            return self._cameras.setdefault(address.url, made)


def _is_ptz(turning: Turning) -> Port:
    """The type checker's proof that this is the port."""
    return turning
