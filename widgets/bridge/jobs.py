"""What waits for the database thread: acts before queries, newest of a key replaces the queued one. No Qt."""
from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from app.services.commands import Command
from app.services.seat import Seat

GROUP = 200
"""Commands that share one transaction at most."""


@dataclass(slots=True, eq=False)
class Job:
    """One request. `command` for an act that may share a transaction, else `fn`. Made and dropped on the GUI thread.

    The worker hands the whole job back, so that nothing the callbacks or `fn` hold is ever destroyed on its thread.
    """

    fn: Callable[[Seat], Any] | None
    command: Command | None
    done: Callable[[Any], None] | None
    failed: Callable[[Any], None] | None
    owner: Callable[[], object | None]
    key: Hashable | None = None
    made: float = field(default_factory=time.perf_counter)
    result: Any = None
    error: BaseException | None = None

    @property
    def wanted(self) -> bool:
        """Whether the owner may still be there."""
        return self.owner() is not None


class Jobs:
    """The queue between the GUI thread and the database thread."""

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._acts: deque[Job] = deque()
        self._queries: deque[Job] = deque()
        self._keyed: dict[Hashable, Job] = {}
        self._closing = False
        self._running = 0

    def put(self, job: Job, *, act: bool) -> Job | None:
        """Queue a job; returns the job that it replaced, if any (its place in the queue is taken over)."""
        with self._ready:
            old = None if job.key is None else self._keyed.get(job.key)
            if job.key is not None:
                self._keyed[job.key] = job
            if old is not None:
                queue = self._queries if old in self._queries else self._acts
                queue[queue.index(old)] = job
            else:
                (self._acts if act else self._queries).append(job)
            self._ready.notify()
            return old

    def take(self, timeout_s: float) -> list[Job]:
        """The next jobs: one, or several commands that may share a transaction; [] after the timeout."""
        with self._ready:
            if not (self._acts or self._queries or self._closing):
                self._ready.wait(timeout_s)
            batch: list[Job] = []
            while self._acts and len(batch) < GROUP and (not batch or self._acts[0].command is not None):
                batch.append(self._acts.popleft())
                if batch[0].command is None:
                    break
            if not batch and self._queries and not self._closing:
                batch.append(self._queries.popleft())
            for job in batch:
                if job.key is not None and self._keyed.get(job.key) is job:
                    del self._keyed[job.key]
            self._running = len(batch)
            return batch

    def done(self) -> None:
        """The jobs taken last were handed back."""
        with self._ready:
            self._running = 0

    def close(self) -> list[Job]:
        """No more queries: acts that are queued will still be done. Returns the queries thrown away."""
        with self._ready:
            self._closing = True
            dropped = list(self._queries)
            self._queries.clear()
            self._ready.notify_all()
            return dropped

    @property
    def finished(self) -> bool:
        """Closed and nothing left to do."""
        with self._ready:
            return self._closing and not self._acts

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing runs."""
        with self._ready:
            return not (self._acts or self._queries or self._running)

    def oldest_s(self) -> float:
        """How long the job at the head has been waiting (s); 0 when none is."""
        with self._ready:
            made = [queue[0].made for queue in (self._acts, self._queries) if queue]
        return time.perf_counter() - min(made) if made else 0.0
