"""The seat's raster background: use case of the command line. The map reads the seat's setting ``map.raster``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from app import text
from app.bootstrap import seats
from app.bootstrap.output import emit, say
from app.domain.faults import KnownFault, Message
from app.geo.tiles import open_source, tianditu
from app.text import mark
from data.store.seat_store import SqliteSeatStore
from data.store.store import STORE_FILE, Store

SETTING = "map.raster"
CACHE_FOLDER = "basemap-tiles"
_NEEDS = {"mbtiles": (), "xyz": ("attribution",), "wmts": ("attribution", "layer", "matrix_set"),
          "tianditu": ("key_env", "approval")}  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """`main.py basemap show|set|clear`. Raises KnownFault for what cannot be opened; then nothing was changed."""
    folder: Path = args.data or seats.default_folder()
    if args.action == "set":
        return _set(args, folder)
    with seats.opened(folder) as store:
        if args.action == "clear":
            seats.keeper(store, args.operator)
            _seat_store(store).local.set_setting(SETTING, None)
            emit(args, {"basemap": None}, say(mark("The map has no raster background now.")))
            return 0
        kept = _seat_store(store).reads.setting(SETTING)
    if not isinstance(kept, dict):
        emit(args, {"basemap": None}, say(mark("No raster background is set; the map shows its vector base.")))
        return 0
    trouble = _trouble(kept)
    told = {"basemap": kept, "problem": None if trouble is None else text.render(trouble)}
    emit(args, told, "\n".join(_lines(kept, trouble)))
    return 0 if trouble is None else 1


def _seat_store(store: Store) -> SqliteSeatStore:
    return SqliteSeatStore(store, seats.LOCAL_OPERATOR, "cli")


def _set(args: argparse.Namespace, folder: Path) -> int:
    kind = args.kind or ""
    if kind not in _NEEDS:
        raise KnownFault(Message("Name the kind: basemap set mbtiles FILE, xyz URL, wmts URL or tianditu"))
    if kind != "tianditu" and not args.where:
        raise KnownFault(Message("Name the file or the address: basemap set {kind} ...", {"kind": kind}))
    for name in _NEEDS[kind]:
        if not getattr(args, name):
            option = "--" + name.replace("_", "-")
            raise KnownFault(Message("{kind} needs {option}", {"kind": kind, "option": option}))
    if not (folder / STORE_FILE).exists():
        raise KnownFault(Message("There is no store in {folder}; found one first: main.py init", {"folder": folder}))
    description = _description(args, folder)
    source = open_source(description)
    zooms = source.min_zoom, source.max_zoom
    if kind == "mbtiles":
        description["attribution"] = args.attribution or source.attribution or Path(args.where).stem
    source.close()
    if kind == "mbtiles" and args.approval:
        description["approval"] = args.approval
    with seats.opened(folder) as store:
        seats.keeper(store, args.operator)
        _seat_store(store).local.set_setting(SETTING, description)
    emit(args, {"basemap": description}, say(
        mark("The map's background is {name}, zooms {low} to {high}. It can be put away in the layer panel (L)."),
        name=description.get("path") or description["url"], low=zooms[0], high=zooms[1],
    ))  # fmt: skip
    return 0


def _description(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """What `app.geo.tiles.open_source` takes. A key is never in it, only the name of its variable."""
    if args.kind == "mbtiles":
        return {"kind": "mbtiles", "path": str(Path(args.where).expanduser().resolve())}
    cache = str((folder / CACHE_FOLDER).resolve())
    if args.kind == "tianditu":
        description = tianditu(args.layer or "vec", "", cache, args.approval)
        del description["key"]
        if args.where:
            description["url"] = args.where
        return {**description, "key_env": args.key_env}
    description = {"kind": args.kind, "url": args.where, "attribution": args.attribution, "cache": cache,
                   "max_zoom": args.max_zoom}  # fmt: skip
    optional = {"approval": args.approval, "key_env": args.key_env}
    if args.kind == "wmts":
        optional |= {"layer": args.layer, "matrix_set": args.matrix_set, "key_param": args.key_param}
    return description | {name: value for name, value in optional.items() if value}


def _trouble(description: dict[str, Any]) -> Message | None:
    """Why the background cannot be opened from here, or None."""
    try:
        open_source(description).close()
    except KnownFault as fault:
        return fault.message
    return None


def _lines(description: dict[str, Any], trouble: Message | None) -> list[str]:
    named = [str(description.get("kind", "?")), str(description.get("path") or description.get("url") or "?")]
    lines = ["  ".join(named)]
    credit = " ".join(str(description.get(name) or "") for name in ("attribution", "approval")).strip()
    if credit:
        lines.append(say(mark("shown on the map: {credit}"), credit=credit))
    variable = str(description.get("key_env") or "")
    if variable:
        state = mark("key from the environment variable {name}") if variable in os.environ else mark(
            "key from the environment variable {name}, which is not set here")  # fmt: skip
        lines.append(say(state, name=variable))
    if trouble is not None:
        lines.append(text.render(trouble))
    return lines
