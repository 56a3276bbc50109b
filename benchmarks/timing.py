"""Times in milliseconds, the machine they were taken on, and where results are kept."""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Times:
    """A summary of timed turns.

    Attributes:
        count: how many were timed.
        median_ms: half of them took no longer.
        p99_ms: 99 of 100 took no longer.
    """

    count: int
    median_ms: float
    p99_ms: float


def summarise(seconds: Sequence[float]) -> Times:
    """Median and 99th percentile (nearest rank) of durations in seconds."""
    ordered = sorted(seconds)
    rank = -(-99 * len(ordered) // 100)
    return Times(
        count=len(ordered),
        median_ms=round(1000 * statistics.median(ordered), 2),
        p99_ms=round(1000 * ordered[rank - 1], 2),
    )


def machine() -> dict[str, Any]:
    """Processor, cores that may be used, system, load and date, as far as the system tells."""
    from joblib import cpu_count

    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def as_dict(times: Times) -> dict[str, Any]:
    """For JSON."""
    return asdict(times)


def write_result(name: str, result: dict[str, Any], text: str) -> None:
    """Keep a result for programs (.json) and for people (.md), and print the latter."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    (RESULTS / f"{name}.md").write_text(text, "utf-8")
    print(text)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
