"""Turning cameras through their platform or by ONVIF."""
from __future__ import annotations

import threading
from typing import Final

from app.domain.faults import KnownFault, Message
from app.services.ptz import DIRECTIONS, Preset
from app.services.ptz import Ptz as Port
from app.services.streams import REFUSED
from app.video.address import ONVIF, WVP, Address, parse_address
from app.video.faults import VideoFault
from app.video.logins import FindLogin
from app.video.onvif import Onvif
from app.video.wvp import Wvp
from app.video.wvp_source import WvpChannels, channel_of

_AXES: Final = {"left": (-1, 0, 0), "right": (1, 0, 0), "up": (0, 1, 0), "down": (0, -1, 0), "upleft": (-1, 1, 0),
                "upright": (1, 1, 0), "downleft": (-1, -1, 0), "downright": (1, -1, 0), "zoomin": (0, 0, 1),
                "zoomout": (0, 0, -1)}
assert set(_AXES) == set(DIRECTIONS)
MOST_NUMBER: Final = 255
"""GB/T 28181-2022 A.3.4: a preset is one byte, 0 is kept free"""
MOST_NAME: Final = 40


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

    def teaching(self, address: str) -> Message | None:
        """Why this camera can be taught no presets. A camera that does not say how many it keeps may be asked to."""
        parsed = self._parsed(address)
        if parsed.kind == WVP:
            return None
        try:
            most = self._camera(parsed).most_presets()
        except VideoFault as fault:
            if fault.phase != REFUSED:
                raise
            return None  # asked in a way that it does not know; SetPreset will tell
        return Message("the camera keeps no presets") if most == 0 else None

    def teach(self, address: str, name: str) -> str:
        """Remember where the camera looks now. Returns the preset's token."""
        parsed, name = self._parsed(address), " ".join(name.split())[:MOST_NAME]
        if parsed.kind == WVP:
            if not (name.isascii() and name.isdecimal() and 1 <= int(name) <= MOST_NUMBER):
                raise KnownFault(Message("A preset of the platform is a number from 1 to {most}.",
                                         {"most": MOST_NUMBER}))
            platform, device, channel = self._channel(parsed)
            platform.set_preset(device, channel, str(int(name)))
            return str(int(name))
        camera = self._camera(parsed)
        if not name:
            raise KnownFault(Message("A preset needs a name."))
        return camera.set_preset(name, next((token for token, known in camera.presets() if known == name), ""))

    def forget(self, address: str, token: str) -> None:
        """The preset goes."""
        parsed = self._parsed(address)
        if parsed.kind == WVP:
            platform, device, channel = self._channel(parsed)
            platform.delete_preset(device, channel, token)
        else:
            self._camera(parsed).remove_preset(token)

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
