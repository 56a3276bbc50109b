"""What this process holds in memory stays there, and not for long (DECISIONS.md 88)."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import sys
from contextlib import suppress
from typing import Final

_TUNABLES: Final = "GLIBC_TUNABLES"
_OVERWRITE: Final = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"
"""Freed memory is filled with a byte; what glibc would set aside for reuse is not left out."""
_PR_SET_DUMPABLE: Final = 4


def overwrite_what_is_freed() -> None:
    """Start this program again, once, such that memory is overwritten when it is let go.

    The C library and Python read these settings only when a program starts.
    """
    given = os.environ.get(_TUNABLES, "")
    if sys.platform != "linux" or _OVERWRITE in given:
        return
    tunables = f"{given}:{_OVERWRITE}" if given else _OVERWRITE
    environment = {**os.environ, _TUNABLES: tunables, "PYTHONMALLOC": "malloc"}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606


def forbid_dumps() -> None:
    """A crash writes no memory to a disk. Linux hands it to a program in spite of the limit,
    unless the process is marked; its memory is then hidden from others of the same user, too.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def settle_in() -> None:
    """Call when all is loaded: what loading took goes back to the system, and the collector need
    not look through what stays. It did so for a tenth of a second now and then, in mid-turn.
    """
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
