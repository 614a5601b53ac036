"""How many streams decode at once: frames of many cameras that arrive in one instant would else stall the screen."""
from __future__ import annotations

import threading


class Gate:
    """`places` may be changed at any time."""

    def __init__(self, most: int) -> None:
        self.places = 1
        self.locks = tuple(threading.Lock() for _ in range(max(1, most)))

    def door(self) -> Door:
        """A way through for one thread."""
        return Door(self)


class Door:
    """``with door:`` waits for a place. Plain locks: a semaphore of Python's costs more than a small picture."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._held = gate.locks[0]

    def __enter__(self) -> None:
        locks = self._gate.locks[:self._gate.places]
        for lock in locks:
            if lock.acquire(blocking=False):
                self._held = lock
                return
        self._held = locks[id(self) // 64 % len(locks)]
        self._held.acquire()

    def __exit__(self, *_: object) -> None:
        self._held.release()
