"""What stands around the process and can break its promises: warnings of `waymark doctor`.

Nothing here stops a start. What can't be seen from inside (https, a proxy's log, the hosting firm)
is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.errors import EngineUnavailableError
from bot.settings import Settings, is_this_machine

SERVING_MB: Final = 400
"""A process takes 280 MB (benchmarks/results/load.md), and more while it starts."""
TRAINING_MB: Final = 2000
NOWHERE: Final = ("|/bin/false", "|/usr/bin/false", "|/bin/true", "|/usr/bin/true")
"""Programs to which a dump may be handed: they drop it."""


def warn(settings: Settings, system: Path = Path("/")) -> Iterator[tuple[str, str | None]]:
    """Every check with None, or with what may be wrong and what to do.

    Args:
        system: where proc and sys lie.
    """
    checks: list[tuple[str, Callable[[], str | None]]] = [
        ("memory", lambda: _memory(settings, system)),
        ("swap", lambda: _swap(system)),
        ("core dumps", lambda: _dumps(system)),
        ("who can reach it", lambda: _open(settings)),
    ]
    if url := settings.redis_url:
        checks.append(("way to Redis", lambda: _way_to_redis(url)))
        checks.append(("disk of Redis", lambda: _disk_of_redis(url)))
    for name, check in checks:
        try:
            yield name, check()
        except OSError:
            yield name, None  # not to be seen here: another system, or a container that hides it


def _memory(settings: Settings, system: Path) -> str | None:
    lines = (system / "proc/meminfo").read_text().splitlines()
    [free_kb] = [line.split()[1] for line in lines if line.startswith("MemAvailable:")] or ["0"]
    free_mb = int(free_kb) // 1024
    if not settings.model.is_file() and free_mb < TRAINING_MB:
        return (
            f"{free_mb} MB are free, and training takes about {TRAINING_MB}: train on another"
            " computer and copy the model (deploy/README.md, step 3)"
        )
    if free_mb < SERVING_MB:
        return (
            f"{free_mb} MB are free, and a process takes about 280, if it does not run already:"
            " end other programs, or take a bigger machine"
        )
    return None


def _swap(system: Path) -> str | None:
    _, *lines = (system / "proc/swaps").read_text().splitlines() or [""]
    if any(not _stays_in_memory(Path(line.split()[0]), system) for line in lines):
        return (
            "is on, and writes memory to a disk: `swapoff -a`, and take its line out of /etc/fstab,"
            " unless it is encrypted"
        )
    return None


def _stays_in_memory(device: Path, system: Path) -> bool:
    """Whether this swap is compressed memory without a disk behind it."""
    behind = system / "sys/block" / device.name / "backing_dev"
    return (
        device.name.startswith("zram") and behind.is_file() and behind.read_text().strip() == "none"
    )


def _dumps(system: Path) -> str | None:
    pattern = (system / "proc/sys/kernel/core_pattern").read_text().strip()
    if pattern in NOWHERE or (not pattern.startswith("|") and _no_process_may_dump(system)):
        return None
    return (
        "another program that crashes, Redis or the proxy, may write its memory to a disk:"
        " `sysctl kernel.core_pattern='|/bin/false'`, and for good as deploy/README.md says."
        " Waymark forbids its own"
    )


def _no_process_may_dump(system: Path) -> bool:
    """Whether the first process, and so whatever it starts, is forbidden to. A limit counts for
    files only: a program is handed the dump all the same.
    """
    lines = (system / "proc/1/limits").read_text().splitlines()
    return any(line.split()[-3:-1] == ["0", "0"] for line in lines if "core file" in line)


def _open(settings: Settings) -> str | None:
    if settings.proxies or is_this_machine(settings.host):
        return None
    return (
        "HOST lets other machines in, and WAYMARK_PROXIES is 0: put a proxy with https in front and"
        " say how many stand there; else words go unencrypted, or all people count as one address"
    )


def _way_to_redis(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme == "rediss" or is_this_machine(parts.hostname or ""):
        return None
    return (
        "is not encrypted: take rediss:// in WAYMARK_REDIS_URL, unless it stays on this machine"
        " (compose) or your network encrypts it"
    )


def _disk_of_redis(url: str) -> str | None:
    from bot.engine.shelf import Connection

    connection = Connection(url)
    try:
        connection.ask(lambda redis: redis.ping())
    except EngineUnavailableError:
        return None  # said elsewhere
    try:
        connection.ask(lambda redis: redis.config_get("save"))
    except EngineUnavailableError:
        return (
            "can't be looked at: this Redis does not tell its settings (CONFIG GET), as managed"
            " ones don't. See at your provider that it keeps no snapshot, no append-only file,"
            " no backup and no slow log"
        )
    return None
