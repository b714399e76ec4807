"""The demonstration's processes: each in a group of its own, started again when it dies, gone when all is over."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from baokao.sandbox.database.identity import Identity

# Says of a process to which data folder's demonstration it belongs, so that the next start can find what was left over.
MARK = "BAOKAO_PART_OF"
LOG_LIMIT = 20_000_000
# A part that dies more often than this in a minute won't live by being started once more.
DEATHS_A_MINUTE = 5
GRACE = 15.0


class GivenUp(Exception):
    """A part dies again and again."""


class Part:
    """One process (with the children it makes), its log, and how often it died."""

    def __init__(self, name: str, data: Path, settings: dict[str, str]) -> None:
        """`name` is the baokao command; `settings` are environment variables beside the demonstration's own."""
        self.name, self.log = name, data / f"{name}.log"
        self.environment = os.environ | settings | {MARK: str(data), "PYTHONUNBUFFERED": "1"}
        self._deaths: list[float] = []
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its output goes to the log."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.write_bytes(b"")
        command = Identity("self").command(sys.executable, "-P", "-m", "baokao", self.name, parent=os.getpid())
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def alive(self) -> bool:
        """Whether the process itself lives."""
        return self._process is not None and self._process.poll() is None

    def start_again(self) -> None:
        """After a death: end what it left, start it anew. Raises `GivenUp` with the log's last lines."""
        self.kill()
        now = time.monotonic()
        self._deaths = [*(death for death in self._deaths if now - death < 60), now]
        if len(self._deaths) > DEATHS_A_MINUTE:
            raise GivenUp(
                f"{self.name} 反复退出: {self.name} dies again and again. {self.log} ends:\n{self.last_words()}"
            )
        self.start()

    def ask_to_end(self) -> None:
        """SIGTERM to the whole group."""
        self._signal(signal.SIGTERM)

    def wait(self) -> None:
        """Wait for the end that was asked for; then whatever is left of the group is killed."""
        if self._process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE)
        self.kill()

    def kill(self) -> None:
        """End the whole group at once."""
        self._signal(signal.SIGKILL)
        if self._process:
            self._process.wait()

    def last_words(self) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:]) if self.log.exists() else ""

    def _signal(self, wish: signal.Signals) -> None:
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, wish)


def end_leftovers(data: Path) -> int:
    """End what a killed demonstration of this data folder left running. Returns how many processes there were."""
    found = [number for number in _processes() if _belongs(number, data)]
    for number in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while any(_belongs(number, data) for number in found) and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(found)


def _processes() -> list[int]:
    # Where there is no /proc the kernel's own ways (groups, closed ports) have to do.
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if int(entry.name) != os.getpid()]


def _belongs(number: int, data: Path) -> bool:
    try:
        environment = Path(f"/proc/{number}/environ").read_bytes()
    except OSError:
        return False
    return f"{MARK}={data}".encode() in environment.split(b"\0")
