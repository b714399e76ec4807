"""How much memory a process that already runs takes, by the kernel's own account."""

import threading
from pathlib import Path


class Peak:
    """The greatest resident memory of a process by the kernel's account, and of the helpers that it starts."""

    def __init__(self, pid: int) -> None:
        self._pid, self._stop = pid, threading.Event()
        self._own, self._helper = 0, 0
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def told(self) -> str:
        """Megabytes, of both together and then each."""
        own, helper = (kilobytes / 1024 for kilobytes in (self._own, self._helper))
        return f"{own + helper:.0f} MB ({own:.0f} and its helper's {helper:.0f})" if helper else f"{own:.0f} MB"

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            self._own = max(self._own, _peak(self._pid))
            self._helper = max(self._helper, sum(_peak(child) for child in _children(self._pid)))


def _children(pid: int) -> list[int]:
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, children.read_text().split())
        except OSError:
            continue
    return found


def _peak(pid: int) -> int:
    """Kilobytes; none for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
