"""The command line's commands, one small file each; `TABLE` is all that has to know of a new one."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "web", "worker"]


@dataclass(frozen=True)
class Command:
    """`name` as typed, a line for the list, and the database role the command works as.

    Its module, baokao.commands.<name>, has `HELP`, `add_arguments(parser)` and `run(arguments)`, which returns an exit
    code or nothing. It is imported when Django is set up. `django` False: it sees to that, and to the database, itself.
    """

    name: str
    line: str
    role: Role
    django: bool = True

    @property
    def module(self) -> str:
        """Where the command stands; `import` is a word of Python's, so its file is `import_`."""
        name = self.name.replace("-", "_")
        return f"baokao.commands.{name}_" if name == "import" else f"baokao.commands.{name}"


TABLE = (
    Command("demo", "start everything on this machine, with data to try", "owner", django=False),
    Command("serve", "the web server", "web"),
    Command("worker", "the job worker and the loops of every second", "worker"),
    Command("provider", "the sandbox's payment provider", "worker", django=False),
    Command("migrate", "bring the database's tables and rights up to date", "owner"),
    Command("check", "tell everything unsafe or missing", "web"),
    Command("audit", "run the invariants and verify the audit log's seals", "worker"),
    Command("import", "import schools, a sitting, offerings, a roster, past scores or a bill from a file", "worker"),
    Command("bills", "the payment providers' daily bills and what differs from the ledger", "worker"),
    Command("refunds", "the refunds that are stuck and wait for a person", "worker"),
    Command("staff", "make, list, renew and end the accounts of the desks", "worker"),
    Command("switch", "turn entries-paused or read-only on or off", "worker"),
    Command("retention", "delete or blank what has been kept long enough", "worker"),
    Command("rotate-keys", "move stored values to the newest keys", "owner"),
    Command("new-key", "print a fresh key for one of the key settings", "owner", django=False),
)
