"""Measure understanding on the held-out messages and write benchmarks/results/understanding.*.

Run: uv run python -m benchmarks.understanding
"""

from __future__ import annotations

import datetime
import json
import platform
from pathlib import Path

from bot.evaluation import as_table, evaluate_files
from bot.settings import PROJECT, Settings

HELDOUT = PROJECT / "tests" / "nlu" / "heldout"
RESULTS = Path(__file__).parent / "results"
SETS = {
    "final": "Written last, apart from all training messages; looked at for nothing but this table.",
    "first": "Written first. Its totals were looked at while the scorer was chosen, so they flatter.",
}


def main() -> None:
    """Measure both sets."""
    files = {
        "final": sorted(HELDOUT.glob("final_*.jsonl")),
        "first": sorted(set(HELDOUT.glob("*.jsonl")) - set(HELDOUT.glob("final_*.jsonl"))),
    }
    model = Settings().model
    measured = {name: evaluate_files(paths, model) for name, paths in files.items()}
    when = f"{datetime.date.today()}, {platform.machine()}, Python {platform.python_version()}"
    lines = ["# Understanding, measured", "", f"`python -m benchmarks.understanding`, {when}.", ""]
    for name, result in measured.items():
        lines += [f"## The {name} set", "", SETS[name], "", "```", as_table(result), "```", ""]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "understanding.json").write_text(json.dumps(measured, indent=1) + "\n")
    (RESULTS / "understanding.md").write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
