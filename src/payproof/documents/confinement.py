"""What a process may still do once it reads hostile bytes: compute, within limits, and answer on one descriptor.

Three layers, each of which alone keeps the network away where it holds: no descriptor can be opened any more
(`RLIMIT_NOFILE`), the kernel refuses sockets, programs and foreign memory (seccomp), and the network namespace is empty
(where the system lets us have one). The first holds on every Linux; `confine` says which of the others do.
"""

import ctypes
import os
import platform
import resource
import signal
import struct

from msgspec import Struct

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_NOBODY = 65534

_ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {
    # socket socketpair connect bind listen execve execveat ptrace process_vm_readv io_uring_setup mount bpf
    "x86_64": (41, 53, 42, 49, 50, 59, 322, 101, 310, 425, 165, 321),
    "aarch64": (198, 199, 203, 200, 201, 221, 281, 117, 270, 425, 40, 280),
}
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1


class Limits(Struct, frozen=True, kw_only=True):
    """What one reading may use."""

    cpu_seconds: int = 2
    memory_mb: int = 280
    """Address space, so resident memory stays below it."""
    output_bytes: int = 1 << 20
    wall_seconds: float = 30.0
    open_files: int = 0
    """Descriptors beyond those it starts with; model files of a text recognition need some."""


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; ends at once where it has ended already."""
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def confine(limits: Limits, parent: int) -> tuple[bool, bool]:
    """Give up all that reading does not need. Returns whether the empty network and the refusing kernel hold."""
    libc = _libc()
    alone = libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    _become_nobody()
    die_with_parent(parent)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    refusing = _refuse_calls(libc)
    _set_limits(limits)
    return alone, refusing


def _set_limits(limits: Limits) -> None:
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_AS, limits.memory_mb << 20)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    if not limits.open_files:
        _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, limits.open_files and limits.open_files + 16)


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def _become_nobody() -> None:
    """Root could raise its limits again; nobody cannot. Where the system maps no such user, the other layers stay."""
    if os.geteuid() == 0:
        try:
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        except OSError:
            pass


def _refuse_calls(libc: ctypes.CDLL) -> bool:
    """A filter that answers "not permitted" to the calls in `_REFUSED`, and to every call of a foreign architecture."""
    machine = platform.machine()
    if machine not in _ARCHES:
        return False
    refused = _REFUSED[machine]
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _ARCHES[machine]), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    steps += [(_EQUAL, len(refused) - at, 0, call) for at, call in enumerate(refused)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    return bool(libc.prctl(_PR_SET_SECCOMP, 2, program, 0, 0) == 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
