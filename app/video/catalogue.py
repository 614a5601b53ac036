"""The channels of a WVP platform as rows of a list of cameras."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from app import text
from app.domain.faults import KnownFault, Message
from app.video.address import Address
from app.video.logins import FindLogin
from app.video.wvp import Wvp

_LOOKS: Final = {1: 90, 2: 270, 3: 180, 4: 0, 5: 135, 6: 45, 7: 225, 8: 315}
"""GB/T 28181 DirectionType → degrees: 1 looks east, ..."""


def platform_address(url: str) -> Address:
    """``wvp://host:port`` (or http, https) of a platform, with or without a channel. Raises `KnownFault`."""
    from app.video.address import parse_address

    scheme, mark, rest = url.strip().partition("://")
    scheme = {"http": "wvp", "https": "wvps"}.get(scheme.lower(), scheme.lower())
    if not mark or scheme not in ("wvp", "wvps"):
        raise KnownFault(Message("A platform's address is wvp://host:port."))
    return parse_address(f"{scheme}://{rest.split('/')[0]}/any/channel")


def source_of(address: Address) -> str:
    """Name of a platform as source of lists: rows are known by (source, id)."""
    return f"wvp-{address.host.replace(':', '.')}-{address.port}"


def fetch(platform: Wvp, address: Address) -> list[dict[str, object]]:
    """All channels, each as a flat row; what is no channel is an empty row, to be refused. Raises `VideoFault`."""
    base = address.url.rsplit("/", 2)[0]
    rows = []
    for device in platform.devices():
        device_id = device.get("deviceId")
        if isinstance(device_id, str) and device_id:
            rows += [_row(channel, device_id, base) for channel in platform.channels(device_id)]
        else:
            rows.append(_row(None, "", base))
    return rows


def _row(raw: object, device: str, base: str) -> dict[str, object]:
    channel = raw if isinstance(raw, Mapping) else {}
    name = _text(channel.get("deviceId"))
    looks = channel.get("directionType")
    return {
        "channel_id": name, "device_id": device, "channel_name": _text(channel.get("name")),
        "longitude": _number(channel.get("longitude")), "latitude": _number(channel.get("latitude")),
        "ptz_type": _number(channel.get("ptzType")), "looks": _LOOKS.get(looks, "") if isinstance(looks, int) else "",
        "civil_code": _text(channel.get("civilCode")), "address": _text(channel.get("address")),
        "online": _text(channel.get("status")).upper() in ("ON", "ONLINE", "OK"),
        "url": f"{base}/{device}/{name}" if name.isalnum() and name.isascii() else "",
    }


def _text(value: object) -> str:
    return text.plain(value)[:200] if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _number(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return value[:40] if isinstance(value, str) else ""


def write(rows: list[dict[str, object]], path: Path) -> None:
    """The rows as a file that an import reads."""
    path.write_text(json.dumps({"wvp_channels": rows}, ensure_ascii=False), encoding="utf-8")


def states(login: FindLogin, addresses: Sequence[str]) -> dict[str, bool | None]:
    """What the platforms' catalogues say of channels: on line or not, None where a platform does not answer."""
    found: dict[str, bool | None] = dict.fromkeys(addresses)
    for base in sorted({"/".join(a.split("/")[:3]) for a in addresses}):
        try:
            address = platform_address(base)
            rows = fetch(Wvp(address, login), address)
        except KnownFault:
            continue
        found.update({str(row["url"]): bool(row["online"]) for row in rows if row["url"] in found})
    return found
