"""Become the user that PostgreSQL accepts, then become PostgreSQL: run as a script, `launch.py AS PARENT COMMAND…`.

PostgreSQL refuses to run as root, and as a user whose number has no name. AS is
- `self`: the user will do;
- `namespace`: a user namespace in which the user bears nobody's number; to the kernel it stays who it is;
- `nobody`: the user nobody, who keeps the one right to walk through folders that belong to others.

PARENT is a process id, or 0: when that process dies, even by SIGKILL, the command is asked to end (SIGINT). It stands
alone, without imports from baokao, so that it starts in 15 ms.
"""

import ctypes
import os
import signal
import struct
import sys

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def main(how: str, parent: int, command: list[str]) -> None:
    """Never returns; raises `OSError` where the kernel forbids what `how` asks for."""
    if how == "namespace":
        _enter_namespace()
    elif how == "nobody":
        _become_nobody()
    if parent:
        # A change of user clears this wish, so it comes last.
        _call("prctl", PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("The process that wanted this one is gone.")
    os.execv(command[0], command)  # noqa: S606


def _enter_namespace() -> None:
    user, group = os.geteuid(), os.getegid()
    _call("unshare", CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{NOBODY} {user} 1")
    _write("/proc/self/gid_map", f"{NOBODY} {group} 1")


def _become_nobody() -> None:
    _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    mask = 1 << CAP_DAC_OVERRIDE
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    _call("capset", header, struct.pack("=6I", mask, mask, mask, 0, 0, 0))
    _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def _call(name: str, *arguments: int | bytes) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    wide = [
        ctypes.c_ulong(argument) if name == "prctl" and isinstance(argument, int) else argument
        for argument in arguments
    ]
    if getattr(library, name)(*wide) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _write(file: str, text: str) -> None:
    with open(file, "w") as stream:
        stream.write(text)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
