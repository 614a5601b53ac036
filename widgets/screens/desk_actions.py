"""Every act of the desk with its key and its menu entry. Letters act in views without text; each has a Ctrl twin."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.faults import Message
from app.domain.incident_process import INCIDENT
from app.services.queue_order import SHOWN_TABS
from app.text import render
from widgets.screens.desk_words import tr

_SLASHES = frozenset("/、／")


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `letter` is what acts without Ctrl; `label` is asked for again at each change of language."""

    menu: str
    name: str
    label: Callable[[], str]
    keys: str
    act: Callable[[], object]
    letter: str = ""


def verb_entries(trigger: Callable[[str], object]) -> list[Entry]:
    """Acts upon the incident, from the transition table. One letter is one act: hold and resume share theirs."""
    by_key: dict[str, list[str]] = {}
    for transition in INCIDENT:
        if transition.key:
            by_key.setdefault(transition.key, []).append(transition.label)
    entries = []
    for key, labels in by_key.items():
        twin = f"Alt+{key}" if key.isdigit() else f"Ctrl+{key}"
        entries.append(Entry("incident", f"verb_{key}", _verb_label(labels), twin, _bound(trigger, key), key))
    return entries


def _verb_label(labels: list[str]) -> Callable[[], str]:
    return lambda: " / ".join(render(Message(label)) for label in labels)


def _bound(act: Callable[[str], object], value: str) -> Callable[[], object]:
    return lambda: act(value)


def tab_entries(set_tab: Callable[[str], object], label: Callable[[str], str]) -> list[Entry]:
    """Ctrl+1 to Ctrl+0: the tabs of the queue."""
    return [Entry("queue", f"tab_{name}", _label_of(label, name), f"Ctrl+{number % 10}", _bound(set_tab, name))
            for number, name in enumerate(SHOWN_TABS, 1)]


def _label_of(label: Callable[[str], str], name: str) -> Callable[[], str]:
    return lambda: label(name)


class DeskActions(QObject):
    """Makes the QActions and the menu tree, and sends letters to their acts."""

    def __init__(self, owner: QWidget, entries: list[Entry]) -> None:
        super().__init__(owner)
        self.entries = {e.name: e for e in entries}
        self.actions: dict[str, QAction] = {}
        self._letters = {e.letter: e for e in entries if e.letter}
        self.menu = QMenu(owner)
        self.menus: dict[str, QMenu] = {}
        for entry in entries:
            action = QAction(owner)
            action.setShortcuts([QKeySequence(k) for k in entry.keys.split(" ") if k])
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
            action.triggered.connect(_plain(entry.act))
            owner.addAction(action)
            self.actions[entry.name] = action
            menu = self.menus.get(entry.menu)
            if menu is None:
                menu = self.menus[entry.menu] = self.menu.addMenu("")
            menu.addAction(action)
        self.retranslate()

    def sharing(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Acts that have one of these keys."""
        taken = {QKeySequence(k).toString() for k in keys}
        return tuple(name for name, action in self.actions.items()
                     if any(s.toString() in taken for s in action.shortcuts()))

    def retranslate(self) -> None:
        """Labels in the language now in use."""
        for name, menu in self.menus.items():
            menu.setTitle(menu_label(name))
        for name, entry in self.entries.items():
            label = entry.label().replace("&", "&&")
            self.actions[name].setText(f"{label}  ({entry.letter})" if entry.letter else label)

    def help_text(self) -> str:
        """All menus as a table of plain text."""
        lines: list[str] = []
        for name in self.menus:
            lines += ["", menu_label(name)]
            for entry in self.entries.values():
                if entry.menu == name:
                    keys = " · ".join(k for k in (entry.letter, *entry.keys.split(" ")) if k)
                    lines.append(f"    {keys}\t{entry.label()}")
        return "\n".join(lines[1:])

    def key(self, event: QKeyEvent) -> bool:
        """A key that no view took: a letter acts, a slash begins the command line. False when it means nothing."""
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        if event.text() in _SLASHES and event.text():
            self.entries["command"].act()
            return True
        code = event.key()
        letter = chr(code) if 0x30 <= code <= 0x39 or 0x41 <= code <= 0x5A else ""
        entry = self._letters.get(letter)
        if entry is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        if not event.isAutoRepeat():
            entry.act()
        return True


def _plain(act: Callable[[], object]) -> Callable[[bool], None]:
    def run(_checked: bool = False) -> None:
        act()
    return run


def menu_label(name: str) -> str:
    """Title of a menu."""
    return {"incident": tr("Incident"), "calls": tr("Calls"), "queue": tr("Queue"), "map": tr("Map"),
            "view": tr("View"), "windows": tr("Windows"), "help": tr("Help")}[name]
