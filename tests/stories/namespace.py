"""A network of its own with a hosts file of its own: what is done in there touches nothing outside."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HOLDER = """\
import fcntl, socket, struct, subprocess, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    fcntl.ioctl(control, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up and running
subprocess.run(["mount", "--bind", sys.argv[1], "/etc/hosts"], check=True)
print("there", flush=True)
sys.stdin.read()
"""
"""Brings loopback up, lays the hosts file over the system's, and keeps both until its input ends."""


class NoNamespace(Exception):
    """This machine does not let us make one."""


@contextmanager
def namespace(hosts: Path) -> Iterator[list[str]]:
    """The beginning of a command line that runs the rest of it in there. Raises NoNamespace.

    The hosts file can be changed while it lasts. Without root there is a user namespace around it.
    """
    is_root = os.geteuid() == 0
    making = ["unshare", "--net", "--mount", *([] if is_root else ["--user", "--map-root-user"])]
    with subprocess.Popen(
        [*making, sys.executable, "-c", _HOLDER, str(hosts)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stderr is not None
        if holder.stdout.readline() != "there\n":
            raise NoNamespace(" ".join(holder.stderr.read().split())[-200:])
        entering = ["nsenter", "--target", str(holder.pid), "--net", "--mount"]
        try:
            yield [*entering, *([] if is_root else ["--user", "--preserve-credentials"]), "--"]
        finally:
            holder.stdin.close()
