"""Charts by pyqtgraph, its settings made once, here: no menus, no mouse, the tokens' colours."""
from __future__ import annotations

import pyqtgraph as pg

pg.setConfigOptions(antialias=False, useOpenGL=False, enableExperimental=False, exitCleanup=False, crashWarning=False,
                    background=None)
