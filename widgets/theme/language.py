"""Qt's translation from the .ts files of all rooms, switchable while the program runs.

    language.use(app, "zh_CN")      # every widget then gets a LanguageChange event and sets its texts anew
"""
from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.text import Catalogue, set_language


class CatalogueTranslator(QTranslator):
    """Answers Qt from a catalogue; what it does not hold stays English."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.catalogue = catalogue

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        return self.catalogue.lookup(context or "", source or "", disambiguation or "", n if n >= 0 else None)

    def isEmpty(self) -> bool:
        return False


class _State:
    installed: tuple[QTranslator, ...] = ()
    lang = ""


def use(app: QCoreApplication, lang: str) -> None:
    """Switch widgets, Qt's own dialogs, dates, and the Qt-free texts to a language. ValueError: unknown language."""
    catalogue = set_language(lang)
    for old in _State.installed:
        app.removeTranslator(old)
    QLocale.setDefault(QLocale(lang))
    own = CatalogueTranslator(catalogue)
    installed: list[QTranslator] = []
    for name in ("qtbase", "qt"):
        shipped = QTranslator()
        folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        if shipped.load(f"{name}_{lang}", str(folder)):
            app.installTranslator(shipped)
            installed.append(shipped)
            break
    app.installTranslator(own)
    _State.installed, _State.lang = (*installed, own), lang


def current() -> str:
    """The language in use, "" before the first `use`."""
    return _State.lang



def forget(app: QCoreApplication) -> None:
    """Take the translators out again: English from the source."""
    for old in _State.installed:
        app.removeTranslator(old)
    _State.installed, _State.lang = (), ""
