"""How long to wait before the next attempt."""
from __future__ import annotations

import random
from typing import Final

FIRST_S: Final = 0.5
SHOWN_MOST_S: Final = 3.2
"""A shown tile is back 5 s after its camera returned (PROMISES 15): this pause, connecting, and the wait for a key
frame lie within them; the promise caps the pause at 4 s."""
UNSEEN_MOST_S: Final = 30.0
LASTING_S: Final = 30.0
"""after a refused log-in or an unknown codec"""


def pause_s(tries: int, *, shown: bool, lasting: bool, dice: random.Random) -> float:
    """Seconds to wait after `tries` failures (1 is the first): doubling, with jitter of a quarter, capped."""
    if lasting:
        return LASTING_S * dice.uniform(0.9, 1.0)
    most = SHOWN_MOST_S if shown else UNSEEN_MOST_S
    return min(most, FIRST_S * 2.0 ** min(max(tries, 1) - 1, 10)) * dice.uniform(0.75, 1.0)
