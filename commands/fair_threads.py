"""Threads shared out by client: each has one request under way at a time, whatever number of connections it opens.

Who asks over many connections would else be served by as many threads, and everybody else gets so much less of the one
processor that all threads share. As it is shared, one request after the other costs a client hardly any time. A request
that only waits for a turn (reports/printing/turns.py) does not count: behind one address may be a whole clinic.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any, Protocol

from waitress.task import ThreadedTaskDispatcher

from reports.printing.turns import aside


class Task(Protocol):
    """A connection with a whole request."""

    def service(self) -> None: ...
    def cancel(self) -> None: ...


class FairThreads(ThreadedTaskDispatcher):
    """waitress's threads, with a queue that goes round the clients. `client_of` says whose request a task is."""

    def __init__(self, client_of: Callable[[Any], str]) -> None:
        super().__init__()
        self.queue = ByClient(client_of, self.let_next_go_on)

    def let_next_go_on(self, client: str) -> None:
        """A request of this client has ended, or only waits."""
        with self.lock:
            self.queue.under_way.discard(client)
            self.queue_cv.notify()


class ByClient:
    """The requests that wait, by client. To be used under the lock of the threads; its length is what may begin now."""

    def __init__(self, client_of: Callable[[Any], str], let_next_go_on: Callable[[str], None]) -> None:
        self.under_way: set[str] = set()
        self._client_of = client_of
        self._let_next_go_on = let_next_go_on
        self._waiting: OrderedDict[str, deque[Task]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting.keys() - self.under_way)

    def append(self, task: Task) -> None:
        self._waiting.setdefault(self._client_of(task), deque()).append(task)

    def popleft(self) -> "UnderWay":
        """The request of the client that has waited longest for its next one."""
        client = next(each for each in self._waiting if each not in self.under_way)
        waiting = self._waiting.pop(client)
        task = waiting.popleft()
        if waiting:
            self._waiting[client] = waiting
        self.under_way.add(client)
        return UnderWay(task, lambda: self._let_next_go_on(client))


class UnderWay:
    """A request that a thread has taken; its client's next one begins when it has ended, or only waits."""

    def __init__(self, task: Task, let_next_go_on: Callable[[], None]) -> None:
        self._task = task
        self._let_next_go_on = let_next_go_on
        self._counts = threading.Lock()

    def service(self) -> None:
        aside.step = self.step_aside
        try:
            self._task.service()
        finally:
            self.step_aside()

    def cancel(self) -> None:
        self._task.cancel()

    def step_aside(self) -> None:
        """Once: what is left to do after a wait is short."""
        if self._counts.acquire(blocking=False):
            self._let_next_go_on()
