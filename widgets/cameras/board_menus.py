"""Menus of the video board: named walls and patrols."""
from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from app.services import video_orders
from app.services import video_walls as vw
from app.services.streams import MODES
from app.services.video_walls import Patrol
from app.text import plain
from widgets.bridge.bridge import Bridge
from widgets.cameras.mask_editor import MaskEditor, why_not
from widgets.cameras.tile import Tile, say

if TYPE_CHECKING:
    from widgets.cameras.board import VideoBoard

MASKS_KEY = "Ctrl+Alt+M"
MOST_LISTED = 500
"""cameras of a patrol that is a list"""


class BoardMenus(QObject):
    """Fills the board's menus each time they open."""

    def __init__(self, board: VideoBoard, bridge: Bridge) -> None:
        super().__init__(board)
        self._board, self._bridge = board, bridge
        self.masks = MaskEditor(bridge, board.grid)
        self.masks.said.connect(board.said)
        shortcut = QShortcut(QKeySequence(MASKS_KEY), board)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.edit_masks)

    @Slot()
    def edit_masks(self, tile: Tile | None = None) -> None:
        """Draw the privacy masks of a tile's camera (None: of the tile that acts are about)."""
        tile = tile or self._board.current_tile()
        if tile is not None:
            _, reason, incident = self._board.looking.shown(tile) or (None, "", None)
            self.masks.open(tile, reason, incident)

    def fill_walls(self, menu: QMenu) -> None:
        """Named walls: show, save, rename, delete, put on the big wall."""
        menu.clear()
        for wall in self._board.kept.walls:
            menu.addAction(f"{plain(wall.name)}  ·  {wall.count}".replace("&", "&&"),
                           partial(self._board.show_wall, wall))
        if not self._board.kept.walls:
            menu.addAction(say("No wall is saved yet")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(say("Save as…"), self._ask_save)
        if self._board.wall_name:
            name = self._board.wall_name
            menu.addAction(say("Put on the big wall"), lambda: self._board.put_on_wall(name))
            menu.addAction(say("Rename…"), self._ask_rename)
            menu.addAction(say("Delete…"), self._ask_delete)
        menu.addAction(say("The big wall by itself again"), lambda: self._board.put_on_wall(""))

    def fill_patrols(self, menu: QMenu) -> None:
        """Patrols: run, stop, make, delete."""
        menu.clear()
        if self._board.patrol is not None:
            menu.addAction(say("Stop the patrol"), self._board.stop_patrol)
            name = self._board.patrol.name
            menu.addAction(say("Put on the big wall"), lambda: self._board.put_on_wall(name))
            menu.addAction(say("Delete…"), self._ask_delete_patrol)
            menu.addSeparator()
        for patrol in self._board.kept.patrols:
            menu.addAction(f"{plain(patrol.name)}  ·  {patrol.dwell_s:.0f} s".replace("&", "&&"),
                           partial(self._board.run_patrol, patrol))
        if not self._board.kept.patrols:
            menu.addAction(say("No patrol is saved yet")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(say("Patrol of the cameras in the list…"), self._ask_patrol_of_list)
        areas = menu.addMenu(say("Patrol of an area…"))
        for area in sorted((a for a in self._board.areas.values() if a.level <= 2), key=lambda a: (a.level, a.name)):
            areas.addAction(plain(area.name).replace("&", "&&"), partial(self._ask_patrol, vw.BY_AREA,
                                                                         (area.id,), area.name))
        tags = menu.addMenu(say("Patrol of a tag…"))
        for tag in sorted({t for c in self._board.rows.values() for t in c.tags}):
            tags.addAction(plain(tag).replace("&", "&&"), partial(self._ask_patrol, vw.BY_TAG, (tag,), tag))
        tags.setEnabled(not tags.isEmpty())

    def _ask_save(self) -> None:
        self._board.asking.ask(say("Name of the wall"), self._board.wall_name, self._board.save_as)

    def _ask_rename(self) -> None:
        old = self._board.wall_name

        def rename(new: str) -> None:
            def done(_nothing: object) -> None:
                self._board.wall_name = vw.clean_name(new)
                self._board.remember()
            self._board.order(lambda seat: video_orders.rename_wall(seat, old, new), done)

        self._board.asking.ask(say("New name of the wall"), old, rename)

    def _ask_delete(self) -> None:
        name = self._board.wall_name

        def delete(_words: str) -> None:
            self._board.wall_name = ""
            self._board.order(lambda seat: video_orders.delete_wall(seat, name))

        self._board.asking.confirm(say("Delete the wall {name}? Cameras stay.", name=name), say("Delete"), delete)

    def _ask_delete_patrol(self) -> None:
        if self._board.patrol is not None:
            name = self._board.patrol.name

            def delete(_words: str) -> None:
                self._board.stop_patrol()
                self._board.order(lambda seat: video_orders.delete_patrol(seat, name))

            self._board.asking.confirm(say("Delete the patrol {name}? Cameras stay.", name=name), say("Delete"), delete)

    def _ask_patrol_of_list(self) -> None:
        self._ask_patrol(vw.BY_LIST, tuple(c.id for c in self._board.list.model.rows[:MOST_LISTED]), say("list"))

    def _ask_patrol(self, by: str, what: tuple[str, ...], name: str) -> None:
        def made(words: str) -> None:
            title, _, dwell = words.rpartition("/")
            seconds = float(dwell) if title and dwell.strip().isdecimal() else vw.DWELL_S
            patrol = Patrol((title if title and dwell.strip().isdecimal() else words).strip(), by, what, seconds)
            self._board.order(lambda seat: video_orders.save_patrol(seat, patrol), self._board.run_patrol)

        self._board.asking.ask(say("Name of the patrol / seconds at each stop"), f"{plain(name)} / {vw.DWELL_S:.0f}",
                               made)

    def fill_tile(self, menu: QMenu, tile: Tile) -> None:
        """What can be done with a tile."""
        if tile.camera is None:
            return
        camera_id = tile.camera.id
        back = self._board.grid.enlarged is tile
        menu.addAction(say("Back to all tiles") if back else say("Enlarge"), lambda: self._board.toggle_enlarged(tile))
        menu.addAction(say("Snapshot into the incident"), lambda: self._board.snapshot_wanted.emit(tile, False))
        menu.addAction(say("Snapshot to a file"), lambda: self._board.snapshot_wanted.emit(tile, True))
        menu.addAction(say("Show on the map"), lambda: self._board.on_map.emit(camera_id))
        shown = self._board.looking.shown(tile)
        refused = why_not(self._bridge, tile, shown[1] if shown is not None else "")
        words = say("Privacy masks…") + (f" ({refused})" if refused else f"\t{MASKS_KEY}")
        menu.addAction(words, lambda: self.edit_masks(tile)).setEnabled(not refused)
        fill_modes(menu.addMenu(say("Mode")), tile)
        menu.addSeparator()
        menu.addAction(say("Take away"), lambda: self._board.take_away(tile))


def fill_modes(menu: QMenu, tile: Tile) -> None:
    """Modes that a tile may be kept in."""
    words = {None: say("by the machine's budget"), "live": say("live"), "keyframe": say("live, key frames"),
             "snapshot": say("live, snapshots")}
    for mode in (None, *MODES):
        action = menu.addAction(words[mode])
        action.setCheckable(True)
        action.setChecked(tile.pinned == mode)
        action.triggered.connect(lambda _on=False, mode=mode: _pin(tile, mode))


def _pin(tile: Tile, mode: str | None) -> None:
    tile.pinned = mode
    tile.update()


def patrol_words(patrol: Patrol, page: int, pages: int, passed_over: int) -> list[str]:
    """What the board says of a running patrol: its stop, and how many cameras were passed over."""
    words = [say("patrol {name}: stop {page} of {pages}", name=plain(patrol.name), page=page, pages=pages)]
    if passed_over:
        words.append(say("{n} passed over (off line or no picture)", n=passed_over))
    return words
