"""The command line: arguments → use cases. Exit 0 done, 1 refused or failed, 2 wrong usage."""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from app import text
from app.bootstrap.output import as_json, note, say
from app.bootstrap.usage import Parser
from app.domain.faults import KnownFault, why_of
from app.text import mark

log = logging.getLogger(__name__)
Run = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit status. Never raises for what the world does."""
    words = list(sys.argv[1:] if argv is None else argv)
    text.set_language(_language(words))
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    Parser.wants_json = "--json" in words
    parser = _parser()
    args = parser.parse_args(words)
    if args.command is None:
        args = parser.parse_args([*words, "demo"])
    args.lang_given = any(word == "--lang" or word.startswith("--lang=") for word in words)
    try:
        run: Run = args.run
        return run(args)
    except KnownFault as fault:
        return _failed(args, text.render(fault.message))
    except KeyboardInterrupt:
        return _failed(args, say(mark("Stopped. What was committed is kept.")))
    except BrokenPipeError:
        return 1
    except OSError as fault:
        log.debug("the system refused", exc_info=fault)
        where = str(fault.filename or "") or str(getattr(args, "data", None) or "")
        said = mark("{what} cannot be used: {why}. What was committed is kept.")
        return _failed(args, say(said, what=where, why=why_of(fault)))
    except Exception as bug:
        log.exception("a fault of this program")
        why = repr(bug)[:200]
        return _failed(args, say(mark("A fault of this program: {why}. What was committed is kept."), why=why))


def _failed(args: argparse.Namespace, message: str) -> int:
    if getattr(args, "json", False):
        print(as_json({"error": message}))
    note(message)
    return 1


def _language(words: Sequence[str]) -> str:
    for i, word in enumerate(words):
        value = (
            word.partition("=")[2]
            if word.startswith("--lang=")
            else words[i + 1]
            if (word == "--lang" and i + 1 < len(words))
            else ""
        )
        if value in text.LANGUAGES:
            return value
    return text.DEFAULT_LANGUAGE


def _add_common(to: argparse.ArgumentParser, *, before: bool) -> None:
    """What every command takes, `before` the command's name or after it; said after it counts."""
    def default(value: object) -> object:
        return value if before else argparse.SUPPRESS

    to.add_argument("--data", type=Path, metavar="DIR", default=default(None),
                    help=say(mark("data folder (default: the platform's own)")))
    to.add_argument("--lang", choices=text.LANGUAGES, default=default(text.DEFAULT_LANGUAGE),
                    help=say(mark("language")))
    to.add_argument("--as", dest="operator", metavar="OPERATOR", default=default(None), help=say(mark("who acts")))
    to.add_argument("--json", action="store_true", default=default(False),
                    help=say(mark("print one JSON object and nothing else")))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="main.py", description=say(mark("Liandong: the command centre of a city district.")))
    _add_common(parser, before=True)
    common = Parser(add_help=False)
    _add_common(common, before=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser,
                                     help=say(mark("what to do (default: demo); COMMAND --help says more")))

    def add(name: str, run: str, about: str) -> argparse.ArgumentParser:
        words = say(about)
        one: argparse.ArgumentParser = commands.add_parser(name, parents=[common], help=words, description=words)
        one.set_defaults(run=_lazy(run))
        return one

    _add_screens(add)
    _add_city(add)
    _add_work(add)
    _add_hub(add, common)
    _add_sync(add)
    _add_video(add, common)
    _add_drone(add)
    _add_proofs(add)
    return parser


def _lazy(name: str) -> Run:
    def run(args: argparse.Namespace) -> int:
        import importlib

        room, _, function = name.partition(":")
        found: Run = getattr(importlib.import_module(f"app.bootstrap.{room}"), function)
        return found(args)

    return run


_Add = Callable[[str, str, str], argparse.ArgumentParser]


def _add_screens(add: _Add) -> None:
    demo = add("demo", "demo:run", mark("build the demo district if need be, then show desk and wall and play"))
    demo.add_argument("--speed", type=_speed, default=1.0, help=say(mark("how fast the demo's time runs, 1 to 60")))
    demo.add_argument("--build-only", action="store_true", help=say(mark("only build it")))
    demo.add_argument("--seed", type=int, default=None, help=say(mark("seed of the generated district")))
    demo.add_argument(
        "--out", type=Path, default=Path("out"), help=say(mark("folder of the pictures without a display"))
    )
    play = add("play", "demo:play", mark("play the scenario on a demo store that is built (started by demo)"))
    play.add_argument("--seconds", type=float, default=0.0, help=say(mark("stop after so many seconds; 0: never")))
    play.add_argument("--seed", type=int, default=None, help=say(mark("seed of the scenario")))
    for name, run, about in (
        ("desk", "screens:desk", mark("the dispatcher's desk")),
        ("wall", "screens:wall", mark("the wall")),
    ):
        screen = add(name, run, about)
        screen.add_argument("--theme", choices=("dark", "light"), help=say(mark("colours")))
        _add_hub_address(screen)
        if name == "wall":
            screen.add_argument(
                "--kiosk", action="store_true", help=say(mark("full screen; Ctrl+Shift+Q leaves"))
            )
            screen.add_argument(
                "--screen", type=_monitor, default=None, metavar="N", help=say(mark("which monitor, from 0"))
            )
            screen.add_argument(
                "--distance", type=float, default=None, metavar="M", help=say(mark("viewing distance in metres"))
            )
            screen.add_argument("--height", type=float, default=None, metavar="M", help=say(mark("height of it (m)")))
    shot = add("shot", "screens:shot", mark("paint a screen's real state into a picture, without a display"))
    shot.add_argument("what", choices=("desk", "wall", "faces"))
    shot.add_argument("--size", type=_size, default=(1920, 1080), metavar="WxH")
    shot.add_argument("--theme", choices=("dark", "light"), default="dark")
    shot.add_argument("--out", type=Path, required=True, metavar="F.png")
    shot.add_argument("--select", default=None, metavar="NUMBER", help=say(mark("the incident to show")))


def _add_city(add: _Add) -> None:
    init = add("init", "city:init", mark("found a store for a district"))
    init.add_argument("--district", default="000000", metavar="CODE")
    init.add_argument("--name", default="", help=say(mark("name of the district")))
    init.add_argument("--centre", default="", help=say(mark("name of the centre")))
    init.add_argument("--timezone", default="Asia/Shanghai")
    bring = add("import", "city:import_", mark("bring a list of the city in"))
    bring.add_argument(
        "kind", choices=("areas", "components", "cameras", "units", "roster", "codes", "incidents", "base")
    )
    bring.add_argument("file", type=_list_place, metavar="FILE",
                       help=say(mark("a file; for cameras also a platform: wvp://host:port")))
    bring.add_argument("--profile", default=None, help=say(mark("a shipped profile's name or a TOML file")))
    bring.add_argument("--crs", default=None, help=say(mark("coordinate system: wgs84, gcj02, bd09 or epsg:CODE")))
    bring.add_argument("--source", default=None, help=say(mark("name of the source")))
    bring.add_argument("--time-zone", default=None, help=say(mark("time zone of times without one")))
    bring.add_argument("--dry-run", action="store_true", help=say(mark("say what would happen, change nothing")))
    about = mark("list imported packs, roll one back, show codes, or see to the shipped code lists")
    pack = add("pack", "city:pack", about)
    pack.add_argument("action", choices=("list", "rollback", "codes", "shipped", "update"),
                      help=say(mark("codes: the codes of a list (kind, channel, level ...) with their labels; shipped: "
                                    "how the shipped lists stand here; update: bring newer ones into force, or with a "
                                    "list's name what of it is missing here")))
    pack.add_argument("id", nargs="?", metavar="ID|LIST")
    add("profiles", "city:profiles", mark("list the shipped import profiles"))
    base = add("basemap", "basemap:run", mark("show, set or clear the raster background of this seat's map"))
    base.add_argument("action", choices=("show", "set", "clear"))
    base.add_argument("kind", nargs="?", choices=("mbtiles", "xyz", "wmts", "tianditu"))
    base.add_argument("where", nargs="?", metavar="FILE|URL", help=say(mark("the file, or the address of the tiles")))
    base.add_argument("--attribution", default="", help=say(mark("whose map it is; shown on the map")))
    base.add_argument("--approval", default="", help=say(mark("approval number of the map; shown on the map")))
    base.add_argument("--key-env", default="", metavar="NAME", help=say(mark("environment variable with the key")))
    base.add_argument("--layer", default="", help=say(mark("layer of a WMTS or of tianditu (vec, img, cva, cia)")))
    base.add_argument("--matrix-set", default="", help=say(mark("matrix set of a WMTS")))
    base.add_argument("--key-param", default="", help=say(mark("name of the key in a WMTS's address")))
    base.add_argument("--max-zoom", type=int, default=18, help=say(mark("finest zoom that the tiles have")))
    replay = add("replay", "city:replay", mark("play a city's incidents as if live, in a drill store"))
    replay.add_argument("file", type=Path, metavar="FILE")
    replay.add_argument("--profile", default=None)
    replay.add_argument("--areas", type=Path, default=None, help=say(mark("the city's areas, brought in first")))
    replay.add_argument("--areas-profile", default=None)
    replay.add_argument("--speed", default="max", help=say(mark("times real time, or max")))
    replay.add_argument("--crs", default=None)


def _add_work(add: _Add) -> None:
    status = add("status", "work:status", mark("every number that the screens show"))
    status.set_defaults(screen="cli")
    queue = add("queue", "work:queue", mark("list incidents in the queue's order"))
    queue.add_argument("--tab", default="all")
    queue.add_argument("--limit", type=_count, default=50)
    show = add("show", "work:show", mark("one incident with its timeline and what may be done"))
    show.add_argument("incident", metavar="NUMBER")
    report = add("report-incident", "work:report_incident", mark("take an incident in"))
    report.add_argument("--kind", required=True, metavar="CODE", help=say(mark("pack codes kind tells them")))
    report.add_argument("--place", required=True)
    report.add_argument("--channel", default="patrol", metavar="CODE",
                        help=say(mark("the way in; pack codes channel tells them")))
    report.add_argument("--level", type=int, choices=(1, 2, 3, 4))
    report.add_argument("--description", default="")
    report.add_argument("--at", type=_point, default=(None, None), metavar="LON,LAT")
    report.add_argument("--accept", action="store_true")
    report.add_argument("--photo", action="append", default=[], metavar="FILE",
                        help=say(mark("a photo; may be repeated")))
    report.add_argument("--self-handled", default=None, metavar="RESULT",
                        help=say(mark("found, fixed and logged in one step: what was done")))
    report.add_argument("--unit", default=None, metavar="ID", help=say(mark("the force that fixed it")))
    act = add("act", "work:act", mark("do a verb upon an incident: act NUMBER VERB name=value ..."))
    act.add_argument("incident", metavar="NUMBER")
    act.add_argument("verb", metavar="VERB")
    act.add_argument("params", nargs="*", default=[], metavar="NAME=VALUE")
    about = mark("departments called by a community: call, report in, answer, rate")
    whistle = add("whistle", "whistling:whistle", about)
    whistle.add_argument("action", choices=("list", "blow", "call_more", "report_in", "answer", "rate", "withdraw"))
    whistle.add_argument("number", nargs="?", help=say(mark("the whistle's number, or its end")))
    whistle.add_argument("params", nargs="*", default=[], metavar="NAME=VALUE")
    whistle.add_argument("--matter", default="", help=say(mark("what it is about, for blow")))
    whistle.add_argument("--unit", action="append", default=[], help=say(mark("a department, by id or name")))
    whistle.add_argument("--incident", default=None, metavar="NUMBER", help=say(mark("the incident it is about")))
    whistle.add_argument("--level", type=int, choices=(1, 2, 3, 4), default=3)
    about = mark("who has the shift, signing in and out, and hand-overs that both sides sign")
    duty = add("duty", "dutying:duty", about)
    duty.add_argument("action", nargs="?", default="show",
                      choices=("show", "sign-in", "sign-out", "list", "write", "read", "rewrite", "sign", "object",
                               "withdraw"))
    duty.add_argument("number", nargs="?", help=say(mark("the hand-over's number, or its end")))
    duty.add_argument("--text", default="", help=say(mark("what the next shift must know; a reason; a remark")))
    about = mark("own acts that another one overtook: list, take over, keep")
    conflicts = add("conflicts", "whistling:conflicts", about)
    conflicts.add_argument("action", choices=("list", "take-over", "keep"), nargs="?", default="list")
    conflicts.add_argument("number", nargs="?", help=say(mark("the incident's number, or its end")))
    rep = add("report", "reports:report", mark("make a report: map, handovers"))
    rep.add_argument("what", choices=("map", "handovers"))
    rep.add_argument("--out", type=Path, required=True, metavar="F.html")
    operator = add("operator", "work:operator", mark("list, add or change operators"))
    operator.add_argument("action", choices=("list", "add"))
    operator.add_argument("name", nargs="?")
    operator.add_argument("--display", default="")
    operator.add_argument("--change", action="store_true", help=say(mark("change an operator who is there")))
    operator.add_argument("--role", action="append", default=[])
    operator.add_argument("--area", default=None, metavar="AREA", help=say(mark("the only area they see: id or code")))
    operator.add_argument("--unit", default=None, metavar="ID", help=say(mark("the force they are")))
    operator.add_argument("--password-file", type=Path, default=None)
    save = add("backup", "saving:backup", mark("this seat's store into a new folder, while its screens work on"))
    save.add_argument("folder", type=Path, metavar="DIR")
    back = add("restore", "saving:restore", mark("a backup into a new data folder (--data), verified"))
    back.add_argument("folder", type=Path, metavar="DIR")
    person = add("person", "work:person", mark("erase personal data; the log stays whole"))
    person.add_argument("action", choices=("erase", "erase-older"))
    person.add_argument("value", help=say(mark("the record's id, or a number of days")))
    person.add_argument("--reason", default="")


def _add_hub_address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--hub", default=None, metavar="URL",
                         help=say(mark("join this hub (kept from then on); off: leave it")))
    command.add_argument("--secret-file", type=Path, default=None, metavar="F",
                         help=say(mark("0600 file with this seat's secret, taken over once")))


def _add_sync(add: _Add) -> None:
    sync = add("sync", "syncing:sync", mark("this seat and the hub: join, sync without a screen, see how it stands"))
    sync.add_argument("action", choices=("join", "run", "status", "once", "digest", "limits", "key", "carry", "export",
                                         "import"))
    sync.add_argument("url", nargs="?", metavar="URL|FILE|NAME",
                      help=say(mark("join: the hub's address, or the word files; export, import: the file; carry: the "
                                    "seat's name")))
    sync.add_argument("line", nargs="?", metavar="URL", help=say(mark("carry: the address that hub seat add told")))
    sync.add_argument("--to", default=None, metavar="hub|NAME", help=say(mark("export: for the hub or for a seat")))
    sync.add_argument("--name", default=None, help=say(mark("join files: this seat's name at the hub")))
    sync.add_argument("--key", default=None, metavar="KEY", help=say(mark("join files: the key of the hub's side")))
    sync.add_argument("--secret-file", type=Path, default=None, metavar="F",
                      help=say(mark("0600 file with this seat's secret, taken over once")))
    sync.add_argument("--files-kb-per-s", type=_count, default=None, metavar="N",
                      help=say(mark("limits: photos and files take at most so many kB/s of the line")))
    sync.add_argument("--tracks-kept-hours", type=_count, default=None, metavar="H",
                      help=say(mark("limits: this seat keeps tracks of forces for so long")))


def _add_hub(add: _Add, common: Parser) -> None:
    hub = add("hub", "hub:status", mark("the hub that joins seats: prepare it, let seats in and out"))
    actions = hub.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)

    def action(name: str, run: str, about: str) -> argparse.ArgumentParser:
        words = say(about)
        one = actions.add_parser(name, parents=[common], help=words, description=words)
        one.set_defaults(run=_lazy(run if ":" in run else f"hub:{run}"))
        one.add_argument("--secret-file", type=Path, default=None, metavar="F",
                         help=say(mark("0600 file with the secret of the hub's owner")))
        if name not in ("init", "restore"):
            one.add_argument("--hub", default=None, metavar="URL", help=say(mark("the hub's address")))
        return one

    init = action("init", "init", mark("prepare a PostgreSQL database as hub of this district"))
    init.add_argument("url", metavar="URL")
    action("status", "status", mark("head, seats and their age, refusals, size"))
    beside = action("run", "hub_work:run", mark("the seat beside the hub: snapshots for new seats, reference digests"))
    beside.add_argument("--store", type=Path, default=None, metavar="DIR", help=say(mark("its own folder")))
    beside.add_argument("--once", action="store_true", help=say(mark("do everything once, then end")))
    beside.add_argument("--part-rows", type=int, default=0, help=argparse.SUPPRESS)
    action("lists", "give_lists", mark("publish the lists in force here (areas, forces, components) for seats to come"))
    check = action("verify", "hub_work:verify", mark("verify the hub's order, every body, and that no tail was cut"))
    check.add_argument("--store", type=Path, default=None, metavar="DIR",
                       help=say(mark("the folder of hub run, which remembers the order")))
    save = action("backup", "hub_work:backup", mark("the whole hub into one file, while the seats work on"))
    save.add_argument("file", type=Path, metavar="FILE")
    back = action("restore", "hub_work:restore", mark("a backup into an empty database, verified"))
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument("url", metavar="URL")
    seat = action("seat", "seat", mark("let a seat in with a secret of its own, or shut it out"))
    seat.add_argument("verb", choices=("add", "revoke", "key"))
    seat.add_argument("name")
    seat.add_argument("key", nargs="?", help=say(mark("key: the seat's key for exchange by files (sync key there)")))
    seat.add_argument("--centre", default=None, metavar="CODE", help=say(mark("the seat's centre")))
    seat.add_argument("--out", type=Path, default=None, metavar="F", help=say(mark("file for the seat's secret")))
    seat.add_argument("--personal", choices=("yes", "no"), default=None,
                      help=say(mark("whether it is given personal data of its area (default: yes)")))
    tracks = action("tracks", "tracks", mark("how often tracks of forces are sampled and how long the hub keeps them"))
    tracks.add_argument("--every", type=_count, default=20, metavar="S", help=say(mark("seconds between two points")))
    tracks.add_argument("--kept-hours", type=_count, default=24, metavar="H")
    centre = action("centre", "centre", mark("add or change a centre and its area"))
    centre.add_argument("code")
    centre.add_argument("--name", default="")
    centre.add_argument("--level", type=int, choices=(0, 1, 2), default=0)
    centre.add_argument("--parent", default=None, metavar="CODE")
    centre.add_argument("--area", default=None, metavar="CODE", help=say(mark("the area it sees")))


def _add_video(add: _Add, common: Parser) -> None:
    video = add("video", "video:video", mark("cameras' streams and the platforms behind them"))
    actions = video.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)

    def action(name: str, run: str, about: str) -> argparse.ArgumentParser:
        words = say(about)
        one = actions.add_parser(name, parents=[common], help=words, description=words)
        one.set_defaults(run=_lazy(run))
        return one

    probe = action("probe", "video:video", mark("look at a camera's stream: codec, size, pictures a second, delay"))
    probe.add_argument("url", metavar="URL",
                       help=say(mark("rtsp, http, hls, wvp, onvif or a file; without a password in it")))
    probe.add_argument("--seconds", type=float, default=3.0, help=say(mark("how long to watch")))
    find = action("discover", "video:discover",
                  mark("ask a network once which ONVIF cameras it has; changes nothing"))
    find.add_argument("--interface", required=True, metavar="IP",
                      help=say(mark("IPv4 address of this machine on that network")))
    find.add_argument("--seconds", type=float, default=4.0, help=say(mark("how long to listen, 15 at most")))
    wvp = action("wvp", "platforms:wvp",
                 mark("a WVP-GB28181 platform: its channels as cameras, its alarms as incidents"))
    wvp.add_argument("verb", choices=("sync", "alarms"))
    wvp.add_argument("url", metavar="URL", help=say(mark("wvp://host:port; its log-in stands in camera-logins")))
    wvp.add_argument("--dry-run", action="store_true", help=say(mark("say what would happen, change nothing")))
    wvp.add_argument("--source", default=None, help=say(mark("name of the source")))
    wvp.add_argument("--every", type=float, default=None, metavar="S",
                     help=say(mark("take alarms again and again, every so many seconds")))
    health = action("health", "health:show", mark("how the cameras stand: on line, off line since when, last picture"))
    health.add_argument("--export", type=Path, default=None, metavar="FILE",
                        help=say(mark("write the list of all cameras: .csv or .xlsx")))
    views = action("views", "camera_views:show",
                   mark("who looked at which camera, from when to when and why; who turned it, covered it, kept a "
                        "still (auditor, supervisor, duty leader)"))
    views.add_argument("--camera", default="", metavar="TEXT", help=say(mark("only cameras whose id or name has this")))
    views.add_argument("--hours", type=_hours, default=24.0, metavar="N", help=say(mark("how far back")))
    views.add_argument("--export", type=Path, default=None, metavar="FILE",
                       help=say(mark("write the record: .csv or .xlsx")))
    sweep = action("sweep", "health:run_sweep", mark("ask all cameras again and again whether they answer"))
    sweep.add_argument("--once", action="store_true", help=say(mark("one round, then end")))
    sweep.add_argument("--rate", type=float, default=25.0, metavar="N", help=say(mark("questions a second")))
    action("walls", "video:walls", mark("the named video walls and patrols of the seat, and what the wall shows"))
    shown = action("show", "video:show", mark("tell the wall what to show: a named wall or patrol, or auto"))
    shown.add_argument("name", metavar="NAME")
    shown.add_argument("--tiles", type=int, default=None, metavar="N",
                       help=say(mark("tiles: 1, 4, 6, 9, 16 or 25; 0: as many as there is room for")))
    visitors = action("visitors", "video:visitors", mark("visitors' mode: blur the pictures on desk and wall"))
    visitors.add_argument("state", choices=("on", "off"))


def _add_drone(add: _Add) -> None:
    drone = add("drone", "drones:drone", mark("a drone's position, height, battery and link, by MAVLink"))
    drone.add_argument("action", choices=("run",))
    drone.add_argument("link", metavar="LINK",
                       help=say(mark("udp:PORT, udp:HOST:PORT, tcp:HOST:PORT or file:PATH.tlog")))
    drone.add_argument("--unit", required=True, metavar="ID", help=say(mark("the force of kind drone that it is")))
    drone.add_argument("--system", type=int, default=None, metavar="N",
                       help=say(mark("MAVLink system id (default: the first vehicle heard)")))
    drone.add_argument("--speed", type=float, default=1.0, help=say(mark("pace of a file; 0: at once")))
    drone.add_argument("--seconds", type=float, default=None, help=say(mark("end after so long")))


def _add_proofs(add: _Add) -> None:
    audit = add("audit", "work:audit", mark("verify the seat's chain of events"))
    audit.add_argument("action", choices=("verify",))
    audit.add_argument("--hub", action="store_true", dest="with_hub",
                       help=say(mark("hold the place this seat has reached against its hub too")))
    add("rebuild", "work:rebuild", mark("fold the whole log again and compare"))
    bench = add("bench", "bench:bench", mark("measure, as ratios within one run"))
    bench.add_argument("name", nargs="?", metavar="NAME")
    bench.add_argument("--list", action="store_true", dest="list_all")
    bench.add_argument("--quick", action="store_true", help=say(mark("a short run, figures less sure")))


def _list_place(word: str) -> Path | str:
    return word if word.startswith(("wvp://", "wvps://")) else Path(word)


def _speed(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 60:
        raise argparse.ArgumentTypeError(say(mark("from 1 to 60")))
    return value


def _count(word: str) -> int:
    if not word.isdigit() or not 0 < int(word) <= 1_000_000:
        raise argparse.ArgumentTypeError(say(mark("{word} is not from 1 to 1000000"), word=word))
    return int(word)


def _hours(word: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 <= (hours := float(word)) <= 1_000_000:
            return hours
    raise argparse.ArgumentTypeError(say(mark("{word} is no number of hours"), word=word))


def _monitor(word: str) -> int:
    if not word.isdigit() or int(word) > 63:
        raise argparse.ArgumentTypeError(say(mark("{word} is no monitor's number (0 is the first)"), word=word))
    return int(word)


def _size(word: str) -> tuple[int, int]:
    width, _, height = word.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(say(mark("{word} is no size like 1920x1080"), word=word))
    size = int(width), int(height)
    if not (320 <= size[0] <= 15360 and 240 <= size[1] <= 8640):
        raise argparse.ArgumentTypeError(say(mark("{word} is not from 320x240 to 15360x8640"), word=word))
    return size


def _point(word: str) -> tuple[float, float]:
    lon, _, lat = word.partition(",")
    try:
        return float(lon), float(lat)
    except ValueError:
        raise argparse.ArgumentTypeError(say(mark("{word} is no LON,LAT in degrees"), word=word)) from None
