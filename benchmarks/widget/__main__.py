"""Waymark's widget beside deep-chat, rasa-webchat and Typebot's, and beside a blank page.

    uv run python -m benchmarks.widget [--runs 3]

Writes benchmarks/results/widget.json and widget.md. The README beside this file says what is
measured and what is not.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError
from tqdm import tqdm

from benchmarks.timing import machine
from benchmarks.widget import browser, lighthouse, packages, report, site
from benchmarks.widget.subjects import SUBJECTS, Subject
from bot.settings import PROJECT

ATTEMPTS: Final = 2


def measure(runs: int) -> dict[str, Any]:
    """Everything, ready for JSON.

    Raises:
        BenchmarkError: something that is needed is missing or fails.
    """
    versions = packages.install()
    files = packages.files()
    where = machine()
    found: dict[str, dict[str, Any]] = {}
    timed: dict[str, list[dict[str, Any]]] = {subject.key: [] for subject in SUBJECTS}
    with site.serve(files) as url:
        with browser.chromium() as chromium:
            versions["chromium"] = chromium.version
            for subject in tqdm(SUBJECTS, desc="Browser", unit="widget", leave=False):
                found[subject.key] = _observe(chromium, url, subject, files)
        path = browser.chromium_path()
        turns = [subject for _ in range(runs) for subject in SUBJECTS]
        for subject in tqdm(turns, desc="Lighthouse", unit="run", leave=False):
            timed[subject.key].append(lighthouse.run(f"{url}/page/{subject.key}", path))
    for subject in SUBJECTS:
        figures = found[subject.key]
        figures["lighthouse"] = lighthouse.median(timed[subject.key]) if runs else None
    return {"machine": where, "versions": versions, "runs": runs, "subjects": found}


def _observe(
    chromium: Browser, url: str, subject: Subject, files: dict[str, packages.Packed]
) -> dict[str, Any]:
    """Twice if need be: on a busy machine a wait may run out."""
    said = ""
    for _ in range(ATTEMPTS):
        try:
            return browser.observe(chromium, url, subject, files)
        except PlaywrightError as error:
            said = error.message
    raise packages.BenchmarkError(f"{subject.name}: {said}")


def main() -> None:
    """Measure, write, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--runs", type=int, default=3, help="Lighthouse runs a page, 0 for none (default 3)"
    )
    options.add_argument("--out", type=Path, default=PROJECT / "benchmarks" / "results")
    asked = options.parse_args()
    try:
        result = measure(max(0, asked.runs))
    except packages.BenchmarkError as error:
        raise SystemExit(str(error)) from None
    text = report.as_markdown(result)
    report.write(result, text, asked.out)
    print(text)


if __name__ == "__main__":
    main()
