"""What is said to whoever started the process."""

from __future__ import annotations

import sys
from contextlib import suppress


def announce(text: str) -> None:
    """Say it on standard error. That nobody can hear it, for example because the disk behind is
    full, is no reason not to serve.
    """
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
