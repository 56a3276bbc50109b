"""Lighthouse on each page, in turn: mobile, with its own simulated throttling."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.widget.packages import LIGHTHOUSE, BenchmarkError

CATEGORIES: Final = ("performance", "accessibility", "best-practices")
METRICS: Final = {
    "fcp_ms": "first-contentful-paint",
    "tbt_ms": "total-blocking-time",
    "cls": "cumulative-layout-shift",
    "lcp_ms": "largest-contentful-paint",
    "tti_ms": "interactive",
}
OPTIONS: Final = (
    "--output=json",
    "--quiet",
    f"--only-categories={','.join(CATEGORIES)}",
    # Nobody answers outside. Blocked so, Lighthouse does not count it as an error of the page.
    "--blocked-url-patterns=https://*",
    "--no-enable-error-reporting",
    "--chrome-flags=--headless=new --no-sandbox",
)
LIMIT_S: Final = 180.0
ATTEMPTS: Final = 2
PERFECT: Final = 1.0
LONG_TASK_MS: Final = 50.0


def run(address: str, chromium: str) -> dict[str, Any]:
    """One run, once more if the first fails.

    Raises:
        BenchmarkError: both fail.
    """
    said = ""
    for _ in range(ATTEMPTS):
        load = os.getloadavg()[0]
        code, output, said = _call([str(LIGHTHOUSE), address, *OPTIONS], chromium)
        if code == 0:
            report: dict[str, Any] = json.loads(output)
            if "runtimeError" not in report:
                return {**_figures(report), "load_before": round(load, 2)}
            said = str(report["runtimeError"])
    raise BenchmarkError(f"Lighthouse failed on {address}: {said[-500:]}")


def median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The middle of each figure; what cost points, in whichever run.

    The least is given for blocking, too: other work on the machine only ever adds to it.
    """
    figures: dict[str, Any] = {
        name: round(statistics.median(each[name] for each in runs), 4)
        for name in (*METRICS, *CATEGORIES, "own_blocking_ms")
    }
    for name in ("tbt_ms", "own_blocking_ms"):
        figures[f"least_{name}"] = min(each[name] for each in runs)
    figures["lost_points"] = {
        category: sorted({audit for each in runs for audit in each["lost_points"][category]})
        for category in CATEGORIES
    }
    return {**figures, "runs": runs}


def _figures(report: dict[str, Any]) -> dict[str, Any]:
    audits = report["audits"]
    figures: dict[str, Any] = {
        name: round(audits[audit]["numericValue"], 4) for name, audit in METRICS.items()
    }
    figures["own_blocking_ms"] = _own_blocking(audits["long-tasks"].get("details", {}))
    for category in CATEGORIES:
        figures[category] = round(100 * report["categories"][category]["score"])
    figures["lost_points"] = {
        category: [
            reference["id"]
            for reference in report["categories"][category]["auditRefs"]
            if reference["weight"]
            and (audits[reference["id"]]["score"] or 0) < PERFECT
            and audits[reference["id"]]["scoreDisplayMode"] != "notApplicable"
        ]
        for category in CATEGORIES
    }
    return figures


def _own_blocking(long_tasks: dict[str, Any]) -> float:
    """As total blocking time, but from the start, and without what Chromium does of itself."""
    return sum(
        max(0.0, task["duration"] - LONG_TASK_MS)
        for task in long_tasks.get("items", [])
        if task["url"] != "Unattributable"
    )


def _call(command: list[str], chromium: str) -> tuple[int, str, str]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with _started(command, {"CHROME_PATH": chromium, "TMPDIR": folder}) as process:
            try:
                output, said = process.communicate(timeout=LIMIT_S)
            except subprocess.TimeoutExpired:
                return 1, "", f"no result after {LIMIT_S:.0f} s"
        return process.returncode, output, said


@contextlib.contextmanager
def _started(command: list[str], more: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Ends with every process that the command has started; Chromium leads a group of its own."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            for each in [process.pid, *_descendants(process.pid)]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            process.communicate()


def _descendants(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            after_name = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(after_name[1])
    found = [root]
    for each in found:  # grows while it is read
        found += [child for child, parent in parents.items() if parent == each]
    return found[1:]
