"""Codes of the field: the 15-digit unit grid (GB/T 30428) and the 20-digit device id (GB/T 28181)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.faults import Message, Rejected


@dataclass(frozen=True, slots=True)
class GridCode:
    """A unit grid's code in its parts: 6 digits area (GB/T 2260), 3 street, 3 community, 3 sequence."""

    text: str
    district: str
    street: str
    community: str
    sequence: str

    @property
    def street_code(self) -> str:
        """The 9-digit code of the street or township."""
        return self.text[:9]

    @property
    def community_code(self) -> str:
        """The 12-digit code of the community."""
        return self.text[:12]


def parse_grid_code(text: str) -> GridCode:
    """Return the parts of a 15-digit unit grid code. Raises Rejected."""
    if not _digits(text, 15):
        raise Rejected(path="grid code", got=text, expected="15 digits: 6 area, 3 street, 3 community, 3 sequence")
    return GridCode(text, text[:6], text[6:9], text[9:12], text[12:])


def level_of_code(code: str) -> int | None:
    """Return the level that an area code's length tells: 6 digits 0 district, 9 street, 12 community, 15 grid, else
    None.

    The 12-digit form of the statistics bureau pads with zeros (340803000000 is the district); 4 digits are a city (-1).
    """
    if not code.isascii() or not code.isdecimal():
        return None
    if len(code) == 12:
        if code.endswith("000000"):
            return -1 if code[4:6] == "00" else 0
        return 1 if code.endswith("000") else 2
    if len(code) == 6 and code.endswith("00"):
        return -1
    return {4: -1, 6: 0, 9: 1, 15: 3}.get(len(code))


def parent_codes(code: str) -> tuple[str, ...]:
    """Return the codes that may be the parent of an area code, the nearest first: 15 → 12 → 9 → 6 digits."""
    if not code.isascii() or not code.isdecimal():
        return ()
    short = code
    if len(code) == 12:  # drop the statistics bureau's padding
        short = code[:6] if code.endswith("000000") else code[:9] if code.endswith("000") else code
    out: list[str] = []
    for length in (12, 9, 6, 4):
        if length < len(short):
            out.extend((short[:length], short[:length].ljust(12, "0")))
    return tuple(dict.fromkeys(out))


# GB/T 28181-2016/2022, annex on the unified code: type code (digits 11 to 13) of the device.
DEVICE_TYPES: Final[dict[str, str]] = {
    "111": "DVR",
    "112": "Video server",
    "113": "Encoder",
    "114": "Decoder",
    "115": "Video matrix",
    "116": "Audio matrix",
    "117": "Alarm controller",
    "118": "NVR",
    "119": "Hybrid recorder",
    "130": "Hybrid recorder",
    "131": "Camera",
    "132": "Network camera (IPC)",
    "133": "Display",
    "134": "Alarm input device",
    "135": "Alarm output device",
    "136": "Voice input device",
    "137": "Voice output device",
    "138": "Mobile transmission device",
    "139": "Other peripheral",
    "200": "Central signalling server",
    "201": "Web server",
    "202": "Media server",
    "203": "Proxy server",
    "204": "Security server",
    "205": "Alarm server",
    "206": "Database server",
    "207": "GIS server",
    "208": "Management server",
    "209": "Access gateway",
    "210": "Media storage server",
    "211": "Signalling security gateway",
    "215": "Business group",
    "216": "Virtual organisation",
    "300": "Central user",
    "400": "Terminal user",
    "500": "Video source outside the platform",
}
_CAMERA_TYPES: Final = frozenset({"131", "132", "111", "112", "113", "118"})


@dataclass(frozen=True, slots=True)
class DeviceId:
    """A GB/T 28181 device id in its parts: 8 centre, 2 industry, 3 type, 1 network, 6 sequence."""

    text: str
    centre: str
    industry: str
    type_code: str
    network: str
    sequence: str

    @property
    def area_code(self) -> str:
        """The 6-digit area (GB/T 2260) that the id was given out in."""
        return self.centre[:6]

    @property
    def type_name(self) -> str:
        """What the type code says (an English source text), "Type NNN" for one that the standard leaves open."""
        return DEVICE_TYPES.get(self.type_code, f"Type {self.type_code}")

    @property
    def is_camera(self) -> bool:
        """True for cameras and the recorders and encoders that stand for one."""
        return self.type_code in _CAMERA_TYPES

    @property
    def is_alarm_input(self) -> bool:
        """True for alarm inputs (type 134): buttons, detectors."""
        return self.type_code == "134"


def parse_gb_device(text: str) -> DeviceId:
    """Return the parts of a 20-digit GB/T 28181 device id. Raises Rejected."""
    if not _digits(text, 20):
        raise Rejected(
            path="GB/T 28181 id", got=text, expected="20 digits: 8 centre, 2 industry, 3 type, 1 network, 6 sequence"
        )
    return DeviceId(text, text[:8], text[8:10], text[10:13], text[13], text[14:])


_PROVINCES: Final = frozenset(map(str, (
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82)))
"""GB/T 2260, the first two digits"""


def wrong_in_gb_camera(text: str) -> Message | None:
    """Which part of a GB/T 28181 id keeps it from being a camera's, None when nothing does: a text that says the
    digits, what stands there and what should."""
    if not text.isascii() or not text.isdecimal():
        at = next((i for i, c in enumerate(text) if not (c.isascii() and c.isdecimal())), 0)
        return Message("20 digits: at place {place} stands {got}", {"place": at + 1, "got": repr(text[at:at + 1])})
    if len(text) != 20:
        return Message("20 digits: 8 centre, 2 industry, 3 type, 1 network, 6 sequence; these are {count}",
                       {"count": len(text)})
    if text[:2] not in _PROVINCES:
        return Message("digits 1 to 2 a province of GB/T 2260 (11 to 82); {got} is none", {"got": text[:2]})
    device = parse_gb_device(text)
    if not device.is_camera:
        what = Message(DEVICE_TYPES[device.type_code]) if device.type_code in DEVICE_TYPES else Message("unknown type")
        return Message("digits 11 to 13 the type of a camera (131, 132) or recorder (111 to 118); {got} is: {what}",
                       {"got": device.type_code, "what": what})
    return None


def _digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdecimal()
