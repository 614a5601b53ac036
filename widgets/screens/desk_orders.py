"""The desk's orders: what menus, keys and the command line do beyond the acts upon an incident."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QWidget

from app.domain.faults import Message
from app.domain.incident_process import INCIDENT
from app.services.commands import Act
from app.text import plain, render
from widgets.bridge import Fault
from widgets.queue.words import tab_label
from widgets.screens.desk_actions import Entry, tab_entries, verb_entries
from widgets.screens.desk_panes import Pane
from widgets.screens.desk_words import ZONE, local, tr

if TYPE_CHECKING:
    from widgets.screens.desk import Report
    from widgets.screens.desk_body import DeskBody

_RING = ("queue", "map", "incident", "recommend", "timeline")
"""Panes that Ctrl+Tab walks through."""


class DeskOrders(QObject):
    """Carries orders out and says what came of them."""

    def __init__(self, body: DeskBody) -> None:
        super().__init__(body)
        self._body = body
        body.incident.refused.connect(self._on_refused)
        body.strip.refused.connect(body.banner.bad)
        body.whistles.refused.connect(body.banner.bad)
        body.taking.open_incident.connect(self._on_duplicate)

    # ---- from the panes --------------------------------------------------------------------------------------------

    @Slot(str, str, str)
    def _on_refused(self, incident_id: str, verb: str, why: str) -> None:
        """An act was refused; where its incident is no longer on screen nobody would hear of it."""
        incident = self._body.incident
        if incident_id == incident.incident_id and incident.isVisible():
            return
        row, transition = self._body.row_of(incident_id), INCIDENT.get(verb)
        number = row.number if row is not None else incident.number_of(incident_id) or incident_id
        label = render(Message(transition.label)) if transition else verb
        self._body.banner.bad(tr("Not done: {act} {number}: {why}", act=label, number=number, why=why))

    @Slot(str)
    def _on_duplicate(self, _incident_id: str) -> None:
        """A possible duplicate is looked at in the call-taking panel's place; what was typed is kept."""
        self._body.right.setCurrentWidget(self._body.side)
        self._body.banner.note(tr("The draft is kept: F2 goes back to it."))

    def all_words(self) -> None:
        """What people wrote of the selected incident, to its end, and back."""
        body = self._body
        whole = body.incident.words.unfolded
        body.incident.words.toggle()
        if body.timeline.unfolded == whole:
            body.timeline.toggle()

    def hang_up(self) -> None:
        """End the call of the draft on screen, else the one this operator talks on."""
        body = self._body
        if body.taking.isVisible() and body.taking.call.talking:
            body.taking.call.end("ended")
        elif not body.strip.hang_up():
            body.banner.note(tr("You talk on no call."))

    # ---- from the command line -------------------------------------------------------------------------------------

    @Slot(str, str, object)
    def on_acted(self, verb: str, incident_id: str, params: object) -> None:
        """An act typed: done upon the incident it named, whatever is selected by now."""
        row = self._body.row_of(incident_id)
        transition = INCIDENT.get(verb)
        label = render(Message(transition.label)) if transition else verb
        line = self._body.command.sent
        number = row.number if row else incident_id
        assert isinstance(params, dict)

        def done(_changes: object) -> None:
            told = tr("Done: {act} {number}", act=label, number=number)
            if not self._body.command.done(told, line):
                self._body.banner.good(told)
            if self._body.incident.incident_id == incident_id:
                self._body.incident.reload()

        def failed(fault: Fault) -> None:
            why = plain(render(fault.message))
            if not self._body.command.refused(tr("Not done: {why}", why=why), line):
                self._body.banner.bad(tr("Not done: {act} {number}: {why}", act=label, number=number, why=why))

        seen = row.changed_seq if row is not None and verb != "note" else None
        self._body.bridge.act(Act(incident_id, verb, params, seen), done, failed, owner=self)

    @Slot(str, object)
    def on_ordered(self, command: str, params: object) -> None:
        """A command of the desk itself."""
        assert isinstance(params, dict)
        body, text = self._body, str(params.get("text", ""))
        match command:
            case "go" | "find" if "incident" in params:
                body.select(str(params["incident"]))
                self.focus("queue")
            case "go" if isinstance(params.get("point"), tuple):
                body.map.look_at(*params["point"])
                self.focus("map")
            case "go" | "find":
                body.map.find(text)
            case "filter":
                body.queue.set_filter(text)
                self.focus("queue")
            case "call":
                body.take_call()
            case "whistle":
                self.blow_whistle()
            case "duty" | "handover" | "relieve":
                acts: dict[str, Callable[[], object]] = {"handover": self.hand_over, "relieve": self.take_over_shift}
                acts.get(command, partial(self.focus, "duty"))()
            case "map":
                self.write_map(text)
            case "theme":
                body.desk.set_theme(str(params["choice"]))
            case "lang":
                body.desk.set_language(str(params["choice"]))
            case "video" | "wall" | "patrol" | "layout" | "snapshot" | "visitors":
                body.video.order(command, text)
            case "mute":
                body.board.toggle_mute()
            case _:
                self.show_help()

    # ---- from keys and menus ---------------------------------------------------------------------------------------

    def focus(self, name: str) -> None:
        """Give a pane the keys, in whatever window it is."""
        body = self._body
        pane = body.panes[name]
        if name in ("queue", "units", "whistles", "video", "duty"):
            if not pane.torn or name == "queue":
                body.left.setCurrentWidget(pane)
        elif name != "map":
            body.right.setCurrentWidget(body.side)
            body.side.show_pane(name)
        target: QWidget = body.queue.view if name == "queue" else pane.content
        if pane.window_ is not None:
            pane.window_.activateWindow()
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def on_pane_moved(self) -> None:
        """What left the place of the queue leaves it to the queue again."""
        left, queue = self._body.left, self._body.panes["queue"]
        shown = left.currentWidget()
        if isinstance(shown, Pane) and shown.torn and not queue.torn:
            left.setCurrentWidget(queue)

    def next_pane(self, by: int = 1) -> None:
        """Walk through the panes."""
        focused = self._body.desk.focusWidget()
        holders = [self._body.panes[name].content for name in _RING]
        at = next((i for i, holder in enumerate(holders)
                   if focused is not None and (holder is focused or holder.isAncestorOf(focused))), -1)
        self.focus(_RING[(at + by) % len(_RING)])

    def toggle_units(self) -> None:
        """All forces in place of the queue, and back."""
        body = self._body
        self.focus("queue" if body.left.currentWidget() is body.panes["units"] else "units")

    def toggle_whistles(self) -> None:
        """The whistles in place of the queue, and back."""
        body = self._body
        self.focus("queue" if body.left.currentWidget() is body.panes["whistles"] else "whistles")

    def toggle_duty(self) -> None:
        """Who is on duty in place of the queue, and back."""
        body = self._body
        self.focus("queue" if body.left.currentWidget() is body.panes["duty"] else "duty")

    def hand_over(self) -> None:
        """Hand the shift over."""
        self.focus("duty")
        self._body.duty.begin_handover()

    def take_over_shift(self) -> None:
        """To the hand-over that waits for this operator's signature."""
        self.focus("duty")
        self._body.duty.begin_taking()

    def blow_whistle(self) -> None:
        """Call departments, about the selected incident when there is one."""
        body = self._body
        key = body.incident.incident_id
        row = body.row_of(key) if key is not None else None
        self.focus("whistles")
        body.whistles.begin_about(row.id if row else "", row.number if row else "")

    def show_cameras(self) -> None:
        """Bring the cameras beside the incident to the front."""
        self.focus("cameras")

    def show_help(self) -> None:
        """All acts with their keys."""
        body = self._body
        body.help.setPlainText(body.actions_.help_text())
        body.right.setCurrentWidget(body.help)
        body.help.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_full(self) -> None:
        """Full screen and back."""
        desk = self._body.desk
        if desk.isFullScreen():
            desk.showNormal()
        else:
            desk.showFullScreen()

    def all_back(self) -> None:
        """All panes back into the desk's window."""
        for pane in self._body.panes.values():
            pane.dock()

    def look_at_incident(self) -> None:
        """Centre the map on the selected incident."""
        key = self._body.incident.incident_id
        if key is not None:
            self._body.map.select_incident(self._body.row_of(key), centre=True)

    def write_map(self, name: str = "") -> None:
        """Write the situation map as one HTML file into the documents' folder and say where."""
        body = self._body
        if body.desk.report_map is None:
            body.banner.bad(tr("The situation map is not available in this program."))
            return
        body.banner.note(tr("Writing the situation map…"))
        self._write(body.desk.report_map, page_path(name, "situation-map", body.clock.now().timestamp(), body.zone),
                    lambda file: tr("Situation map written: {path}", path=str(file)),
                    lambda why: tr("The situation map was not written: {why}", why=why))

    def write_handovers(self) -> None:
        """Write the last hand-overs as one page into the documents' folder and say where."""
        body = self._body
        if body.desk.report_handovers is None:
            body.banner.bad(tr("Hand-overs cannot be written in this program."))
            return
        self._write(body.desk.report_handovers, page_path("", "hand-overs", body.clock.now().timestamp(), body.zone),
                    lambda file: tr("Hand-overs written: {path}", path=str(file)),
                    lambda why: tr("The hand-overs were not written: {why}", why=why))

    def _write(self, report: Report, path: Path, done: Callable[[Path], str], not_done: Callable[[str], str]) -> None:
        body = self._body

        def write(draw: Callable[[Path], object]) -> Path:
            path.parent.mkdir(parents=True, exist_ok=True)
            draw(path)
            return path

        def written(file: Path) -> None:
            body.banner.good(done(file))

        def failed(fault: Fault) -> None:
            body.banner.bad(not_done(plain(render(fault.message))))

        def read(draw: Callable[[Path], object]) -> None:  # drawing takes a second: acts must not wait for it
            body.runner.run(lambda _task: write(draw), written, failed, owner=self)

        body.bridge.ask(report, read, failed, owner=self)


def page_path(name: str, what: str, now: float, zone: str = ZONE) -> Path:
    """Where a page goes: `name` if it is a path, else a file with the time in the documents' folder."""
    if name:
        given = Path(name).expanduser()
        given = given if given.suffix.lower() in (".html", ".htm") else given.with_name(given.name + ".html")
        if given.is_absolute():
            return given
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
    return folder / (given.name if name else f"{what}-{local(now, zone):%Y%m%d-%H%M%S}.html")


def desk_entries(body: DeskBody) -> list[Entry]:
    """Everything the desk can do, in the order of its menus."""
    o, queue, strip = body.orders, body.queue, body.strip
    entries = verb_entries(body.trigger)
    entries += [
        Entry("incident", "command", lambda: tr("Command line"), "Ctrl+/", body.command.begin, "/"),
        Entry("incident", "words", lambda: tr("All that was written, or less"), "Ctrl+,", o.all_words, ","),
        Entry("calls", "call", lambda: tr("Take a call"), "F2", body.take_call),
        Entry("calls", "answer", lambda: tr("Answer the next call"), "F7", strip.answer_next),
        Entry("calls", "hang_up", lambda: tr("Hang up"), "Shift+F7", o.hang_up),
        Entry("calls", "draft", lambda: tr("Open the next draft"), "F8", strip.open_next_draft),
        Entry("calls", "back", lambda: tr("Call back the next"), "Ctrl+F7", strip.call_back_next),
        Entry("queue", "filter", lambda: tr("Filter the queue"), "F3", queue.focus_filter),
        Entry("queue", "new", lambda: tr("Show what is new"), "Ctrl+N", queue.show_new, "N"),
        Entry("queue", "down", lambda: tr("Next incident"), "Ctrl+Down", lambda: queue.step(1)),
        Entry("queue", "up", lambda: tr("Previous incident"), "Ctrl+Up", lambda: queue.step(-1)),
        *tab_entries(queue.set_tab, tab_label),
        Entry("map", "map_focus", lambda: tr("Map"), "F5", lambda: o.focus("map")),
        Entry("map", "map_here", lambda: tr("Look at the incident"), "Ctrl+L", o.look_at_incident, "L"),
        Entry("map", "map_fit", lambda: tr("Whole district"), "Ctrl+Home", lambda: body.map.view.fit()),
        Entry("map", "map_work", lambda: tr("Where the work is"), "Ctrl+End", body.map.view.fit_to_work),
        Entry("map", "map_goto", lambda: tr("Go to…"), "Ctrl+Shift+G", body.map.view.open_goto),
        Entry("map", "map_file", lambda: tr("Write the situation map"), "F12", o.write_map),
        Entry("view", "units", lambda: tr("All forces"), "F4", o.toggle_units),
        Entry("view", "whistles", lambda: tr("Whistles"), "Shift+F4", o.toggle_whistles),
        Entry("view", "duty", lambda: tr("Who is on duty, sign in"), "Shift+F3", o.toggle_duty),
        Entry("view", "hand_over", lambda: tr("Hand the shift over"), "Ctrl+F3", o.hand_over),
        Entry("view", "relieve", lambda: tr("Take the shift over"), "Ctrl+Shift+F3", o.take_over_shift),
        Entry("incident", "blow", lambda: tr("Blow the whistle for it"), "Ctrl+F4", o.blow_whistle, "9"),
        Entry("view", "cameras", lambda: tr("Cameras beside the incident"), "F6", o.show_cameras),
        Entry("view", "pane_next", lambda: tr("Next pane"), "Ctrl+Tab", o.next_pane),
        Entry("view", "pane_back", lambda: tr("Previous pane"), "Ctrl+Shift+Tab", lambda: o.next_pane(-1)),
        Entry("view", "theme", lambda: tr("Dark / light"), "Ctrl+Alt+L", body.desk.toggle_theme),
        Entry("view", "lang", lambda: tr("中文 / English"), "Ctrl+Alt+E",  # not a text: each in its own tongue
              body.desk.toggle_language),
        Entry("view", "mute", lambda: tr("Mute the sounds, or end it"), "F9", body.board.toggle_mute),
        Entry("view", "full", lambda: tr("Full screen"), "F11", o.toggle_full),
    ]
    entries += [
        Entry("incident", "conflict_take", lambda: tr("Do again what was overtaken or refused"), "Ctrl+Alt+T",
              body.conflict.take_over),
        Entry("incident", "conflict_keep", lambda: tr("Let it stand, or acknowledge the refusal"), "Ctrl+Alt+S",
              body.conflict.let_stand),
    ]
    entries += body.video.entries()
    for number, (name, pane) in enumerate(body.panes.items(), 1):
        keys = f"Ctrl+Alt+{number}" if number < 10 else f"Ctrl+Alt+{name[0].upper()}"
        entries.append(Entry("windows", f"tear_{name}", _own_window(pane.title), keys, _toggle(body, name)))
    entries += [
        Entry("windows", "all_back", lambda: tr("All back into one window"), "Ctrl+Alt+0", o.all_back),
        Entry("help", "menu", lambda: tr("All menus"), "F10", body.top.menu.showMenu),
        Entry("help", "keys", lambda: tr("All acts and keys"), "F1", o.show_help),
        Entry("help", "quit", lambda: tr("Close the desk"), "Ctrl+Alt+Q", body.desk.close),
    ]
    return entries


def _own_window(title: Callable[[], str]) -> Callable[[], str]:
    return lambda: tr("{pane}: own window, or back", pane=title())


def _toggle(body: DeskBody, name: str) -> Callable[[], object]:
    def act() -> None:
        pane = body.panes[name]
        if pane.torn:
            pane.dock()
        else:
            pane.tear()
    return act
